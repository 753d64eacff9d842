#pragma once

#include <boost/math/constants/constants.hpp>
#include <boost/math/special_functions/cbrt.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/expm1.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/hypot.hpp>
#include <boost/math/special_functions/log1p.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/multiprecision/number.hpp>
#include <cstdlib>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/ops/number.hpp>
#include <sstream>
#include <string>

// Costs about 2 s per translation unit to include at -O0, and seconds more for each type whose special functions are
// used (12 s for all functions of four types): for .cpp files where MPFR is absent or a fixed cpp_bin_float is wanted.

namespace nabla {

/// The functions for any floating number of Boost.Multiprecision that is not MPFR's: cpp_bin_float, cpp_dec_float,
/// with and without expression templates.
///
/// Errors are Boost's and not measured here beyond agreement with MPFR to 45 of 50 digits in a few values.
/// Outside the domain NaN; at poles NaN or infinity. Comparison with NaN is `unknown`. psi_n for 0 <= n <= 10000.
template <class V>
struct BoostFloatNumber {
  static constexpr Level level = Level::special;
  static constexpr bool encloses = false;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static V of(const Constant& c) {
    switch (c.kind()) {
      case Constant::Kind::ratio:
        return V(V(c.num()) / V(c.den()));
      case Constant::Kind::dyadic:
        return V(c.as_dyadic());
      case Constant::Kind::text: {
        const auto slash = c.as_text().find('/');
        if (slash == std::string::npos) return V(c.as_text());
        return V(V(c.as_text().substr(0, slash)) / V(c.as_text().substr(slash + 1)));
      }
      case Constant::Kind::pi:
        return boost::math::constants::pi<V>();
      case Constant::Kind::infinity:
        return std::numeric_limits<V>::infinity();
    }
    return nan();
  }
  static bool is_zero(const V& x) { return x == 0; }
  static V powi(const V& x, std::int64_t n) {
    // By squaring, and not by pow: exact where the power is representable.
    std::uint64_t k = n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
    V base = x;
    V result = 1;
    for (; k != 0; k >>= 1) {
      if ((k & 1) != 0) result *= base;
      if (k > 1) base *= base;
    }
    return n < 0 ? divide(V(1), result) : result;
  }

  static Truth less(const V& a, const V& b) { return unordered(a, b) ? Truth::unknown : truth(a < b); }
  static Truth equal(const V& a, const V& b) { return unordered(a, b) ? Truth::unknown : truth(a == b); }
  static V abs(const V& x) { return boost::multiprecision::abs(x); }
  static V sign(const V& x) { return is_nan(x) ? x : V(x.sign()); }
  static V min(const V& a, const V& b) { return unordered(a, b) ? V(a + b) : (b < a ? b : a); }
  static V max(const V& a, const V& b) { return unordered(a, b) ? V(a + b) : (a < b ? b : a); }
  static V floor(const V& x) { return boost::multiprecision::floor(x); }

  static V sqrt(const V& x) { return x < 0 ? nan() : V(boost::multiprecision::sqrt(x)); }
  static V cbrt(const V& x) { return boost::math::cbrt(x, Quiet()); }
  static V exp(const V& x) { return boost::multiprecision::exp(x); }
  static V expm1(const V& x) { return boost::math::expm1(x, Quiet()); }
  static V log(const V& x) {
    if (x < 0) return nan();
    return x == 0 ? V(-std::numeric_limits<V>::infinity()) : V(boost::multiprecision::log(x));
  }
  static V log1p(const V& x) { return x < -1 ? nan() : boost::math::log1p(x, Quiet()); }
  static V log2(const V& x) { return divide(log(x), V(boost::multiprecision::log(V(2)))); }
  static V log10(const V& x) { return x > 0 ? V(boost::multiprecision::log10(x)) : log(x); }
  static V pow(const V& x, const V& y) {
    if (is_nan(x) || is_nan(y)) return V(x + y);
    if (x == 0 && y < 0) return std::numeric_limits<V>::infinity();
    if (x < 0 && V(boost::multiprecision::floor(y)) != y) return nan();
    return boost::multiprecision::pow(x, y);
  }
  static V hypot(const V& x, const V& y) { return boost::math::hypot(x, y, Quiet()); }
  static V sin(const V& x) { return boost::multiprecision::sin(x); }
  static V cos(const V& x) { return boost::multiprecision::cos(x); }
  static V tan(const V& x) { return boost::multiprecision::tan(x); }
  static V asin(const V& x) { return x < -1 || x > 1 ? nan() : V(boost::multiprecision::asin(x)); }
  static V acos(const V& x) { return x < -1 || x > 1 ? nan() : V(boost::multiprecision::acos(x)); }
  static V atan(const V& x) { return boost::multiprecision::atan(x); }
  static V atan2(const V& y, const V& x) { return boost::multiprecision::atan2(y, x); }
  static V sinh(const V& x) { return boost::multiprecision::sinh(x); }
  static V cosh(const V& x) { return boost::multiprecision::cosh(x); }
  static V tanh(const V& x) { return boost::multiprecision::tanh(x); }
  static V asinh(const V& x) { return boost::multiprecision::asinh(x); }
  static V acosh(const V& x) { return x < 1 ? nan() : V(boost::multiprecision::acosh(x)); }
  static V atanh(const V& x) {
    if (x < -1 || x > 1) return nan();
    if (x == 1 || x == -1) return x > 0 ? std::numeric_limits<V>::infinity() : V(-std::numeric_limits<V>::infinity());
    return boost::multiprecision::atanh(x);
  }

