#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides increasing(E, x), decreasing(E, x) (weakly, every entry of E in every entry of x) and linear(E, x), also as
/// the conclusion of an implication.
/// proved, with one certificate:
///   "monotone"  {"by": "rules", "mode", "cones"} composition of monotone operators (MonotoneRules), or
///               {"by": "slopes", "open", "signs": [...]}, the partial derivatives of the entries, row by row
///   "linear"    {"by": "rules"} sums and multiples of the variables; or {"by": "identity", "data"}: that
///               E(x + c x') - E(x) - c E(x') is 0 for all x, x' and c
/// undecided otherwise.
std::optional<Finding> decide_monotone(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                       const Budget& budget);

}  // namespace nabla
