#include <cmath>
#include <map>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/check/difference.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>

namespace nabla {

namespace {

using VariableValues = std::map<NodeId, std::vector<Real>>;

/// Values of an expression's variables; nothing when one has none.
std::optional<std::vector<Real>> evaluate(const Expr& e, const VariableValues& at, bool* kink = nullptr) {
  const auto plan =
      std::make_shared<Plan>(std::shared_ptr<const Graph>(e.workspace(), &e.graph()), std::array{e.ref()});
  Run<Real> run(plan);
  for (const NodeId id : plan->nodes()) {
    if (!plan->graph().is(id, opcode<Variable>)) continue;
    const auto value = at.find(id);
    if (value == at.end()) return std::nullopt;
    run.set(id, value->second);
  }
  run.forward();
  if (kink != nullptr) *kink = !run.kinks().empty();
  const std::span<const Real> out = run.output(0);
  for (const Real& x : out)
    if (!isfinite(x)) return std::nullopt;
  return std::vector<Real>(out.begin(), out.end());
}

}  // namespace

DifferenceCheck compare_with_differences(const Problem& problem, const Derivative& derivative, const Point& point,
                                         int digits) {
  const Precision scope(4 * digits + 20);
  VariableValues at;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    auto& entries = at[problem.givens[g].variable.ref().id()];
    for (const Rational& x : point.entries[g]) entries.push_back(Number<Real>::of(to_constant(x)));
  }
  for (const Expr& guard : derivative.guards) {
    const auto taken = evaluate(guard, at);
    if (!taken || (*taken)[0] == 0) return {};
  }
  VariableValues moved = at;
  for (const auto& [variable, value] : wellposed::replaced_variables(derivative)) {
    const auto entries = evaluate(value, at);
    if (!entries) return {};
    moved[variable] = *entries;
  }
  at = std::move(moved);
  const Expr symbolic = jacobian(derivative.of, derivative.by, {.conventions = problem.conventions});
  bool kink = false;
  if (!evaluate(derivative.of, at, &kink) || kink) return {};
  const auto expected = evaluate(symbolic, at);
  if (!expected) return {};

  const Real step = Real(1) / Number<Real>::powi(Real(10), digits);
  auto& x = at[derivative.by.ref().id()];
  const std::size_t columns = x.size();
  const auto rows = static_cast<std::size_t>(derivative.of.shape().size());
  DifferenceCheck check{.compared = true};
  for (std::size_t j = 0; j < columns; ++j) {
    const Real centre = x[j];
    x[j] = centre + step;
    const auto above = evaluate(derivative.of, at);
    x[j] = centre - step;
    const auto below = evaluate(derivative.of, at);
    x[j] = centre;
    if (!above || !below) return {};
    for (std::size_t i = 0; i < rows; ++i) {
      const Real difference = ((*above)[i] - (*below)[i]) / (2 * step);
      const Real& symbol = (*expected)[i * columns + j];
      const Real gap = Number<Real>::abs(symbol - difference) / (1 + Number<Real>::abs(symbol));
      check.residual = std::max(check.residual, static_cast<double>(gap));
    }
  }
  return check;
}

}  // namespace nabla
