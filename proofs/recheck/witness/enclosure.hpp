#pragma once

#include <mpfr.h>

#include <concepts>
#include <memory>
#include <nabla/engine/numbers/rational.hpp>

/// The re-checker's intervals: ends in MPFR's directed rounding, at 128 bits where nothing else is asked for. Nothing
/// is shared with the prover's Interval and Bounds, which round doubles.
namespace nabla::rederive {

/// The precision of the ends that this thread makes while it lives, in bits.
class EnclosureBits {
 public:
  explicit EnclosureBits(mpfr_prec_t bits) : before_(current()) { current() = bits; }
  ~EnclosureBits() { current() = before_; }
  EnclosureBits(const EnclosureBits&) = delete;
  EnclosureBits& operator=(const EnclosureBits&) = delete;
  static mpfr_prec_t now() { return current(); }

 private:
  static mpfr_prec_t& current();
  mpfr_prec_t before_;
};

/// An end; without a heap allocation at the usual precision. A copy has the precision of what it copies.
class End {
 public:
  static constexpr mpfr_prec_t usual_bits = 128;
  End() { place(EnclosureBits::now()); }
  End(const End& other) {
    place(mpfr_get_prec(other.x_));
    mpfr_set(x_, other.x_, MPFR_RNDN);
  }
  End& operator=(const End& other) {
    if (mpfr_get_prec(x_) != mpfr_get_prec(other.x_)) place(mpfr_get_prec(other.x_));
    mpfr_set(x_, other.x_, MPFR_RNDN);
    return *this;
  }
  ~End() = default;
  static End infinity(int sign) {
    End e;
    mpfr_set_inf(e.x_, sign);
    return e;
  }
  mpfr_ptr get() { return x_; }
  mpfr_srcptr get() const { return x_; }
  int sign() const { return mpfr_sgn(x_); }
  bool is_infinite() const { return mpfr_inf_p(x_) != 0; }
  friend bool operator<(const End& a, const End& b) { return mpfr_less_p(a.x_, b.x_) != 0; }
  friend bool operator==(const End& a, const End& b) { return mpfr_equal_p(a.x_, b.x_) != 0; }
  /// \pre finite
  Rational exact() const;

 private:
  static constexpr std::size_t own_limbs = usual_bits / GMP_NUMB_BITS + 1;
  void place(mpfr_prec_t bits) {
    const std::size_t limbs = mpfr_custom_get_size(bits) / sizeof(mp_limb_t);
    mp_limb_t* where = own_;
    if (limbs > own_limbs) {
      more_ = std::make_unique<mp_limb_t[]>(limbs);
      where = more_.get();
    }
    mpfr_custom_init_set(x_, MPFR_ZERO_KIND, 0, bits, where);
  }
  mp_limb_t own_[own_limbs] = {};
  std::unique_ptr<mp_limb_t[]> more_;
  mpfr_t x_;
};

/// The reals between two ends, one that is open not being attained, and whether every value that was asked for exists.
/// Outside of a domain nothing is said: [0, 1] stands for all values that exist, `total` for that none is missing.
class Enclosure {
 public:
  End lo, hi;
  bool lo_open = false, hi_open = false, total = true;

  Enclosure() = default;  ///< 0
  template <std::integral I>
  Enclosure(I n) {
    mpfr_set_si(lo.get(), static_cast<long>(n), MPFR_RNDD);
    mpfr_set_si(hi.get(), static_cast<long>(n), MPFR_RNDU);
  }
  template <std::floating_point T>
  Enclosure(T) = delete;
  static Enclosure whole(bool is_total);
  static Enclosure of(const Rational& x);
  static Enclosure between(const End& lo, const End& hi, bool lo_open = false, bool hi_open = false);

  bool positive() const { return lo.sign() > 0 || (lo.sign() == 0 && lo_open); }
  bool negative() const { return hi.sign() < 0 || (hi.sign() == 0 && hi_open); }
  bool nonnegative() const { return lo.sign() >= 0; }
  bool nonpositive() const { return hi.sign() <= 0; }
  bool nonzero() const { return positive() || negative(); }
  bool is_point() const { return lo == hi; }
  bool is_finite() const { return !lo.is_infinite() && !hi.is_infinite(); }

  friend Enclosure operator+(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator-(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator*(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator/(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator-(const Enclosure& a);
};

}  // namespace nabla::rederive

namespace nabla {

template <>
struct Number<rederive::Enclosure> {
  using V = rederive::Enclosure;
  static constexpr std::string_view kind = "enclosure of the re-checker";
  static constexpr nabla::Level level = nabla::Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static V of(const Constant& c);
  static bool is_zero(const V& x) { return x.lo.sign() == 0 && x.hi.sign() == 0 && x.total; }
  static V powi(const V& x, std::int64_t n);
  static Truth less(const V& a, const V& b);
  static Truth equal(const V& a, const V& b);
  static V abs(const V& x);
  static V sign(const V& x);
  static V min(const V& a, const V& b) { return -max(-a, -b); }
  static V max(const V& a, const V& b);
  static V floor(const V& x);
  static V hull(const V& a, const V& b);
  static V where_defined(V value, const V& a, const V& b) {
    value.total = value.total && a.total && b.total;
    return value;
  }
  static V sqrt(const V& x);
  static V cbrt(const V& x);
  static V exp(const V& x);
  static V expm1(const V& x);
  static V log(const V& x);
  static V log1p(const V& x);
  static V log2(const V& x);
  static V log10(const V& x);
  static V pow(const V& x, const V& y);
  static V hypot(const V& x, const V& y) { return sqrt(powi(x, 2) + powi(y, 2)); }
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
