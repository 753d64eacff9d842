#pragma once

#include <algorithm>
#include <nabla/engine/compile/compiled_arrays.hpp>
#include <nabla/engine/train/training.hpp>
#include <numeric>

/// The members of Training and Prediction, for the .cpp files that instantiate them, one for each kind of number.
namespace nabla {

namespace detail {

/// A function's outputs into memory that stays where it is.
template <class V>
class Evaluation {
 public:
  Evaluation(const Function& function, std::size_t) : function_(function) {}
  void operator()(std::span<const std::span<const V>> inputs, std::span<const std::span<V>> outputs) {
    std::vector<Entries<V>> at;
    for (const std::span<const V>& x : inputs) at.emplace_back(x.begin(), x.end());
    const std::vector<Entries<V>> values = function_(std::span<const Entries<V>>(at));
    for (std::size_t k = 0; k < values.size(); ++k) std::ranges::copy(values[k], outputs[k].begin());
  }

 private:
  Function function_;
};
template <class V>
requires std::floating_point<V>
class Evaluation<V> {
 public:
  Evaluation(const Function& function, std::size_t threads) : compiled_(values_of(function), threads) {}
  void operator()(std::span<const std::span<const V>> inputs, std::span<const std::span<V>> outputs) {
    compiled_(inputs, outputs);
  }

 private:
  CompiledArrays<V> compiled_;
};

template <class V>
double nearest_double(const V& x) {
  return static_cast<double>(x);
}

template <class V>
bool is_finite(const V& x) {
  return Number<V>::is_zero(x - x);
}

/// Eight sums side by side, so that it costs no more than reading.
template <class V>
bool all_finite(std::span<const V> x) {
  if constexpr (std::floating_point<V>) {
    V total[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= x.size(); i += 8)
      for (std::size_t k = 0; k < 8; ++k) total[k] += x[i + k] - x[i + k];
    for (; i < x.size(); ++i) total[0] += x[i] - x[i];
    return std::ranges::all_of(total, [](V t) { return t == 0; });
  } else {
    return std::ranges::all_of(x, [](const V& each) { return is_finite(each); });
  }
}

inline std::size_t entries(const Shape& shape) { return static_cast<std::size_t>(shape.size()); }

}  // namespace detail

template <class V>
struct Training<V>::Batch {
  Batch(const Network& network, std::size_t rows, const Samples& samples, const TrainingOptions& options)
      : rows(rows),
        made(batch_function(network, rows, samples.features, samples.outputs, options)),
        evaluation(made.function, options.threads),
        x(rows * samples.features, V(0)),
        t(rows * samples.outputs, V(0)),
        predictions(rows * samples.outputs, V(0)) {
    std::size_t n = 0;
    for (const Statistic& s : made.layers.statistics()) n += detail::entries(s.shape);
    statistics.assign(n, V(0));
    for (const Layers::Mask& m : made.layers.masks()) masks.emplace_back(detail::entries(m.variable.shape()), V(0));
  }

  /// Where inputs and outputs stand; \pre neither vector moves any more
  void attach(std::vector<V>& parameters, std::vector<V>& gradient) {
    outputs.emplace_back(&loss, 1);
    std::size_t at = 0;
    for (const Parameter& p : made.layers.parameters()) {
      const std::size_t n = detail::entries(p.variable.shape());
      inputs.emplace_back(parameters.data() + at, n);
      outputs.emplace_back(gradient.data() + at, n);
      at += n;
    }
    inputs.emplace_back(x);
    inputs.emplace_back(t);
    for (const std::vector<V>& m : masks) inputs.emplace_back(m);
    at = 0;
    for (const Statistic& s : made.layers.statistics()) {
      outputs.emplace_back(statistics.data() + at, detail::entries(s.shape));
      at += outputs.back().size();
    }
    outputs.emplace_back(predictions);
  }

