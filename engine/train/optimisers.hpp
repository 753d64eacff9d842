#pragma once

#include <nabla/engine/train/lbfgs.hpp>
#include <string_view>
#include <tuple>
#include <variant>

/// Optimisers: one small record each, the published update as it is, for every kind of number V. x are the parameters
/// and g the gradient there, entry by entry. A record names itself, its `source` and its hyperparameters (doubles; in V
/// they are the dyadic numbers that they are), and says how many vectors it remembers between steps.
namespace nabla {

/// x <- x - rate g, the gradient taken over all samples.
struct GradientDescent {
  static constexpr std::string_view name = "gd";
  static constexpr std::string_view source =
      "Cauchy 1847; Nesterov, Introductory lectures on convex optimization, 1.2.3";
  static constexpr std::size_t vectors = 0;
  static constexpr bool takes_all_samples = true;
  template <class Visit>
  void hyperparameters(Visit&&) {}
  template <class V>
  void step(std::span<V> x, std::span<const V> g, const StepSize<V>& size, std::int64_t, OptimiserMemory<V>&) const {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = x[i] - size.rate * g[i];
  }
};

/// The heavy ball: v <- momentum v - rate g; x <- x + v. Stochastic gradient descent where momentum is 0.
struct Sgd {
  double momentum = 0.9;

  static constexpr std::string_view name = "sgd";
  static constexpr std::string_view source =
      "Polyak 1964, (9); Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum, 2013, "
      "(1), (2)";
  static constexpr std::size_t vectors = 1;
  static constexpr bool takes_all_samples = false;
  template <class Visit>
  void hyperparameters(Visit&& visit) {
    visit("momentum", momentum);
  }
  template <class V>
  void step(std::span<V> x, std::span<const V> g, const StepSize<V>& size, std::int64_t, OptimiserMemory<V>& m) const {
    std::vector<V>& v = m[0];
    const V mu = V(momentum);
    for (std::size_t i = 0; i < x.size(); ++i) {
      v[i] = mu * v[i] - size.rate * g[i];
      x[i] = x[i] + v[i];
    }
  }
};

/// Nesterov's accelerated gradient in the place where the gradient is taken, x = theta + momentum v:
/// v <- momentum v - rate g; x <- x + momentum v - rate g.
struct Nesterov {
  double momentum = 0.9;

  static constexpr std::string_view name = "nesterov";
  static constexpr std::string_view source =
      "Nesterov 1983; Sutskever, Martens, Dahl, Hinton 2013, (3), (4), in the variables of Bengio, "
      "Boulanger-Lewandowski, Pascanu, Advances in optimizing recurrent networks, 2013, (7)";
  static constexpr std::size_t vectors = 1;
  static constexpr bool takes_all_samples = false;
  template <class Visit>
  void hyperparameters(Visit&& visit) {
    visit("momentum", momentum);
  }
  template <class V>
  void step(std::span<V> x, std::span<const V> g, const StepSize<V>& size, std::int64_t, OptimiserMemory<V>& m) const {
    std::vector<V>& v = m[0];
    const V mu = V(momentum);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const V down = size.rate * g[i];
      v[i] = mu * v[i] - down;
      x[i] = x[i] + mu * v[i] - down;
    }
  }
};

namespace detail {

/// Moves the moments m[0], m[1] of Adam to step t = k + 1 and calls visit(i, direction) with m^ / (sqrt(v^) + epsilon).
template <class V, class Visit>
void adam_directions(std::span<const V> g, double beta1, double beta2, double epsilon, std::int64_t k,
                     OptimiserMemory<V>& m, Visit&& visit) {
  const V b1 = V(beta1), b2 = V(beta2), e = V(epsilon), one = V(1);
  const V scale1 = one / (one - nabla::powi(b1, k + 1)), scale2 = one / (one - nabla::powi(b2, k + 1));
  const V rest1 = one - b1, rest2 = one - b2;
  for (std::size_t i = 0; i < g.size(); ++i) {
    m[0][i] = b1 * m[0][i] + rest1 * g[i];
    m[1][i] = b2 * m[1][i] + rest2 * (g[i] * g[i]);
    visit(i, V((m[0][i] * scale1) / (nabla::sqrt(V(m[1][i] * scale2)) + e)));
  }
}

}  // namespace detail

