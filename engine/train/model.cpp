#include <cmath>
#include <nabla/engine/train/model.hpp>

namespace nabla {

namespace {

Network with_probabilities(const Model& model) {
  return [network = model.network.network(), task = model.columns.task](Layers& make, const Expr& x) {
    const Expr z = network(make, x);
    return task == Task::classification ? softmax(z) : z;
  };
}

}  // namespace

void Model::standardise(Samples& samples) const {
  inputs.apply(samples.x);
  if (columns.task == Task::regression && !samples.y.empty()) targets.apply(samples.y);
}

ModelPrediction::ModelPrediction(const Model& model, std::size_t threads)
    : model_(model), prediction_(with_probabilities(model), model.columns.features.size(), threads) {}

std::vector<double> ModelPrediction::operator()(std::span<const double> parameters, std::span<const double> statistics,
                                                const Samples& samples) {
  std::vector<double> outputs = prediction_(parameters, statistics, samples.x);
  if (model_.columns.task == Task::regression) model_.targets.undo(outputs);
  return outputs;
}

std::vector<double> ModelPrediction::operator()(const Samples& samples) {
  return (*this)(model_.state.parameters, model_.state.statistics, samples);
}

double ModelPrediction::score(std::span<const double> outputs, const Samples& samples) const {
  if (model_.columns.task == Task::classification) return accuracy(outputs, samples);
  if (outputs.empty()) return 0;
  std::vector<double> expected = samples.y;
  model_.targets.undo(expected);
  double squares = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) squares += std::pow(outputs[i] - expected[i], 2);
  return std::sqrt(squares / static_cast<double>(outputs.size()));
}

}  // namespace nabla
