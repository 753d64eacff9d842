#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <nabla/ops/number.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace nabla {

/// A real number known up to a rigorous error bound: the set [mid - rad, mid + rad], from FLINT/Arb.
///
/// Every operation returns a ball that contains the exact result for every point of the operands, its midpoint rounded
/// to Precision::bits(). Where an operand holds a point outside the domain the result is indeterminate: it contains
/// everything, is_finite() is false, and every comparison with it is `unknown`.
/// There is no conversion from a floating-point literal: 0.1 is not one tenth. Use from_text("0.1"), a Constant, or
/// of_double_exact where the value of the double itself is meant.
class Ball {
 public:
  static constexpr std::size_t storage_bytes = 48;
  static constexpr std::size_t storage_alignment = 8;

  Ball();
  /// The integer, exactly.
  template <std::integral I>
  Ball(I n) : Ball(n < 0, n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n)) {}
  template <std::floating_point T>
  Ball(T) = delete;
  Ball(const Ball& other);
  Ball(Ball&& other) noexcept;
  Ball& operator=(const Ball& other);
  Ball& operator=(Ball&& other) noexcept;
  ~Ball();

  /// The double itself, exactly; an infinity as an exact infinity; NaN as indeterminate.
  static Ball of_double_exact(double x);
  /// An enclosure of [lo, hi], exact where the precision allows; indeterminate if an end is NaN or lo > hi.
  static Ball of_ends(double lo, double hi);
  /// An enclosure of a decimal ("0.1", "-2e-3") or a fraction ("1/3"). \throws std::invalid_argument on other text.
  static Ball from_text(std::string_view text);
  static Ball indeterminate();

  /// Mid and radius are finite: the result of operations inside their domains.
  bool is_finite() const;
  /// The radius is zero (and the midpoint finite).
  bool is_exact() const;
  bool is_zero() const;  ///< exactly and only 0
  bool certainly_positive() const;
  bool certainly_negative() const;
  bool certainly_nonnegative() const;
  bool certainly_nonzero() const;
  bool contains_zero() const { return !certainly_nonzero(); }
  bool contains(const Ball& inner) const;
  bool contains(std::int64_t n) const;
  /// True unless the two are certainly disjoint.
  bool overlaps(const Ball& other) const;
  /// Bits of relative accuracy, about -log2(rad / |mid|); large for exact, negative for useless.
  long accuracy_bits() const;

  /// The ends, the midpoint and the radius at `digits` significant digits, rounded so that they still bound: lower()
  /// down, upper() up, rad() up, mid() to nearest. "nan", "inf", "-inf" where not finite.
  std::string lower(int digits = 15) const;
  std::string upper(int digits = 15) const;
  std::string mid(int digits = 15) const;
  std::string rad(int digits = 3) const;
  /// The double nearest to the midpoint (NaN where indeterminate); carries no bound.
  double approximate() const;
  /// The ends as doubles, rounded outward; -inf and inf where not finite.
  double lower_double() const;
  double upper_double() const;

  /// The decimal text that every point of the ball has when rounded to `digits` significant digits (to nearest, a tie
  /// to even), or nullopt when they do not all have the same. Exact values that need fewer digits print without
  /// padding ("2", "0.125"); others show all digits. Plain where -5 <= exponent < digits, else "1.2345e-7".
  /// \pre digits >= 1. Values beyond 2^(2^29), or nearer to 0 than its inverse, have none: nullopt.
  std::optional<std::string> decimal(int digits) const;
  /// "[mid +/- rad]" with at most `digits` digits, only as many as are certain; an exact value as a plain decimal.
  std::string to_string(int digits) const;

  Ball& operator+=(const Ball& b);
  Ball& operator-=(const Ball& b);
  Ball& operator*=(const Ball& b);
  Ball& operator/=(const Ball& b);
  friend Ball operator+(const Ball& a, const Ball& b);
  friend Ball operator-(const Ball& a, const Ball& b);
  friend Ball operator*(const Ball& a, const Ball& b);
  friend Ball operator/(const Ball& a, const Ball& b);
  friend Ball operator-(const Ball& a);

  /// The arb_t inside; read it through raw() of engine/numbers/arb.hpp.
  void* storage() { return storage_; }
  const void* storage() const { return storage_; }

 private:
  Ball(bool negative, std::uint64_t magnitude);

  alignas(storage_alignment) std::byte storage_[storage_bytes];
};

template <>
struct Number<Ball> {
  static constexpr std::string_view kind = "ball";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  /// Encloses c at the present precision; integers and dyadics exactly. infinity is the exact infinity of Arb.
  static Ball of(const Constant& c);
  static bool is_zero(const Ball& x) { return x.is_zero(); }
  /// 0^0 = 1; even powers are nowhere negative; negative powers of a ball with 0 are indeterminate.
  static Ball powi(const Ball& x, std::int64_t n);

  static Truth less(const Ball& a, const Ball& b);
  static Truth equal(const Ball& a, const Ball& b);
  static Ball abs(const Ball& x);
  static Ball sign(const Ball& x);
  static Ball min(const Ball& a, const Ball& b);
  static Ball max(const Ball& a, const Ball& b);
  static Ball floor(const Ball& x);
  static Ball hull(const Ball& a, const Ball& b);
  /// value, but indeterminate if one of the operands is.
  static Ball where_defined(const Ball& value, const Ball& a, const Ball& b);
  static double guide(const Ball& x) { return x.approximate(); }

  static Ball sqrt(const Ball& x);  ///< x >= 0, touching 0 allowed
  static Ball cbrt(const Ball& x);
  static Ball exp(const Ball& x);
  static Ball expm1(const Ball& x);
  static Ball log(const Ball& x);    ///< x > 0
  static Ball log1p(const Ball& x);  ///< x > -1
  static Ball log2(const Ball& x);
  static Ball log10(const Ball& x);
  /// An exact integer y takes any x (0^0 = 1); any other y needs x > 0, or x >= 0 and y > 0.
  static Ball pow(const Ball& x, const Ball& y);
  static Ball hypot(const Ball& x, const Ball& y);
  static Ball sin(const Ball& x);
  static Ball cos(const Ball& x);
  static Ball tan(const Ball& x);
  static Ball asin(const Ball& x);  ///< -1 <= x <= 1, touching the ends allowed
  static Ball acos(const Ball& x);
  static Ball atan(const Ball& x);
  /// In [-pi, pi]; indeterminate if (0, 0) may lie in the arguments; the whole circle if they cross the cut.
  static Ball atan2(const Ball& y, const Ball& x);
  static Ball sinh(const Ball& x);
  static Ball cosh(const Ball& x);
  static Ball tanh(const Ball& x);
  static Ball asinh(const Ball& x);
  static Ball acosh(const Ball& x);  ///< x >= 1
  static Ball atanh(const Ball& x);  ///< -1 < x < 1

  static Ball erf(const Ball& x);
  static Ball erfc(const Ball& x);
  static Ball gamma(const Ball& x);  ///< no pole 0, -1, -2, ... in x; likewise the next three
  static Ball lgamma(const Ball& x);
  static Ball digamma(const Ball& x);
  /// 0 <= n <= 10000, else indeterminate.
  static Ball polygamma(std::int64_t n, const Ball& x);

  static std::string to_text(const Ball& x, int digits);
};

}  // namespace nabla
