#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/train/segment_audit.hpp>
#include <nabla/engine/train/step_audit.hpp>

namespace nabla {

namespace {

constexpr int audit_digits = 50;

/// -log10 of a relative error known by its upper bound, rounded down to tenths; between 0 and all.
double digits_of(double relative_error) {
  if (relative_error == 0) return RightDigits::all;
  if (!(relative_error < 1)) return 0;
  return std::floor(-10 * std::log10(relative_error)) / 10;
}

/// \return false where the ball leaves it open
bool relative_error(const Ball& computed, const Ball& exact, double& error) {
  if (exact.is_exact() && computed.is_exact() && Number<Ball>::equal(exact, computed) == Truth::yes) {
    error = 0;
    return true;
  }
  if (exact.is_zero()) {
    error = 1;
    return true;
  }
  if (!exact.is_finite() || exact.contains_zero()) return false;
  error = (Number<Ball>::abs(computed - exact) / Number<Ball>::abs(exact)).upper_double();
  return true;
}

RightDigits right_digits(std::string name, const Shape& shape, std::span<const double> computed,
                         std::span<const Ball> exact) {
  RightDigits made{std::move(name), shape};
  std::vector<double> digits;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    double error = 0;
    if (!relative_error(Ball::of_double_exact(computed[i]), exact[i], error)) {
      ++made.open;
      continue;
    }
    digits.push_back(std::min(digits_of(error), RightDigits::all));
    if (digits.size() > 1 && digits.back() >= made.least) continue;
    made.least = digits.back();
    made.least_at = i;
  }
  if (digits.empty()) return made;
  const auto middle = digits.begin() + static_cast<std::ptrdiff_t>(digits.size() / 2);
  std::ranges::nth_element(digits, middle);
  made.median = *middle;
  return made;
}

/// The least right digits of the gradient at 50 digits.
double digits_of_reals(const Function& function, std::span<const std::span<const double>> inputs,
                       std::size_t parameters, std::span<const Ball> exact) {
  std::vector<Entries<Real>> at;
  for (const std::span<const double>& x : inputs) at.emplace_back(x.begin(), x.end());
  const Run<Real> run = function.run<Real>(at);
  double least = audit_digits;
  std::size_t next = 0;
  for (std::size_t k = 0; k < parameters; ++k)
    for (const Real& g : run.output(1 + k)) {
      double error = 0;
      if (relative_error(Ball::from_text(to_text(g, audit_digits + 5)), exact[next++], error) && error != 0)
        least = std::min(least, digits_of(error));
    }
  return least;
}

}  // namespace

StepAudit audit_step(Training<double>& training, const StepAuditOptions& options) {
  StepAudit made;
  made.step = training.steps();
  made.objective_before = training.evaluate();
  const auto evaluated = training.evaluated();
  made.rows = evaluated.rows;
  const std::size_t parameters = training.layers().parameters().size();
  const Precision scope(audit_digits);
  const SegmentPoint start = segment_point(evaluated.function, evaluated.inputs, parameters, {}, Ball(0));

  std::size_t at = 0;
  const std::span<const Ball> exact = start.gradient;
  for (const Parameter& p : training.layers().parameters()) {
    const auto n = static_cast<std::size_t>(p.variable.shape().size());
    made.parameters.push_back(
        right_digits(p.name, p.variable.shape(), evaluated.gradient.subspan(at, n), exact.subspan(at, n)));
    at += n;
  }
  made.gradient = right_digits("", Shape{static_cast<std::int64_t>(at)}, evaluated.gradient, exact);
  Ball error(0), length(0);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    const Ball off = Ball::of_double_exact(evaluated.gradient[i]) - exact[i];
    error += off * off;
    length += exact[i] * exact[i];
  }
  made.norm_digits = digits_of(Number<Ball>::sqrt(error / length).upper_double());
  made.digits_at_50 = digits_of_reals(evaluated.function, evaluated.inputs, parameters, exact);

  // The step changes what the inputs stand in.
  std::vector<std::vector<double>> inputs;
  for (const std::span<const double>& x : evaluated.inputs) inputs.emplace_back(x.begin(), x.end());
  const Function function = evaluated.function;
  training.step();
  const Segment segment{function,
                        training.network(),
                        std::move(inputs),
                        parameters,
                        {training.parameters().begin(), training.parameters().end()}};
  made.curvature = segment_curvature(segment, start, options, made);
  return made;
}

}  // namespace nabla
