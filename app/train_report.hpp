#pragma once

#include <nabla/engine/train/model.hpp>
#include <span>
#include <string>

/// What `nabla train`, `predict` and `inspect` say of models, as text.
namespace nabla::app {

/// "network 4-16-16-3, relu, 403 parameters"
std::string describe_network(const Model& model);
/// "sgd (momentum 0.9), rate 0.05, schedule 1/t (decay 0.001)"
std::string describe_optimiser(const TrainingOptions& options);
/// "stopped after epoch 57: ...; the model is that of epoch 37, validation loss 0.12"; empty where there is none.
std::string describe_validation(const Model& model);
/// A line for the state after an epoch; `epoch` from 1.
std::string describe_epoch(const Model& model, std::size_t epoch, const EpochRecord& record);
/// The heading above such lines.
std::string epoch_heading(const Model& model);
/// "29 of 30 right (0.967)", or "root mean square error 0.31".
std::string describe_score(const Model& model, const ModelPrediction& prediction, std::span<const double> outputs,
                           const Samples& samples);
/// Rows are the classes of the samples, columns those predicted. Empty for regression.
std::string confusion_matrix(const Model& model, std::span<const double> outputs, const Samples& samples);
/// The place of the largest of n outputs of sample i.
std::size_t predicted_class(std::span<const double> outputs, std::size_t n, std::size_t i);

/// Loss and scores over the epochs, as a picture in SVG.
std::string learning_curve(const Model& model);

/// \throws InputError when it is no model
Model read_model(const std::string& path);

}  // namespace nabla::app
