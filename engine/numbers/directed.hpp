#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace nabla::directed {

/// One double operation rounded down or up, without touching the rounding mode: the operation to nearest, then the sign
/// of its exact error (error-free transformations: Knuth's TwoSum, and a fused multiply-add for the others) decides
/// whether the neighbour is needed. So an exact result stays as it is, and an inexact one is the tightest bound.
/// \pre the rounding mode is to nearest and subnormals are not flushed (IEEE's default; -ffast-math breaks both).
/// Results that overflow: the largest double on the near side, infinity on the far side. 0 * infinity is 0 here: in
/// bounds an infinity is never attained.

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double largest = std::numeric_limits<double>::max();
inline constexpr double tiny = std::numeric_limits<double>::denorm_min();

/// The next double above x; inf for the largest and for inf.
inline double next_up(double x) {
  if (!(x < infinity)) return x;
  if (x == 0) return tiny;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  return std::bit_cast<double>(x > 0 ? bits + 1 : bits - 1);
}
inline double next_down(double x) { return -next_up(-x); }

/// Below this magnitude the error of a product or quotient may underflow, and is computed on scaled operands.
inline constexpr double scaled_below = 0x1p-900;

namespace detail {

/// The exact error's sign for a small product p ~ a*b: that of a*b - p.
inline double product_error_scaled(double a, double b, double p) {
  int ea = 0;
  int eb = 0;
  const double ma = std::frexp(a, &ea);
  const double mb = std::frexp(b, &eb);
  return std::fma(ma, mb, -std::ldexp(std::ldexp(p, -(ea + eb) / 2), -(ea + eb) + (ea + eb) / 2));
}

/// The sign of a - q*b with all three scaled to about 1.
inline double quotient_error_scaled(double a, double b, double q) {
  int ea = 0;
  int eb = 0;
  const double ma = std::frexp(a, &ea);
  const double mb = std::frexp(b, &eb);
  const int shift = eb - ea;
  return std::fma(-std::ldexp(std::ldexp(q, shift / 2), shift - shift / 2), mb, ma);
}

}  // namespace detail

inline double add_down(double a, double b) {
  const double s = a + b;
  if (!(std::fabs(s) <= largest)) {  // overflow, or an infinity went in
    return s == infinity && a < infinity && b < infinity ? largest : s;
  }
  const double from_b = s - a;
  const double error = (a - (s - from_b)) + (b - from_b);
  return error >= 0 ? s : next_down(s);  // a NaN (overflow inside the error) steps too
}
inline double add_up(double a, double b) { return -add_down(-a, -b); }
inline double sub_down(double a, double b) { return add_down(a, -b); }
inline double sub_up(double a, double b) { return -add_down(-a, b); }

inline double mul_down(double a, double b) {
  if (a == 0 || b == 0) return 0;
  const double p = a * b;
  if (!(std::fabs(p) <= largest)) {
    return p == infinity && std::fabs(a) <= largest && std::fabs(b) <= largest ? largest : p;
  }
  const double error = std::fabs(p) < scaled_below ? detail::product_error_scaled(a, b, p) : std::fma(a, b, -p);
  return error >= 0 ? p : next_down(p);
}
inline double mul_up(double a, double b) { return -mul_down(-a, b); }

/// \pre b != 0, not both infinite. finite / infinity is 0, the bound it tends to.
inline double div_down(double a, double b) {
  if (a == 0) return 0;
  const double q = a / b;
  if (std::fabs(b) > largest || std::fabs(a) > largest) return q == 0 ? 0 : q;
  if (!(std::fabs(q) <= largest)) return q == infinity ? largest : q;
  const double error = std::fabs(a) < scaled_below || std::fabs(q) < scaled_below
                           ? detail::quotient_error_scaled(a, b, q)
                           : std::fma(-q, b, a);
  const bool exact_or_below = b > 0 ? error >= 0 : error <= 0;
  return exact_or_below ? q : next_down(q);
}
inline double div_up(double a, double b) { return -div_down(-a, b); }

/// \pre x >= 0.
inline double sqrt_down(double x) {
  if (x == 0 || x > largest) return x == 0 ? 0 : x;
  if (x < scaled_below) return sqrt_down(x * 0x1p+600) * 0x1p-300;  // both scalings exact
  const double s = std::sqrt(x);
  return std::fma(-s, s, x) >= 0 ? s : next_down(s);
}
inline double sqrt_up(double x) {
  if (x == 0 || x > largest) return x == 0 ? 0 : x;
  if (x < scaled_below) return sqrt_up(x * 0x1p+600) * 0x1p-300;
  const double s = std::sqrt(x);
  return std::fma(-s, s, x) <= 0 ? s : next_up(s);
}

}  // namespace nabla::directed
