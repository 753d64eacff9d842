// nabla_a0997dbcac75f9f01ee7579ff51416a4 and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#ifndef NABLA_ENGINE_COMPILE_VECTOR_MATH_HPP
#define NABLA_ENGINE_COMPILE_VECTOR_MATH_HPP

#include <cmath>
#include <cstdint>
#include <limits>

/// exp, log, sin and cos of double without branches, so that a loop over them becomes vector instructions. Within 1 ulp
/// of the true value (tested against MPFR); special values as in IEEE 754. Meant for machines with FMA: std::fma
/// elsewhere is right, and slow. After fdlibm (Sun Microsystems, 1993), whose polynomials they use.
///
/// C++17 that stands alone: code that nabla writes has this file in it (vector_math_text.hpp).
#define NABLA_INLINE inline __attribute__((always_inline))

namespace nabla::vector_math {

/// Arguments of sin and cos must not be larger; see sine().
inline constexpr double largest_angle = 1 << 20;

NABLA_INLINE double exp(double x) {
  // x = n log 2 + r, |r| <= log(2) / 2. Adding 1.5 2^52 rounds to an integer, which then stands in the low bits.
  constexpr double shift = 0x1.8p52;
  const double clamped = x > 1000 ? 1000 : (x < -1000 ? -1000 : x);
  const double shifted = __builtin_fma(clamped, 0x1.71547652b82fep0, shift);
  const double n = shifted - shift;
  double r = __builtin_fma(n, -0x1.62e42fefa39efp-1, clamped);
  r = __builtin_fma(n, -0x1.abc9e3b39803fp-56, r);
  double p = 1.0 / 6227020800;
  p = __builtin_fma(p, r, 1.0 / 479001600);
  p = __builtin_fma(p, r, 1.0 / 39916800);
  p = __builtin_fma(p, r, 1.0 / 3628800);
  p = __builtin_fma(p, r, 1.0 / 362880);
  p = __builtin_fma(p, r, 1.0 / 40320);
  p = __builtin_fma(p, r, 1.0 / 5040);
  p = __builtin_fma(p, r, 1.0 / 720);
  p = __builtin_fma(p, r, 1.0 / 120);
  p = __builtin_fma(p, r, 1.0 / 24);
  p = __builtin_fma(p, r, 1.0 / 6);
  p = __builtin_fma(p, r, 0.5);
  const double tail = __builtin_fma(p * r, r, r);
  // 2^n in two factors, each a normal number, so that a subnormal result is rounded once.
  const double half_shifted = __builtin_fma(n, 0.5, shift);
  const double first_n = half_shifted - shift;
  const auto power = [](double shifted_n) {
    return __builtin_bit_cast(double, (__builtin_bit_cast(std::uint64_t, shifted_n) + 1023) << 52);
  };
  const double first = power(half_shifted), second = power((n - first_n) + shift);
  const double y = (1 + tail) * first * second;
  return x != x ? x : y;
}

NABLA_INLINE double log(double x) {
  // x = 2^e m, sqrt(1/2) <= m < sqrt(2): fdlibm's e_log.c.
  constexpr double two52 = 0x1p52;
  const bool tiny = x < 0x1p-1022;
  const double scaled = tiny ? x * 0x1p54 : x;
  const auto bits = __builtin_bit_cast(std::uint64_t, scaled);
  // The exponent moves up by one where the mantissa is sqrt(2) or more.
  const std::uint64_t moved = bits + (0x3ff0000000000000ULL - 0x3fe6a09e667f3bcdULL);
  const double m = __builtin_bit_cast(double, (moved & 0x000fffffffffffffULL) + 0x3fe6a09e667f3bcdULL);
  const double biased = __builtin_bit_cast(double, (moved >> 52) | 0x4330000000000000ULL) - two52;
  const double e = biased - (tiny ? 1077.0 : 1023.0);
  const double f = m - 1;
  const double s = f / (2 + f);
  const double z = s * s, w = z * z;
  const double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double odd =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  const double half = 0.5 * f * f;
  const double y =
      e * 6.93147180369123816490e-01 - ((half - (s * (half + (even + odd)) + e * 1.90821492927058770002e-10)) - f);
  const double inf = std::numeric_limits<double>::infinity();
  const double at_ends = x == 0 ? -inf : (x == inf ? inf : std::numeric_limits<double>::quiet_NaN());
  return x > 0 && x < inf ? y : (x != x ? x : at_ends);
}

struct Angle {
  double r, tail;          ///< of the rest, |r| <= pi / 4
  std::uint64_t quadrant;  ///< its two low bits
};

/// x - n pi/2, by three parts of pi/2. \pre |x| <= largest_angle
NABLA_INLINE Angle reduce(double x) {
  constexpr double shift = 0x1.8p52;
  const double shifted = __builtin_fma(x, 0x1.45f306dc9c883p-1, shift);
  const double n = shifted - shift;
  const double a = __builtin_fma(n, -0x1.921fb54442d18p0, x);  // exact
  // a - p with what rounding takes away (Knuth's two-sum): a may be smaller than p.
  const double p = n * 0x1.1a62633145c07p-54;
  const double below_p = __builtin_fma(n, 0x1.1a62633145c07p-54, -p);
  const double r = a - p;
  const double p_seen = a - r, a_seen = r + p_seen;
  const double tail = __builtin_fma(n, 0x1.f1976b7ed8fbcp-110, ((a - a_seen) - (p - p_seen)) - below_p);
  return {r, tail, __builtin_bit_cast(std::uint64_t, shifted)};
}

/// fdlibm's k_sin.c and k_cos.c.
NABLA_INLINE double sine_of_rest(double x, double y) {
  const double z = x * x, v = z * x;
  const double r =
      8.33333333332248946124e-03 +
      z * (-1.98412698298579493134e-04 +
           z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  return x - ((z * (0.5 * y - v * r) - y) - v * -1.66666666666666324348e-01);
}
NABLA_INLINE double cosine_of_rest(double x, double y) {
  const double z = x * x;
  const double r = z * (4.16666666666666019037e-02 +
                        z * (-1.38888888888741095749e-03 +
                             z * (2.48015872894767294178e-05 +
                                  z * (-2.75573143513906633035e-07 +
                                       z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  const double half = 0.5 * z, w = 1 - half;
  return w + (((1 - w) - half) + (z * r - x * y));
}

/// Quadrant q: sin r, cos r, -sin r, -cos r for q = 0, 1, 2, 3.
NABLA_INLINE double by_quadrant(const Angle& a, std::uint64_t q) {
  const double s = sine_of_rest(a.r, a.tail), c = cosine_of_rest(a.r, a.tail);
  const double chosen = (q & 1) != 0 ? c : s;
  return __builtin_bit_cast(double, __builtin_bit_cast(std::uint64_t, chosen) ^ ((q & 2) << 62));
}

/// \pre |x| <= largest_angle, else the result means nothing
NABLA_INLINE double sine(double x) {
  const Angle a = reduce(x);
  const double y = by_quadrant(a, a.quadrant);
  return x == 0 ? x : y;  // -0
}
NABLA_INLINE double cosine(double x) {
  const Angle a = reduce(x);
  return by_quadrant(a, a.quadrant + 1);
}

}  // namespace nabla::vector_math

#undef NABLA_INLINE

#endif

struct nabla_a0997dbcac75f9f01ee7579ff51416a4_lanes {
  std::uint64_t is_huge = 0;
  double exp(double x) const { return nabla::vector_math::exp(x); }
  double log(double x) const { return nabla::vector_math::log(x); }
  double sin(double x) { return nabla::vector_math::sine(angle(x)); }
  double cos(double x) { return nabla::vector_math::cosine(angle(x)); }
  double angle(double x) {
    is_huge |= std::uint64_t(!(std::abs(x) <= nabla::vector_math::largest_angle));
    return x;
  }
};
struct nabla_a0997dbcac75f9f01ee7579ff51416a4_standard {
  static constexpr std::uint64_t is_huge = 0;
  double exp(double x) const { return std::exp(x); }
  double log(double x) const { return std::log(x); }
  double sin(double x) const { return std::sin(x); }
  double cos(double x) const { return std::cos(x); }
};

inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_body1(double x1, double x2) {
  const double t1 = x1 * x2;
  return t1;
}

template <class Math>
__attribute__((always_inline)) inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_body2(Math& math, double x1, double x2) {
  const double t1 = math.cos(x1);
  const double t2 = math.sin(x1);
  const double t3 = t2 * x2;
  const double t4 = math.exp(t3);
  const double t5 = 1.0 + t4;
  const double t6 = math.log(t5);
  const double t7 = t6 * t1;
  return t7;
}

template <class Math>
__attribute__((always_inline)) inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_body3(Math& math, double x1, double x2, double x3) {
  const double t1 = x1 * x2;
  const double t2 = math.sin(t1);
  const double t3 = t2 * x3;
  return t3;
}

inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_body4(double x1) {
  const double t1 = std::pow(x1, 2);
  return t1;
}

inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_body5(double x1, double t_in) {
  const double t1 = 2.0 * x1;
  const double t2 = t_in * t1;
  return t2;
}

template <class Math>
__attribute__((always_inline)) inline std::array<double, 3> nabla_a0997dbcac75f9f01ee7579ff51416a4_body6(Math& math, double x1, double x2, double x3, double t_in) {
  const double t1 = x1 * x2;
  const double t2 = math.sin(t1);
  const double t3 = t_in * x3;
  const double t4 = t_in * t2;
  const double t5 = math.cos(t1);
  const double t6 = t3 * t5;
  const double t7 = t6 * x2;
  const double t8 = t6 * x1;
  return {t7, t8, t4};
}

template <class Math>
__attribute__((always_inline)) inline std::array<double, 2> nabla_a0997dbcac75f9f01ee7579ff51416a4_body7(Math& math, double x1, double x2, double t_in) {
  const double t1 = math.cos(x1);
  const double t2 = math.sin(x1);
  const double t3 = t2 * x2;
  const double t4 = math.exp(t3);
  const double t5 = 1.0 + t4;
  const double t6 = math.log(t5);
  const double t7 = t_in * t1;
  const double t8 = t_in * t6;
  const double t9 = 1.0 / t5;
  const double t10 = t7 * t9;
  const double t11 = t10 * t4;
  const double t12 = t11 * x2;
  const double t13 = t11 * t2;
  const double t14 = t12 * t1;
  const double t15 = -t2;
  const double t16 = t8 * t15;
  const double t17 = t14 + t16;
  return {t17, t13};
}

inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_body8(double x2, double t_in) {
  const double t1 = t_in * x2;
  return t1;
}

inline constexpr double nabla_a0997dbcac75f9f01ee7579ff51416a4_constants1[] = {0, 1};

template <class Math>
inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_by(Math& math, const double* __restrict x) {
  static thread_local std::vector<double> values(1803);
  double* const __restrict v = values.data();
  for (std::size_t i = 0; i < 2; ++i) {
    v[600 + i] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body1(x[i], nabla_a0997dbcac75f9f01ee7579ff51416a4_constants1[i]);
  }
  for (std::size_t i = 0; i < 599; ++i) {
    v[602 + i] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body2(math, x[i], x[1 + i]);
  }
  for (std::size_t i = 0; i < 1; ++i) {
    double total = v[600];
    for (std::size_t j = 0; j < 599; ++j) total += v[602 + (i * 599 + j)];
    v[1201 + i] = total;
  }
  for (std::size_t i = 0; i < 599; ++i) {
    v[1202 + i] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body3(math, x[i], v[1201], x[1 + i]);
  }
  {
    v[1801] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body4(v[1201]);
  }
  for (std::size_t i = 0; i < 1; ++i) {
    double total = v[601];
    for (std::size_t j = 0; j < 600; ++j) total += v[1202 + (i * 600 + j)];
    v[1802 + i] = total;
  }
  if (math.is_huge != 0) return 0;
  {
    if ((v[1201] < 0))
      throw std::runtime_error("line 105: this comparison was false when the program was recorded");
  }
  return v[1802];
}

/// At x[0], ..., x[599].
inline double nabla_a0997dbcac75f9f01ee7579ff51416a4(const double* __restrict x) {
  nabla_a0997dbcac75f9f01ee7579ff51416a4_lanes lanes;
  const double y = nabla_a0997dbcac75f9f01ee7579ff51416a4_by(lanes, x);
  if (lanes.is_huge == 0) return y;
  nabla_a0997dbcac75f9f01ee7579ff51416a4_standard standard;
  return nabla_a0997dbcac75f9f01ee7579ff51416a4_by(standard, x);
}

template <class Math>
inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_gradient_by(Math& math, const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(1803);
  double* const __restrict v = values.data();
  std::fill_n(g, 600, 0.0);
  static thread_local std::vector<double> adjoints(1803);
  double* const __restrict a = adjoints.data();
  std::fill(a + 600, a + 1803, 0.0);
  for (std::size_t i = 0; i < 2; ++i) {
    v[600 + i] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body1(x[i], nabla_a0997dbcac75f9f01ee7579ff51416a4_constants1[i]);
  }
  for (std::size_t i = 0; i < 599; ++i) {
    v[602 + i] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body2(math, x[i], x[1 + i]);
  }
  for (std::size_t i = 0; i < 1; ++i) {
    double total = v[600];
    for (std::size_t j = 0; j < 599; ++j) total += v[602 + (i * 599 + j)];
    v[1201 + i] = total;
  }
  for (std::size_t i = 0; i < 599; ++i) {
    v[1202 + i] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body3(math, x[i], v[1201], x[1 + i]);
  }
  {
    v[1801] = nabla_a0997dbcac75f9f01ee7579ff51416a4_body4(v[1201]);
  }
  for (std::size_t i = 0; i < 1; ++i) {
    double total = v[601];
    for (std::size_t j = 0; j < 600; ++j) total += v[1202 + (i * 600 + j)];
    v[1802 + i] = total;
  }
  if (math.is_huge != 0) return 0;
  {
    if ((v[1201] < 0))
      throw std::runtime_error("line 105: this comparison was false when the program was recorded");
  }
  a[1802] = 1;
  for (std::size_t i = 0; i < 1; ++i) {
    a[601] += a[1802 + i];
    for (std::size_t j = 0; j < 600; ++j) a[1202 + (i * 600 + j)] += a[1802 + i];
  }
  {
    const auto d = nabla_a0997dbcac75f9f01ee7579ff51416a4_body5(v[1201], a[1801]);
    a[1201] += d;
  }
  for (std::size_t first = 0; first < 599; first += 256) {
    const std::size_t last = std::min<std::size_t>(first + 256, 599);
    double d[3][256];
    for (std::size_t i = first; i < last; ++i) {
      const auto y = nabla_a0997dbcac75f9f01ee7579ff51416a4_body6(math, x[i], v[1201], x[1 + i], a[1202 + i]);
      d[0][i - first] = y[0];
      d[1][i - first] = y[1];
      d[2][i - first] = y[2];
    }
    for (std::size_t i = first; i < last; ++i) g[i] += d[0][i - first];
    for (std::size_t i = first; i < last; ++i) a[1201] += d[1][i - first];
    for (std::size_t i = first; i < last; ++i) g[1 + i] += d[2][i - first];
  }
  for (std::size_t i = 0; i < 1; ++i) {
    a[600] += a[1201 + i];
    for (std::size_t j = 0; j < 599; ++j) a[602 + (i * 599 + j)] += a[1201 + i];
  }
  for (std::size_t first = 0; first < 599; first += 256) {
    const std::size_t last = std::min<std::size_t>(first + 256, 599);
    double d[2][256];
    for (std::size_t i = first; i < last; ++i) {
      const auto y = nabla_a0997dbcac75f9f01ee7579ff51416a4_body7(math, x[i], x[1 + i], a[602 + i]);
      d[0][i - first] = y[0];
      d[1][i - first] = y[1];
    }
    for (std::size_t i = first; i < last; ++i) g[i] += d[0][i - first];
    for (std::size_t i = first; i < last; ++i) g[1 + i] += d[1][i - first];
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const auto d = nabla_a0997dbcac75f9f01ee7579ff51416a4_body8(nabla_a0997dbcac75f9f01ee7579ff51416a4_constants1[i], a[600 + i]);
    g[i] += d;
  }
  return v[1802];
}

/// The value, and into g[0], ..., g[599] the derivatives by x.
inline double nabla_a0997dbcac75f9f01ee7579ff51416a4_gradient(const double* __restrict x, double* __restrict g) {
  nabla_a0997dbcac75f9f01ee7579ff51416a4_lanes lanes;
  const double y = nabla_a0997dbcac75f9f01ee7579ff51416a4_gradient_by(lanes, x, g);
  if (lanes.is_huge == 0) return y;
  nabla_a0997dbcac75f9f01ee7579ff51416a4_standard standard;
  return nabla_a0997dbcac75f9f01ee7579ff51416a4_gradient_by(standard, x, g);
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_a0997dbcac75f9f01ee7579ff51416a4(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_a0997dbcac75f9f01ee7579ff51416a4_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
