#include <engine/rule_check.hpp>
#include <memory>
#include <nabla/engine/gradient/rule.hpp>
#include <stdexcept>

namespace nabla::rule_check {

using examples::Applied;

Rule numeric_rule(const Example& example) {
  const auto f = std::make_shared<const Function>(Applied(example).function());
  return {.name = operator_info(example.code).name,
          .value = [f](const Rule::At& at) { return (*f)(std::span(at))[0]; },
          .pullback =
              [f](const Rule::At& at, const Entries<Real>& seed) {
                return f->vjp<Real>(at, {&seed, 1});
              }};
}

Rule symbolic_rule(const Example& example) {
  const Applied applied(example);
  const WorkspaceScope scope(applied.output.workspace());
  const Expr seed = variable("seed", applied.output.shape());
  std::vector<Expr> pulled =
      pullback_rule(example.code)(example.attributes, seed, applied.output, std::span<const Expr>(applied.inputs));
  for (std::size_t k = 0; k < pulled.size(); ++k) {
    if (pulled[k].empty())
      pulled[k] = Expr(0);
    else if (pulled[k].shape() != applied.inputs[k].shape())
      throw std::logic_error(operator_info(example.code).name + ": a contribution has not the shape of its operand");
  }
  std::vector<Expr> inputs = applied.inputs;
  inputs.push_back(seed);
  const auto rule = std::make_shared<const Function>(std::span<const Expr>(pulled), std::span<const Expr>(inputs));
  Rule result = numeric_rule(example);
  result.pullback = [rule](const Rule::At& at, const Entries<Real>& s) {
    Rule::At all = at;
    all.push_back(s);
    Rule::At contributions = (*rule)(std::span<const Entries<Real>>(all));
    for (std::size_t k = 0; k < contributions.size(); ++k) contributions[k].resize(at[k].size(), Real(0));
    return contributions;
  };
  return result;
}

Rule negated(Rule rule, std::size_t operand) {
  rule.pullback = [right = rule.pullback, operand](const Rule::At& at, const Entries<Real>& seed) {
    Rule::At contributions = right(at, seed);
    for (Real& c : contributions[operand]) c = -c;
    return contributions;
  };
  return rule;
}

Rule displaced(Rule rule, std::size_t operand) {
  rule.pullback = [right = rule.pullback, operand](const Rule::At& at, const Entries<Real>& seed) {
    Rule::At contributions = right(at, seed);
    for (Real& c : contributions[operand])
      for (const Real& s : seed) c += s;
    return contributions;
  };
  return rule;
}

bool agree(const Real& a, const Real& b) {
  const Real error = Number<Real>::abs(a - b);
  const Real allowed = Real(tolerance) * (1 + Number<Real>::abs(b));
  return Number<Real>::less(error, allowed) == Truth::yes;
}

Entries<Real> differences(const std::function<Entries<Real>(const Rule::At&)>& f, const Rule::At& at, std::size_t k,
                          std::size_t i) {
  const Real h(step);
  Rule::At moved = at;
  moved[k][i] = at[k][i] + h;
  Entries<Real> slope = f(moved);
  moved[k][i] = at[k][i] - h;
  const Entries<Real> below = f(moved);
  for (std::size_t j = 0; j < slope.size(); ++j) slope[j] = (slope[j] - below[j]) / (2 * h);
  return slope;
}

std::vector<std::string> disagreements(const Rule& rule, const Example& example) {
  const Precision precision(digits);
  const Rule::At at = examples::entries<Real>(example);
  std::vector<std::string> found;
  const auto report = [&](const std::string& what) {
    found.push_back(rule.name + ": " + what + " at " + example.describe());
  };
  const Entries<Real> seed = examples::weights<Real>(static_cast<std::int64_t>(rule.value(at).size()));
  const auto weighted = [&](const Rule::At& x) {
    const Entries<Real> y = rule.value(x);
    Real sum = 0;
    for (std::size_t j = 0; j < y.size(); ++j) sum += seed[j] * y[j];
    return Entries<Real>{sum};
  };
  const Rule::At contributions = rule.pullback(at, seed);
  if (contributions.size() != at.size()) {
    report("contributions for " + std::to_string(contributions.size()) + " operands, not " + std::to_string(at.size()));
    return found;
  }
  for (std::size_t k = 0; k < at.size(); ++k) {
    if (!example.operands[k].moves) continue;
    for (std::size_t i = 0; i < at[k].size(); ++i) {
      const Real slope = differences(weighted, at, k, i)[0];
      if (agree(contributions[k][i], slope)) continue;
      report("the derivative by entry " + std::to_string(i) + " of operand " + std::to_string(k + 1) + " is " +
             Number<Real>::to_text(contributions[k][i], 20) + " by the rule and " + Number<Real>::to_text(slope, 20) +
             " by differences,");
    }
  }
  return found;
}

}  // namespace nabla::rule_check