  static V erf(const V& x) { return boost::math::erf(x, Quiet()); }
  static V erfc(const V& x) { return boost::math::erfc(x, Quiet()); }
  static V gamma(const V& x) {
    if (x == 0) return std::numeric_limits<V>::infinity();
    return is_pole(x) ? nan() : guarded([&] { return boost::math::tgamma(x, Quiet()); });
  }
  static V lgamma(const V& x) {
    if (is_pole(x)) return std::numeric_limits<V>::infinity();
    return guarded([&] { return boost::math::lgamma(x, Quiet()); });
  }
  static V digamma(const V& x) {
    return is_pole(x) ? nan() : guarded([&] { return boost::math::digamma(x, Quiet()); });
  }
  static V polygamma(std::int64_t n, const V& x) {
    if (n < 0 || n > 10'000 || is_pole(x)) return nan();
    return guarded([&] { return boost::math::polygamma(static_cast<int>(n), x, Quiet()); });
  }

  static std::string to_text(const V& x, int digits) {
    if (is_nan(x)) return "nan";
    if (boost::multiprecision::isinf(x)) return x < 0 ? "-inf" : "inf";
    if (x == 0) return "0";
    const int count = digits > 0 ? digits : std::numeric_limits<V>::max_digits10;
    const std::string all = V(abs(x)).str(count - 1, std::ios_base::scientific);
    const auto e = all.find('e');
    std::string significand = all.substr(0, 1);
    if (e > 2) significand += all.substr(2, e - 2);
    const long exponent = std::strtol(all.c_str() + e + 1, nullptr, 10);
    return layout_decimal(x < 0, without_trailing_zeros(significand), exponent, count);
  }

 private:
  using Quiet =
      boost::math::policies::policy<boost::math::policies::domain_error<boost::math::policies::ignore_error>,
                                    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
                                    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

  static V nan() { return std::numeric_limits<V>::quiet_NaN(); }
  static bool is_nan(const V& x) { return boost::multiprecision::isnan(x); }
  static bool unordered(const V& a, const V& b) { return is_nan(a) || is_nan(b); }
  static bool is_pole(const V& x) { return x <= 0 && V(boost::multiprecision::floor(x)) == x; }
  /// a / b with IEEE's result for b = 0; some backends throw instead.
  static V divide(const V& a, const V& b) {
    if (b == 0) return a == 0 || is_nan(a) ? nan() : std::numeric_limits<V>::infinity();
    return V(a / b);
  }
  template <class F>
  static V guarded(F f) {
    try {
      return f();
    } catch (const std::exception&) {
      return nan();
    }
  }
};

template <class B, boost::multiprecision::expression_template_option ET>
requires(boost::multiprecision::number_category<B>::value ==
         boost::multiprecision::number_kind_floating_point) struct Number<boost::multiprecision::number<B, ET>>
    : BoostFloatNumber<boost::multiprecision::number<B, ET>> {
  static constexpr std::string_view kind = "Boost float";
};

}  // namespace nabla
