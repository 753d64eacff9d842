#pragma once

#include <nabla/proofs/check/curvature/pieces.hpp>

namespace nabla::curvature {

/// Where a function of one number is not continuous (differentiable), because it keeps away from its value, or its
/// difference quotients on the two sides from each other, as inequalities show: at a jump, a pole, where x log(x) or
/// x sin(1/x) is continued by another value.
///
/// The proof is {"at": number, "right", "left"} (and "witness", for the report), of which each (for `differentiable`
/// both) is {"width", "above": bool, "bound": number, "sign"}: for t within the width, e(t) - e(at) (over t - at) is
/// above (below) the bound, which for `continuous` is above (below) 0. \return the point
std::optional<Rational> find_break(const Problem& problem, const Expr& e, const std::vector<Expr>& over,
                                   bool differentiable, const Budget& budget, Json& proof);

/// Whether all pieces of such a function have values where they end.
bool has_values_at_breaks(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Budget& budget);

}  // namespace nabla::curvature
