#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/curvature/semidefinite.hpp>

namespace nabla::curvature {

/// A function of one variable on an interval between kinks, where it is what a smooth expression says.
struct Piece {
  std::optional<Rational> lo, hi;  ///< where neighbours meet; empty at the ends of the set
  Expr h;
  bool has_lo = true, has_hi = true;  ///< whether h has a value there, and not a limit alone
};

/// The pieces of a function of t: choices, absolute values, maxima, minima and what is written with them are resolved
/// between the points at which what they compare changes its sign; what they compare must be a polynomial of degree one
/// or two with rational roots there.
/// Shown: the function is continuous where pieces meet and at closed ends of its set, and smooth inside each piece.
/// A piece that has no value at its end has the limit that the function is there (squeeze.hpp).
/// proof: {"breaks": [...], "meet": [MEET, ...], "ends": [sign or null or {"squeeze"}, the same]} where MEET is
/// [sign, sign], or, where a piece has no value, {"left", "right"}: {"zero": sign} or {"squeeze": proof}.
/// \pre the only given of the problem that h depends on is t, an interval
std::optional<std::vector<Piece>> continuous_pieces(const Problem& problem, const Expr& h, const Expr& t,
                                                    const Budget& budget, Json& proof);

/// The pieces alone, between what is rational or outside of the set; nothing is shown of them.
std::optional<std::vector<Piece>> taken_apart(const Problem& problem, const Expr& h, const Expr& t,
                                              const Budget& budget);

/// The problem with t between the ends of the piece, which are left out.
Problem on_piece(const Problem& problem, const Expr& t, const Piece& piece);

/// e at t = x.
Expr value_at(const Expr& e, const Expr& t, const Rational& x);
/// The same with the choices made that are settled there, so that a branch that is not taken needs no value.
Expr chosen_value(const Expr& e, const Expr& t, const Rational& x);

/// Shows that h is convex: every piece is, and slopes do not fall where pieces meet. Adds "pieces": [blocks, ...],
/// "slopes": [sign, ...] and "directions": [sign, ...] to the proof.
/// \param direction  1 (-1): also that h rises (falls), weakly
bool show_convex_pieces(const Problem& problem, const Expr& h, const Expr& t, int direction, const Budget& budget,
                        Json& proof);

}  // namespace nabla::curvature
