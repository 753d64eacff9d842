#pragma once

#include <functional>
#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/claim/problem.hpp>
#include <nabla/proofs/claim/verdict.hpp>
#include <stop_token>

namespace nabla {

/// What a run of the checker is told. Budgets are counted in deterministic steps, so that the same seed gives the same
/// report whatever the number of jobs; `seconds` is the one exception, and a claim cut by it says so.
struct CheckOptions {
  int digits = 50;          ///< of the numbers in the report
  std::uint64_t seed = 1;   ///< of the sampled points
  int points = 64;          ///< sampled per statement
  double seconds = 0;       ///< per claim; 0: no limit
  std::uint64_t calls = 0;  ///< steps of the deciders per claim, of about a millisecond or less; 0: no limit
  bool suggest = false;     ///< look for the nearest true formula of what is refuted or ill-posed
};

/// One link of a chain of relations, or a predicate as a whole.
struct LinkReport {
  std::string left, right;  ///< as written; for a predicate the whole statement and nothing
  Finding finding;
  std::string coverage;
};

struct ShowReport {
  Place place;
  std::string text;
  std::vector<LinkReport> links;
};

/// What was found out about a claim.
struct ClaimReport {
  std::string id;
  std::string file;
  Place place;
  Verdict verdict = Verdict::undecided;
  std::optional<Verdict> expected;
  std::optional<std::string> outside;  ///< the reason, for a block that the language cannot state
  bool cut = false;                    ///< by the time limit
  std::uint64_t calls = 0;             ///< steps taken, as in CheckOptions
  std::string coverage;                ///< dimensions covered: "m = 1, 2, 5"
  Finding decisive;                    ///< the finding that decided, or one of those that agree
  std::vector<ShowReport> shows;
  double seconds = 0;

  /// Whether the author of the file would be surprised.
  bool as_expected() const;
};

/// Told of a claim under work at its beginning and after every statement that was decided for one choice of dimensions,
/// on the thread that works on it.
using Progress = std::function<void(const ClaimReport& so_far)>;

/// Checks a claim: well-posedness, refutation, proof, support, for each choice of its dimensions.
/// \param progress  may be empty
/// \throws SyntaxError for an unknown name; nothing else for what a file can contain
ClaimReport check(const Claim& claim, const CheckOptions& options, std::stop_token stop = {},
                  const Progress& progress = {});

/// What is to be reported of a claim whose check ends here: refuted or ill-posed if that was found, else undecided with
/// the evidence so far, and marked as cut.
/// \param reason  "cut by the time limit", "interrupted"
ClaimReport cut_short(ClaimReport so_far, const std::string& reason);

}  // namespace nabla
