#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/recheck/witness_enclosure.hpp>

namespace nabla {

namespace {

using V = Enclosure;
using N = Number<Enclosure>;
using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

thread_local mpfr_prec_t current_bits = 128;

/// A scratch number at the present precision.
struct Scratch {
  Scratch() { mpfr_init2(x, current_bits); }
  ~Scratch() { mpfr_clear(x); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  mpfr_t x;
};

V checked(V r) {
  return mpfr_nan_p(r.lo()) != 0 || mpfr_nan_p(r.hi()) != 0 || mpfr_inf_p(r.lo()) != 0 || mpfr_inf_p(r.hi()) != 0
             ? V::unknown()
             : r;
}

V increasing(Function f, const V& x) {
  if (!x.is_known()) return x;
  V r;
  f(r.lo(), x.lo(), MPFR_RNDD);
  f(r.hi(), x.hi(), MPFR_RNDU);
  return checked(r);
}

V decreasing(Function f, const V& x) {
  if (!x.is_known()) return x;
  V r;
  f(r.lo(), x.hi(), MPFR_RNDD);
  f(r.hi(), x.lo(), MPFR_RNDU);
  return checked(r);
}

/// A function whose slope is nowhere steeper than 1, into [-1, 1].
V slow(Function f, const V& x) {
  if (!x.is_known()) return x;
  Scratch middle, reach, other;
  mpfr_add(middle.x, x.lo(), x.hi(), MPFR_RNDN);
  mpfr_div_2ui(middle.x, middle.x, 1, MPFR_RNDN);
  mpfr_sub(reach.x, x.hi(), middle.x, MPFR_RNDU);
  mpfr_sub(other.x, middle.x, x.lo(), MPFR_RNDU);
  mpfr_max(reach.x, reach.x, other.x, MPFR_RNDU);
  V r;
  f(r.lo(), middle.x, MPFR_RNDD);
  f(r.hi(), middle.x, MPFR_RNDU);
  mpfr_sub(r.lo(), r.lo(), reach.x, MPFR_RNDD);
  mpfr_add(r.hi(), r.hi(), reach.x, MPFR_RNDU);
  if (mpfr_cmp_si(r.lo(), -1) < 0) mpfr_set_si(r.lo(), -1, MPFR_RNDD);
  if (mpfr_cmp_si(r.hi(), 1) > 0) mpfr_set_si(r.hi(), 1, MPFR_RNDU);
  return checked(r);
}

bool above(const V& x, long n) { return x.is_known() && mpfr_cmp_si(x.lo(), n) > 0; }
bool at_least(const V& x, long n) { return x.is_known() && mpfr_cmp_si(x.lo(), n) >= 0; }
bool at_most(const V& x, long n) { return x.is_known() && mpfr_cmp_si(x.hi(), n) <= 0; }
bool below(const V& x, long n) { return x.is_known() && mpfr_cmp_si(x.hi(), n) < 0; }

V pi() {
  V r;
  mpfr_const_pi(r.lo(), MPFR_RNDD);
  mpfr_const_pi(r.hi(), MPFR_RNDU);
  return r;
}

}  // namespace

EnclosureBits::EnclosureBits(mpfr_prec_t bits) : before_(current_bits) { current_bits = bits; }
EnclosureBits::~EnclosureBits() { current_bits = before_; }
mpfr_prec_t EnclosureBits::now() { return current_bits; }

Enclosure::Enclosure(long n, int) {
  mpfr_init2(lo_, current_bits);
  mpfr_init2(hi_, current_bits);
  mpfr_set_si(lo_, n, MPFR_RNDD);
  mpfr_set_si(hi_, n, MPFR_RNDU);
}
Enclosure::Enclosure(const Enclosure& other) : known_(other.known_) {
  mpfr_init2(lo_, mpfr_get_prec(other.lo_));
  mpfr_init2(hi_, mpfr_get_prec(other.hi_));
  mpfr_set(lo_, other.lo_, MPFR_RNDD);
  mpfr_set(hi_, other.hi_, MPFR_RNDU);
}
Enclosure& Enclosure::operator=(const Enclosure& other) {
  if (this == &other) return *this;
  mpfr_set_prec(lo_, mpfr_get_prec(other.lo_));
  mpfr_set_prec(hi_, mpfr_get_prec(other.hi_));
  mpfr_set(lo_, other.lo_, MPFR_RNDD);
  mpfr_set(hi_, other.hi_, MPFR_RNDU);
  known_ = other.known_;
  return *this;
}
Enclosure::~Enclosure() {
  mpfr_clear(lo_);
  mpfr_clear(hi_);
}
Enclosure& Enclosure::operator+=(const Enclosure& b) { return *this = *this + b; }
Enclosure& Enclosure::operator-=(const Enclosure& b) { return *this = *this - b; }
Enclosure& Enclosure::operator*=(const Enclosure& b) { return *this = *this * b; }
Enclosure& Enclosure::operator/=(const Enclosure& b) { return *this = *this / b; }

Enclosure Enclosure::unknown() {
  Enclosure x;
  x.known_ = false;
  return x;
}

Enclosure operator+(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known()) return V::unknown();
  V r;
  mpfr_add(r.lo(), a.lo(), b.lo(), MPFR_RNDD);
  mpfr_add(r.hi(), a.hi(), b.hi(), MPFR_RNDU);
  return checked(r);
}
Enclosure operator-(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known()) return V::unknown();
  V r;
  mpfr_sub(r.lo(), a.lo(), b.hi(), MPFR_RNDD);
  mpfr_sub(r.hi(), a.hi(), b.lo(), MPFR_RNDU);
  return checked(r);
}
Enclosure operator-(const V& a) { return V(0) - a; }
Enclosure operator*(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known()) return V::unknown();
  V r;
  Scratch down, up;
  bool first = true;
  for (mpfr_srcptr x : {a.lo(), a.hi()})
    for (mpfr_srcptr y : {b.lo(), b.hi()}) {
      mpfr_mul(down.x, x, y, MPFR_RNDD);
      mpfr_mul(up.x, x, y, MPFR_RNDU);
      if (first || mpfr_less_p(down.x, r.lo()) != 0) mpfr_set(r.lo(), down.x, MPFR_RNDD);
      if (first || mpfr_greater_p(up.x, r.hi()) != 0) mpfr_set(r.hi(), up.x, MPFR_RNDU);
      first = false;
    }
  return checked(r);
}
Enclosure operator/(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known() || (!above(b, 0) && !below(b, 0))) return V::unknown();
  V inverse;
  mpfr_ui_div(inverse.lo(), 1, b.hi(), MPFR_RNDD);
  mpfr_ui_div(inverse.hi(), 1, b.lo(), MPFR_RNDU);
  if (mpfr_equal_p(a.lo(), a.hi()) != 0 && mpfr_equal_p(b.lo(), b.hi()) != 0) {
    V r;  // of points: exact where the quotient is
    mpfr_div(r.lo(), a.lo(), b.lo(), MPFR_RNDD);
    mpfr_div(r.hi(), a.lo(), b.lo(), MPFR_RNDU);
    return checked(r);
  }
  return a * checked(inverse);
}

