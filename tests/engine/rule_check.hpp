#pragma once

#include <engine/operator_examples.hpp>
#include <functional>
#include <nabla/engine/numbers/real.hpp>

/// The derivative rules of operators against differences of their values, at 120 digits: one check for the rules as
/// they are and for rules that were changed while running.
namespace nabla::rule_check {

using examples::Example;

/// An operator as a check sees it: what it computes, and what it says its derivative is.
struct Rule {
  using At = std::vector<Entries<Real>>;
  std::string name;
  std::function<Entries<Real>(const At&)> value;
  /// Contributions to the adjoint of each operand, of its size, for a seed of the size of the value.
  std::function<At(const At&, const Entries<Real>& seed)> pullback;
};

/// The rule as the reverse sweep over numbers runs it.
Rule numeric_rule(const Example& example);
/// The rule as the sweep over symbols records it, replayed.
Rule symbolic_rule(const Example& example);

/// The rule with the sign of its contribution to one operand turned.
Rule negated(Rule rule, std::size_t operand);
/// The rule with the seed added to its contribution to one operand (to each entry, the sum of the seed): what shows a
/// contribution that is always 0.
Rule displaced(Rule rule, std::size_t operand);

/// Digits of the differences, their step, and how well the rule must agree with them, relative to 1 + |difference|.
inline constexpr int digits = 120;
inline const char* const step = "1e-30";
inline const char* const tolerance = "1e-50";

/// Where the rule disagrees with central differences of its value at the operands of an example: one line each, which
/// begins with the name of the operator. Empty for a right rule.
std::vector<std::string> disagreements(const Rule& rule, const Example& example);

/// Whether two numbers agree within the tolerance.
bool agree(const Real& a, const Real& b);

/// Central differences of f when entry i of operand k moves: (f(x + h) - f(x - h)) / 2h.
Entries<Real> differences(const std::function<Entries<Real>(const Rule::At&)>& f, const Rule::At& at, std::size_t k,
                          std::size_t i);

}  // namespace nabla::rule_check
