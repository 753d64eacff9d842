#pragma once

#include <nabla/proofs/check/check.hpp>
#include <string>
#include <vector>

/// What a run of `nabla verify` tells: a line a claim and a summary, or one JSON object (schema nabla.verify/1).
namespace nabla {

struct Report {
  CheckOptions options;
  std::vector<ClaimReport> claims;
  bool timing = false;  ///< adds `seconds` to the JSON, the one thing that differs between equal runs
};

/// Claims by verdict, blocks outside of the language, and how many verdicts were not expected.
struct Summary {
  std::map<Verdict, int> by_verdict;
  int outside = 0;
  int unexpected = 0;
};
Summary summarise(const Report& report);

/// The JSON of claims.md, pretty-printed, with a line end. Numbers are strings, absent fields are absent.
std::string to_json(const Report& report);

/// One line of text: verdict, id, how, and what was not expected.
/// \param colour  with ANSI colours, for a terminal
std::string to_line(const ClaimReport& claim, bool colour);
/// What a reader wants to know of a claim that is not as expected, or that was refuted: indented lines.
std::string details(const ClaimReport& claim);
/// "53 claims: 40 proved, ..."
std::string to_line(const Summary& summary);

}  // namespace nabla
