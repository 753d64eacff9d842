#pragma once

#include <nabla/engine/simplify/rule.hpp>
#include <span>

/// Simplification by named rules with side conditions (herbie's habit: no rule without a stated domain).
namespace nabla {

struct SimplifyOptions {
  /// Do not apply a rule that loses a condition, unless that is known to hold: the result is then defined exactly where
  /// the expression is.
  bool keep_domain = false;
  /// The expression is only looked at where it is defined: conditions that follow from that are not reported.
  bool assume_defined = false;
  /// Conditions that hold, in the workspace of the expression: lt(0, x), le(0, x), ne(x, 0), ...
  std::vector<Expr> assumptions{};
  /// Rules applied before it stops where it is.
  std::size_t steps = 1'000'000;
  /// In place of simplification_rules().
  const std::vector<SimplificationRule>* rules = nullptr;
};

struct Simplification {
  Expr result;
  /// Names of the rules that were used, each once, in the order of their first use.
  std::vector<std::string> rules;
  /// What the expression said about its domain and the result does not: where these hold, and the result is defined,
  /// the expression is defined and equal to it. Each once.
  std::vector<SideCondition> conditions;
  std::size_t steps = 0;
  /// No rule applies any more; false when the steps were used up.
  bool finished = true;
};

/// Applies rules from the leaves up, again and again until none applies. The result has the expression's shape, and
/// wherever the expression is defined it is equal to the result, over the reals: rounding, overflow and the conventions
/// of derivatives at kinks may differ. Same workspace; nothing recurses on the graph.
Simplification simplification(const Expr& e, const SimplifyOptions& options = {});

/// Its result alone.
Expr simplify(const Expr& e, const SimplifyOptions& options = {});

}  // namespace nabla