  std::size_t rows;
  BatchFunction made;
  detail::Evaluation<V> evaluation;
  std::vector<V> x, t, predictions, statistics;
  std::vector<std::vector<V>> masks;
  V loss{0};
  std::vector<std::span<const V>> inputs;
  std::vector<std::span<V>> outputs;
};

template <class V>
Training<V>::Training(Network network, Samples samples, const TrainingOptions& options)
    : network_(std::move(network)), options_(options), samples_(std::move(samples)) {
  check(options_);
  const std::size_t n = samples_.count();
  if (n == 0 || samples_.y.size() != n * samples_.outputs)
    throw std::invalid_argument("a training needs samples with targets");
  batch_rows_ = options_.batch == 0 || takes_all_samples(options_.optimiser) ? n : std::min(options_.batch, n);
  steps_per_epoch_ = static_cast<std::int64_t>((n + batch_rows_ - 1) / batch_rows_);
  batch_ = std::make_unique<Batch>(network_, batch_rows_, samples_, options_);
  if (n % batch_rows_ != 0) last_ = std::make_unique<Batch>(network_, n % batch_rows_, samples_, options_);
  for (const double each : layers().initial_parameters(options_.seed)) parameters_.push_back(V(each));
  for (const Statistic& s : layers().statistics())
    statistics_.insert(statistics_.end(), detail::entries(s.shape), V(s.initialiser == Initialiser::one ? 1 : 0));
  gradient_.assign(parameters_.size(), V(0));
  memory_.assign(vectors_of(options_.optimiser), std::vector<V>(parameters_.size(), V(0)));
  order_.resize(n);
  batch_->attach(parameters_, gradient_);
  if (last_) last_->attach(parameters_, gradient_);
}

template <class V>
Training<V>::~Training() = default;

template <class V>
const Layers& Training<V>::layers() const {
  return batch_->made.layers;
}

template <class V>
void Training<V>::gather(Batch& batch, std::size_t first) {
  const std::int64_t epoch = step_ / steps_per_epoch_;
  if (ordered_epoch_ != epoch) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    if (steps_per_epoch_ > 1)
      RandomStream(options_.seed, RandomStream::Purpose::order, static_cast<std::uint64_t>(epoch))
          .shuffle(std::span<std::size_t>(order_));
    ordered_epoch_ = epoch;
  }
  for (std::size_t r = 0; r < batch.rows; ++r) {
    const std::size_t i = order_[first + r];
    const auto copy = [r](std::span<const double> from, std::vector<V>& to) {
      for (std::size_t k = 0; k < from.size(); ++k) to[r * from.size() + k] = V(from[k]);
    };
    copy(samples_.input(i), batch.x);
    copy(samples_.target(i), batch.t);
  }
  if (batch.masks.empty()) return;
  RandomStream random(options_.seed, RandomStream::Purpose::dropout, static_cast<std::uint64_t>(step_));
  for (std::size_t k = 0; k < batch.masks.size(); ++k)
    for (V& entry : batch.masks[k]) entry = V(random.uniform() < batch.made.layers.masks()[k].rate ? 0 : 1);
}

template <class V>
void Training<V>::check_finite(const Batch& batch, std::size_t first) const {
  if (detail::is_finite(batch.loss) && detail::all_finite<V>(gradient_)) return;
  for (std::size_t i = 0; i < batch.predictions.size(); ++i) {
    if (detail::is_finite(batch.predictions[i])) continue;
    const std::uint32_t line = samples_.lines[order_[first + i / samples_.outputs]];
    throw TrainingError(step_, line,
                        "the prediction for the sample of line " + std::to_string(line) + " is no finite number");
  }
  throw TrainingError(
      step_, 0,
      detail::is_finite(batch.loss) ? "the gradient is no finite number" : "the objective is no finite number");
}

template <class V>
typename Training<V>::Batch& Training<V>::next_batch() const {
  const std::size_t first = static_cast<std::size_t>(step_ % steps_per_epoch_) * batch_rows_;
  return last_ && first + batch_rows_ > samples_.count() ? *last_ : *batch_;
}

template <class V>
V Training<V>::evaluate() {
  const std::size_t first = static_cast<std::size_t>(step_ % steps_per_epoch_) * batch_rows_;
  Batch& batch = next_batch();
  gather(batch, first);
  batch.evaluation(batch.inputs, batch.outputs);
  check_finite(batch, first);
  return batch.loss;
}

template <class V>
typename Training<V>::Evaluated Training<V>::evaluated() const {
  const Batch& batch = next_batch();
  return {batch.made.function, batch.inputs, gradient_, batch.rows};
}