/// m <- beta1 m + (1 - beta1) g; v <- beta2 v + (1 - beta2) g^2; x <- x - rate m^ / (sqrt(v^) + epsilon), where
/// m^ = m / (1 - beta1^t), v^ = v / (1 - beta2^t) at step t = 1, 2, ...
struct Adam {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

  static constexpr std::string_view name = "adam";
  static constexpr std::string_view source =
      "Kingma, Ba, Adam: a method for stochastic optimization, 2015, algorithm 1";
  static constexpr std::size_t vectors = 2;
  static constexpr bool takes_all_samples = false;
  template <class Visit>
  void hyperparameters(Visit&& visit) {
    visit("beta1", beta1);
    visit("beta2", beta2);
    visit("epsilon", epsilon);
  }
  template <class V>
  void step(std::span<V> x, std::span<const V> g, const StepSize<V>& size, std::int64_t k,
            OptimiserMemory<V>& m) const {
    detail::adam_directions(g, beta1, beta2, epsilon, k, m,
                            [&](std::size_t i, const V& d) { x[i] = x[i] - size.rate * d; });
  }
};

/// Adam with decoupled weight decay: x <- x - multiplier (alpha m^ / (sqrt(v^) + epsilon) + weight_decay x), where
/// alpha * multiplier is the rate: the decay follows the schedule, and is not scaled by alpha. All parameters decay.
struct AdamW {
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 1e-4;

  static constexpr std::string_view name = "adamw";
  static constexpr std::string_view source =
      "Loshchilov, Hutter, Decoupled weight decay regularization, 2019, algorithm 2, line 12";
  static constexpr std::size_t vectors = 2;
  static constexpr bool takes_all_samples = false;
  template <class Visit>
  void hyperparameters(Visit&& visit) {
    visit("beta1", beta1);
    visit("beta2", beta2);
    visit("epsilon", epsilon);
    visit("weight_decay", weight_decay);
  }
  template <class V>
  void step(std::span<V> x, std::span<const V> g, const StepSize<V>& size, std::int64_t k,
            OptimiserMemory<V>& m) const {
    const V decay = size.multiplier * V(weight_decay);
    detail::adam_directions(g, beta1, beta2, epsilon, k, m,
                            [&](std::size_t i, const V& d) { x[i] = x[i] - (size.rate * d + decay * x[i]); });
  }
};

/// All of them; who needs a list walks this one.
using Optimiser = std::variant<GradientDescent, Sgd, Nesterov, Adam, AdamW, Lbfgs>;

std::string_view name_of(const Optimiser& optimiser);
std::string_view source_of(const Optimiser& optimiser);
/// Vectors that it remembers.
std::size_t vectors_of(const Optimiser& optimiser);
bool takes_all_samples(const Optimiser& optimiser);
/// Whether a step looks for its length along a line: its record takes the objective and a way to evaluate it.
template <class Record>
inline constexpr bool searches_line = std::is_same_v<Record, Lbfgs>;
/// With its own hyperparameters. \throws std::invalid_argument that lists the names
Optimiser optimiser_named(std::string_view name);
std::vector<std::string_view> optimiser_names();

/// Calls visit(name, double&) for each hyperparameter.
template <class Visit>
void for_each_hyperparameter(Optimiser& optimiser, Visit&& visit) {
  std::visit([&](auto& record) { record.hyperparameters(visit); }, optimiser);
}

/// \throws std::invalid_argument naming the hyperparameter that is not in [0, 1) (momentum, betas) or is negative
void check(const Optimiser& optimiser);
void check(const Schedule& schedule);

/// The gradient scaled down to the norm `threshold` where it is longer; its norm before. Pascanu, Mikolov, Bengio, "On
/// the difficulty of training recurrent neural networks", 2013, algorithm 1.
template <class V>
V clip_norm(std::span<V> g, const V& threshold) {
  V squares(0);
  for (const V& each : g) squares = squares + each * each;
  const V norm = nabla::sqrt(squares);
  if (Number<V>::less(threshold, norm) == Truth::yes) {
    const V scale = threshold / norm;
    for (V& each : g) each = each * scale;
  }
  return norm;
}

}  // namespace nabla
