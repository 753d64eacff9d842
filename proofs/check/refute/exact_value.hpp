#pragma once

#include <memory>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/rational.hpp>

namespace nabla {

/// The field that the exact values of a thread live in (Calcium). Values must not outlive the scope that they were made
/// in; scopes do not nest.
class ExactScope {
 public:
  ExactScope();
  ~ExactScope();
  ExactScope(const ExactScope&) = delete;
  ExactScope& operator=(const ExactScope&) = delete;

 private:
  struct Field;
  friend class ExactValue;
  std::unique_ptr<Field> field_;
};

/// A real number as an exact expression of Calcium, so that it can be compared with another for equality; or a number
/// that does not exist, or one that could not be computed. A kind of number: every operator of the registry runs in it,
/// and a `where` does not look at the branch that is not taken.
/// \pre an ExactScope lives
class ExactValue {
 public:
  enum class Status : std::uint8_t { defined, unknown, undefined };

  ExactValue() : ExactValue(0) {}
  template <std::integral I>
  ExactValue(I n) : ExactValue(Rational(n)) {}
  ExactValue(const Rational& x);
  static ExactValue of_status(Status status);
  static ExactValue pi();

  Status status() const { return status_; }
  bool is_defined() const { return status_ == Status::defined; }
  /// Whether the sign is certain: unknown when it could not be told, or the number is not defined.
  Truth positive() const;
  Truth negative() const;
  Truth zero() const;
  bool is_zero() const { return zero() == Truth::yes; }

  friend ExactValue operator+(const ExactValue& a, const ExactValue& b);
  friend ExactValue operator-(const ExactValue& a, const ExactValue& b);
  friend ExactValue operator*(const ExactValue& a, const ExactValue& b);
  friend ExactValue operator/(const ExactValue& a, const ExactValue& b);
  friend ExactValue operator-(const ExactValue& a);

 private:
  friend struct Number<ExactValue>;
  struct Held;
  ExactValue(Status status, std::shared_ptr<const Held> held) : status_(status), held_(std::move(held)) {}
  template <class F>
  static ExactValue made(F fill);
  const Held& held() const { return *held_; }

  Status status_ = Status::defined;
  std::shared_ptr<const Held> held_;
};

template <>
struct Number<ExactValue> {
  using V = ExactValue;
  static constexpr std::string_view kind = "exact";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static V of(const Constant& c);
  static bool is_zero(const V& x) { return x.is_zero(); }
  static V powi(const V& x, std::int64_t n);

  static Truth less(const V& a, const V& b);
  static Truth equal(const V& a, const V& b);
  static V abs(const V& x);
  static V sign(const V& x);
  static V min(const V& a, const V& b);
  static V max(const V& a, const V& b);
  static V floor(const V& x);
  static V hull(const V& a, const V& b);
  static V where_defined(const V& value, const V& a, const V& b);

  static V sqrt(const V& x);
  static V cbrt(const V& x);
  static V exp(const V& x);
  static V expm1(const V& x);
  static V log(const V& x);
  static V log1p(const V& x);
  static V log2(const V& x);
  static V log10(const V& x);
  static V pow(const V& x, const V& y);
  static V hypot(const V& x, const V& y);
  static V sin(const V& x);
  static V cos(const V& x);
  static V tan(const V& x);
  static V asin(const V& x);
  static V acos(const V& x);
  static V atan(const V& x);
  static V atan2(const V& y, const V& x);
  static V sinh(const V& x);
  static V cosh(const V& x);
  static V tanh(const V& x);
  static V asinh(const V& x);
  static V acosh(const V& x);
  static V atanh(const V& x);

  static V erf(const V& x);
  static V erfc(const V& x);
  static V gamma(const V& x);
  static V lgamma(const V& x);
  static V digamma(const V& x);
  static V polygamma(std::int64_t n, const V& x);
};

}  // namespace nabla
