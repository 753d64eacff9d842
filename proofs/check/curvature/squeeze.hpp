#pragma once

#include <nabla/proofs/check/curvature/pieces.hpp>

namespace nabla::curvature {

/// A one-sided limit of a piece where it has no value: x log(x) and x sin(1/x) at 0.
struct Approach {
  Rational at;
  bool from_above = true;         ///< t > at
  std::optional<Rational> other;  ///< where the piece ends on that side
  Expr value;                     ///< the limit, a constant
  Rational slope = 0;
};

/// Shows |piece - value - slope (t - at)| <= times |t - at|^(halves / 2) for t within a width of `at` on that side,
/// with halves > 0; with `has_slope` halves > 2, so that the slope is the one-sided derivative of the piece with that
/// value. proof: {"halves", "times", "width", "above": sign, "below": sign}.
bool show_squeezed(const Problem& problem, const Expr& piece, const Expr& t, const Approach& approach, bool has_slope,
                   const Budget& budget, Json& proof);

/// What the slope there may be; nothing where difference quotients come near no short fraction. A guess.
std::optional<Rational> guess_slope(const Expr& piece, const Expr& t, const Approach& approach);

}  // namespace nabla::curvature
