#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides `defined(E)`, `continuous(E, x)` and `differentiable(E, x)`, their negations, and implications whose
/// conclusion is one of them. These are true or false, never ill-posed, and ignore conventions.
/// proved: every operator of E is applied where its record says it is defined (continuous, differentiable), as signs
/// and ranges over the set show; with a certificate of kind "definedness".
/// refuted: with a point of the set at which E is undefined, or a one-sided limit is not the value, or the one-sided
/// derivatives certainly differ or grow beyond all bounds.
/// undecided: with the reason. Nothing for other statements.
std::optional<Finding> decide_regularity(const Problem& problem, const Statement& statement,
                                         const CheckOptions& options, const Budget& budget);

/// Looks at `smooth(E, x, L)` and `cocoercive(E, x, L)`, which say that E has a gradient everywhere.
/// refuted: with a point of the set at which E has none. Nothing else: pairs of points do not see a jump.
std::optional<Finding> decide_gradient_exists(const Problem& problem, const Statement& statement,
                                              const CheckOptions& options, const Budget& budget);

}  // namespace nabla
