#pragma once

#include <mpfr.h>

#include <nabla/ops/number.hpp>

/// The numbers in which witnesses are replayed: intervals whose ends MPFR rounds outward, at any precision.
namespace nabla {

/// The precision of enclosures made by this thread, in bits.
class EnclosureBits {
 public:
  explicit EnclosureBits(mpfr_prec_t bits);
  ~EnclosureBits();
  EnclosureBits(const EnclosureBits&) = delete;
  EnclosureBits& operator=(const EnclosureBits&) = delete;
  static mpfr_prec_t now();

 private:
  mpfr_prec_t before_;
};

/// A closed interval with ends of MPFR; or no bounds at all where an operation left its domain, or might have.
/// Increasing functions are taken at both ends; sin and cos at the middle, with the width added, as their slopes are at
/// most 1. So it is tight for narrow intervals only, which is what a point is.
class Enclosure {
 public:
  Enclosure() : Enclosure(0) {}
  template <std::integral I>
  Enclosure(I n) : Enclosure(static_cast<long>(n), 0) {}
  Enclosure(const Enclosure& other);
  Enclosure& operator=(const Enclosure& other);
  ~Enclosure();

  static Enclosure unknown();
  bool is_known() const { return known_; }
  mpfr_ptr lo() { return lo_; }
  mpfr_ptr hi() { return hi_; }
  mpfr_srcptr lo() const { return lo_; }
  mpfr_srcptr hi() const { return hi_; }

  friend Enclosure operator+(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator-(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator*(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator/(const Enclosure& a, const Enclosure& b);
  friend Enclosure operator-(const Enclosure& a);
  // Not inline: before Number<Enclosure> is there, an operator of the engine must not ask what kind of number this is.
  Enclosure& operator+=(const Enclosure& b);
  Enclosure& operator-=(const Enclosure& b);
  Enclosure& operator*=(const Enclosure& b);
  Enclosure& operator/=(const Enclosure& b);

 private:
  Enclosure(long n, int);
  mpfr_t lo_, hi_;
  bool known_ = true;
};

template <>
struct Number<Enclosure> {
  using V = Enclosure;
  static constexpr std::string_view kind = "enclosure";
  static constexpr Level level = Level::special;
  static constexpr bool encloses = true;
  static constexpr bool exact = false;
  static constexpr bool lifts = false;

  static V of(const Constant& c);
  static bool is_zero(const V& x);
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
