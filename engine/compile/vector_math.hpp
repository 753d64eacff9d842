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
