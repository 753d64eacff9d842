#pragma once

#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/exponential.hpp>

/// Roots and powers. Rules name the functions they call with `nabla::`, so that a kind whose own namespace has a
/// function of the same name (Boost's numbers) is still computed by its Number<V>.
namespace nabla {

struct Sqrt : Primitive<1> {
  static constexpr std::string_view name = "sqrt";
  static constexpr Facts facts{.summary = "the nonnegative square root",
                               .source = "DLMF 4.2(iv), 4.7(ii)",
                               .domain = nonnegative,
                               .range = nonnegative,
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave,
                               .kinks = "x = 0, where the partial is infinite",
                               .notation = {.latex = "\\sqrt{{{0}}}"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::sqrt(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {V(1) / (V(2) * y)};
  }
  template <Elementary V>
  static V kink(const V& x) {
    return eq(x, V(0));
  }
};

struct Cbrt : Primitive<1> {
  static constexpr std::string_view name = "cbrt";
  static constexpr Facts facts{.summary = "the real cube root, negative for negative x",
                               .source = "IEEE 754-2019, 9.2 (rootn); DLMF 4.7(ii)",
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .regularity = Regularity::continuous,
                               .kinks = "x = 0, where the partial is infinite",
                               .notation = {.latex = "\\sqrt[3]{{{0}}}"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::cbrt(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {V(1) / (V(3) * powi(y, 2))};
  }
  template <Elementary V>
  static V kink(const V& x) {
    return eq(x, V(0));
  }
};

struct Pow : Primitive<2> {
  static constexpr std::string_view name = "pow";
  static constexpr Facts facts{
      .summary =
          "x^y: an integer y takes any base (0^0 = 1; 0 to a negative power is undefined); any other y needs "
          "x > 0, or x = 0 with y > 0",
      .source = "DLMF 4.2(iv), 4.7(ii)",
      .regularity = Regularity::discontinuous,
      .kinks =
          "x = 0 with y < 1: the partial for x is infinite for 0 < y < 1, that for y at y = 0; where x < 0 no "
          "partial for y exists (NaN)",
      .notation = {.symbol = "^", .precedence = 8, .latex = "{0}^{{{1}}}", .cpp = "std::pow({0}, {1})"}};
  template <Elementary V>
  static V value(const V& x, const V& y) {
    return Number<V>::pow(x, y);
  }
  template <Elementary V>
  static std::array<V, 2> partials(const V& p, const V& x, const V& y);
  template <Elementary V>
  static V kink(const V& x, const V& y) {
    return nabla::min(eq(x, V(0)), lt(y, V(1)));
  }
  template <Ordered V>
  static V defined(const V& x, const V& y) {
    const V base_and_exponent = nabla::min(ge(x, V(0)), nabla::max(gt(x, V(0)), ge(y, V(0))));
    const V integer_exponent = nabla::min(eq(y, nabla::floor(y)), nabla::max(ne(x, V(0)), ge(y, V(0))));
    return nabla::max(base_and_exponent, integer_exponent);
  }
};

struct Hypot : Primitive<2> {
  static constexpr std::string_view name = "hypot";
  static constexpr Facts facts{.summary = "sqrt(x^2 + y^2), without overflow on the way",
                               .source = "IEEE 754-2019, 9.2",
                               .range = nonnegative,
                               .regularity = Regularity::continuous,
                               .kinks = "x = y = 0; both partials are 0 there",
                               .notation = {.latex = "\\sqrt{{\\left({0}\\right)^{{2}} + \\left({1}\\right)^{{2}}}}"}};
  template <Elementary V>
  static V value(const V& x, const V& y) {
    return Number<V>::hypot(x, y);
  }
  template <Elementary V>
  static V algebraic(const V& x, const V& y);
  template <Elementary V>
  static std::array<V, 2> partials(const V& r, const V& x, const V& y) {
    const V origin = eq(r, V(0));
    return {where(origin, V(0), x / r), where(origin, V(0), y / r)};
  }
  template <Elementary V>
  static V kink(const V& x, const V& y) {
    return nabla::min(eq(x, V(0)), eq(y, V(0)));
  }
};

NABLA_UNARY(sqrt, Sqrt)
NABLA_UNARY(cbrt, Cbrt)
NABLA_BINARY(pow, Pow)
NABLA_BINARY(hypot, Hypot)

/// x^0 is the constant 1, also at 0, where x^(y - 1) is a pole; 0^y is the constant 0 for y > 0, where log(x) is one.
/// Both partials are products whose first factor is exactly zero there.
template <Elementary V>
std::array<V, 2> Pow::partials(const V& p, const V& x, const V& y) {
  return {masked(y, nabla::pow(x, y - V(1))), masked(p, nabla::log(x))};
}

template <Ordered V>
V PowI::defined(std::int64_t n, const V& x) {
  return n >= 0 ? V(1) : V(ne(x, V(0)));
}

template <Elementary V>
V Hypot::algebraic(const V& x, const V& y) {
  return nabla::sqrt(powi(x, 2) + powi(y, 2));
}

using PowerOperators = Operators<Sqrt, Cbrt, Pow, Hypot>;

}  // namespace nabla
