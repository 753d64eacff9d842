#include <algorithm>
#include <array>
#include <nabla/engine/explain/trace_parts.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/real.hpp>

namespace nabla {

namespace {

constexpr int most_steps = 60;
/// Nodes that are computed in all, over every run.
constexpr std::size_t most_work = 2'000'000;

/// Of forward mode: the output's tangent in the sweep that began at the input.
const DecimalTexts& forward_derivative(const EvaluationTrace& trace, std::size_t input) {
  const DecimalTexts* last = &trace.nodes[input].adjoint;
  bool inside = false;
  for (const TraceStep& step : trace.steps) {
    if (step.direction == TraceStep::Direction::seed) inside = step.node == input;
    if (inside && step.to == trace.nodes.size() - 1 && (step.slot >= 0 || step.node == input)) last = &step.after;
  }
  return *last;
}

}  // namespace

std::vector<TraceDifference> central_differences(const Function& f, std::span<const Expr> at,
                                                 const EvaluationTrace& trace,
                                                 const std::unordered_map<NodeId, std::size_t>& places,
                                                 std::size_t most_inputs) {
  std::vector<TraceDifference> found;
  std::size_t done = 0, runs = 0;
  for (const int digits : trace.digits) runs += 2 * static_cast<std::size_t>(std::min(digits, most_steps));
  const std::size_t nodes = f.plan()->nodes().size() + 1;
  if (runs * nodes * most_inputs > most_work) most_inputs = std::min<std::size_t>(most_inputs, 1);
  const int stride = static_cast<int>(std::min<std::size_t>(runs * nodes / most_work + 1, most_steps));
  for (std::size_t i = 0; i < f.inputs().size() && done < most_inputs; ++i) {
    const Ref input = f.inputs()[i];
    if (input.empty() || !places.contains(input.id()) || !f.input_shape(i).is_scalar()) continue;
    ++done;
    const std::size_t node = places.at(input.id());
    const DecimalTexts& adjoint = trace.is_forward ? forward_derivative(trace, node) : trace.nodes[node].adjoint;
    for (const int digits : trace.digits) {
      const Precision scope(digits);
      std::vector<Entries<Real>> here;
      for (const Expr& x : at)
        here.push_back(Function(std::span<const Expr>(&x, 1), {})(std::span<const Entries<Real>>())[0]);
      const std::string& exact = adjoint.at(digits)[0];
      if (exact == "nan" || exact.starts_with('[')) continue;
      const Real derivative(exact), middle = here[i][0];
      for (int k = 1; k <= std::min(digits, most_steps); k += stride) {
        const Real h("1e-" + std::to_string(k));
        std::array<Real, 2> side;
        try {
          for (const int s : {0, 1}) {
            here[i][0] = s == 0 ? middle + h : middle - h;
            side[static_cast<std::size_t>(s)] = f.run<Real>(std::span<const Entries<Real>>(here)).output(0)[0];
          }
        } catch (const GuardError&) {  // beyond a branch of the program
          continue;
        }
        const Real error = Number<Real>::abs((side[0] - side[1]) / (2 * h) - derivative);
        if (Number<Real>::less(error, error + 1) != Truth::yes) continue;  // NaN: outside the domain
        found.push_back({node, digits, "1e-" + std::to_string(k), Number<Real>::to_text(error, 3)});
      }
    }
  }
  return found;
}

}  // namespace nabla
