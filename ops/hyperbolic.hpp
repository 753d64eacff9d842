#pragma once

#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/powers.hpp>

namespace nabla {

struct Sinh : Primitive<1> {
  static constexpr std::string_view name = "sinh";
  static constexpr Facts facts{.summary = "the hyperbolic sine, (e^x - e^-x) / 2",
                               .source = "DLMF 4.28, 4.34",
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .notation = {.latex = "\\sinh\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::sinh(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x);
};

struct Cosh : Primitive<1> {
  static constexpr std::string_view name = "cosh";
  static constexpr Facts facts{.summary = "the hyperbolic cosine, (e^x + e^-x) / 2",
                               .source = "DLMF 4.28, 4.34",
                               .range = {.lo = 1, .lo_closed = true},
                               .parity = Parity::even,
                               .curvature = Curvature::convex,
                               .notation = {.latex = "\\cosh\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::cosh(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x);
};

struct Tanh : Primitive<1> {
  static constexpr std::string_view name = "tanh";
  static constexpr Facts facts{.summary = "the hyperbolic tangent, sinh(x) / cosh(x)",
                               .source = "DLMF 4.28, 4.34",
                               .range = open_interval(-1, 1),
                               .below = Tail::level(-1),
                               .above = Tail::level(1),
                               .identity_near_zero = true,
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .notation = {.latex = "\\tanh\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::tanh(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {V(1) - powi(y, 2)};
  }
};

NABLA_UNARY(sinh, Sinh)
NABLA_UNARY(cosh, Cosh)
NABLA_UNARY(tanh, Tanh)

template <Elementary V>
std::array<V, 1> Sinh::partials(const V&, const V& x) {
  return {nabla::cosh(x)};
}
template <Elementary V>
std::array<V, 1> Cosh::partials(const V&, const V& x) {
  return {nabla::sinh(x)};
}

struct Asinh : Primitive<1> {
  static constexpr std::string_view name = "asinh";
  static constexpr Facts facts{.summary = "the inverse hyperbolic sine, log(x + sqrt(x^2 + 1))",
                               .source = "DLMF 4.37, 4.38(ii)",
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .notation = {.latex = "\\operatorname{{arsinh}}\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::asinh(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / nabla::sqrt(V(1) + powi(x, 2))};
  }
};

struct Acosh : Primitive<1> {
  static constexpr std::string_view name = "acosh";
  static constexpr Facts facts{.summary = "the nonnegative number whose hyperbolic cosine is x",
                               .source = "DLMF 4.37, 4.38(ii)",
                               .domain = {.lo = 1, .lo_closed = true},
                               .range = nonnegative,
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave,
                               .kinks = "x = 1, where the partial is infinite",
                               .notation = {.latex = "\\operatorname{{arcosh}}\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::acosh(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / nabla::sqrt(powi(x, 2) - V(1))};
  }
  template <Elementary V>
  static V kink(const V& x) {
    return eq(x, V(1));
  }
};

struct Atanh : Primitive<1> {
  static constexpr std::string_view name = "atanh";
  static constexpr Facts facts{.summary = "the inverse hyperbolic tangent, log((1 + x) / (1 - x)) / 2",
                               .source = "DLMF 4.37, 4.38(ii)",
                               .domain = open_interval(-1, 1),
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .notation = {.latex = "\\operatorname{{artanh}}\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::atanh(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / (V(1) - powi(x, 2))};
  }
};

NABLA_UNARY(asinh, Asinh)
NABLA_UNARY(acosh, Acosh)
NABLA_UNARY(atanh, Atanh)

template <Elementary V>
V Sinh::algebraic(const V& x) {
  return (nabla::exp(x) - nabla::exp(-x)) / V(2);
}
template <Elementary V>
V Cosh::algebraic(const V& x) {
  return (nabla::exp(x) + nabla::exp(-x)) / V(2);
}
template <Elementary V>
V Tanh::algebraic(const V& x) {
  return (nabla::exp(V(2) * x) - V(1)) / (nabla::exp(V(2) * x) + V(1));
}
template <Elementary V>
V Asinh::algebraic(const V& x) {
  return nabla::log(x + nabla::sqrt(powi(x, 2) + V(1)));
}
template <Elementary V>
V Acosh::algebraic(const V& x) {
  return nabla::log(x + nabla::sqrt(powi(x, 2) - V(1)));
}
template <Elementary V>
V Atanh::algebraic(const V& x) {
  return (nabla::log(V(1) + x) - nabla::log(V(1) - x)) / V(2);
}

using HyperbolicOperators = Operators<Sinh, Cosh, Tanh, Asinh, Acosh, Atanh>;

}  // namespace nabla