V N::of(const Constant& c) {
  if (c.kind() == Constant::Kind::pi) return pi();
  if (c.kind() == Constant::Kind::infinity) return V::unknown();
  try {
    const Rational q = Number<Rational>::of(c);
    V r;
    mpfr_set_q(r.lo(), q.backend().data(), MPFR_RNDD);
    mpfr_set_q(r.hi(), q.backend().data(), MPFR_RNDU);
    return checked(r);
  } catch (const std::exception&) {
    return V::unknown();
  }
}

bool N::is_zero(const V& x) { return x.is_known() && mpfr_zero_p(x.lo()) != 0 && mpfr_zero_p(x.hi()) != 0; }

V N::powi(const V& x, std::int64_t n) {
  if (!x.is_known()) return x;
  if (n < 0) return V(1) / powi(x, -n);
  const auto raise = [n](mpfr_ptr r, mpfr_srcptr a, mpfr_rnd_t direction) {
    mpfr_pow_ui(r, a, static_cast<unsigned long>(n), direction);
  };
  if (n == 0) return V(1);
  V r;
  if (n % 2 != 0 || at_least(x, 0)) {
    raise(r.lo(), x.lo(), MPFR_RNDD);
    raise(r.hi(), x.hi(), MPFR_RNDU);
  } else if (at_most(x, 0)) {
    raise(r.lo(), x.hi(), MPFR_RNDD);
    raise(r.hi(), x.lo(), MPFR_RNDU);
  } else {
    const V size = abs(x);
    raise(r.hi(), size.hi(), MPFR_RNDU);
  }
  return checked(r);
}

