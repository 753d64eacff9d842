#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/curvature/signs.hpp>

namespace nabla::bending {

/// A function of t that has a limit at a point from one side, and no value there.
struct Limit {
  Rational at;
  bool from_above = true;
  std::optional<Rational> other;  ///< where the function is no longer spoken of
  Expr value;
  Rational slope = 0;
};

/// Replays {"halves", "times", "width", "above", "below"}: |h - value - slope (t - at)| <= times |t - at|^(halves / 2)
/// within the width, where halves > least >= 0. So value is the limit, and for least = 2 the slope is the one-sided
/// derivative of the function that is continued by it.
bool replay_squeeze(const Problem& problem, const Expr& h, const Expr& t, const Limit& limit, std::int64_t least,
                    const Json& evidence);

/// e at t = at; choices whose condition is settled there are made.
Expr chosen_at(const Expr& e, const Expr& t, const Expr& at);

}  // namespace nabla::bending
