#pragma once

#include <nabla/proofs/check/wellposed/definedness_point.hpp>
#include <vector>

namespace nabla {

/// What a quantity does for small t > 0: the beginning of its expansion in powers of t^(1/12), or that it exists for no
/// small t. One-sided limits and derivatives are read off it, through kinks, roots, cancellations and choices: it is
/// the function itself that is expanded, not a rule of derivatives that is trusted at a kink.
/// A kind of number; a comparison tells which relation holds for all small t > 0.
class Germ {
 public:
  using Status = PointValue::Status;
  /// Exponents count twelfths.
  static constexpr int unit = 12;

  /// 0.
  Germ() = default;
  template <std::integral I>
  Germ(I n) : Germ(PointValue(n)) {}
  /// A constant.
  Germ(const PointValue& value);
  /// value + slope * t.
  static Germ line(const PointValue& value, const PointValue& slope);
  static Germ of_status(Status status);

  Status status() const { return status_; }
  bool is_defined() const { return status_ == Status::defined; }
  /// Certainly 0 for all small t.
  bool is_zero() const { return is_defined() && terms_.empty() && end_ == exact_end; }
  /// Whether it is positive, or zero, for all small t.
  Truth positive() const;
  Truth zero() const;

  /// The same with another limit, which it is known to have. \pre it has one
  Germ with_limit(const PointValue& limit) const;

  /// One term of the expansion; 0 where there is none, unknown where the expansion does not reach or the germ does not
  /// exist.
  PointValue coefficient(int exponent) const;
  /// It has a term below that exponent, and above `from`, whose coefficient is certainly not 0.
  bool has_term_between(int from, int below) const;
  /// It certainly grows beyond all bounds.
  bool is_unbounded() const;

  friend Germ operator+(const Germ& a, const Germ& b);
  friend Germ operator-(const Germ& a, const Germ& b);
  friend Germ operator*(const Germ& a, const Germ& b);
  friend Germ operator/(const Germ& a, const Germ& b);
  friend Germ operator-(const Germ& a);

 private:
  friend struct Number<Germ>;
  friend class GermAlgebra;
  static constexpr int exact_end = 1 << 28;

  Status status_ = Status::defined;
  std::vector<std::pair<int, PointValue>> terms_;  // by exponent; no coefficient is exactly 0
  int end_ = exact_end;                            // terms from this exponent on are not known
};

template <>
struct Number<Germ> {
  static constexpr std::string_view kind = "germ";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static Germ of(const Constant& c) { return Germ(Number<PointValue>::of(c)); }
  static bool is_zero(const Germ& x) { return x.is_zero(); }
  static Germ powi(const Germ& x, std::int64_t n);

  static Truth less(const Germ& a, const Germ& b) { return (b - a).positive(); }
  static Truth equal(const Germ& a, const Germ& b) { return (a - b).zero(); }
  static Germ abs(const Germ& x);
  static Germ sign(const Germ& x);
  static Germ min(const Germ& a, const Germ& b) { return -max(-a, -b); }
  static Germ max(const Germ& a, const Germ& b);
  static Germ floor(const Germ& x);
  static Germ hull(const Germ& a, const Germ& b);
  static Germ where_defined(const Germ& value, const Germ& a, const Germ& b);

  static Germ sqrt(const Germ& x);
  static Germ cbrt(const Germ& x);
  static Germ exp(const Germ& x);
  static Germ expm1(const Germ& x);
  static Germ log(const Germ& x);
  static Germ log1p(const Germ& x);
  static Germ log2(const Germ& x);
  static Germ log10(const Germ& x);
  static Germ pow(const Germ& x, const Germ& y);
  static Germ hypot(const Germ& x, const Germ& y);
  static Germ sin(const Germ& x);
  static Germ cos(const Germ& x);
  static Germ tan(const Germ& x);
  static Germ asin(const Germ& x);
  static Germ acos(const Germ& x);
  static Germ atan(const Germ& x);
  static Germ atan2(const Germ& y, const Germ& x);
  static Germ sinh(const Germ& x);
  static Germ cosh(const Germ& x);
  static Germ tanh(const Germ& x);
  static Germ asinh(const Germ& x);
  static Germ acosh(const Germ& x);
  static Germ atanh(const Germ& x);

  static Germ erf(const Germ& x);
  static Germ erfc(const Germ& x);
  static Germ gamma(const Germ& x);
  static Germ lgamma(const Germ& x);
  static Germ digamma(const Germ& x);
  static Germ polygamma(std::int64_t n, const Germ& x);
};

}  // namespace nabla
