#pragma once

#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/exponential.hpp>
#include <nabla/ops/powers.hpp>
#include <nabla/ops/special.hpp>

/// Activation functions of neural networks, written with other operators. Piecewise ones are written as sums of
/// max(x, 0) and min(x, 0): exact in floating point, tight in enclosures, and nothing overflows on the side not taken.
namespace nabla {

struct Relu : Composite<1> {
  static constexpr std::string_view name = "relu";
  static constexpr Facts facts{.summary = "max(x, 0)",
                               .source = "Nair, Hinton: Rectified linear units, ICML 2010",
                               .range = nonnegative,
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::convex,
                               .regularity = Regularity::continuous,
                               .kinks = "x = 0; the partial is 0 there"};
  template <Ordered V>
  static V value(const V& x) {
    return nabla::max(x, V(0));
  }
  template <Ordered V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {gt(x, V(0))};
  }
  template <Ordered V>
  static V kink(const V& x) {
    return eq(x, V(0));
  }
};

struct LeakyRelu : Composite<2> {
  static constexpr std::string_view name = "leaky_relu";
  static constexpr Facts facts{.summary = "x for x > 0, else alpha * x, where alpha is the second operand",
                               .source = "Maas, Hannun, Ng: Rectifier nonlinearities, ICML 2013",
                               .regularity = Regularity::continuous,
                               .kinks = "x = 0 unless alpha = 1; the partial for x is alpha there"};
  template <Ordered V>
  static V value(const V& x, const V& alpha) {
    return nabla::max(x, V(0)) + alpha * nabla::min(x, V(0));
  }
  template <Ordered V>
  static std::array<V, 2> partials(const V&, const V& x, const V& alpha) {
    return {where(gt(x, V(0)), V(1), alpha), nabla::min(x, V(0))};
  }
  template <Ordered V>
  static V kink(const V& x, const V& alpha) {
    return nabla::min(eq(x, V(0)), ne(alpha, V(1)));
  }
};

struct Sigmoid : Composite<1> {
  static constexpr std::string_view name = "sigmoid";
  static constexpr Facts facts{.summary = "the logistic function, 1 / (1 + e^-x)",
                               .source = "Goodfellow, Bengio, Courville: Deep Learning, 2016, 3.10",
                               .range = open_interval(0, 1),
                               .below = Tail::vanishing(),
                               .above = Tail::level(1),
                               .monotone = Monotone::increasing,
                               .notation = {.latex = "\\sigma\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return V(1) / (V(1) + nabla::exp(-x));
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {y * (V(1) - y)};
  }
};

NABLA_UNARY(relu, Relu)
NABLA_BINARY(leaky_relu, LeakyRelu)
NABLA_UNARY(sigmoid, Sigmoid)

struct Softplus : Composite<1> {
  static constexpr std::string_view name = "softplus";
  static constexpr Facts facts{.summary = "log(1 + e^x), without overflow",
                               .source = "Goodfellow, Bengio, Courville: Deep Learning, 2016, 3.10",
                               .range = positive,
                               .below = Tail::vanishing(),
                               .above = Tail::operand(),
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::convex};
  template <Elementary V>
  static V value(const V& x) {
    return nabla::max(x, V(0)) + nabla::log1p(nabla::exp(-nabla::abs(x)));
  }
  template <Elementary V>
  static V algebraic(const V& x) {
    return nabla::log(V(1) + nabla::exp(x));
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {nabla::sigmoid(x)};
  }
};

struct Silu : Composite<1> {
  static constexpr std::string_view name = "silu";
  static constexpr Facts facts{.summary = "x * sigmoid(x)",
                               .source = "Elfwing, Uchibe, Doya: Sigmoid-weighted linear units, arXiv 1702.03118"};
  template <Elementary V>
  static V value(const V& x) {
    return x * nabla::sigmoid(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V& x) {
    const V s = nabla::sigmoid(x);
    return {s + y * (V(1) - s)};
  }
};

struct Gelu : Composite<1> {
  static constexpr std::string_view name = "gelu";
  static constexpr Facts facts{
      .summary = "x times the normal distribution function, x * (1 + erf(x / sqrt(2))) / 2, accurate in both tails",
      .source = "Hendrycks, Gimpel: Gaussian error linear units, arXiv 1606.08415"};
  /// With erfc, which keeps its digits where 1 + erf(x / sqrt(2)) has lost them all.
  template <Special V>
  static V value(const V& x) {
    return x * distribution(x);
  }
  template <Special V>
  static std::array<V, 1> partials(const V&, const V& x) {
    const V density = nabla::exp(-(powi(x, 2) / V(2))) / nabla::sqrt(V(2) * pi<V>());
    return {distribution(x) + x * density};
  }

 private:
  template <Special V>
  static V distribution(const V& x) {
    return nabla::erfc(-(x / nabla::sqrt(V(2)))) / V(2);
  }
};

struct Elu : Composite<2> {
  static constexpr std::string_view name = "elu";
  static constexpr Facts facts{.summary = "x for x > 0, else alpha * (e^x - 1), where alpha is the second operand",
                               .source = "Clevert, Unterthiner, Hochreiter: Exponential linear units, arXiv 1511.07289",
                               .regularity = Regularity::continuous,
                               .kinks = "x = 0 unless alpha = 1; the partial for x is alpha there"};
  template <Elementary V>
  static V value(const V& x, const V& alpha) {
    return nabla::max(x, V(0)) + alpha * nabla::expm1(nabla::min(x, V(0)));
  }
  template <Elementary V>
  static std::array<V, 2> partials(const V&, const V& x, const V& alpha) {
    const V negative_part = nabla::min(x, V(0));
    return {where(gt(x, V(0)), V(1), alpha * nabla::exp(negative_part)), nabla::expm1(negative_part)};
  }
  template <Elementary V>
  static V kink(const V& x, const V& alpha) {
    return nabla::min(eq(x, V(0)), ne(alpha, V(1)));
  }
};

NABLA_UNARY(softplus, Softplus)
NABLA_UNARY(silu, Silu)
NABLA_UNARY(gelu, Gelu)
NABLA_BINARY(elu, Elu)

using ActivationOperators = Operators<Relu, LeakyRelu, Sigmoid, Softplus, Silu, Gelu, Elu>;

}  // namespace nabla