template <class V>
V Training<V>::step() {
  const V loss = evaluate();
  Batch& batch = next_batch();
  if (step_ % steps_per_epoch_ == 0) epoch_total_ = V(0);
  const bool is_mean = options_.reduction == Reduction::mean;
  epoch_total_ = epoch_total_ + loss * V(is_mean ? static_cast<int>(batch.rows) : 1);
  if (options_.clip > 0) clip_norm(std::span<V>(gradient_), V(options_.clip));
  const V multiplier = options_.schedule.template multiplier<V>(step_);
  const StepSize<V> size{V(options_.schedule.rate) * multiplier, multiplier};
  // Ioffe and Szegedy use an average over batches after training; a running one needs no second pass.
  const V rate = ratio<V>(1, 10);
  for (std::size_t i = 0; i < statistics_.size(); ++i)
    statistics_[i] = statistics_[i] + rate * (batch.statistics[i] - statistics_[i]);
  const std::span<V> x(parameters_);
  const std::span<const V> g(gradient_);
  std::visit(
      [&]<class Record>(const Record& record) {
        if constexpr (searches_line<Record>) {
          record.step(x, g, loss, size, step_, memory_, [&] {
            batch.evaluation(batch.inputs, batch.outputs);
            return batch.loss;
          });
        } else {
          record.step(x, g, size, step_, memory_);
        }
      },
      options_.optimiser);
  if (!detail::all_finite<V>(parameters_))
    throw TrainingError(step_, 0, "a parameter is no finite number after the step");
  ++step_;
  return loss;
}

template <class V>
V Training<V>::epoch_loss() const {
  if (options_.reduction == Reduction::sum) return epoch_total_;
  return epoch_total_ / V(static_cast<int>(samples_.count()));
}

template <class V>
TrainingState Training<V>::state() const {
  const auto rounded = [](const std::vector<V>& from) {
    std::vector<double> to;
    for (const V& x : from) to.push_back(detail::nearest_double(x));
    return to;
  };
  TrainingState state{step_, rounded(parameters_), rounded(statistics_), {}, detail::nearest_double(epoch_total_)};
  for (const std::vector<V>& each : memory_) state.memory.push_back(rounded(each));
  return state;
}

template <class V>
void Training<V>::set_state(const TrainingState& state) {
  bool fits = state.step >= 0 && state.parameters.size() == parameters_.size() &&
              state.statistics.size() == statistics_.size() && state.memory.size() == memory_.size();
  for (const std::vector<double>& each : state.memory) fits = fits && each.size() == parameters_.size();
  if (!fits) throw std::invalid_argument("this state is of another network or optimizer");
  const auto take = [](const std::vector<double>& from, std::vector<V>& to) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = V(from[i]);
  };
  take(state.parameters, parameters_);
  take(state.statistics, statistics_);
  for (std::size_t k = 0; k < memory_.size(); ++k) take(state.memory[k], memory_[k]);
  step_ = state.step;
  epoch_total_ = V(state.epoch_total);
}

template <class V>
struct Prediction<V>::State {
  State(const Network& network, std::size_t features, std::size_t threads)
      : features(features),
        made(prediction_function(network, rows, features)),
        evaluation(made.function, threads),
        outputs(detail::entries(made.function.output_shape(0)) / rows),
        x(rows * features, V(0)),
        y(rows * outputs, V(0)) {}

  static constexpr std::size_t rows = 256;
  std::size_t features;
  BatchFunction made;
  detail::Evaluation<V> evaluation;
  std::size_t outputs;
  std::vector<V> x, y;
};

template <class V>
Prediction<V>::Prediction(const Network& network, std::size_t features, std::size_t threads)
    : state_(std::make_unique<State>(network, features, threads)) {}
template <class V>
Prediction<V>::~Prediction() = default;
template <class V>
Prediction<V>::Prediction(Prediction&&) noexcept = default;

template <class V>
std::size_t Prediction<V>::outputs() const {
  return state_->outputs;
}

template <class V>
std::vector<V> Prediction<V>::operator()(std::span<const V> parameters, std::span<const V> statistics,
                                         std::span<const double> x) {
  State& s = *state_;
  std::vector<std::span<const V>> inputs;
  for (const Parameter& p : s.made.layers.parameters()) {
    const std::size_t n = detail::entries(p.variable.shape());
    inputs.push_back(parameters.subspan(0, n));
    parameters = parameters.subspan(n);
  }
  for (const Statistic& each : s.made.layers.statistics()) {
    const std::size_t n = detail::entries(each.shape);
    inputs.push_back(statistics.subspan(0, n));
    statistics = statistics.subspan(n);
  }
  inputs.emplace_back(s.x);
  const std::span<V> outputs[] = {s.y};
  std::vector<V> result;
  for (std::size_t at = 0; at < x.size(); at += s.x.size()) {
    const std::size_t n = std::min(s.x.size(), x.size() - at);  // what is left over stays from before
    for (std::size_t i = 0; i < n; ++i) s.x[i] = V(x[at + i]);
    s.evaluation(inputs, outputs);
    result.insert(result.end(), s.y.begin(), s.y.begin() + static_cast<std::ptrdiff_t>(n / s.features * s.outputs));
  }
  return result;
}

}  // namespace nabla
