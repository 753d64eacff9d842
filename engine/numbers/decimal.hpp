#pragma once

#include <nabla/ops/number.hpp>
#include <string>
#include <string_view>

namespace nabla {

/// The text of a value at `digits` significant decimal digits, rounded to nearest (an Interval outward, each end).
///
/// With digits <= 0: hardware kinds and Real give the shortest (for Real: a sufficient) text that reads back as the
/// same value; Ball uses the digits of the present Precision. Rational is always the exact "p/q".
/// Non-finite values print "nan", "inf", "-inf". A Ball whose digits are not determined prints "[mid +/- rad]".
/// Every kind of number has its own static Number<V>::to_text, next to its other functions.
template <Kind V>
std::string to_text(const V& x, int digits) {
  return Number<V>::to_text(x, digits);
}

/// How all kinds lay out a decimal: value d.ddd * 10^exponent with `digits` = "dddd" (no point, at least one digit).
/// Plain ("-0.00123", "1250") where -5 <= exponent < plain_below, with zeros up to the point; else "1.25e-7".
std::string layout_decimal(bool negative, std::string_view digits, long exponent, long plain_below);

/// `digits` without its trailing zeros, at least one digit left.
std::string_view without_trailing_zeros(std::string_view digits);

}  // namespace nabla
