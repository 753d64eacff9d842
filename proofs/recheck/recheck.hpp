#pragma once

#include <functional>
#include <nabla/proofs/claim/problem.hpp>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Replays the evidence of a report. Nothing here shares code with the deciders that produced it: statements are
/// elaborated again from the text of the document, witnesses are evaluated in exact rationals and in MPFR's directed
/// rounding (the deciders use Arb), identities in polynomial arithmetic of its own.
namespace nabla {

enum class Outcome : std::uint8_t {
  confirmed,
  failed,       ///< the replay contradicts the report: a bug of nabla, or a document that has changed since
  open,         ///< the replay could not decide
  not_replayed  ///< there is no re-checker for this kind of certificate yet
};
std::string_view to_string(Outcome outcome);

/// One certificate, replayed.
struct ReplayedCertificate {
  std::string id;    ///< of the claim
  std::string kind;  ///< of the certificate
  Outcome outcome = Outcome::open;
  std::string message;
};

/// Replays every certificate of a report (JSON of schema nabla.verify/1). Where those of a link are all confirmed and
/// still do not amount to its verdict (no proof for some of its dimensions, nothing that refutes), or where a claim
/// says something else than its links, one more entry of kind "verdict" says so. For a `for all` that was proved by an
/// argument about every dimension in some dimensions, those are replayed.
/// \param read_file  the content of a document named in the report
/// \throws std::invalid_argument when the text is not such a report
std::vector<ReplayedCertificate> recheck(std::string_view report,
                                         const std::function<std::string(const std::string&)>& read_file);

/// How a witness names the two points that refute a predicate about pairs of them, and the weight between them.
struct PairNames {
  struct Variable {
    std::string variable, first, second;  ///< "x", "x", "x'"
  };
  std::vector<Variable> points;
  std::string weight;  ///< "t" of t x + (1 - t) x', or "c" of x + c x'; empty: there is none
};

/// A statement at a witness: confirmed when the hypotheses hold there and the statement fails. A predicate about pairs
/// of points (convex, smooth, ...) fails when its inequality fails for the two points.
/// \param witness  entries of each given, constants of the claim language as text
ReplayedCertificate replay_witness(const Problem& problem, const Statement& statement,
                                   const std::vector<std::pair<std::string, std::vector<std::string>>>& witness,
                                   const PairNames& pairs = {});

/// A statement at a zero between two points, given as witnesses are: confirmed when some quantity that it reads, or of
/// which the hypotheses do, is continuous between them and vanishes or meets another, the hypotheses hold there and the
/// statement fails.
using WitnessTexts = std::vector<std::pair<std::string, std::vector<std::string>>>;
ReplayedCertificate replay_crossing(const Problem& problem, const Statement& statement, const WitnessTexts& from,
                                    const WitnessTexts& to);

/// An equation of two sides whose difference has no slope, at one point: {"variable", "at", "slope"}.
ReplayedCertificate replay_constant(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence);

/// A statement about finite sets, looked at in every point of them.
ReplayedCertificate replay_exhaustive(const Problem& problem, const Statement& statement);

}  // namespace nabla
