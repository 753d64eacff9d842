#pragma once

#include <functional>
#include <nabla/engine/record/expr.hpp>
#include <nabla/engine/train/random_stream.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Layers of networks as functions that append nodes to an ordinary graph. What they make can be printed, drawn,
/// differentiated, and run in any kind of number.
namespace nabla {

/// How parameters begin. He and Glorot weights are uniform on [-a, a], so that no function of libm takes part.
enum class Initialiser : std::uint8_t {
  zero,
  one,
  /// Variance 2 / fan_in, a = sqrt(6 / fan_in): He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015, (10).
  he,
  /// Variance 2 / (fan_in + fan_out), a = sqrt(6 / (fan_in + fan_out)): Glorot and Bengio, "Understanding the
  /// difficulty of training deep feedforward neural networks", 2010, (16).
  glorot
};

struct Parameter {
  std::string name;
  Expr variable;
  Initialiser initialiser = Initialiser::zero;
  std::int64_t fan_in = 1, fan_out = 1;
  bool is_weight = false;  ///< a matrix of weights, which penalties and decay apply to; not a bias or a scale
};

/// What a layer keeps about the samples that it saw, for use after training (the means of batch_norm). In training
/// `batch` is its value for the present batch; `kept` <- kept + rate (batch - kept).
struct Statistic {
  std::string name;
  Shape shape;
  Initialiser initialiser = Initialiser::zero;
  Expr batch;     ///< empty in prediction
  Expr variable;  ///< empty in training
};

/// What a network is made with: it collects the parameters that its layers ask for, in the order of asking.
///
///   Layers make(Layers::Mode::training);
///   const Expr h = relu(make.dense("hidden", x, 16)), z = make.dense("output", h, 3);
///
/// x is one sample [n], or a batch of them [rows, n]. Names are unique: std::invalid_argument for one that is taken;
/// ShapeError where a layer does not fit its operand.
class Layers {
 public:
  enum class Mode : std::uint8_t { training, prediction };
  explicit Layers(Mode mode = Mode::training) : mode_(mode) {}
  Mode mode() const { return mode_; }

  /// A variable that is to be learned.
  Expr parameter(const std::string& name, const Shape& shape, Initialiser initialiser, std::int64_t fan_in = 1,
                 std::int64_t fan_out = 1, bool is_weight = false);

  /// W x + b with W [width, n] ("name.weight") and b [width] ("name.bias", zero at first); of a batch, row by row.
  Expr dense(const std::string& name, const Expr& x, std::int64_t width, Initialiser weights = Initialiser::he,
             bool bias = true);

  /// In training x * mask / (1 - rate), where a mask of 0 (with probability `rate`) and 1 is an input of its own, so
  /// that the mean over masks is x; in prediction x. Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov,
  /// "Dropout", JMLR 2014, section 10 (scaled in training). \throws std::invalid_argument unless 0 <= rate < 1
  Expr dropout(const Expr& x, double rate);

  /// (x - mean) / sqrt(variance + 1e-5) * gain + bias along the last axis: Ba, Kiros, Hinton, "Layer normalization",
  /// 2016, (3) and (4). "name.gain" (one at first), "name.bias" (zero).
  Expr layer_norm(const std::string& name, const Expr& x);

  /// The same down the rows of a batch, with the mean and the biased variance of the batch in training and those of all
  /// samples seen in prediction ("name.mean", "name.variance"): Ioffe and Szegedy, "Batch normalization", 2015,
  /// algorithms 1 and 2. \throws ShapeError unless x is a batch
  Expr batch_norm(const std::string& name, const Expr& x);

  /// nabla::activation of a batch or sample whose last axis is a layer's units; noted, so that they can be looked at.
  Expr activation(const std::string& layer, std::string_view function, const Expr& x);

  std::span<const Parameter> parameters() const { return parameters_; }
  /// What activation() was asked for.
  struct Activation {
    std::string layer;
    std::string function;
    Expr input, output;
  };
  std::span<const Activation> activations() const { return activations_; }
  /// Inputs of dropout, and the probability of a 0 in each.
  struct Mask {
    Expr variable;
    double rate;
  };
  std::span<const Mask> masks() const { return masks_; }
  std::span<const Statistic> statistics() const { return statistics_; }

  /// Entries of all parameters; of the dense network of Definition 5.1 sum_k m_k (m_{k-1} + 1).
  std::size_t parameter_count() const;
  /// Entries of all parameters, one after the other, as they begin: the same for the same seed, names and shapes,
  /// whatever comes before or after in the network.
  std::vector<double> initial_parameters(std::uint64_t seed) const;

 private:
  void take_name(const std::string& name);
  Expr statistic(const std::string& name, const Shape& shape, Initialiser initialiser, const Expr& batch);
  Expr normalised(const std::string& name, const Expr& x, const Expr& mean, const Expr& variance);

  Mode mode_;
  std::vector<std::string> names_;
  std::vector<Parameter> parameters_;
  std::vector<Mask> masks_;
  std::vector<Statistic> statistics_;
  std::vector<Activation> activations_;
};

/// The output of a network for its input: it makes its layers with the first argument.
using Network = std::function<Expr(Layers&, const Expr&)>;

/// An elementwise operator of the registry that takes any real number, by name: "relu", "tanh", "silu"; one of two
/// operands with the second after a colon: "leaky_relu:0.01", "elu:1". \throws std::invalid_argument with a suggestion
Expr activation(std::string_view name, const Expr& x);

/// x + block(x): He, Zhang, Ren, Sun, "Deep residual learning for image recognition", 2016, (1). \throws ShapeError
/// unless the block keeps the shape
Expr residual(const Expr& x, const std::function<Expr(const Expr&)>& block);

/// The sum of the squares of all weights, halved, times `factor`; added to an objective. Goodfellow, Bengio, Courville,
/// "Deep learning", 2016, (7.1), (7.2).
Expr l2_penalty(std::span<const Parameter> parameters, const Expr& factor);

}  // namespace nabla
