#pragma once

#include <cmath>
#include <limits>
#include <nabla/ops/number.hpp>
#include <string>

namespace nabla {

/// What <cmath> does not have, or not safely in threads, for T = float, double, long double. In hardware.cpp, so that
/// no Boost header is seen here.
namespace hardware {

/// c correctly rounded to nearest, ties to even, subnormals included; infinity as IEEE infinity.
template <class T>
T round(const Constant& c);

/// log|gamma(x)|; +inf at the poles 0, -1, -2, ... Reentrant. 2 ulp at worst in the samples named below.
template <class T>
T lgamma(T x);

/// Derivative of order n + 1 of log(gamma), from Boost.Math. Measured against 60 or 50 digits, 400 random points an
/// order, n up to 160: double 0.7 epsilon relative on [-2000, 30] where n > 0; long double 10 epsilon on (0, 30], but
/// 1100 on [-20, 0) (13000 for n = 1000). Next to a zero of digamma on the negative axis the relative error has no
/// bound. NaN at the poles 0, -1, ..., for n < 0 and n > 100000, and for float also at many points where the value
/// overflows.
template <class T>
T polygamma(std::int64_t n, T x);
template <class T>
T digamma(T x);

/// Shortest text that reads back as x (digits <= 0), or x correctly rounded to `digits` significant digits.
template <class T>
std::string text(T x, int digits);

}  // namespace hardware

/// Binary floating point of the machine, IEEE 754 with round to nearest.
///
/// Outside its domain a function returns NaN, at a pole what <cmath> returns (log(0) = -inf, gamma(-1) = NaN,
/// gamma(0) = inf, lgamma(-1) = inf). A comparison with NaN is `unknown`. + - * / sqrt, floor and abs are correctly
/// rounded. The rest is libm's, which promises nothing: the largest differences seen for double (glibc 2.36, x86-64,
/// a few thousand random points each) were 5 ulp for gamma, 3 for cbrt and erfc, 2 for log10, tanh and lgamma, 1 for
/// the others of one argument. pow, hypot, atan2, float and long double were not measured. Nothing here is rigorous.
template <class T>
struct HardwareNumber {
  static constexpr Level level = Level::special;
  static constexpr bool encloses = false;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static T of(const Constant& c) {
    constexpr std::int64_t small = std::int64_t{1} << 24;  // both ends exact even in float: one rounding
    if (c.kind() == Constant::Kind::ratio && -small <= c.num() && c.num() <= small && c.den() <= small) {
      return static_cast<T>(c.num()) / static_cast<T>(c.den());
    }
    return hardware::round<T>(c);
  }
  static bool is_zero(T x) { return x == T(0); }

  /// 0^0 = 1, 0^negative = inf. n = 2 and -1 are correctly rounded; beyond |n| <= 3 the error is that of pow.
  static T powi(T x, std::int64_t n) {
    switch (n) {
      case 0:
        return T(1);
      case 1:
        return x;
      case 2:
        return x * x;
      case 3:
        return x * x * x;
      case -1:
        return T(1) / x;
      default:
        break;
    }
    // The exponent may be rounded here; its parity, which decides the sign, must not be.
    using Wide = std::conditional_t<std::is_same_v<T, float>, double, T>;
    const auto power = static_cast<T>(std::pow(static_cast<Wide>(std::fabs(x)), static_cast<Wide>(n)));
    return std::signbit(x) && n % 2 != 0 ? -power : power;
  }

  static Truth less(T a, T b) { return std::isunordered(a, b) ? Truth::unknown : truth(a < b); }
  static Truth equal(T a, T b) { return std::isunordered(a, b) ? Truth::unknown : truth(a == b); }
  static T abs(T x) { return std::fabs(x); }
  /// 0 for both zeros, NaN for NaN.
  static T sign(T x) { return x > T(0) ? T(1) : (x < T(0) ? T(-1) : (x == T(0) ? T(0) : x)); }
  /// NaN if either argument is (std::fmin is not like that).
  static T min(T a, T b) { return std::isunordered(a, b) ? a + b : (b < a ? b : a); }
  static T max(T a, T b) { return std::isunordered(a, b) ? a + b : (a < b ? b : a); }
  static T floor(T x) { return std::floor(x); }

  static T sqrt(T x) { return std::sqrt(x); }
  static T cbrt(T x) { return std::cbrt(x); }
  static T exp(T x) { return std::exp(x); }
  static T expm1(T x) { return std::expm1(x); }
  static T log(T x) { return std::log(x); }
  static T log1p(T x) { return std::log1p(x); }
  static T log2(T x) { return std::log2(x); }
  static T log10(T x) { return std::log10(x); }
  static T pow(T x, T y) { return std::pow(x, y); }
  static T hypot(T x, T y) { return std::hypot(x, y); }
  static T sin(T x) { return std::sin(x); }
  static T cos(T x) { return std::cos(x); }
  static T tan(T x) { return std::tan(x); }
  static T asin(T x) { return std::asin(x); }
  static T acos(T x) { return std::acos(x); }
  static T atan(T x) { return std::atan(x); }
  static T atan2(T y, T x) { return std::atan2(y, x); }
  static T sinh(T x) { return std::sinh(x); }
  static T cosh(T x) { return std::cosh(x); }
  static T tanh(T x) { return std::tanh(x); }
  static T asinh(T x) { return std::asinh(x); }
  static T acosh(T x) { return std::acosh(x); }
  static T atanh(T x) { return std::atanh(x); }

  static T erf(T x) { return std::erf(x); }
  static T erfc(T x) { return std::erfc(x); }
  static T gamma(T x) { return std::tgamma(x); }
  static T lgamma(T x) { return hardware::lgamma(x); }
  static T digamma(T x) { return hardware::digamma(x); }
  static T polygamma(std::int64_t n, T x) { return hardware::polygamma(n, x); }

  static std::string to_text(T x, int digits) { return hardware::text(x, digits); }
};

template <>
struct Number<float> : HardwareNumber<float> {
  static constexpr std::string_view kind = "float";
};

template <>
struct Number<double> : HardwareNumber<double> {
  static constexpr std::string_view kind = "double";
};

template <>
struct Number<long double> : HardwareNumber<long double> {
  static constexpr std::string_view kind = "long double";
};

}  // namespace nabla