Truth N::less(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known()) return Truth::unknown;
  if (mpfr_less_p(a.hi(), b.lo()) != 0) return Truth::yes;
  return mpfr_greaterequal_p(a.lo(), b.hi()) != 0 ? Truth::no : Truth::unknown;
}
Truth N::equal(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known()) return Truth::unknown;
  if (mpfr_less_p(a.hi(), b.lo()) != 0 || mpfr_less_p(b.hi(), a.lo()) != 0) return Truth::no;
  const bool points = mpfr_equal_p(a.lo(), a.hi()) != 0 && mpfr_equal_p(b.lo(), b.hi()) != 0;
  return points && mpfr_equal_p(a.lo(), b.lo()) != 0 ? Truth::yes : Truth::unknown;
}
V N::abs(const V& x) {
  if (!x.is_known() || at_least(x, 0)) return x;
  if (at_most(x, 0)) return -x;
  V r;
  Scratch other;
  mpfr_neg(other.x, x.lo(), MPFR_RNDU);
  mpfr_max(r.hi(), other.x, x.hi(), MPFR_RNDU);
  return r;
}
V N::sign(const V& x) {
  if (!x.is_known()) return x;
  if (above(x, 0)) return V(1);
  if (below(x, 0)) return V(-1);
  return is_zero(x) ? V(0) : hull(V(-1), V(1));
}
V N::min(const V& a, const V& b) { return -max(-a, -b); }
V N::max(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known()) return V::unknown();
  V r;
  mpfr_max(r.lo(), a.lo(), b.lo(), MPFR_RNDD);
  mpfr_max(r.hi(), a.hi(), b.hi(), MPFR_RNDU);
  return r;
}
V N::floor(const V& x) {
  if (!x.is_known()) return x;
  V r;
  mpfr_rint_floor(r.lo(), x.lo(), MPFR_RNDD);
  mpfr_rint_floor(r.hi(), x.hi(), MPFR_RNDU);
  return r;
}
V N::hull(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known()) return V::unknown();
  V r;
  mpfr_min(r.lo(), a.lo(), b.lo(), MPFR_RNDD);
  mpfr_max(r.hi(), a.hi(), b.hi(), MPFR_RNDU);
  return r;
}
V N::where_defined(const V& value, const V& a, const V& b) {
  return a.is_known() && b.is_known() ? value : V::unknown();
}

