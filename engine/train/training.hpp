#pragma once

#include <memory>
#include <nabla/engine/run/function.hpp>
#include <nabla/engine/train/layers.hpp>
#include <nabla/engine/train/objectives.hpp>
#include <nabla/engine/train/optimisers.hpp>
#include <nabla/engine/train/samples.hpp>

namespace nabla {

struct TrainingOptions {
  Optimiser optimiser = Sgd{};
  Schedule schedule{};
  std::size_t batch = 32;  ///< samples of a step; 0: all. An epoch's last batch has what is left
  Loss loss = Loss::softmax_cross_entropy;
  Reduction reduction = Reduction::mean;
  double clip = 0;  ///< the gradient's norm at most; 0: as it is
  double l2 = 0;    ///< factor of l2_penalty in the objective
  std::uint64_t seed = 1;
  std::size_t threads = 1;  ///< 0: as many as the machine has. The same bits whatever the number
};

/// \throws std::invalid_argument as check(optimiser) and check(schedule) do, and for what does not go together
void check(const TrainingOptions& options);

/// The objective, the gradient or the parameters are no finite numbers any more.
class TrainingError : public std::runtime_error {
 public:
  TrainingError(std::int64_t step, std::uint32_t line, const std::string& what)
      : std::runtime_error(what), step(step), line(line) {}
  std::int64_t step;   ///< that failed, from 0
  std::uint32_t line;  ///< of the first sample whose prediction is not finite; 0: all are
};

/// What a training goes on from. A training in double or float that goes on gives the bits of one that never stopped.
struct TrainingState {
  std::int64_t step = 0;
  std::vector<double> parameters;
  std::vector<double> statistics;
  std::vector<std::vector<double>> memory;  ///< of the optimiser
  double epoch_total = 0;                   ///< the objective times the samples, added up in this epoch so far
};

/// The objective of a network on a batch as a function, an ordinary graph: inputs are the parameters, the samples
/// [rows, features], the targets [rows, outputs] and the masks of dropout; outputs the objective, its derivative by
/// each parameter, the statistics of the batch, and the predictions.
struct BatchFunction {
  Function function;
  Layers layers;
};
/// \throws ShapeError unless the network gives [rows, outputs]
BatchFunction batch_function(const Network& network, std::size_t rows, std::size_t features, std::size_t outputs,
                             const TrainingOptions& options);

/// The predictions of a network as a function; inputs are the parameters, the statistics and samples [rows, features].
BatchFunction prediction_function(const Network& network, std::size_t rows, std::size_t features);

/// What a network's activations do as a function: for each, what it is applied to, then its derivative there, entry by
/// entry. Inputs are those of prediction_function, or in training the parameters, the samples and the masks of dropout.
/// A network without activations: its input.
BatchFunction activation_function(const Network& network, std::size_t rows, std::size_t features, Layers::Mode mode);

/// A network being trained, step by step, in the kind V: double and float compiled, no allocation in a step (lbfgs
/// has a few); Real at
/// the digits of the Precision in whose scope it is made and used.
///
/// Samples come in another order in each epoch, drawn from the seed, as are the first parameters and the masks of
/// dropout: the same numbers in every kind V (the gradient over all samples takes them in their order).
template <class V = double>
class Training {
 public:
  /// \throws ShapeError, std::invalid_argument (from the network, the optimiser and the schedule as well)
  Training(Network network, Samples samples, const TrainingOptions& options);
  ~Training();
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;

  /// Takes a step. The objective of its batch before it. \throws TrainingError; then nothing has changed, unless it is
  /// the parameters that are not finite
  V step();

  /// The objective of the next step's batch, as step() will compute it; nothing changes.
  /// \throws TrainingError as step() does
  V evaluate();
  /// What evaluate() computed the objective from, until the next step.
  struct Evaluated {
    const Function& function;                    ///< batch_function of so many rows
    std::span<const std::span<const V>> inputs;  ///< of it
    std::span<const V> gradient;                 ///< by all parameters; before clipping
    std::size_t rows;
  };
  Evaluated evaluated() const;

  std::int64_t steps() const { return step_; }
  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  /// Whole epochs so far.
  std::int64_t epochs() const { return step_ / steps_per_epoch_; }
  /// After the last step of an epoch: the mean over it of the objective (per sample; with Reduction::sum the sum).
  V epoch_loss() const;

  const Layers& layers() const;
  const Network& network() const { return network_; }
  /// Entries of all parameters in the order of the layers; likewise of the statistics.
  std::span<const V> parameters() const { return parameters_; }
  std::span<const V> statistics() const { return statistics_; }

  TrainingState state() const;
  /// Goes on from a state. \throws std::invalid_argument where it is of another network or optimiser
  void set_state(const TrainingState& state);

 private:
  struct Batch;
  void gather(Batch& batch, std::size_t first);
  void check_finite(const Batch& batch, std::size_t first) const;
  Batch& next_batch() const;

  Network network_;
  TrainingOptions options_;
  Samples samples_;
  std::int64_t step_ = 0, steps_per_epoch_ = 1, ordered_epoch_ = -1;
  std::size_t batch_rows_ = 0;
  std::vector<std::size_t> order_;
  std::vector<V> parameters_, gradient_, statistics_;
  OptimiserMemory<V> memory_;
  V epoch_total_{0};
  std::unique_ptr<Batch> batch_, last_;  // last_: an epoch's last batch, where it is smaller
};

/// A trained network applied to samples, a few hundred at a time.
template <class V = double>
class Prediction {
 public:
  Prediction(const Network& network, std::size_t features, std::size_t threads = 1);
  ~Prediction();
  Prediction(Prediction&&) noexcept;

  std::size_t outputs() const;
  /// The outputs of the network's last layer for each sample, row by row.
  std::vector<V> operator()(std::span<const V> parameters, std::span<const V> statistics, std::span<const double> x);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The share of the samples whose largest output is the largest target.
template <class V>
double accuracy(std::span<const V> outputs, const Samples& samples) {
  std::size_t right = 0;
  const std::size_t n = samples.outputs;
  for (std::size_t i = 0; i < samples.count(); ++i) {
    std::size_t top = 0;
    for (std::size_t c = 1; c < n; ++c)
      if (outputs[i * n + top] < outputs[i * n + c]) top = c;
    right += top == samples.class_of(i) ? 1 : 0;
  }
  return samples.count() == 0 ? 0 : static_cast<double>(right) / static_cast<double>(samples.count());
}

}  // namespace nabla
