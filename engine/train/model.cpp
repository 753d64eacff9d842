#include <cmath>
#include <limits>
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

std::span<const double> Model::parameters() const {
  return validation.best_epoch > 0 ? validation.parameters : state.parameters;
}
std::span<const double> Model::statistics() const {
  return validation.best_epoch > 0 ? validation.statistics : state.statistics;
}

bool Model::is_stopped() const {
  const auto epoch = static_cast<std::int64_t>(history.size());
  return validation.share > 0 && validation.patience > 0 && epoch - validation.best_epoch >= validation.patience;
}

void Model::add_epoch(const EpochRecord& record, std::span<const double> parameters,
                      std::span<const double> statistics) {
  history.push_back(record);
  if (validation.share == 0) return;
  if (validation.best_epoch > 0 && !(record.validation_loss < validation.best_loss)) return;
  validation.best_epoch = static_cast<std::int64_t>(history.size());
  validation.best_loss = record.validation_loss;
  validation.parameters.assign(parameters.begin(), parameters.end());
  validation.statistics.assign(statistics.begin(), statistics.end());
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
  return (*this)(model_.parameters(), model_.statistics(), samples);
}

double ModelPrediction::loss(std::span<const double> outputs, const Samples& samples) const {
  if (model_.columns.task == Task::regression) return score(outputs, samples);
  double total = 0;
  for (std::size_t i = 0; i < samples.count(); ++i)
    total -= std::log(std::max(outputs[i * samples.outputs + samples.class_of(i)], std::numeric_limits<double>::min()));
  return total / static_cast<double>(samples.count());
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
