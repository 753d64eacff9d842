#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides a relation, a membership, or what negations and implications make of them, where there are few points to
/// look at: no givens at all (an identity of constants), or givens in small finite sets, whose elements need not be
/// rational. Each point is decided by balls, or exactly by Calcium.
/// proved: it holds at every point at which the hypotheses do; with a certificate of kind "exhaustive".
/// refuted: with the first point at which it fails.
/// Nothing where the sets are not small, or something was not decided.
std::optional<Finding> decide_every_point(const Problem& problem, const Statement& statement,
                                          const CheckOptions& options, const Budget& budget);

}  // namespace nabla
