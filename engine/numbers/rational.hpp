#pragma once

#include <boost/multiprecision/gmp.hpp>
#include <concepts>
#include <nabla/ops/number.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// Costs about 2 s per translation unit at -O0 (Boost.Multiprecision): include it in .cpp files, not in public headers.

namespace nabla {

/// Exact fractions p/q in lowest terms, q > 0.
using Rational = boost::multiprecision::number<boost::multiprecision::gmp_rational, boost::multiprecision::et_off>;

/// The exact value of "3", "-1/2", "+0.125", "1e-3", "12.5E2" (decimal digits; a sign in front; no spaces; a fraction
/// has integers on both sides). nullopt when the text is not of this form, when a denominator is 0, or when the value
/// would need more than Number<Rational>::most_bits; then *error, where given, says which.
std::optional<Rational> parse_rational(std::string_view text, std::string* error = nullptr);

/// x as a constant of a graph: ratio where int64 holds it, text otherwise.
Constant to_constant(const Rational& x);

namespace rational {
[[noreturn]] void throw_division_by_zero(const Rational& numerator);
}

template <>
struct Number<Rational> {
  static constexpr std::string_view kind = "rational";
  static constexpr Level level = Level::ordered;
  static constexpr bool encloses = false;
  static constexpr bool exact = true;
  static constexpr bool lifts = false;

  /// A power or a parsed exponent that needs more than this (8 MB) is refused: GMP would abort the process.
  static constexpr std::int64_t most_bits = std::int64_t{1} << 26;

  /// \throws UndefinedError for pi, infinity and a dyadic that is not finite.
  static Rational of(const Constant& c);
  static bool is_zero(const Rational& x) { return x.is_zero(); }
  /// 0^0 = 1. \throws UndefinedError for 0 to a negative power, std::length_error past most_bits.
  static Rational powi(const Rational& x, std::int64_t n);

  static Truth less(const Rational& a, const Rational& b) { return truth(a < b); }
  static Truth equal(const Rational& a, const Rational& b) { return truth(a == b); }
  static Rational abs(const Rational& x) { return x.sign() < 0 ? Rational(-x) : x; }
  static Rational sign(const Rational& x) { return Rational(x.sign()); }
  static Rational min(const Rational& a, const Rational& b) { return b < a ? b : a; }
  static Rational max(const Rational& a, const Rational& b) { return a < b ? b : a; }
  static Rational floor(const Rational& x);

  /// "p/q" or "p", whatever the digits.
  static std::string to_text(const Rational& x, int digits);
};

}  // namespace nabla

// Boost reports a division by zero as std::overflow_error; the contract of number.hpp is UndefinedError. These are
// found by argument-dependent lookup and preferred to Boost's templates, being less general. (The member /= stays
// Boost's.)
namespace boost::multiprecision {

inline nabla::Rational operator/(nabla::Rational a, const nabla::Rational& b) {
  if (b.is_zero()) nabla::rational::throw_division_by_zero(a);
  a /= b;
  return a;
}
template <std::integral I>
nabla::Rational operator/(nabla::Rational a, I b) {
  return std::move(a) / nabla::Rational(b);
}
template <std::integral I>
nabla::Rational operator/(I a, const nabla::Rational& b) {
  return nabla::Rational(a) / b;
}

}  // namespace boost::multiprecision
