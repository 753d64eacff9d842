#pragma once

#include <nabla/app/train_report.hpp>
#include <stop_token>

namespace nabla::app {

struct TrainLoopOptions {
  std::string output;            ///< where checkpoints go; empty: nowhere
  double checkpoint_every = 30;  ///< seconds; 0: after every step
  std::size_t threads = 1;
  std::stop_token stop{};
  bool audits = false;        ///< print an audit of some steps, and of the units at the end
  std::string audit_steps{};  ///< which: steps_to_audit
};

/// Standardised.
struct TrainSamples {
  Samples training, validation, test;
};

/// Trains a model from its state up to its epochs, or until its validation stops it, with a line for some epochs on
/// standard output, and progress on standard error where that is a terminal. The model is left as it is at the end, and
/// written: also when it is told to stop. \return whether it came to its end \throws InputError where the numbers are
/// not finite any more, which says at which step; what was written before stays
bool train(Model& model, const TrainSamples& samples, const TrainLoopOptions& options);

}  // namespace nabla::app
