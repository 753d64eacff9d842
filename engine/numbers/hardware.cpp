#include <math.h>  // lgamma_r is POSIX, not in <cmath>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <charconv>
#include <exception>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/round_constant.hpp>

namespace nabla::hardware {

namespace {

namespace policy = boost::math::policies;

/// Errors become NaN or infinity instead of exceptions; the little that still throws is caught below.
using Quiet =
    policy::policy<policy::domain_error<policy::ignore_error>, policy::pole_error<policy::ignore_error>,
                   policy::overflow_error<policy::ignore_error>, policy::evaluation_error<policy::ignore_error>,
                   policy::rounding_error<policy::ignore_error>>;

template <class T>
constexpr T nan = std::numeric_limits<T>::quiet_NaN();

template <class T>
bool is_pole(T x) {
  return x <= T(0) && std::floor(x) == x;
}

template <class T>
T get(mpfr_srcptr x) {
  if constexpr (std::is_same_v<T, float>) return mpfr_get_flt(x, MPFR_RNDN);
  if constexpr (std::is_same_v<T, double>) return mpfr_get_d(x, MPFR_RNDN);
  if constexpr (std::is_same_v<T, long double>) return mpfr_get_ld(x, MPFR_RNDN);
}

float lgamma_reentrant(float x, int* sign) { return ::lgammaf_r(x, sign); }
double lgamma_reentrant(double x, int* sign) { return ::lgamma_r(x, sign); }
long double lgamma_reentrant(long double x, int* sign) { return ::lgammal_r(x, sign); }

}  // namespace

template <class T>
T round(const Constant& c) {
  // Rounded to odd at a higher precision first: the second rounding, to T, then gives what a single one would.
  constexpr mpfr_prec_t wide = 128;
  mpfr_t down;
  mpfr_t up;
  mpfr_inits2(wide, down, up, static_cast<mpfr_ptr>(nullptr));
  round_constant(down, c, MPFR_RNDZ);
  round_constant(up, c, MPFR_RNDA);
  const bool down_is_odd = mpfr_regular_p(down) && mpfr_min_prec(down) == wide;
  const bool same = mpfr_equal_p(down, up) != 0;
  const T result = get<T>(same || down_is_odd ? down : up);
  mpfr_clears(down, up, static_cast<mpfr_ptr>(nullptr));
  return result;
}

template <class T>
T lgamma(T x) {
  int sign = 0;
  return lgamma_reentrant(x, &sign);
}

template <class T>
T digamma(T x) {
  if (std::isnan(x) || is_pole(x) || x == -std::numeric_limits<T>::infinity()) return nan<T>;
  try {
    return boost::math::digamma(x, Quiet());
  } catch (const std::exception&) {
    return nan<T>;
  }
}

template <class T>
T polygamma(std::int64_t n, T x) {
  if (n == 0) return hardware::digamma(x);
  constexpr std::int64_t highest = 100'000;  // n! overflows long double before 2000; Boost counts n in an int
  if (n < 0 || n > highest || std::isnan(x) || is_pole(x) || x == -std::numeric_limits<T>::infinity()) return nan<T>;
  if (x == std::numeric_limits<T>::infinity()) return T(0);
  try {
    return boost::math::polygamma(static_cast<int>(n), x, Quiet());
  } catch (const std::exception&) {
    return nan<T>;
  }
}

template <class T>
std::string text(T x, int digits) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x < T(0) ? "-inf" : "inf";
  if (x == T(0)) return std::signbit(x) ? "-0" : "0";
  // Scientific text of at most 5000 digits (the longest exact long double is near 11500, which nobody reads).
  const int count = digits > 5000 ? 5000 : digits;
  std::string buffer(static_cast<std::size_t>(count > 0 ? count : 40) + 20, '\0');
  char* const first = buffer.data();
  char* const last = first + buffer.size();
  const auto end = count > 0 ? std::to_chars(first, last, std::fabs(x), std::chars_format::scientific, count - 1).ptr
                             : std::to_chars(first, last, std::fabs(x), std::chars_format::scientific).ptr;
  const std::string_view all(first, end);
  const auto e = all.find('e');
  std::string significand(1, all.front());
  if (e > 2) significand += all.substr(2, e - 2);
  const char* exponent_text = first + e + (all[e + 1] == '+' ? 2 : 1);
  long exponent = 0;
  std::from_chars(exponent_text, end, exponent);
  return layout_decimal(x<T(0), without_trailing_zeros(significand), exponent, count> 0 ? count : 16);
}

template float round(const Constant&);
template double round(const Constant&);
template long double round(const Constant&);
template float lgamma(float);
template double lgamma(double);
template long double lgamma(long double);
template float digamma(float);
template double digamma(double);
template long double digamma(long double);
template float polygamma(std::int64_t, float);
template double polygamma(std::int64_t, double);
template long double polygamma(std::int64_t, long double);
template std::string text(float, int);
template std::string text(double, int);
template std::string text(long double, int);

}  // namespace nabla::hardware
