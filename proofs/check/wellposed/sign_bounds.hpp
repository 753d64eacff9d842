#pragma once

#include <map>
#include <nabla/engine/numbers/interval.hpp>

namespace nabla {

/// What is known of a real number that ranges over a set: an interval, which of its ends are not attained, and whether
/// it is nowhere zero. Signs that a closed interval cannot express are kept: exp(x) > 0, x^2 + 1 > 1, and x > 0 on
/// (0, 1), whose enclosure is [0, 1].
///
/// A kind of number: every operator of the registry runs in it by its own rule. `box.total` says that every value asked
/// for exists; it is decided with the open ends (log of (0, 1] is total), unlike in Interval.
/// Numbers with one `tag` (not 0) are the same number at every point: x * x is a square, x - x is 0, x / x is 1.
struct Bounds {
  Interval box;
  bool lo_open = false;  ///< every value is greater than box.lo
  bool hi_open = false;  ///< every value is less than box.hi
  bool nonzero = false;  ///< no value is 0
  std::uint64_t tag = 0;

  Bounds() = default;
  template <std::integral I>
  Bounds(I n) : box(n), nonzero(n != 0) {}
  Bounds(const Interval& enclosure, bool below_open = false, bool above_open = false, bool never_zero = false);

  static Bounds whole() { return {Interval::whole()}; }
  bool is_empty() const {
    return box.is_empty() || (box.lo == box.hi && (lo_open || hi_open || (nonzero && box.lo == 0)));
  }
  bool is_point() const { return box.is_point(); }
  bool positive() const { return box.lo > 0 || (box.lo == 0 && nonzero); }
  bool negative() const { return box.hi < 0 || (box.hi == 0 && nonzero); }
  bool nonnegative() const { return box.lo >= 0; }
  bool nonpositive() const { return box.hi <= 0; }
  /// Every value is greater (less) than x.
  bool above(double x) const { return box.lo > x || (box.lo == x && lo_open); }
  bool below(double x) const { return box.hi < x || (box.hi == x && hi_open); }

  /// "(0, 1]", with "not 0" and "not total" where that is so; ends as exact doubles.
  std::string to_string() const;

  friend Bounds operator+(const Bounds& a, const Bounds& b);
  friend Bounds operator-(const Bounds& a, const Bounds& b);
  friend Bounds operator*(const Bounds& a, const Bounds& b);
  friend Bounds operator/(const Bounds& a, const Bounds& b);
  friend Bounds operator-(const Bounds& a);
};

/// A result that is empty because no point of the operands lies in a domain: nothing is known of it.
inline Bounds nothing_known() { return Bounds(Interval::whole(false)); }
inline Bounds with_total(Bounds x, bool total) {
  x.box.total = total;
  return x;
}

/// What is known of the order of numbers beside their bounds: by tags. In force while one is alive; consulted by
/// comparisons and differences of this thread.
class KnownOrder {
 public:
  enum class Relation : std::uint8_t { unknown, less, less_equal, equal, not_equal, greater_equal, greater };

  KnownOrder() = default;
  KnownOrder(const KnownOrder&) = delete;
  KnownOrder& operator=(const KnownOrder&) = delete;
  void clear() { relations_.clear(); }
  void add(std::uint64_t a, Relation relation, std::uint64_t b);

  /// Makes one the current one of the thread for a scope.
  class Use {
   public:
    explicit Use(const KnownOrder& order);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    const KnownOrder* before_;
  };
  /// What the current one says of two numbers.
  static Relation between(const Bounds& a, const Bounds& b);

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, Relation> relations_;
};

/// What is known when both are known of one number; empty when they contradict each other. Total where either is.
Bounds intersection(const Bounds& a, const Bounds& b);

template <>
struct Number<Bounds> {
  static constexpr std::string_view kind = "sign";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static Bounds of(const Constant& c);
  static bool is_zero(const Bounds& x) { return Number<Interval>::is_zero(x.box); }
  static Bounds powi(const Bounds& x, std::int64_t n);

  static Truth less(const Bounds& a, const Bounds& b);
  static Truth equal(const Bounds& a, const Bounds& b);
  static Bounds abs(const Bounds& x);
  static Bounds sign(const Bounds& x);
  static Bounds min(const Bounds& a, const Bounds& b);
  static Bounds max(const Bounds& a, const Bounds& b);
  static Bounds floor(const Bounds& x);
  static Bounds hull(const Bounds& a, const Bounds& b);
  static Bounds where_defined(const Bounds& value, const Bounds& a, const Bounds& b);

  static Bounds sqrt(const Bounds& x);
  static Bounds cbrt(const Bounds& x);
  static Bounds exp(const Bounds& x);
  static Bounds expm1(const Bounds& x);
  static Bounds log(const Bounds& x);
  static Bounds log1p(const Bounds& x);
  static Bounds log2(const Bounds& x);
  static Bounds log10(const Bounds& x);
  static Bounds pow(const Bounds& x, const Bounds& y);
  static Bounds hypot(const Bounds& x, const Bounds& y);
  static Bounds sin(const Bounds& x);
  static Bounds cos(const Bounds& x);
  static Bounds tan(const Bounds& x);
  static Bounds asin(const Bounds& x);
  static Bounds acos(const Bounds& x);
  static Bounds atan(const Bounds& x);
  static Bounds atan2(const Bounds& y, const Bounds& x);
  static Bounds sinh(const Bounds& x);
  static Bounds cosh(const Bounds& x);
  static Bounds tanh(const Bounds& x);
  static Bounds asinh(const Bounds& x);
  static Bounds acosh(const Bounds& x);
  static Bounds atanh(const Bounds& x);

  static Bounds erf(const Bounds& x);
  static Bounds erfc(const Bounds& x);
  static Bounds gamma(const Bounds& x);
  static Bounds lgamma(const Bounds& x);
  static Bounds digamma(const Bounds& x);
  static Bounds polygamma(std::int64_t n, const Bounds& x);

  static std::string to_text(const Bounds& x, int) { return x.to_string(); }
};

}  // namespace nabla