V N::sqrt(const V& x) { return at_least(x, 0) ? increasing(mpfr_sqrt, x) : V::unknown(); }
V N::cbrt(const V& x) { return increasing(mpfr_cbrt, x); }
V N::exp(const V& x) { return increasing(mpfr_exp, x); }
V N::expm1(const V& x) { return increasing(mpfr_expm1, x); }
V N::log(const V& x) { return above(x, 0) ? increasing(mpfr_log, x) : V::unknown(); }
V N::log1p(const V& x) { return above(x, -1) ? increasing(mpfr_log1p, x) : V::unknown(); }
V N::log2(const V& x) { return above(x, 0) ? increasing(mpfr_log2, x) : V::unknown(); }
V N::log10(const V& x) { return above(x, 0) ? increasing(mpfr_log10, x) : V::unknown(); }
V N::pow(const V& x, const V& y) {
  if (!x.is_known() || !y.is_known()) return V::unknown();
  if (mpfr_equal_p(y.lo(), y.hi()) != 0 && mpfr_integer_p(y.lo()) != 0 && mpfr_fits_slong_p(y.lo(), MPFR_RNDN) != 0)
    return powi(x, mpfr_get_si(y.lo(), MPFR_RNDN));
  if (above(x, 0)) {
    // x^y is monotone in each for x > 0 away from x = 1, so its extremes over the box are at corners.
    V r;
    Scratch down, up;
    bool first = true;
    for (mpfr_srcptr a : {x.lo(), x.hi()})
      for (mpfr_srcptr b : {y.lo(), y.hi()}) {
        mpfr_pow(down.x, a, b, MPFR_RNDD);
        mpfr_pow(up.x, a, b, MPFR_RNDU);
        if (first || mpfr_less_p(down.x, r.lo()) != 0) mpfr_set(r.lo(), down.x, MPFR_RNDD);
        if (first || mpfr_greater_p(up.x, r.hi()) != 0) mpfr_set(r.hi(), up.x, MPFR_RNDU);
        first = false;
      }
    return checked(r);
  }
  if (at_least(x, 0) && above(y, 0)) {
    V r;  // from 0 to the largest at a corner
    Scratch up;
    for (mpfr_srcptr b : {y.lo(), y.hi()}) {
      mpfr_pow(up.x, x.hi(), b, MPFR_RNDU);
      mpfr_max(r.hi(), r.hi(), up.x, MPFR_RNDU);
    }
    return checked(r);
  }
  return V::unknown();
}
V N::hypot(const V& x, const V& y) { return sqrt(powi(x, 2) + powi(y, 2)); }
V N::sin(const V& x) { return slow(mpfr_sin, x); }
V N::cos(const V& x) { return slow(mpfr_cos, x); }
V N::tan(const V& x) { return sin(x) / cos(x); }
V N::asin(const V& x) { return at_least(x, -1) && at_most(x, 1) ? increasing(mpfr_asin, x) : V::unknown(); }
V N::acos(const V& x) { return at_least(x, -1) && at_most(x, 1) ? decreasing(mpfr_acos, x) : V::unknown(); }
V N::atan(const V& x) { return increasing(mpfr_atan, x); }
V N::atan2(const V& y, const V& x) {
  if (above(x, 0)) return atan(y / x);
  if (above(y, 0)) return pi() / V(2) - atan(x / y);
  if (below(y, 0)) return -(pi() / V(2)) - atan(x / y);
  return is_zero(y) && below(x, 0) ? pi() : V::unknown();
}
V N::sinh(const V& x) { return increasing(mpfr_sinh, x); }
V N::cosh(const V& x) { return increasing(mpfr_cosh, abs(x)); }
V N::tanh(const V& x) { return increasing(mpfr_tanh, x); }
V N::asinh(const V& x) { return increasing(mpfr_asinh, x); }
V N::acosh(const V& x) { return at_least(x, 1) ? increasing(mpfr_acosh, x) : V::unknown(); }
V N::atanh(const V& x) { return above(x, -1) && below(x, 1) ? increasing(mpfr_atanh, x) : V::unknown(); }

V N::erf(const V& x) { return increasing(mpfr_erf, x); }
V N::erfc(const V& x) { return decreasing(mpfr_erfc, x); }
V N::gamma(const V& x) {
  if (at_least(x, 2)) return increasing(mpfr_gamma, x);  // the minimum is at 1.4616...
  return above(x, 0) && at_most(x, 1) ? decreasing(mpfr_gamma, x) : V::unknown();
}
V N::lgamma(const V& x) {
  if (at_least(x, 2)) return increasing(mpfr_lngamma, x);
  return above(x, 0) && at_most(x, 1) ? decreasing(mpfr_lngamma, x) : V::unknown();
}
V N::digamma(const V& x) { return above(x, 0) ? increasing(mpfr_digamma, x) : V::unknown(); }
V N::polygamma(std::int64_t, const V&) { return V::unknown(); }

}  // namespace nabla
