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

}  // namespace nabla::curvature
