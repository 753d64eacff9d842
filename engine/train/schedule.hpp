#pragma once

#include <nabla/ops/registry.hpp>
#include <string_view>

namespace nabla {

/// The step size (learning rate) of step k = 0, 1, ...; `decay` and `every` mean what the kind says.
struct Schedule {
  enum class Kind : std::uint8_t {
    constant,
    /// rate / (1 + decay k): Robbins and Monro, "A stochastic approximation method", 1951; Bottou, "Stochastic gradient
    /// descent tricks", 2012, 5.2.
    inverse,
    /// rate exp(-decay k).
    exponential,
    /// rate (1 - decay)^floor(k / every): Goodfellow, Bengio, Courville, "Deep learning", 2016, 8.3.1, in steps.
    step,
    /// rate (1 + cos(pi min(k / every, 1))) / 2: Loshchilov and Hutter, "SGDR", 2017, (5), with least rate 0 and no
    /// restart.
    cosine
  };
  Kind kind = Kind::constant;
  double rate = 0.1;
  double decay = 0;
  std::int64_t every = 1;

  /// What the rate is multiplied with at step k.
  template <class V>
  V multiplier(std::int64_t k) const {
    switch (kind) {
      case Kind::constant:
        break;
      case Kind::inverse:
        return V(1) / (V(1) + V(decay) * ratio<V>(k, 1));
      case Kind::exponential:
        return nabla::exp(V(-V(decay) * ratio<V>(k, 1)));
      case Kind::step:
        return nabla::powi(V(V(1) - V(decay)), k / every);
      case Kind::cosine:
        return (V(1) + nabla::cos(V(pi<V>() * ratio<V>(k < every ? k : every, every)))) * ratio<V>(1, 2);
    }
    return V(1);
  }
};

/// "constant", "1/t", "exponential", "step", "cosine".
std::string_view name_of(Schedule::Kind kind);
/// \throws std::invalid_argument that lists the names
Schedule::Kind schedule_named(std::string_view name);

}  // namespace nabla
