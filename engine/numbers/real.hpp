#pragma once

#include <boost/multiprecision/mpfr.hpp>
#include <nabla/engine/numbers/mpfr_text.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/round_constant.hpp>
#include <nabla/ops/number.hpp>
#include <string>

// Costs about 4 s per translation unit at -O0 (Boost.Multiprecision): include it in .cpp files, not in public headers.

namespace nabla {

/// N decimal digits, N from the present Precision (50 without one). Every operation rounds once, to nearest.
using Real = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<0>, boost::multiprecision::et_off>;

namespace real {

/// Boost's own default is 20 digits; ours holds from before main in every program that has Real, for all threads.
struct DefaultDigits {
  DefaultDigits() {
    Real::default_precision(Precision::default_digits);
    Real::thread_default_precision(Precision::default_digits);
  }
};
inline const DefaultDigits default_digits;

/// psi_n(x), 1 <= n <= 10000, rounded to the precision of r: from Arb, at rising precision until the rounding is
/// certain or 4 times the larger precision of r and x is reached (then within 1 ulp). n = 0 is MPFR's digamma. NaN at
/// the poles 0, -1, ..., for n < 0 and for n > 10000.
void polygamma(mpfr_ptr r, std::int64_t n, mpfr_srcptr x);

/// sin, cos, tan reduce by as many bits of pi as x has before its point: beyond this exponent of 2 the result is NaN
/// and not a computation without end.
inline constexpr mpfr_exp_t largest_angle_exponent = mpfr_exp_t{1} << 20;

}  // namespace real

/// The functions for every MPFR number of Boost (Real, mpfr_float_100, with and without expression templates).
///
/// Rounded by MPFR, which rounds correctly, to the precision of the type, or for Real to the present precision; only
/// polygamma is Arb's (see above). Outside the domain NaN; at poles as <cmath> has it. A comparison with NaN is
/// `unknown`. Ranges: exponents of 2 up to 2^30 in magnitude (MPFR's default), then 0 and inf; |angles| below 2^(2^20).
template <class V>
struct MpfrNumber {
  static constexpr Level level = Level::special;
  static constexpr bool encloses = false;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static V of(const Constant& c) {
    V r;
    round_constant(data(r), c, MPFR_RNDN);
    return r;
  }
  static bool is_zero(const V& x) { return mpfr_zero_p(data(x)) != 0; }
  /// 0^0 = 1, 0^negative = inf.
  static V powi(const V& x, std::int64_t n) {
    V r;
    mpfr_pow_si(data(r), data(x), n, MPFR_RNDN);
    return r;
  }

  static Truth less(const V& a, const V& b) { return unordered(a, b) ? Truth::unknown : truth(a < b); }
  static Truth equal(const V& a, const V& b) { return unordered(a, b) ? Truth::unknown : truth(a == b); }
  static V abs(const V& x) {
    V r;
    mpfr_abs(data(r), data(x), MPFR_RNDN);
    return r;
  }
  static V sign(const V& x) { return mpfr_nan_p(data(x)) ? x : V(mpfr_sgn(data(x))); }
  static V min(const V& a, const V& b) { return unordered(a, b) ? V(a + b) : (b < a ? b : a); }
  static V max(const V& a, const V& b) { return unordered(a, b) ? V(a + b) : (a < b ? b : a); }
  static V floor(const V& x) { return apply<mpfr_rint_floor>(x); }

  static V sqrt(const V& x) { return apply<mpfr_sqrt>(x); }
  static V cbrt(const V& x) { return apply<mpfr_cbrt>(x); }
  static V exp(const V& x) { return apply<mpfr_exp>(x); }
  static V expm1(const V& x) { return apply<mpfr_expm1>(x); }
  static V log(const V& x) { return apply<mpfr_log>(x); }
  static V log1p(const V& x) { return apply<mpfr_log1p>(x); }
  static V log2(const V& x) { return apply<mpfr_log2>(x); }
  static V log10(const V& x) { return apply<mpfr_log10>(x); }
  static V pow(const V& x, const V& y) {
    V r;
    mpfr_pow(data(r), data(x), data(y), MPFR_RNDN);
    return r;
  }
  static V hypot(const V& x, const V& y) {
    V r;
    mpfr_hypot(data(r), data(x), data(y), MPFR_RNDN);
    return r;
  }
  static V sin(const V& x) { return angle<mpfr_sin>(x); }
  static V cos(const V& x) { return angle<mpfr_cos>(x); }
  static V tan(const V& x) { return angle<mpfr_tan>(x); }
  static V asin(const V& x) { return apply<mpfr_asin>(x); }
  static V acos(const V& x) { return apply<mpfr_acos>(x); }
  static V atan(const V& x) { return apply<mpfr_atan>(x); }
  static V atan2(const V& y, const V& x) {
    V r;
    mpfr_atan2(data(r), data(y), data(x), MPFR_RNDN);
    return r;
  }
  static V sinh(const V& x) { return apply<mpfr_sinh>(x); }
  static V cosh(const V& x) { return apply<mpfr_cosh>(x); }
  static V tanh(const V& x) { return apply<mpfr_tanh>(x); }
  static V asinh(const V& x) { return apply<mpfr_asinh>(x); }
  static V acosh(const V& x) { return apply<mpfr_acosh>(x); }
  static V atanh(const V& x) { return apply<mpfr_atanh>(x); }

  static V erf(const V& x) { return apply<mpfr_erf>(x); }
  static V erfc(const V& x) { return apply<mpfr_erfc>(x); }
  static V gamma(const V& x) { return apply<mpfr_gamma>(x); }
  /// log|gamma(x)|
  static V lgamma(const V& x) {
    V r;
    int sign = 0;
    mpfr_lgamma(data(r), &sign, data(x), MPFR_RNDN);
    return r;
  }
  /// NaN at every pole; MPFR has an infinity at 0, whose sign no other kind would confirm.
  static V digamma(const V& x) { return polygamma(0, x); }
  static V polygamma(std::int64_t n, const V& x) {
    V r;
    real::polygamma(data(r), n, data(x));
    return r;
  }

  static std::string to_text(const V& x, int digits) { return mpfr_text(data(x), digits, MPFR_RNDN); }

 private:
  static mpfr_ptr data(V& x) { return x.backend().data(); }
  static mpfr_srcptr data(const V& x) { return x.backend().data(); }
  static bool unordered(const V& a, const V& b) { return mpfr_unordered_p(data(a), data(b)) != 0; }

  /// A new V has the present precision, and MPFR rounds to the precision of its target.
  template <auto F>
  static V apply(const V& x) {
    V r;
    F(data(r), data(x), MPFR_RNDN);
    return r;
  }
  template <auto F>
  static V angle(const V& x) {
    if (mpfr_regular_p(data(x)) != 0 && mpfr_get_exp(data(x)) > real::largest_angle_exponent) {
      V r;
      mpfr_set_nan(data(r));
      return r;
    }
    return apply<F>(x);
  }
};

template <unsigned Digits, boost::multiprecision::mpfr_allocation_type A,
          boost::multiprecision::expression_template_option ET>
struct Number<boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<Digits, A>, ET>>
    : MpfrNumber<boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<Digits, A>, ET>> {
  static constexpr std::string_view kind = Digits == 0 ? "real" : "fixed-precision real";
};

}  // namespace nabla
