#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <nabla/app/command.hpp>
#include <nabla/app/train_audit.hpp>
#include <nabla/app/train_loop.hpp>

namespace nabla::app {

namespace {

using TrainClock = std::chrono::steady_clock;

double seconds_since(TrainClock::time_point begin) {
  return std::chrono::duration<double>(TrainClock::now() - begin).count();
}

/// A line on a terminal that is written over.
class ProgressLine {
 public:
  void show(const Model& model, std::int64_t epoch, double share) {
    if (!is_terminal_ || seconds_since(shown_) < 0.1) return;
    shown_ = TrainClock::now();
    constexpr int width = 24;
    const int done = static_cast<int>(share * width);
    std::cerr << fmt::format("\r\x1b[K[{:=<{}}{: <{}}] epoch {}/{}", "", done, "", width - done, epoch, model.epochs);
    if (!model.history.empty()) {
      const EpochRecord& last = model.history.back();
      std::cerr << fmt::format("  loss {:.4g}  train {:.3f}", last.loss, last.training_score);
      if (model.has_test()) std::cerr << fmt::format("  test {:.3f}", last.test_score);
    }
    std::cerr << std::flush;
    is_shown_ = true;
  }
  void clear() {
    if (is_shown_) std::cerr << "\r\x1b[K" << std::flush;
    is_shown_ = false;
  }

 private:
  bool is_terminal_ = isatty(STDERR_FILENO) != 0;
  bool is_shown_ = false;
  TrainClock::time_point shown_{};
};

/// 1, 2, 5, 10, 20, 50, ...
bool is_told(std::int64_t epoch) {
  while (epoch >= 10 && epoch % 10 == 0) epoch /= 10;
  return epoch == 1 || epoch == 2 || epoch == 5;
}

}  // namespace

bool train(Model& model, const TrainSamples& samples, const TrainLoopOptions& options) {
  TrainingOptions own = model.options;
  own.threads = options.threads;
  Training<double> training(model.network.network(), samples.training, own);
  if (!model.state.parameters.empty()) training.set_state(model.state);
  ModelPrediction prediction(model, options.threads);
  const auto score = [&](const Samples& of) {
    return of.count() == 0 ? 0 : prediction.score(prediction(training.parameters(), training.statistics(), of), of);
  };
  const auto record = [&] {
    EpochRecord made{training.epoch_loss(), score(samples.training), score(samples.test)};
    const Samples& aside = samples.validation;
    if (aside.count() > 0)
      made.validation_loss = prediction.loss(prediction(training.parameters(), training.statistics(), aside), aside);
    return made;
  };
  const auto save = [&] {
    model.state = training.state();
    if (!options.output.empty()) write_atomically(options.output, to_json(model));
  };
  const std::int64_t steps = model.epochs * training.steps_per_epoch();
  std::vector<std::int64_t> audited;
  if (options.audits) audited = steps_to_audit(options.audit_steps, training.steps(), steps);
  ProgressLine progress;
  TrainClock::time_point saved = TrainClock::now();
  bool is_headed = false;
  while (training.steps() < steps && !model.is_stopped() && !options.stop.stop_requested()) {
    try {
      if (std::ranges::binary_search(audited, training.steps())) {
        const StepAudit audit = audit_step(training);
        progress.clear();
        std::cout << describe_audit(audit) << std::flush;
      } else {
        training.step();
      }
    } catch (const TrainingError& error) {
      progress.clear();
      throw InputError(
          fmt::format("nabla: training stopped at step {} (epoch {}): {}{}; a smaller --rate, or --clip, may "
                      "help",
                      error.step, error.step / training.steps_per_epoch() + 1, error.what(),
                      options.output.empty() || model.state.step == 0
                          ? ""
                          : fmt::format("; {} is as it was at step {}", options.output, model.state.step)));
    }
    if (training.steps() % training.steps_per_epoch() == 0) {
      model.add_epoch(record(), training.parameters(), training.statistics());
      if (is_told(training.epochs()) || training.steps() == steps || model.is_stopped()) {
        progress.clear();
        if (!is_headed) std::cout << epoch_heading(model) << '\n';
        is_headed = true;
        std::cout << describe_epoch(model, model.history.size(), model.history.back()) << std::endl;
      }
    }
    progress.show(model, training.epochs(), static_cast<double>(training.steps()) / static_cast<double>(steps));
    if (!options.output.empty() && seconds_since(saved) >= options.checkpoint_every && training.steps() < steps) {
      save();
      saved = TrainClock::now();
    }
  }
  progress.clear();
  if (options.audits)
    std::cout << describe_units(
        audit_units(training.network(), training.parameters(), training.statistics(), samples.training));
  save();
  return training.steps() >= steps || model.is_stopped();
}

}  // namespace nabla::app
