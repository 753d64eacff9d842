#pragma once

#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/comparison.hpp>

namespace nabla {

struct Exp : Primitive<1> {
  static constexpr std::string_view name = "exp";
  static constexpr Facts facts{.summary = "e^x",
                               .source = "DLMF 4.2.19, 4.7.1",
                               .range = positive,
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::convex,
                               .notation = {.latex = "e^{{{0}}}"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::exp(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {y};
  }
};

struct Expm1 : Primitive<1> {
  static constexpr std::string_view name = "expm1";
  static constexpr Facts facts{.summary = "e^x - 1, accurate near 0",
                               .source = "DLMF 4.2.19",
                               .range = {.lo = -1},
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::convex};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::expm1(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {y + V(1)};
  }
};

struct Log : Primitive<1> {
  static constexpr std::string_view name = "log";
  static constexpr Facts facts{.summary = "the natural logarithm",
                               .source = "DLMF 4.2.2, 4.7.4",
                               .domain = positive,
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave,
                               .notation = {.latex = "\\log\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::log(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / x};
  }
};

struct Log1p : Primitive<1> {
  static constexpr std::string_view name = "log1p";
  static constexpr Facts facts{.summary = "log(1 + x), accurate near 0",
                               .source = "DLMF 4.2.2",
                               .domain = {.lo = -1},
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::log1p(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / (V(1) + x)};
  }
};

NABLA_UNARY(exp, Exp)
NABLA_UNARY(expm1, Expm1)
NABLA_UNARY(log, Log)
NABLA_UNARY(log1p, Log1p)

struct Log2 : Primitive<1> {
  static constexpr std::string_view name = "log2";
  static constexpr Facts facts{.summary = "the logarithm to base 2",
                               .source = "DLMF 4.2.10",
                               .domain = positive,
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave,
                               .notation = {.latex = "\\log_{{2}}\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::log2(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / (x * nabla::log(V(2)))};
  }
};

struct Log10 : Primitive<1> {
  static constexpr std::string_view name = "log10";
  static constexpr Facts facts{.summary = "the logarithm to base 10",
                               .source = "DLMF 4.2.14",
                               .domain = positive,
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave,
                               .notation = {.latex = "\\log_{{10}}\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::log10(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / (x * nabla::log(V(10)))};
  }
};

struct LogAddExp : Composite<2> {
  static constexpr std::string_view name = "logaddexp";
  static constexpr Facts facts{.summary = "log(e^x + e^y), without overflow", .source = "DLMF 4.2.2"};
  template <Elementary V>
  static V value(const V& x, const V& y) {
    return nabla::max(x, y) + nabla::log1p(nabla::exp(-nabla::abs(x - y)));
  }
  template <Elementary V>
  static V algebraic(const V& x, const V& y);
  template <Elementary V>
  static std::array<V, 2> partials(const V&, const V& x, const V& y) {
    return {V(1) / (V(1) + nabla::exp(y - x)), V(1) / (V(1) + nabla::exp(x - y))};
  }
};

NABLA_UNARY(log2, Log2)
NABLA_UNARY(log10, Log10)
NABLA_BINARY(logaddexp, LogAddExp)

template <Elementary V>
V Expm1::algebraic(const V& x) {
  return nabla::exp(x) - V(1);
}
template <Elementary V>
V Log1p::algebraic(const V& x) {
  return nabla::log(V(1) + x);
}
template <Elementary V>
V Log2::algebraic(const V& x) {
  return nabla::log(x) / nabla::log(V(2));
}
template <Elementary V>
V Log10::algebraic(const V& x) {
  return nabla::log(x) / nabla::log(V(10));
}
template <Elementary V>
V LogAddExp::algebraic(const V& x, const V& y) {
  return nabla::log(nabla::exp(x) + nabla::exp(y));
}

using ExponentialOperators = Operators<Exp, Expm1, Log, Log1p, Log2, Log10, LogAddExp>;

}  // namespace nabla
