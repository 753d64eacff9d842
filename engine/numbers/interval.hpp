#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <nabla/ops/number.hpp>
#include <string>

namespace nabla {

class Ball;

/// A closed interval [lo, hi] of reals with double ends, and whether it holds every value that was asked for.
///
/// The result of an operation contains the result for every point of the operands that is inside the domain of the
/// operation. `total` is false as soon as some point was not (log of [0, 1] is [-inf, 0], not total), and stays false
/// in whatever is computed from it. No point inside the domain: empty (lo = hi = NaN, not total). An infinite end is
/// never attained, so 0 * [-inf, inf] = 0. lo <= the largest double and hi >= the lowest: an interval always has a real
/// point.
///
/// Ends are rounded outward, to the tightest double for + - * / sqrt and powi, and to the tightest or its
/// neighbour for the functions at the ends of monotone pieces; a minimum of the gamma family inside a box is within
/// 2^-50. Nothing depends on, or changes, the rounding mode; the mode must be to nearest. There is no conversion from a
/// floating-point literal: use point() where the value of the double is meant.
class Interval {
 public:
  double lo = 0;
  double hi = 0;
  bool total = true;

  Interval() = default;
  /// The integer; exact up to 2^53 in magnitude, rounded outward beyond.
  template <std::integral I>
  Interval(I n)
      : Interval(n < 0, n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n)) {}
  template <std::floating_point T>
  Interval(T) = delete;
  /// [lo, hi]; empty if an end is NaN or lo > hi. [inf, inf] becomes [largest, inf].
  Interval(double lower, double upper, bool is_total = true);

  /// The value of a double; empty for NaN.
  static Interval point(double x) { return Interval(x, x); }
  static Interval whole(bool is_total = true);
  static Interval empty();
  /// The enclosure of a ball; the whole line, not total, if it is not finite.
  static Interval of_ball(const Ball& x);
  /// The ball around the interval; indeterminate if it is empty or not total.
  Ball to_ball() const;

  bool is_empty() const { return !(lo <= hi); }
  bool is_point() const { return lo == hi; }
  bool is_finite() const { return std::isfinite(lo) && std::isfinite(hi); }
  bool contains(double x) const { return lo <= x && x <= hi; }
  bool contains(const Interval& x) const { return lo <= x.lo && x.hi <= hi; }
  /// hi - lo rounded up.
  double width() const;
  /// A finite double inside (0 for the whole line); NaN if empty.
  double mid() const;
  /// The largest and the smallest magnitude inside.
  double mag() const { return std::fmax(std::fabs(lo), std::fabs(hi)); }
  double mig() const { return lo > 0 ? lo : (hi < 0 ? -hi : 0.0); }

  /// "[lo, hi]" with the ends rounded outward to `digits` digits (digits <= 0: exactly, shortest round trip);
  /// " (not total)" after it where that is so, "empty" for no points.
  std::string to_string(int digits = 0) const;

  friend Interval operator+(const Interval& a, const Interval& b);
  friend Interval operator-(const Interval& a, const Interval& b);
  friend Interval operator*(const Interval& a, const Interval& b);
  /// A zero strictly inside b: the whole line; at an end of b: a half line; not total in both cases. a / [0, 0] is
  /// empty.
  friend Interval operator/(const Interval& a, const Interval& b);
  friend Interval operator-(const Interval& a);
  Interval& operator+=(const Interval& b);
  Interval& operator-=(const Interval& b);
  Interval& operator*=(const Interval& b);
  Interval& operator/=(const Interval& b);

 private:
  Interval(bool negative, std::uint64_t magnitude);
};

template <>
struct Number<Interval> {
  static constexpr std::string_view kind = "interval";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  /// The constant rounded outward. infinity is [largest, inf], not total; a dyadic NaN is empty.
  static Interval of(const Constant& c);
  /// [0, 0] and total.
  static bool is_zero(const Interval& x) { return x.lo == 0 && x.hi == 0 && x.total; }
  /// x^n, tight; 0^0 = 1; 0 to a negative power is outside the domain.
  static Interval powi(const Interval& x, std::int64_t n);

  /// `unknown` also where an operand is empty or not total: part of it has no value to compare.
  static Truth less(const Interval& a, const Interval& b);
  static Truth equal(const Interval& a, const Interval& b);
  static Interval abs(const Interval& x);
  static Interval sign(const Interval& x);
  static Interval min(const Interval& a, const Interval& b);
  static Interval max(const Interval& a, const Interval& b);
  static Interval floor(const Interval& x);
  /// Total only if both are; the hull with an empty set is the other set, not total.
  static Interval hull(const Interval& a, const Interval& b);
  /// value, but not total if one of the operands is not.
  static Interval where_defined(const Interval& value, const Interval& a, const Interval& b);
  static double guide(const Interval& x) { return x.mid(); }

  static Interval sqrt(const Interval& x);
  static Interval cbrt(const Interval& x);
  static Interval exp(const Interval& x);
  static Interval expm1(const Interval& x);
  static Interval log(const Interval& x);
  static Interval log1p(const Interval& x);
  static Interval log2(const Interval& x);
  static Interval log10(const Interval& x);
  /// As powi for a point y that is an integer. Otherwise defined for x > 0, for x = 0 and y >= 0 (0^0 = 1), and for
  /// x < 0 at the integers among y.
  static Interval pow(const Interval& x, const Interval& y);
  static Interval hypot(const Interval& x, const Interval& y);
  static Interval sin(const Interval& x);
  static Interval cos(const Interval& x);
  static Interval tan(const Interval& x);
  static Interval asin(const Interval& x);
  static Interval acos(const Interval& x);
  static Interval atan(const Interval& x);
  /// In [-pi, pi]; undefined at (0, 0); [-pi, pi] across the cut y = 0, x < 0 (value pi on the cut itself).
  static Interval atan2(const Interval& y, const Interval& x);
  static Interval sinh(const Interval& x);
  static Interval cosh(const Interval& x);
  static Interval tanh(const Interval& x);
  static Interval asinh(const Interval& x);
  static Interval acosh(const Interval& x);
  static Interval atanh(const Interval& x);

  static Interval erf(const Interval& x);
  static Interval erfc(const Interval& x);
  /// The poles 0, -1, -2, ... are outside the domain: a box with one inside is the whole line, not total; [0, b] keeps
  /// what lies right of 0. The same for the next three. Elsewhere within 2 ulp on monotone pieces.
  static Interval gamma(const Interval& x);
  static Interval lgamma(const Interval& x);
  static Interval digamma(const Interval& x);
  /// 0 <= n <= 10000, else empty.
  static Interval polygamma(std::int64_t n, const Interval& x);

  static std::string to_text(const Interval& x, int digits) { return x.to_string(digits); }
};

// After Number<Interval>: whether Interval is a kind is settled by the first infix operator that a compiler looks up.
inline Interval& Interval::operator+=(const Interval& b) { return *this = *this + b; }
inline Interval& Interval::operator-=(const Interval& b) { return *this = *this - b; }
inline Interval& Interval::operator*=(const Interval& b) { return *this = *this * b; }
inline Interval& Interval::operator/=(const Interval& b) { return *this = *this / b; }

}  // namespace nabla
