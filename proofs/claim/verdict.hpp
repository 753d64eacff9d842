#pragma once

#include <cstdint>
#include <map>
#include <nabla/engine/parse/source.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What can be said of a claim, and the evidence for it. See the table of verdicts in the claim language.
namespace nabla {

/// In the order of combination: over shows, links and dimensions the first that occurs is the verdict.
enum class Verdict : std::uint8_t { ill_posed, refuted, undecided, supported, proved };

std::string_view to_string(Verdict verdict);  ///< "ill-posed", "refuted", ...
std::optional<Verdict> parse_verdict(std::string_view text);
inline Verdict combine(Verdict a, Verdict b) { return a < b ? a : b; }

/// What the re-checker replays. `data` is the text of a JSON value; its fields are stated where each kind is made.
struct Certificate {
  std::string kind;
  std::string data;
};

/// Values at which the hypotheses hold and the claim fails; entries row-major, exact ("-1/2", "sqrt(2)").
using Witness = std::map<std::string, std::vector<std::string>>;

/// What a decider says of one statement (or one link of a chain) at one choice of dimensions.
struct Finding {
  Verdict verdict = Verdict::undecided;
  std::string method;
  std::string message;  ///< for undecided the reason; for ill-posed what does not conform
  std::optional<Place> place;
  std::vector<std::string> shapes;  ///< ill-posed: the shapes in conflict
  Witness witness;
  std::vector<std::string> left, right;  ///< both sides at the witness
  std::string violation;                 ///< an enclosure of by how much it fails, or an exact value
  std::string suggestion;
  std::vector<std::string> hypotheses;  ///< used by a proof
  int points = 0;
  std::map<int, std::string> residuals;  ///< worst residual by digits
  std::vector<Certificate> certificates;
  /// Of a proof: no extent was looked at, so the same argument holds in every dimension in which the statement is made
  /// of the same operators.
  bool uniform = false;
};

}  // namespace nabla
