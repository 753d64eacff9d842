// nabla_f4fec5839a91fe6ab1256297e0215e5e and its gradient, written by nabla. With -O3 -march=native loops become vector instructions.
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

struct nabla_f4fec5839a91fe6ab1256297e0215e5e_lanes {
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
struct nabla_f4fec5839a91fe6ab1256297e0215e5e_standard {
  static constexpr std::uint64_t is_huge = 0;
  double exp(double x) const { return std::exp(x); }
  double log(double x) const { return std::log(x); }
  double sin(double x) const { return std::sin(x); }
  double cos(double x) const { return std::cos(x); }
};

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body1(double x1, double x2) {
  const double t1 = x1 * x2;
  return t1;
}

template <class Math>
__attribute__((always_inline)) inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body2(Math& math, double x1, double x2) {
  const double t1 = std::abs(x1);
  const double t2 = -t1;
  const double t3 = math.exp(t2);
  const double t4 = std::log1p(t3);
  const double t5 = std::max(x1, 0.0);
  const double t6 = t5 + t4;
  const double t7 = std::pow(x1, 2);
  const double t8 = x2 - t7;
  const double t9 = std::pow(t8, 2);
  const double t10 = 100.0 * t9;
  const double t11 = t10 + t6;
  return t11;
}

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body3(double x1, double x2) {
  const double t1 = x1 + x2;
  return t1;
}

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body4(double x1) {
  const double t1 = std::tanh(x1);
  return t1;
}

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body5(double x1) {
  const double t1 = std::exp(x1);
  const double t2 = t1 * 2.0;
  return t2;
}

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body6(double x1, double x2, double x3) {
  const double t1 = std::pow(x1, 2);
  const double t2 = 2.0 + t1;
  const double t3 = x2 / t2;
  const double t4 = std::sin(x1);
  const double t5 = t4 + t3;
  const double t6 = std::pow(t5, 2);
  const double t7 = 2.0 + t6;
  const double t8 = x2 / t7;
  const double t9 = std::sin(t5);
  const double t10 = t9 + t8;
  const double t11 = std::pow(t10, 2);
  const double t12 = 2.0 + t11;
  const double t13 = x2 / t12;
  const double t14 = std::sin(t10);
  const double t15 = t14 + t13;
  const double t16 = std::pow(t15, 2);
  const double t17 = 2.0 + t16;
  const double t18 = x2 / t17;
  const double t19 = std::sin(t15);
  const double t20 = t19 + t18;
  const double t21 = std::pow(t20, 2);
  const double t22 = 2.0 + t21;
  const double t23 = x2 / t22;
  const double t24 = std::sin(t20);
  const double t25 = t24 + t23;
  const double t26 = x3 * t25;
  return t26;
}

inline std::array<double, 3> nabla_f4fec5839a91fe6ab1256297e0215e5e_body7(double x1, double x2, double x3, double t_in) {
  const double t1 = std::pow(x1, 2);
  const double t2 = 2.0 + t1;
  const double t3 = x2 / t2;
  const double t4 = std::sin(x1);
  const double t5 = t4 + t3;
  const double t6 = std::pow(t5, 2);
  const double t7 = 2.0 + t6;
  const double t8 = x2 / t7;
  const double t9 = std::sin(t5);
  const double t10 = t9 + t8;
  const double t11 = std::pow(t10, 2);
  const double t12 = 2.0 + t11;
  const double t13 = x2 / t12;
  const double t14 = std::sin(t10);
  const double t15 = t14 + t13;
  const double t16 = std::pow(t15, 2);
  const double t17 = 2.0 + t16;
  const double t18 = x2 / t17;
  const double t19 = std::sin(t15);
  const double t20 = t19 + t18;
  const double t21 = std::pow(t20, 2);
  const double t22 = 2.0 + t21;
  const double t23 = x2 / t22;
  const double t24 = std::sin(t20);
  const double t25 = t24 + t23;
  const double t26 = t_in * t25;
  const double t27 = t_in * x3;
  const double t28 = std::cos(t20);
  const double t29 = t27 * t28;
  const double t30 = 1.0 / t22;
  const double t31 = t23 / t22;
  const double t32 = -t31;
  const double t33 = t27 * t30;
  const double t34 = t27 * t32;
  const double t35 = 2.0 * t20;
  const double t36 = t34 * t35;
  const double t37 = t29 + t36;
  const double t38 = std::cos(t15);
  const double t39 = t37 * t38;
  const double t40 = 1.0 / t17;
  const double t41 = t18 / t17;
  const double t42 = -t41;
  const double t43 = t37 * t40;
  const double t44 = t37 * t42;
  const double t45 = t33 + t43;
  const double t46 = 2.0 * t15;
  const double t47 = t44 * t46;
  const double t48 = t39 + t47;
  const double t49 = std::cos(t10);
  const double t50 = t48 * t49;
  const double t51 = 1.0 / t12;
  const double t52 = t13 / t12;
  const double t53 = -t52;
  const double t54 = t48 * t51;
  const double t55 = t48 * t53;
  const double t56 = t45 + t54;
  const double t57 = 2.0 * t10;
  const double t58 = t55 * t57;
  const double t59 = t50 + t58;
  const double t60 = std::cos(t5);
  const double t61 = t59 * t60;
  const double t62 = 1.0 / t7;
  const double t63 = t8 / t7;
  const double t64 = -t63;
  const double t65 = t59 * t62;
  const double t66 = t59 * t64;
  const double t67 = t56 + t65;
  const double t68 = 2.0 * t5;
  const double t69 = t66 * t68;
  const double t70 = t61 + t69;
  const double t71 = std::cos(x1);
  const double t72 = t70 * t71;
  const double t73 = 1.0 / t2;
  const double t74 = t3 / t2;
  const double t75 = -t74;
  const double t76 = t70 * t73;
  const double t77 = t70 * t75;
  const double t78 = t67 + t76;
  const double t79 = 2.0 * x1;
  const double t80 = t77 * t79;
  const double t81 = t72 + t80;
  return {t81, t78, t26};
}

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body8(double x1, double t_in) {
  const double t1 = std::exp(x1);
  const double t2 = t_in * 2.0;
  const double t3 = t2 * t1;
  return t3;
}

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body9(double x1, double t_in) {
  const double t1 = std::tanh(x1);
  const double t2 = std::pow(t1, 2);
  const double t3 = 1.0 - t2;
  const double t4 = t_in * t3;
  return t4;
}

inline std::array<double, 2> nabla_f4fec5839a91fe6ab1256297e0215e5e_body10(double t_in) {
  return {t_in, t_in};
}

template <class Math>
__attribute__((always_inline)) inline std::array<double, 2> nabla_f4fec5839a91fe6ab1256297e0215e5e_body11(Math& math, double x1, double x2, double t_in) {
  const double t1 = std::pow(x1, 2);
  const double t2 = x2 - t1;
  const double t3 = t_in * 100.0;
  const double t4 = 2.0 * t2;
  const double t5 = t3 * t4;
  const double t6 = -t5;
  const double t7 = 2.0 * x1;
  const double t8 = t6 * t7;
  const double t9 = -x1;
  const double t10 = math.exp(t9);
  const double t11 = 1.0 + t10;
  const double t12 = 1.0 / t11;
  const double t13 = t_in * t12;
  const double t14 = t8 + t13;
  return {t14, t5};
}

inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_body12(double x2, double t_in) {
  const double t1 = t_in * x2;
  return t1;
}

inline constexpr std::uint32_t nabla_f4fec5839a91fe6ab1256297e0215e5e_places1[] = {199, 100, 0, 0, 10, 1, 20, 2, 30, 3, 40, 4, 50, 5, 60, 6, 70, 7, 80, 8, 90, 9, 101, 1, 10, 11, 11, 21, 12, 31, 13, 41, 14, 51, 15, 61, 16, 71, 17, 81, 18, 91, 19, 102, 2, 20, 12, 21, 22, 22, 32, 23, 42, 24, 52, 25, 62, 26, 72, 27, 82, 28, 92, 29, 103, 3, 30, 13, 31, 23, 32, 33, 33, 43, 34, 53, 35, 63, 36, 73, 37, 83, 38, 93, 39, 104, 4, 40, 14, 41, 24, 42, 34, 43, 44, 44, 54, 45, 64, 46, 74, 47, 84, 48, 94, 49, 105, 5, 50, 15, 51, 25, 52, 35, 53, 45, 54, 55, 55, 65, 56, 75, 57, 85, 58, 95, 59, 106, 6, 60, 16, 61, 26, 62, 36, 63, 46, 64, 56, 65, 66, 66, 76, 67, 86, 68, 96, 69, 107, 7, 70, 17, 71, 27, 72, 37, 73, 47, 74, 57, 75, 67, 76, 77, 77, 87, 78, 97, 79, 108, 8, 80, 18, 81, 28, 82, 38, 83, 48, 84, 58, 85, 68, 86, 78, 87, 88, 88, 98, 89, 109, 9, 90, 19, 91, 29, 92, 39, 93, 49, 94, 59, 95, 69, 96, 79, 97, 89, 98, 99, 99, 150};
inline constexpr double nabla_f4fec5839a91fe6ab1256297e0215e5e_constants2[] = {0, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1, 3, 1, 3, 0.5403023058681398, 3, -0.4161468365471424, 3, -0.9899924966004454, 3, -0.6536436208636119, 3, 0.28366218546322625, 3, 0.960170286650366, 3, 0.7539022543433046, 3, -0.14550003380861354, 3, -0.9111302618846769, 1};
inline constexpr std::uint32_t nabla_f4fec5839a91fe6ab1256297e0215e5e_places3[] = {203, 205, 207, 209, 211, 213, 215, 217, 219, 221, 224, 226, 228, 230, 232, 234, 236, 238, 240, 242, 245, 247, 249, 251, 253, 255, 257, 259, 261, 263, 266, 268, 270, 272, 274, 276, 278, 280, 282, 284, 287, 289, 291, 293, 295, 297, 299, 301, 303, 305, 308, 310, 312, 314, 316, 318, 320, 322, 324, 326, 329, 331, 333, 335, 337, 339, 341, 343, 345, 347, 350, 352, 354, 356, 358, 360, 362, 364, 366, 368, 371, 373, 375, 377, 379, 381, 383, 385, 387, 389, 392, 394, 396, 398, 400, 402, 404, 406, 408, 410};
inline constexpr std::uint32_t nabla_f4fec5839a91fe6ab1256297e0215e5e_places4[] = {202, 204, 206, 208, 210, 212, 214, 216, 218, 220, 223, 225, 227, 229, 231, 233, 235, 237, 239, 241, 244, 246, 248, 250, 252, 254, 256, 258, 260, 262, 265, 267, 269, 271, 273, 275, 277, 279, 281, 283, 286, 288, 290, 292, 294, 296, 298, 300, 302, 304, 307, 309, 311, 313, 315, 317, 319, 321, 323, 325, 328, 330, 332, 334, 336, 338, 340, 342, 344, 346, 349, 351, 353, 355, 357, 359, 361, 363, 365, 367, 370, 372, 374, 376, 378, 380, 382, 384, 386, 388, 391, 393, 395, 397, 399, 401, 403, 405, 407, 409};
inline constexpr std::uint32_t nabla_f4fec5839a91fe6ab1256297e0215e5e_places5[] = {201, 222, 243, 264, 285, 306, 327, 348, 369, 390};
inline constexpr std::uint32_t nabla_f4fec5839a91fe6ab1256297e0215e5e_places6[] = {633, 412, 413, 414, 415, 416, 417, 418, 419, 420, 421, 422, 423, 424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 435, 436, 437, 438, 439, 440, 441, 442, 443, 444, 445, 446, 447, 448, 449, 450, 451, 452, 453, 454, 455, 456, 457, 458, 459, 460, 461, 462, 463, 464, 465, 466, 467, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477, 478, 479, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 490, 491, 492, 493, 494, 495, 496, 497, 498, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 510, 621, 622, 623, 624, 625, 626, 627, 628, 629, 630};

template <class Math>
inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_by(Math& math, const double* __restrict x) {
  static thread_local std::vector<double> values(634);
  double* const __restrict v = values.data();
  v[0] = x[0];
  v[1] = x[1];
  v[2] = x[2];
  v[3] = x[3];
  v[4] = x[4];
  v[5] = x[5];
  v[6] = x[6];
  v[7] = x[7];
  v[8] = x[8];
  v[9] = x[9];
  v[10] = x[10];
  v[11] = x[11];
  v[12] = x[12];
  v[13] = x[13];
  v[14] = x[14];
  v[15] = x[15];
  v[16] = x[16];
  v[17] = x[17];
  v[18] = x[18];
  v[19] = x[19];
  v[20] = x[20];
  v[21] = x[21];
  v[22] = x[22];
  v[23] = x[23];
  v[24] = x[24];
  v[25] = x[25];
  v[26] = x[26];
  v[27] = x[27];
  v[28] = x[28];
  v[29] = x[29];
  v[30] = x[30];
  v[31] = x[31];
  v[32] = x[32];
  v[33] = x[33];
  v[34] = x[34];
  v[35] = x[35];
  v[36] = x[36];
  v[37] = x[37];
  v[38] = x[38];
  v[39] = x[39];
  v[40] = x[40];
  v[41] = x[41];
  v[42] = x[42];
  v[43] = x[43];
  v[44] = x[44];
  v[45] = x[45];
  v[46] = x[46];
  v[47] = x[47];
  v[48] = x[48];
  v[49] = x[49];
  v[50] = x[50];
  v[51] = x[51];
  v[52] = x[52];
  v[53] = x[53];
  v[54] = x[54];
  v[55] = x[55];
  v[56] = x[56];
  v[57] = x[57];
  v[58] = x[58];
  v[59] = x[59];
  v[60] = x[60];
  v[61] = x[61];
  v[62] = x[62];
  v[63] = x[63];
  v[64] = x[64];
  v[65] = x[65];
  v[66] = x[66];
  v[67] = x[67];
  v[68] = x[68];
  v[69] = x[69];
  v[70] = x[70];
  v[71] = x[71];
  v[72] = x[72];
  v[73] = x[73];
  v[74] = x[74];
  v[75] = x[75];
  v[76] = x[76];
  v[77] = x[77];
  v[78] = x[78];
  v[79] = x[79];
  v[80] = x[80];
  v[81] = x[81];
  v[82] = x[82];
  v[83] = x[83];
  v[84] = x[84];
  v[85] = x[85];
  v[86] = x[86];
  v[87] = x[87];
  v[88] = x[88];
  v[89] = x[89];
  v[90] = x[90];
  v[91] = x[91];
  v[92] = x[92];
  v[93] = x[93];
  v[94] = x[94];
  v[95] = x[95];
  v[96] = x[96];
  v[97] = x[97];
  v[98] = x[98];
  v[99] = x[99];
  v[100] = x[100];
  v[101] = x[101];
  v[102] = x[102];
  v[103] = x[103];
  v[104] = x[104];
  v[105] = x[105];
  v[106] = x[106];
  v[107] = x[107];
  v[108] = x[108];
  v[109] = x[109];
  v[150] = x[150];
  v[199] = x[199];
  v[633] = 2;
  for (std::size_t i = 0; i < 212; ++i) {
    v[200 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body1(v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places1[i]], nabla_f4fec5839a91fe6ab1256297e0215e5e_constants2[i]);
  }
  for (std::size_t i = 0; i < 99; ++i) {
    v[412 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body2(math, v[i], v[1 + i]);
  }
  for (std::size_t i = 0; i < 100; ++i) {
    v[511 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body3(v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places3[i]], v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places4[i]]);
  }
  for (std::size_t i = 0; i < 10; ++i) {
    double total = v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places5[i]];
    for (std::size_t j = 0; j < 10; ++j) total += v[511 + (i * 10 + j)];
    v[611 + i] = total;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    v[621 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body4(v[611 + i]);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    v[629 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body5(v[619 + i]);
  }
  for (std::size_t i = 0; i < 1; ++i) {
    double total = v[200];
    for (std::size_t j = 0; j < 110; ++j) total += v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places6[(i * 110 + j)]];
    v[631 + i] = total;
  }
  {
    v[632] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body6(v[411], v[150], v[631]);
  }
  if (math.is_huge != 0) return 0;
  for (std::size_t i = 0; i < 8; ++i) {
    if (!(0 < v[611 + i]))
      throw std::runtime_error("line 44: this comparison was true when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if ((0 < v[619 + i]))
      throw std::runtime_error("line 44: this comparison was false when the program was recorded");
  }
  return v[632];
}

/// At x[0], ..., x[199].
inline double nabla_f4fec5839a91fe6ab1256297e0215e5e(const double* __restrict x) {
  nabla_f4fec5839a91fe6ab1256297e0215e5e_lanes lanes;
  const double y = nabla_f4fec5839a91fe6ab1256297e0215e5e_by(lanes, x);
  if (lanes.is_huge == 0) return y;
  nabla_f4fec5839a91fe6ab1256297e0215e5e_standard standard;
  return nabla_f4fec5839a91fe6ab1256297e0215e5e_by(standard, x);
}

template <class Math>
inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_gradient_by(Math& math, const double* __restrict x, double* __restrict g) {
  static thread_local std::vector<double> values(634);
  double* const __restrict v = values.data();
  v[0] = x[0];
  v[1] = x[1];
  v[2] = x[2];
  v[3] = x[3];
  v[4] = x[4];
  v[5] = x[5];
  v[6] = x[6];
  v[7] = x[7];
  v[8] = x[8];
  v[9] = x[9];
  v[10] = x[10];
  v[11] = x[11];
  v[12] = x[12];
  v[13] = x[13];
  v[14] = x[14];
  v[15] = x[15];
  v[16] = x[16];
  v[17] = x[17];
  v[18] = x[18];
  v[19] = x[19];
  v[20] = x[20];
  v[21] = x[21];
  v[22] = x[22];
  v[23] = x[23];
  v[24] = x[24];
  v[25] = x[25];
  v[26] = x[26];
  v[27] = x[27];
  v[28] = x[28];
  v[29] = x[29];
  v[30] = x[30];
  v[31] = x[31];
  v[32] = x[32];
  v[33] = x[33];
  v[34] = x[34];
  v[35] = x[35];
  v[36] = x[36];
  v[37] = x[37];
  v[38] = x[38];
  v[39] = x[39];
  v[40] = x[40];
  v[41] = x[41];
  v[42] = x[42];
  v[43] = x[43];
  v[44] = x[44];
  v[45] = x[45];
  v[46] = x[46];
  v[47] = x[47];
  v[48] = x[48];
  v[49] = x[49];
  v[50] = x[50];
  v[51] = x[51];
  v[52] = x[52];
  v[53] = x[53];
  v[54] = x[54];
  v[55] = x[55];
  v[56] = x[56];
  v[57] = x[57];
  v[58] = x[58];
  v[59] = x[59];
  v[60] = x[60];
  v[61] = x[61];
  v[62] = x[62];
  v[63] = x[63];
  v[64] = x[64];
  v[65] = x[65];
  v[66] = x[66];
  v[67] = x[67];
  v[68] = x[68];
  v[69] = x[69];
  v[70] = x[70];
  v[71] = x[71];
  v[72] = x[72];
  v[73] = x[73];
  v[74] = x[74];
  v[75] = x[75];
  v[76] = x[76];
  v[77] = x[77];
  v[78] = x[78];
  v[79] = x[79];
  v[80] = x[80];
  v[81] = x[81];
  v[82] = x[82];
  v[83] = x[83];
  v[84] = x[84];
  v[85] = x[85];
  v[86] = x[86];
  v[87] = x[87];
  v[88] = x[88];
  v[89] = x[89];
  v[90] = x[90];
  v[91] = x[91];
  v[92] = x[92];
  v[93] = x[93];
  v[94] = x[94];
  v[95] = x[95];
  v[96] = x[96];
  v[97] = x[97];
  v[98] = x[98];
  v[99] = x[99];
  v[100] = x[100];
  v[101] = x[101];
  v[102] = x[102];
  v[103] = x[103];
  v[104] = x[104];
  v[105] = x[105];
  v[106] = x[106];
  v[107] = x[107];
  v[108] = x[108];
  v[109] = x[109];
  v[150] = x[150];
  v[199] = x[199];
  v[633] = 2;
  static thread_local std::vector<double> adjoints(634);
  double* const __restrict a = adjoints.data();
  std::fill(a + 0, a + 634, 0.0);
  for (std::size_t i = 0; i < 212; ++i) {
    v[200 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body1(v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places1[i]], nabla_f4fec5839a91fe6ab1256297e0215e5e_constants2[i]);
  }
  for (std::size_t i = 0; i < 99; ++i) {
    v[412 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body2(math, v[i], v[1 + i]);
  }
  for (std::size_t i = 0; i < 100; ++i) {
    v[511 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body3(v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places3[i]], v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places4[i]]);
  }
  for (std::size_t i = 0; i < 10; ++i) {
    double total = v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places5[i]];
    for (std::size_t j = 0; j < 10; ++j) total += v[511 + (i * 10 + j)];
    v[611 + i] = total;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    v[621 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body4(v[611 + i]);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    v[629 + i] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body5(v[619 + i]);
  }
  for (std::size_t i = 0; i < 1; ++i) {
    double total = v[200];
    for (std::size_t j = 0; j < 110; ++j) total += v[nabla_f4fec5839a91fe6ab1256297e0215e5e_places6[(i * 110 + j)]];
    v[631 + i] = total;
  }
  {
    v[632] = nabla_f4fec5839a91fe6ab1256297e0215e5e_body6(v[411], v[150], v[631]);
  }
  if (math.is_huge != 0) return 0;
  for (std::size_t i = 0; i < 8; ++i) {
    if (!(0 < v[611 + i]))
      throw std::runtime_error("line 44: this comparison was true when the program was recorded");
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if ((0 < v[619 + i]))
      throw std::runtime_error("line 44: this comparison was false when the program was recorded");
  }
  a[632] = 1;
  {
    const auto d = nabla_f4fec5839a91fe6ab1256297e0215e5e_body7(v[411], v[150], v[631], a[632]);
    a[411] += d[0];
    a[150] += d[1];
    a[631] += d[2];
  }
  for (std::size_t i = 0; i < 1; ++i) {
    a[200] += a[631 + i];
    for (std::size_t j = 0; j < 110; ++j) a[nabla_f4fec5839a91fe6ab1256297e0215e5e_places6[(i * 110 + j)]] += a[631 + i];
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const auto d = nabla_f4fec5839a91fe6ab1256297e0215e5e_body8(v[619 + i], a[629 + i]);
    a[619 + i] += d;
  }
  for (std::size_t i = 0; i < 8; ++i) {
    const auto d = nabla_f4fec5839a91fe6ab1256297e0215e5e_body9(v[611 + i], a[621 + i]);
    a[611 + i] += d;
  }
  for (std::size_t i = 0; i < 10; ++i) {
    a[nabla_f4fec5839a91fe6ab1256297e0215e5e_places5[i]] += a[611 + i];
    for (std::size_t j = 0; j < 10; ++j) a[511 + (i * 10 + j)] += a[611 + i];
  }
  for (std::size_t first = 0; first < 100; first += 256) {
    const std::size_t last = std::min<std::size_t>(first + 256, 100);
    double d[2][256];
    for (std::size_t i = first; i < last; ++i) {
      const auto y = nabla_f4fec5839a91fe6ab1256297e0215e5e_body10(a[511 + i]);
      d[0][i - first] = y[0];
      d[1][i - first] = y[1];
    }
    for (std::size_t i = first; i < last; ++i) a[nabla_f4fec5839a91fe6ab1256297e0215e5e_places3[i]] += d[0][i - first];
    for (std::size_t i = first; i < last; ++i) a[nabla_f4fec5839a91fe6ab1256297e0215e5e_places4[i]] += d[1][i - first];
  }
  for (std::size_t first = 0; first < 99; first += 256) {
    const std::size_t last = std::min<std::size_t>(first + 256, 99);
    double d[2][256];
    for (std::size_t i = first; i < last; ++i) {
      const auto y = nabla_f4fec5839a91fe6ab1256297e0215e5e_body11(math, v[i], v[1 + i], a[412 + i]);
      d[0][i - first] = y[0];
      d[1][i - first] = y[1];
    }
    for (std::size_t i = first; i < last; ++i) a[i] += d[0][i - first];
    for (std::size_t i = first; i < last; ++i) a[1 + i] += d[1][i - first];
  }
  for (std::size_t first = 0; first < 212; first += 256) {
    const std::size_t last = std::min<std::size_t>(first + 256, 212);
    double d[1][256];
    for (std::size_t i = first; i < last; ++i) {
      const auto y = nabla_f4fec5839a91fe6ab1256297e0215e5e_body12(nabla_f4fec5839a91fe6ab1256297e0215e5e_constants2[i], a[200 + i]);
      d[0][i - first] = y;
    }
    for (std::size_t i = first; i < last; ++i) a[nabla_f4fec5839a91fe6ab1256297e0215e5e_places1[i]] += d[0][i - first];
  }
  g[0] = a[0];
  g[1] = a[1];
  g[2] = a[2];
  g[3] = a[3];
  g[4] = a[4];
  g[5] = a[5];
  g[6] = a[6];
  g[7] = a[7];
  g[8] = a[8];
  g[9] = a[9];
  g[10] = a[10];
  g[11] = a[11];
  g[12] = a[12];
  g[13] = a[13];
  g[14] = a[14];
  g[15] = a[15];
  g[16] = a[16];
  g[17] = a[17];
  g[18] = a[18];
  g[19] = a[19];
  g[20] = a[20];
  g[21] = a[21];
  g[22] = a[22];
  g[23] = a[23];
  g[24] = a[24];
  g[25] = a[25];
  g[26] = a[26];
  g[27] = a[27];
  g[28] = a[28];
  g[29] = a[29];
  g[30] = a[30];
  g[31] = a[31];
  g[32] = a[32];
  g[33] = a[33];
  g[34] = a[34];
  g[35] = a[35];
  g[36] = a[36];
  g[37] = a[37];
  g[38] = a[38];
  g[39] = a[39];
  g[40] = a[40];
  g[41] = a[41];
  g[42] = a[42];
  g[43] = a[43];
  g[44] = a[44];
  g[45] = a[45];
  g[46] = a[46];
  g[47] = a[47];
  g[48] = a[48];
  g[49] = a[49];
  g[50] = a[50];
  g[51] = a[51];
  g[52] = a[52];
  g[53] = a[53];
  g[54] = a[54];
  g[55] = a[55];
  g[56] = a[56];
  g[57] = a[57];
  g[58] = a[58];
  g[59] = a[59];
  g[60] = a[60];
  g[61] = a[61];
  g[62] = a[62];
  g[63] = a[63];
  g[64] = a[64];
  g[65] = a[65];
  g[66] = a[66];
  g[67] = a[67];
  g[68] = a[68];
  g[69] = a[69];
  g[70] = a[70];
  g[71] = a[71];
  g[72] = a[72];
  g[73] = a[73];
  g[74] = a[74];
  g[75] = a[75];
  g[76] = a[76];
  g[77] = a[77];
  g[78] = a[78];
  g[79] = a[79];
  g[80] = a[80];
  g[81] = a[81];
  g[82] = a[82];
  g[83] = a[83];
  g[84] = a[84];
  g[85] = a[85];
  g[86] = a[86];
  g[87] = a[87];
  g[88] = a[88];
  g[89] = a[89];
  g[90] = a[90];
  g[91] = a[91];
  g[92] = a[92];
  g[93] = a[93];
  g[94] = a[94];
  g[95] = a[95];
  g[96] = a[96];
  g[97] = a[97];
  g[98] = a[98];
  g[99] = a[99];
  g[100] = a[100];
  g[101] = a[101];
  g[102] = a[102];
  g[103] = a[103];
  g[104] = a[104];
  g[105] = a[105];
  g[106] = a[106];
  g[107] = a[107];
  g[108] = a[108];
  g[109] = a[109];
  g[110] = 0;
  g[111] = 0;
  g[112] = 0;
  g[113] = 0;
  g[114] = 0;
  g[115] = 0;
  g[116] = 0;
  g[117] = 0;
  g[118] = 0;
  g[119] = 0;
  g[120] = 0;
  g[121] = 0;
  g[122] = 0;
  g[123] = 0;
  g[124] = 0;
  g[125] = 0;
  g[126] = 0;
  g[127] = 0;
  g[128] = 0;
  g[129] = 0;
  g[130] = 0;
  g[131] = 0;
  g[132] = 0;
  g[133] = 0;
  g[134] = 0;
  g[135] = 0;
  g[136] = 0;
  g[137] = 0;
  g[138] = 0;
  g[139] = 0;
  g[140] = 0;
  g[141] = 0;
  g[142] = 0;
  g[143] = 0;
  g[144] = 0;
  g[145] = 0;
  g[146] = 0;
  g[147] = 0;
  g[148] = 0;
  g[149] = 0;
  g[150] = a[150];
  g[151] = 0;
  g[152] = 0;
  g[153] = 0;
  g[154] = 0;
  g[155] = 0;
  g[156] = 0;
  g[157] = 0;
  g[158] = 0;
  g[159] = 0;
  g[160] = 0;
  g[161] = 0;
  g[162] = 0;
  g[163] = 0;
  g[164] = 0;
  g[165] = 0;
  g[166] = 0;
  g[167] = 0;
  g[168] = 0;
  g[169] = 0;
  g[170] = 0;
  g[171] = 0;
  g[172] = 0;
  g[173] = 0;
  g[174] = 0;
  g[175] = 0;
  g[176] = 0;
  g[177] = 0;
  g[178] = 0;
  g[179] = 0;
  g[180] = 0;
  g[181] = 0;
  g[182] = 0;
  g[183] = 0;
  g[184] = 0;
  g[185] = 0;
  g[186] = 0;
  g[187] = 0;
  g[188] = 0;
  g[189] = 0;
  g[190] = 0;
  g[191] = 0;
  g[192] = 0;
  g[193] = 0;
  g[194] = 0;
  g[195] = 0;
  g[196] = 0;
  g[197] = 0;
  g[198] = 0;
  g[199] = a[199];
  return v[632];
}

/// The value, and into g[0], ..., g[199] the derivatives by x.
inline double nabla_f4fec5839a91fe6ab1256297e0215e5e_gradient(const double* __restrict x, double* __restrict g) {
  nabla_f4fec5839a91fe6ab1256297e0215e5e_lanes lanes;
  const double y = nabla_f4fec5839a91fe6ab1256297e0215e5e_gradient_by(lanes, x, g);
  if (lanes.is_huge == 0) return y;
  nabla_f4fec5839a91fe6ab1256297e0215e5e_standard standard;
  return nabla_f4fec5839a91fe6ab1256297e0215e5e_gradient_by(standard, x, g);
}

#include <cstdio>
#include <exception>
extern "C" double nabla_value(const double* x, char* error) try {
  return nabla_f4fec5839a91fe6ab1256297e0215e5e(x);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
extern "C" double nabla_gradient(const double* x, double* g, char* error) try {
  return nabla_f4fec5839a91fe6ab1256297e0215e5e_gradient(x, g);
} catch (const std::exception& e) {
  std::snprintf(error, 200, "%s", e.what());
  return 0;
}
