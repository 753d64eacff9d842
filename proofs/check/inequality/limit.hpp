#pragma once

#include <functional>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/record/expr.hpp>

namespace nabla::inequality {

/// How a function of one variable behaves where the variable runs to infinity.
struct Growth {
  /// exact: the function is c x^degree (1 + o(1)), or grows (`beyond` 1) or vanishes (-1) faster than every power with
  /// the sign of c. Otherwise it is o(x^degree), or smaller than every power (-1).
  bool exact = true;
  int beyond = 0;
  Rational degree = 0;
  Expr c;
};

/// Nothing when the rules do not tell: terms that cancel, oscillation, other variables.
/// \param is_zero  whether a constant is certainly 0
std::optional<Growth> growth_at_infinity(const Expr& e, NodeId variable,
                                         const std::function<bool(const Expr&)>& is_zero);

/// The limit where it is finite.
std::optional<Expr> finite_limit(const Growth& growth);

}  // namespace nabla::inequality
