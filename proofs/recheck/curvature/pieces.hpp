#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/curvature/signs.hpp>

namespace nabla::bending {

/// Replays that h is convex in t on the set of t, and that it rises (direction 1) or falls (-1): evidence {"breaks",
/// "meet", "ends", "pieces", "slopes", "directions"}. Between two breaks every choice, absolute value, maximum and
/// minimum is settled by the sign of a polynomial of degree at most two, in exact arithmetic.
bool replay_convex_pieces(const Problem& problem, const Expr& h, const Expr& t, int direction, const Json& evidence,
                          std::string& why);

/// The function between breaks, and problems with t between them; nothing where that could not be settled.
struct Pieces {
  std::vector<Expr> h;
  std::vector<Problem> problems;
  std::vector<Expr> breaks;
  /// Of each piece: whether it has a value where it meets the one before, and the one after; else a limit alone, which
  /// the function has there.
  struct Ends {
    bool lo = true, hi = true;
    std::optional<Rational> from, to;  ///< rational, or outside of the set
  };
  std::vector<Ends> ends;
};
/// h for t between two numbers without choices and kinks; nothing where that could not be settled.
std::optional<Expr> settled_between(const Expr& h, const Expr& t, const Rational& lo, const Rational& hi);
/// Whether a constant expression has a finite value, in intervals.
bool has_value(const Expr& e);
/// Shows also that the pieces meet and agree with h at the breaks and at closed ends.
std::optional<Pieces> replay_pieces(const Problem& problem, const Expr& h, const Expr& t, const Json& evidence,
                                    std::string& why);

}  // namespace nabla::bending
