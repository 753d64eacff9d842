#pragma once

#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/rational.hpp>

namespace nabla {

/// A number at one exact point: its exact value where it is rational and that is known, else a ball, and whether it
/// exists at all. A kind of number: every operator of the registry runs in it by its own rule, so a `where` does not
/// look at the branch that is not taken. Unlike a ball, it tells "certainly undefined" from "not able to say".
class PointValue {
 public:
  enum class Status : std::uint8_t { defined, unknown, undefined };

  PointValue() : PointValue(0) {}
  template <std::integral I>
  PointValue(I n) : exact_(Rational(n)) {}
  PointValue(Rational x) : exact_(std::move(x)) {}
  /// Unknown where the ball is not finite.
  PointValue(const Ball& x);
  static PointValue of_status(Status status);

  Status status() const { return status_; }
  bool is_defined() const { return status_ == Status::defined; }
  /// The exact value, where it is known; null otherwise.
  const Rational* exact() const { return is_defined() && exact_ ? &*exact_ : nullptr; }
  /// An enclosure at the present precision; indeterminate unless defined.
  Ball ball() const;
  bool is_zero() const { return exact() != nullptr && exact_->is_zero(); }
  /// Whether the sign is certain: unknown when it is not, or the number is not defined.
  Truth positive() const;
  Truth negative() const;
  Truth zero() const;

  friend PointValue operator+(const PointValue& a, const PointValue& b);
  friend PointValue operator-(const PointValue& a, const PointValue& b);
  friend PointValue operator*(const PointValue& a, const PointValue& b);
  friend PointValue operator/(const PointValue& a, const PointValue& b);
  friend PointValue operator-(const PointValue& a);

 private:
  Status status_ = Status::defined;
  std::optional<Rational> exact_;
  Ball ball_;  // where there is no exact value
};

/// While one lives, additions of numbers of very unlike size are noticed on its thread, those inside of functions such
/// as tanh and cosh too: the smaller one makes no difference in as many digits as sides are compared in (1 + exp(-10^6)
/// agrees with 1), so that agreement there says nothing.
class LostTerms {
 public:
  LostTerms();
  ~LostTerms();
  LostTerms(const LostTerms&) = delete;
  LostTerms& operator=(const LostTerms&) = delete;
  bool any() const { return any_; }

  /// Numbers are lost that are less than 2^-lost_bits of another; points are run at so many bits that they are seen.
  static constexpr long lost_bits = 256;
  static constexpr long run_bits = 640;

 private:
  friend PointValue operator+(const PointValue& a, const PointValue& b);
  void look(const PointValue& a, const PointValue& b);
  bool any_ = false;
  LostTerms* before_;
};

/// The worse of the two.
inline PointValue::Status worst(PointValue::Status a, PointValue::Status b) { return a < b ? b : a; }

template <>
struct Number<PointValue> {
  static constexpr std::string_view kind = "point";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static PointValue of(const Constant& c);
  static bool is_zero(const PointValue& x) { return x.is_zero(); }
  static PointValue powi(const PointValue& x, std::int64_t n);

  static Truth less(const PointValue& a, const PointValue& b) { return (b - a).positive(); }
  static Truth equal(const PointValue& a, const PointValue& b) { return (a - b).zero(); }
  static PointValue abs(const PointValue& x);
  static PointValue sign(const PointValue& x);
  static PointValue min(const PointValue& a, const PointValue& b);
  static PointValue max(const PointValue& a, const PointValue& b);
  static PointValue floor(const PointValue& x);
  static PointValue hull(const PointValue& a, const PointValue& b);
  static PointValue where_defined(const PointValue& value, const PointValue& a, const PointValue& b);

  static PointValue sqrt(const PointValue& x);
  static PointValue cbrt(const PointValue& x);
  static PointValue exp(const PointValue& x);
  static PointValue expm1(const PointValue& x);
  static PointValue log(const PointValue& x);
  static PointValue log1p(const PointValue& x);
  static PointValue log2(const PointValue& x);
  static PointValue log10(const PointValue& x);
  static PointValue pow(const PointValue& x, const PointValue& y);
  static PointValue hypot(const PointValue& x, const PointValue& y);
  static PointValue sin(const PointValue& x);
  static PointValue cos(const PointValue& x);
  static PointValue tan(const PointValue& x);
  static PointValue asin(const PointValue& x);
  static PointValue acos(const PointValue& x);
  static PointValue atan(const PointValue& x);
  static PointValue atan2(const PointValue& y, const PointValue& x);
  static PointValue sinh(const PointValue& x);
  static PointValue cosh(const PointValue& x);
  static PointValue tanh(const PointValue& x);
  static PointValue asinh(const PointValue& x);
  static PointValue acosh(const PointValue& x);
  static PointValue atanh(const PointValue& x);

  static PointValue erf(const PointValue& x);
  static PointValue erfc(const PointValue& x);
  static PointValue gamma(const PointValue& x);
  static PointValue lgamma(const PointValue& x);
  static PointValue digamma(const PointValue& x);
  static PointValue polygamma(std::int64_t n, const PointValue& x);
};

/// The exact root of degree n >= 1, where it is rational. \pre x >= 0
std::optional<Rational> exact_root(const Rational& x, unsigned n);

}  // namespace nabla
