#pragma once

#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/powers.hpp>

/// Circular functions and their principal inverses; angles are in radians.
namespace nabla {

struct Sin : Primitive<1> {
  static constexpr std::string_view name = "sin";
  static constexpr Facts facts{.summary = "the sine of an angle",
                               .source = "DLMF 4.14, 4.20",
                               .range = closed_interval(-1, 1),
                               .parity = Parity::odd,
                               .units = "rad",
                               .notation = {.latex = "\\sin\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::sin(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x);
};

struct Cos : Primitive<1> {
  static constexpr std::string_view name = "cos";
  static constexpr Facts facts{.summary = "the cosine of an angle",
                               .source = "DLMF 4.14, 4.20",
                               .range = closed_interval(-1, 1),
                               .parity = Parity::even,
                               .units = "rad",
                               .notation = {.latex = "\\cos\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::cos(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x);
};

struct Tan : Primitive<1> {
  static constexpr std::string_view name = "tan";
  static constexpr Facts facts{.summary = "the tangent of an angle",
                               .source = "DLMF 4.14, 4.20",
                               .domain = {.hole = Hole::odd_multiples_of_half_pi},
                               .parity = Parity::odd,
                               .units = "rad",
                               .notation = {.latex = "\\tan\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::tan(x);
  }
  template <Elementary V>
  static V algebraic(const V& x);
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {V(1) + powi(y, 2)};
  }
};

NABLA_UNARY(sin, Sin)
NABLA_UNARY(cos, Cos)
NABLA_UNARY(tan, Tan)

template <Elementary V>
std::array<V, 1> Sin::partials(const V&, const V& x) {
  return {nabla::cos(x)};
}
template <Elementary V>
std::array<V, 1> Cos::partials(const V&, const V& x) {
  return {-nabla::sin(x)};
}

struct Asin : Primitive<1> {
  static constexpr std::string_view name = "asin";
  static constexpr Facts facts{.summary = "the angle in [-pi/2, pi/2] whose sine is x",
                               .source = "DLMF 4.23(ii), 4.24(ii)",
                               .domain = closed_interval(-1, 1),
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .kinks = "x = -1 and x = 1, where the partial is infinite",
                               .units = "rad",
                               .notation = {.latex = "\\arcsin\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::asin(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / nabla::sqrt(V(1) - powi(x, 2))};
  }
  template <Elementary V>
  static V kink(const V& x) {
    return eq(nabla::abs(x), V(1));
  }
};

struct Acos : Primitive<1> {
  static constexpr std::string_view name = "acos";
  static constexpr Facts facts{.summary = "the angle in [0, pi] whose cosine is x",
                               .source = "DLMF 4.23(ii), 4.24(ii)",
                               .domain = closed_interval(-1, 1),
                               .range = nonnegative,
                               .monotone = Monotone::decreasing,
                               .kinks = "x = -1 and x = 1, where the partial is infinite",
                               .units = "rad",
                               .notation = {.latex = "\\arccos\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::acos(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(-1) / nabla::sqrt(V(1) - powi(x, 2))};
  }
  template <Elementary V>
  static V kink(const V& x) {
    return eq(nabla::abs(x), V(1));
  }
};

struct Atan : Primitive<1> {
  static constexpr std::string_view name = "atan";
  static constexpr Facts facts{.summary = "the angle in (-pi/2, pi/2) whose tangent is x",
                               .source = "DLMF 4.23(ii), 4.24(ii)",
                               .below = Tail::level_of_pi(-1, 2),
                               .above = Tail::level_of_pi(1, 2),
                               .identity_near_zero = true,
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .units = "rad",
                               .notation = {.latex = "\\arctan\\left({0}\\right)"}};
  template <Elementary V>
  static V value(const V& x) {
    return Number<V>::atan(x);
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(1) / (V(1) + powi(x, 2))};
  }
};

/// The order of the operands is that of C: the ordinate first.
struct Atan2 : Primitive<2> {
  static constexpr std::string_view name = "atan2";
  static constexpr Facts facts{
      .summary =
          "the angle in (-pi, pi] from the first axis to the point whose ordinate is the first operand and "
          "whose abscissa is the second; undefined at the origin",
      .source = "IEEE 754-2019, 9.2; DLMF 1.9(i)",
      .regularity = Regularity::discontinuous,
      .kinks =
          "ordinate 0 with a negative abscissa, where the angle jumps by 2 pi; the partials are those of either "
          "side, which agree",
      .units = "rad",
      .notation = {.latex = "\\operatorname{{atan2}}\\left({0}, {1}\\right)"}};
  template <Elementary V>
  static V value(const V& y, const V& x) {
    return Number<V>::atan2(y, x);
  }
  template <Elementary V>
  static std::array<V, 2> partials(const V&, const V& y, const V& x) {
    const V squared_radius = powi(x, 2) + powi(y, 2);
    return {x / squared_radius, -(y / squared_radius)};
  }
  template <Elementary V>
  static V kink(const V& y, const V& x) {
    return nabla::min(eq(y, V(0)), lt(x, V(0)));
  }
  template <Ordered V>
  static V defined(const V& y, const V& x) {
    return nabla::max(ne(y, V(0)), ne(x, V(0)));
  }
};

NABLA_UNARY(asin, Asin)
NABLA_UNARY(acos, Acos)
NABLA_UNARY(atan, Atan)
NABLA_BINARY(atan2, Atan2)

template <Elementary V>
V Tan::algebraic(const V& x) {
  return nabla::sin(x) / nabla::cos(x);
}

using TrigonometricOperators = Operators<Sin, Cos, Tan, Asin, Acos, Atan, Atan2>;

}  // namespace nabla
