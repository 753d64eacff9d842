#pragma once

#include <nabla/engine/record/expr.hpp>
#include <string>
#include <vector>

namespace nabla {

/// What has to hold for a rewriting to be right.
struct SideCondition {
  enum class Kind : std::uint8_t {
    holds,    ///< `of` is a condition: nonzero (a tensor: in every entry) where it holds
    defined,  ///< `of` has a value
  };
  Kind kind = Kind::holds;
  Expr of;
};

/// A named rewriting: pattern -> result.
///
/// Variables of the pattern are letters: `a`, `b` stand for a number (an exact ratio), `m`, `n` for an integer
/// exponent, written pow(x, n), which matches x^n with any integer in place of n; every other letter for any
/// expression. Its parts match in either order where the operator is commutative.
///
/// For every value of the letters:
/// - where the pattern is defined and all of `needs` hold, the result is defined and equal, exactly, over the reals;
/// - wherever the pattern is defined, all of `loses` hold;
/// - where the result is defined and all of `needs` and `loses` hold, the pattern is defined.
/// So `needs` has to be known before the rule is applied, while `loses` is what the pattern said about its own domain
/// and the result does not say any more: x / x -> 1 loses x != 0.
struct SimplificationRule {
  std::string name;
  Expr pattern;
  Expr result;
  std::vector<SideCondition> needs{};
  std::vector<SideCondition> loses{};

  /// "log of exp: log(exp(x)) -> x": for reports.
  std::string describe() const;
};

/// Every rule, in the order in which they are tried. Those on odd and even functions come from the operators' facts.
const std::vector<SimplificationRule>& simplification_rules();

}  // namespace nabla
