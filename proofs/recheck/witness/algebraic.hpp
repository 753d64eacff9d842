#pragma once

#include <memory>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>

namespace nabla {

/// The numbers in which contacts are replayed: a + q pi + log(r) + s with a
/// real algebraic number a (its minimal polynomial and an isolating ball,
/// FLINT's qqbar), a rational q, a positive algebraic r, and s a sum of integer
/// multiples of arctangents of rationals; or a pi^(h/2) or a exp(c) with a
/// rational c alone; or unknown, for everything that is not of this form or of
/// too high a degree. Roots, sine and cosine of multiples of pi, exp of a
/// logarithm, and gamma at halves of integers stay inside. Equality is decided
/// exactly: a linear form in logarithms of algebraic numbers, as q pi, log(r)
/// and s are, is 0 or transcendental, and a real logarithm and an imaginary one
/// that are not 0 are linearly independent over the algebraic numbers (Baker,
/// "Linear forms in the logarithms of algebraic numbers", 1966). So a number is
/// 0 only where a, log(r) and q pi + s are; the last is where a power of exp(i
/// (q pi + s)), which is known exactly, is 1 and it is small.
class Algebraic {
 public:
  Algebraic() : Algebraic(0) {}
  template <std::integral I>
  Algebraic(I n) : Algebraic(Rational(n)) {}
  Algebraic(const Rational& x);
  static Algebraic unknown();

  bool is_known() const { return held_ != nullptr; }
  Algebraic& operator+=(const Algebraic& b);
  Algebraic& operator-=(const Algebraic& b);
  Algebraic& operator*=(const Algebraic& b);
  Algebraic& operator/=(const Algebraic& b);
  friend Algebraic operator+(const Algebraic& a, const Algebraic& b);
  friend Algebraic operator-(const Algebraic& a, const Algebraic& b);
  friend Algebraic operator*(const Algebraic& a, const Algebraic& b);
  friend Algebraic operator/(const Algebraic& a, const Algebraic& b);
  friend Algebraic operator-(const Algebraic& a);

 private:
  friend struct Number<Algebraic>;
  struct Held;
  template <class F>
  static Algebraic made(F fill);
  /// A sum of arctangents of rationals: the argument of re + i im that `near`
  /// encloses, of all those that it has.
  struct Turn {
    Rational re = 1, im = 0;
    rederive::Enclosure near = 0;
  };
  /// Nothing but a is in it.
  bool is_algebraic() const { return is_known() && is_bare() && half_ == 0 && exp_.is_zero(); }
  /// Neither pi nor a logarithm nor an arctangent is added.
  bool is_bare() const { return pi_.is_zero() && log_ == nullptr && turn_ == nullptr; }
  bool is_zero() const;
  /// Nothing but q pi is in it.
  bool is_multiple_of_pi() const;
  Algebraic bare() const;
  /// Times a rational number. \pre half_ == 0, exp_ == 0
  Algebraic scaled(const Rational& factor) const;
  /// Whether q pi + s is 0.
  Truth turns_back() const;

  std::shared_ptr<const Held> held_;
  Rational pi_ = 0;                   // its multiple
  std::shared_ptr<const Held> log_;   // r; null: 1
  std::shared_ptr<const Turn> turn_;  // s; null: 0
  int half_ = 0;                      // h; not together with c
  Rational exp_ = 0;                  // c
};

template <>
struct Number<Algebraic> {
  using V = Algebraic;
  static constexpr std::string_view kind = "algebraic";
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
  static V min(const V& a, const V& b) { return -max(-a, -b); }
  static V max(const V& a, const V& b);
  static V floor(const V& x);
  static V hull(const V& a, const V& b);
  static V where_defined(const V& value, const V& a, const V& b) {
    return a.is_known() && b.is_known() ? value : V::unknown();
  }

  static V sqrt(const V& x) { return root(x, 2); }
  static V cbrt(const V& x);
  static V exp(const V& x);
  static V expm1(const V& x) { return exp(x) - V(1); }
  static V log(const V& x);
  static V log1p(const V& x) { return log(V(1) + x); }
  static V log2(const V& x) { return is_zero(x - V(1)) ? V(0) : V::unknown(); }
  static V log10(const V& x) { return log2(x); }
  static V pow(const V& x, const V& y);
  static V hypot(const V& x, const V& y) { return sqrt(x * x + y * y); }
  static V sin(const V& x);
  static V cos(const V& x);
  static V tan(const V& x) { return sin(x) / cos(x); }
  static V asin(const V& x);
  static V acos(const V& x);
  static V atan(const V& x);
  static V atan2(const V&, const V&) { return V::unknown(); }
  static V sinh(const V& x) { return (exp(x) - exp(-x)) / V(2); }
  static V cosh(const V& x) { return (exp(x) + exp(-x)) / V(2); }
  static V tanh(const V& x) { return (exp(x + x) - V(1)) / (exp(x + x) + V(1)); }
  static V asinh(const V& x) { return log(x + sqrt(x * x + V(1))); }
  static V acosh(const V& x) { return log(x + sqrt(x * x - V(1))); }
  static V atanh(const V& x) { return log((V(1) + x) / (V(1) - x)) / V(2); }

  static V erf(const V& x) { return is_zero(x) ? x : V::unknown(); }
  static V erfc(const V& x) { return is_zero(x) ? V(1) : V::unknown(); }
  static V gamma(const V& x);
  static V lgamma(const V& x) { return log(gamma(x)); }
  static V digamma(const V&) { return V::unknown(); }
  static V polygamma(std::int64_t, const V&) { return V::unknown(); }

 private:
  static V root(const V& x, unsigned n);
  static V turn(const Rational& re, const Rational& im);
};

}  // namespace nabla
