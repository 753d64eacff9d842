#pragma once

#include <nabla/proofs/check/curvature/pieces.hpp>

namespace nabla::curvature {

/// Shows that a function of one number is continuous (differentiable) on an interval, ends included as points of its
/// natural domain: choices, absolute values, maxima and minima fall into pieces at rational points, each piece is
/// smooth (for continuity: continuous) up to its ends, and neighbours meet (with their slopes). That is more than the
/// record of each operator says: x abs(x) has a derivative at 0 although abs has none. \param over  the variables of
/// the predicate: one, a number, and nothing else may occur in the expression The proof is {"wanted": "continuous" |
/// "differentiable", "breaks", "meet", "ends", "slopes": [SLOPE, ...]}, over the interval widened by 1 at closed ends.
/// SLOPE is a zero; or, where a piece has a limit alone, {"slope": number, "left", "right"}, each {"zero": proof} or
/// {"squeeze": proof} (curvature_squeeze.hpp). \param at_breaks  receives the derivative at each break
bool show_regular_pieces(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool differentiable,
                         const Budget& budget, Json& proof,
                         std::vector<std::pair<Rational, Expr>>* at_breaks = nullptr);

/// Where such a function is not continuous (differentiable), because it keeps away from its value, or its difference
/// quotients on the two sides from each other, as inequalities show: at a jump, a pole, where x log(x) or x sin(1/x) is
/// continued by another value. The proof is {"at": number, "right", "left"} (and "witness", for the report), of which
/// each (for `differentiable` both) is {"width", "above": bool, "bound": number, "sign"}: for t within the width, e(t)
/// - e(at) (over t - at) is above (below) the bound, which for `continuous` is above (below) 0. \return the point
std::optional<Rational> find_break(const Problem& problem, const Expr& e, const std::vector<Expr>& over,
                                   bool differentiable, const Budget& budget, Json& proof);

/// Whether all pieces of such a function have values where they end.
bool has_values_at_breaks(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Budget& budget);

}  // namespace nabla::curvature
