#pragma once

#include <nabla/proofs/check/curvature/pieces.hpp>

namespace nabla::curvature {

/// Shows that a function of one number is continuous (differentiable) on an interval, ends included as points of its
/// natural domain: choices, absolute values, maxima and minima fall into pieces at rational points, each piece is
/// smooth (for continuity: continuous) up to its ends, and neighbours meet (with their slopes). That is more than the
/// record of each operator says: x abs(x) has a derivative at 0 although abs has none.
///
/// The proof is {"wanted": "continuous" | "differentiable", "breaks", "meet", "ends", "slopes": [SLOPE, ...]}, over the
/// interval widened by 1 at closed ends. SLOPE is a zero; or, where a piece has a limit alone, {"slope": number,
/// "left", "right"}, each {"zero": proof} or {"squeeze": proof} (squeeze.hpp).
/// \param over       the variables of the predicate: one, a number; nothing else may occur in the expression
/// \param at_breaks  receives the derivative at each break
bool show_regular_pieces(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool differentiable,
                         const Budget& budget, Json& proof,
                         std::vector<std::pair<Rational, Expr>>* at_breaks = nullptr);

/// The set of t alone, open and widened where it was closed: there regularity is asked of the natural domain. Nothing
/// where the expression has other variables.
std::optional<Problem> around_interval(const Problem& problem, const Expr& e, const Expr& t);

/// Whether the piece is smooth, or continuous, and defined up to the points where it meets others.
bool is_regular_piece(const Problem& problem, const Expr& t, const Piece& piece, bool differentiable);

}  // namespace nabla::curvature
