#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/train/training_definition.hpp>

namespace nabla {

void check(const TrainingOptions& options) {
  check(options.optimiser);
  check(options.schedule);
  if (options.clip > 0 && std::holds_alternative<Lbfgs>(options.optimiser))
    throw std::invalid_argument("lbfgs looks for the length of its steps itself, so that no gradient is clipped");
}

BatchFunction batch_function(const Network& network, std::size_t rows, std::size_t features, std::size_t outputs,
                             const TrainingOptions& options) {
  const WorkspaceScope scope(std::make_shared<Workspace>());
  const auto extent = [](std::size_t n) { return static_cast<std::int64_t>(n); };
  Layers layers(Layers::Mode::training);
  const Expr x = variable("x", Shape{extent(rows), extent(features)});
  const Expr prediction = network(layers, x);
  const Shape expected{extent(rows), extent(outputs)};
  if (prediction.shape() != expected)
    throw ShapeError("network", "the output must have the shape of the targets", {prediction.shape(), expected});
  const Expr target = variable("t", expected);
  Expr total = objective(options.loss, options.reduction, prediction, target);
  if (options.l2 != 0) total = total + l2_penalty(layers.parameters(), options.l2);
  std::vector<Expr> inputs;
  for (const Parameter& p : layers.parameters()) inputs.push_back(p.variable);
  std::vector<Expr> made = gradient(total, inputs);
  made.insert(made.begin(), total);
  inputs.push_back(x);
  inputs.push_back(target);
  for (const Layers::Mask& m : layers.masks()) inputs.push_back(m.variable);
  for (const Statistic& s : layers.statistics()) made.push_back(s.batch);
  made.push_back(prediction);
  return {Function(made, inputs), std::move(layers)};
}

BatchFunction prediction_function(const Network& network, std::size_t rows, std::size_t features) {
  const WorkspaceScope scope(std::make_shared<Workspace>());
  Layers layers(Layers::Mode::prediction);
  const Expr x = variable("x", Shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(features)});
  const Expr prediction = network(layers, x);
  std::vector<Expr> inputs;
  for (const Parameter& p : layers.parameters()) inputs.push_back(p.variable);
  for (const Statistic& s : layers.statistics()) inputs.push_back(s.variable);
  inputs.push_back(x);
  return {Function({&prediction, 1}, inputs), std::move(layers)};
}

BatchFunction activation_function(const Network& network, std::size_t rows, std::size_t features, Layers::Mode mode) {
  const WorkspaceScope scope(std::make_shared<Workspace>());
  Layers layers(mode);
  const Expr x = variable("x", Shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(features)});
  network(layers, x);
  std::vector<Expr> inputs, made;
  for (const Parameter& p : layers.parameters()) inputs.push_back(p.variable);
  if (mode == Layers::Mode::prediction)
    for (const Statistic& s : layers.statistics()) inputs.push_back(s.variable);
  inputs.push_back(x);
  for (const Layers::Mask& m : layers.masks()) inputs.push_back(m.variable);
  for (const Layers::Activation& a : layers.activations()) {
    made.push_back(a.input);
    made.push_back(gradient(sum(a.output), a.input));
  }
  if (made.empty()) made.push_back(x);
  return {Function(made, inputs), std::move(layers)};
}

template class Training<double>;
template class Training<float>;
template class Prediction<double>;
template class Prediction<float>;

}  // namespace nabla
