#pragma once

#include <nabla/proofs/recheck/witness/algebraic.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>

namespace nabla::replay {

/// What a quantity is on one side of a point: for 0 < s <= reach its value is limit + s^(order/12) * c with c in
/// `coefficient` (which may be another c for every s). At the point itself, or of a constant, the coefficient is 0.
/// Made by arithmetic with remainders and the mean value theorem alone: no rule of derivatives is applied at a kink.
/// Where two sides do not agree, no derivative exists. A kind of number; comparisons say what holds for all small s >
/// 0.
class Side {
 public:
  enum class Status : std::uint8_t {
    defined,
    undefined,  ///< certainly: for all small s
    unknown     ///< nothing is said
  };
  static constexpr int whole = 12;  ///< orders count twelfths

  Side() : Side(0) {}
  template <std::integral I>
  Side(I n) : Side(Algebraic(n), rederive::Enclosure(n)) {}
  /// The limit, exactly (or unknown) and enclosed, and the term that follows it.
  Side(Algebraic exact, rederive::Enclosure limit, int order = whole, rederive::Enclosure coefficient = 0);
  static Side of_status(Status status);

  Status status() const { return status_; }
  bool is_defined() const { return status_ == Status::defined; }
  bool is_constant() const { return coefficient_.lo.sign() == 0 && coefficient_.hi.sign() == 0; }
  const Algebraic& exact() const { return exact_; }
  const rederive::Enclosure& limit() const { return limit_; }
  int order() const { return order_; }
  const rederive::Enclosure& coefficient() const { return coefficient_; }
  /// Every value for 0 <= s <= reach.
  rederive::Enclosure range() const;
  bool tends_to_zero() const { return is_defined() && Number<Algebraic>::is_zero(exact_); }
  /// 1, 0 or -1 for all small s > 0.
  std::optional<int> sign() const;

  friend Side operator+(const Side& a, const Side& b);
  friend Side operator-(const Side& a, const Side& b);
  friend Side operator*(const Side& a, const Side& b);
  friend Side operator/(const Side& a, const Side& b);
  friend Side operator-(const Side& a);

 private:
  Status status_ = Status::defined;
  Algebraic exact_;
  rederive::Enclosure limit_, coefficient_;
  int order_ = whole;
};

/// How far sides made by this thread reach, as a power of two, while it lives.
class SideReach {
 public:
  explicit SideReach(int exponent);
  ~SideReach();
  SideReach(const SideReach&) = delete;
  SideReach& operator=(const SideReach&) = delete;

 private:
  int before_;
};

}  // namespace nabla::replay

namespace nabla {

template <>
struct Number<replay::Side> {
  using V = replay::Side;
  static constexpr std::string_view kind = "side of a point";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static V of(const Constant& c);
  static bool is_zero(const V& x) { return x.tends_to_zero() && x.is_constant(); }
  static V powi(const V& x, std::int64_t n);
  static Truth less(const V& a, const V& b);
  static Truth equal(const V& a, const V& b);
  static V abs(const V& x);
  static V sign(const V& x);
  static V min(const V& a, const V& b) { return -max(-a, -b); }
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
  static V hypot(const V& x, const V& y) { return sqrt(x * x + y * y); }
  static V sin(const V& x);
  static V cos(const V& x);
  static V tan(const V& x) { return sin(x) / cos(x); }
  static V asin(const V& x);
  static V acos(const V& x);
  static V atan(const V& x);
  static V atan2(const V&, const V&) { return V::of_status(V::Status::unknown); }
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
  static V digamma(const V&) { return V::of_status(V::Status::unknown); }
  static V polygamma(std::int64_t, const V&) { return V::of_status(V::Status::unknown); }
};

}  // namespace nabla
