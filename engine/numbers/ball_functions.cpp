#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/precision.hpp>

// Number<Ball>: the functions. Arb encloses by itself; what is added here: a point outside the domain always gives
// NaN (never a mere infinite radius, which a later atan or tanh would make finite again), and balls that touch the end
// of a domain are evaluated at their ends.

namespace nabla {

namespace {

using UnaryFunction = void (*)(arb_ptr, arb_srcptr, slong);

bool is_nan(arb_srcptr x) { return arf_is_nan(arb_midref(x)) != 0; }

Ball unary(UnaryFunction f, const Ball& x) {
  Ball r;
  if (is_nan(raw(x))) {
    arb_indeterminate(raw(r));
  } else {
    f(raw(r), raw(x), Precision::bits());
  }
  return r;
}

/// The two ends of x as exact balls; false where they are too far apart in exponent to be written down.
bool exact_ends(arb_ptr lo, arb_ptr hi, arb_srcptr x) {
  if (arb_is_finite(x) == 0) return false;
  arb::TemporaryArf radius;
  arf_set_mag(radius, arb_radref(x));
  if (arf_is_zero(radius.get())) {
    arb_set(lo, x);
    arb_set(hi, x);
    return true;
  }
  constexpr slong most_bits = 100'000;
  arb_srcptr m = x;
  if (!arf_is_zero(arb_midref(m))) {
    fmpz_t gap;
    fmpz_init(gap);
    fmpz_sub(gap, ARF_EXPREF(arb_midref(m)), ARF_EXPREF(radius.get()));
    const bool writable = fmpz_cmp_si(gap, most_bits) < 0 && fmpz_cmp_si(gap, -most_bits) > 0;
    fmpz_clear(gap);
    if (!writable) return false;
  }
  mag_zero(arb_radref(lo));
  mag_zero(arb_radref(hi));
  arf_sub(arb_midref(lo), arb_midref(x), radius, ARF_PREC_EXACT, ARF_RND_FLOOR);
  arf_add(arb_midref(hi), arb_midref(x), radius, ARF_PREC_EXACT, ARF_RND_CEIL);
  return true;
}

/// A monotone f on a ball that touches the end of its domain, where Arb's own propagation of the error has to give up:
/// the hull of f at the two ends.
Ball monotone(UnaryFunction f, const Ball& x) {
  Ball r = unary(f, x);
  if (r.is_finite()) return r;
  arb::Temporary lo;
  arb::Temporary hi;
  if (!exact_ends(lo, hi, raw(x))) return Ball::indeterminate();
  f(lo, lo, Precision::bits());
  f(hi, hi, Precision::bits());
  arb_union(raw(r), lo, hi, Precision::bits());
  return r;
}

/// Certain comparisons of x with an integer.
bool at_least(const Ball& x, long n) {
  arb::Temporary bound;
  arb_set_si(bound, n);
  return arb_ge(raw(x), bound) != 0;
}

bool at_most(const Ball& x, long n) {
  arb::Temporary bound;
  arb_set_si(bound, n);
  return arb_le(raw(x), bound) != 0;
}

bool above(const Ball& x, long n) {
  arb::Temporary bound;
  arb_set_si(bound, n);
  return arb_gt(raw(x), bound) != 0;
}

bool below(const Ball& x, long n) {
  arb::Temporary bound;
  arb_set_si(bound, n);
  return arb_lt(raw(x), bound) != 0;
}

/// The intersection with [0, oo) of a ball whose exact values are known to be there.
void clip_below_zero(Ball& x) {
  if (x.is_finite() && arb_contains_negative(raw(x)) != 0) arb_nonnegative_part(raw(x), raw(x));
}

/// Likewise with (-oo, 0].
void clip_above_zero(Ball& x) {
  if (!x.is_finite() || arb_contains_positive(raw(x)) == 0) return;
  arb_neg(raw(x), raw(x));
  arb_nonnegative_part(raw(x), raw(x));
  arb_neg(raw(x), raw(x));
}

Ball unit_interval() {
  Ball r;
  arb_unit_interval(raw(r));
  return r;
}

void root3(arb_ptr r, arb_srcptr x, slong prec) {
  // arb_root_ui is for x >= 0; the real cube root is odd.
  if (arb_is_zero(x) != 0) {
    arb_zero(r);
  } else if (arb_is_negative(x) != 0) {
    arb_neg(r, x);
    arb_root_ui(r, r, 3, prec);
    arb_neg(r, r);
  } else {
    arb_root_ui(r, x, 3, prec);
  }
}

/// x^n for even n, never below 0, as the midpoint-radius form of Arb may be.
Ball even_power(const Ball& x, std::uint64_t n) {
  Ball r = Number<Ball>::abs(x);
  arb_pow_ui(raw(r), raw(r), n, Precision::bits());
  clip_below_zero(r);
  return r;
}

}  // namespace

using N = Number<Ball>;

Ball N::powi(const Ball& x, std::int64_t n) {
  if (is_nan(raw(x))) return Ball::indeterminate();
  if (n == 0) return Ball(1);
  const std::uint64_t k = n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  if (n < 0 && !x.certainly_nonzero()) return Ball::indeterminate();
  Ball r;
  if (k % 2 == 0) {
    r = even_power(x, k);
  } else {
    arb_pow_ui(raw(r), raw(x), k, Precision::bits());
  }
  if (n < 0) {
    // An overflow of the power to an infinite radius is no point outside the domain: the inverse is still a number.
    if (!r.certainly_nonzero()) return is_nan(raw(r)) ? r : (arb_zero_pm_inf(raw(r)), r);
    arb_inv(raw(r), raw(r), Precision::bits());
  }
  return r;
}

Ball N::abs(const Ball& x) {
  Ball r;
  arb_abs(raw(r), raw(x));
  clip_below_zero(r);
  return r;
}

Ball N::sign(const Ball& x) {
  if (is_nan(raw(x))) return Ball::indeterminate();
  if (x.is_zero()) return Ball(0);
  if (x.certainly_positive()) return Ball(1);
  if (x.certainly_negative()) return Ball(-1);
  if (arb_is_nonnegative(raw(x)) != 0) return unit_interval();
  if (arb_is_nonpositive(raw(x)) != 0) return -unit_interval();
  Ball r;
  arb_zero_pm_one(raw(r));
  return r;
}

// A hull, a minimum and a maximum that touch 0 would reach across it by the rounding of the radius, and then be outside
// the domain of a square root; 0 is kept where it is known to be an end.

Ball N::min(const Ball& a, const Ball& b) {
  Ball r;
  arb_min(raw(r), raw(a), raw(b), Precision::bits());
  if (arb_is_nonpositive(raw(a)) != 0 || arb_is_nonpositive(raw(b)) != 0) clip_above_zero(r);
  if (a.certainly_nonnegative() && b.certainly_nonnegative()) clip_below_zero(r);
  return r;
}

Ball N::max(const Ball& a, const Ball& b) {
  Ball r;
  arb_max(raw(r), raw(a), raw(b), Precision::bits());
  if (a.certainly_nonnegative() || b.certainly_nonnegative()) clip_below_zero(r);
  if (arb_is_nonpositive(raw(a)) != 0 && arb_is_nonpositive(raw(b)) != 0) clip_above_zero(r);
  return r;
}

Ball N::hull(const Ball& a, const Ball& b) {
  Ball r;
  arb_union(raw(r), raw(a), raw(b), Precision::bits());
  if (a.certainly_nonnegative() && b.certainly_nonnegative()) clip_below_zero(r);
  if (arb_is_nonpositive(raw(a)) != 0 && arb_is_nonpositive(raw(b)) != 0) clip_above_zero(r);
  return r;
}

Ball N::floor(const Ball& x) {
  if (is_nan(raw(x))) return Ball::indeterminate();
  Ball r;
  if (x.is_finite()) {
    arb_floor(raw(r), raw(x), Precision::bits());
  } else {
    arb_zero_pm_inf(raw(r));
  }
  return r;
}

Ball N::sqrt(const Ball& x) {
  if (!x.certainly_nonnegative()) return Ball::indeterminate();
  Ball r = monotone(arb_sqrtpos, x);
  clip_below_zero(r);
  return r;
}

Ball N::cbrt(const Ball& x) {
  if (x.is_zero() || x.certainly_nonzero()) return unary(root3, x);
  // Across 0 the derivative is infinite and Arb's error propagation has no bound to offer.
  if (is_nan(raw(x))) return Ball::indeterminate();
  Ball r;
  arb::Temporary lo;
  arb::Temporary hi;
  if (!exact_ends(lo, hi, raw(x))) {
    arb_zero_pm_inf(raw(r));
    return r;
  }
  root3(lo, lo, Precision::bits());
  root3(hi, hi, Precision::bits());
  arb_union(raw(r), lo, hi, Precision::bits());
  return r;
}

Ball N::exp(const Ball& x) {
  Ball r = unary(arb_exp, x);
  clip_below_zero(r);
  return r;
}
Ball N::expm1(const Ball& x) { return unary(arb_expm1, x); }
Ball N::log(const Ball& x) { return x.certainly_positive() ? unary(arb_log, x) : Ball::indeterminate(); }
Ball N::log1p(const Ball& x) { return above(x, -1) ? unary(arb_log1p, x) : Ball::indeterminate(); }
Ball N::log2(const Ball& x) {
  if (!x.certainly_positive()) return Ball::indeterminate();
  return unary([](arb_ptr r, arb_srcptr y, slong prec) { arb_log_base_ui(r, y, 2, prec); }, x);
}
Ball N::log10(const Ball& x) {
  if (!x.certainly_positive()) return Ball::indeterminate();
  return unary([](arb_ptr r, arb_srcptr y, slong prec) { arb_log_base_ui(r, y, 10, prec); }, x);
}

Ball N::pow(const Ball& x, const Ball& y) {
  if (is_nan(raw(x)) || is_nan(raw(y))) return Ball::indeterminate();
  const slong prec = Precision::bits();
  Ball r;
  if (arb_is_int(raw(y)) != 0) {
    if (arf_cmpabs_2exp_si(arb_midref(raw(y)), 62) < 0) {
      return powi(x, arf_get_si(arb_midref(raw(y)), ARF_RND_DOWN));
    }
    if (!x.certainly_nonzero() && y.certainly_negative()) return Ball::indeterminate();
    arb_pow(raw(r), raw(x), raw(y), prec);
    if (is_nan(raw(r))) arb_zero_pm_inf(raw(r));  // Arb gave up; the power of a real to an integer exists
    return r;
  }
  if (x.certainly_positive()) {
    arb_pow(raw(r), raw(x), raw(y), prec);
    return r;
  }
  if (!x.certainly_nonnegative() || !y.certainly_positive()) return Ball::indeterminate();
  if (x.is_zero()) return Ball(0);
  // x in [0, b], y > 0: from 0 up to b^y.
  arb::Temporary lo;
  arb::Temporary hi;
  if (!exact_ends(lo, hi, raw(x))) {
    arb_zero_pm_inf(raw(r));
    return r;
  }
  arb_pow(hi, hi, raw(y), prec);
  arb_zero(lo);
  arb_union(raw(r), lo, hi, prec);
  clip_below_zero(r);
  return r;
}

Ball N::hypot(const Ball& x, const Ball& y) {
  if (is_nan(raw(x)) || is_nan(raw(y))) return Ball::indeterminate();
  Ball r;
  arb_hypot(raw(r), raw(x), raw(y), Precision::bits());
  if (is_nan(raw(r))) arb_zero_pm_inf(raw(r));
  clip_below_zero(r);
  return r;
}

Ball N::sin(const Ball& x) { return unary(arb_sin, x); }
Ball N::cos(const Ball& x) { return unary(arb_cos, x); }
Ball N::tan(const Ball& x) {
  Ball r = unary(arb_tan, x);
  return r.is_finite() ? r : Ball::indeterminate();
}

Ball N::asin(const Ball& x) { return at_least(x, -1) && at_most(x, 1) ? monotone(arb_asin, x) : Ball::indeterminate(); }
Ball N::acos(const Ball& x) { return at_least(x, -1) && at_most(x, 1) ? monotone(arb_acos, x) : Ball::indeterminate(); }
Ball N::atan(const Ball& x) { return unary(arb_atan, x); }

Ball N::atan2(const Ball& y, const Ball& x) {
  if (is_nan(raw(x)) || is_nan(raw(y))) return Ball::indeterminate();
  if (!x.certainly_nonzero() && !y.certainly_nonzero()) return Ball::indeterminate();
  Ball r;
  arb_atan2(raw(r), raw(y), raw(x), Precision::bits());
  return r;
}

Ball N::sinh(const Ball& x) { return unary(arb_sinh, x); }
Ball N::cosh(const Ball& x) { return unary(arb_cosh, x); }
Ball N::tanh(const Ball& x) { return unary(arb_tanh, x); }
Ball N::asinh(const Ball& x) { return unary(arb_asinh, x); }
Ball N::acosh(const Ball& x) { return at_least(x, 1) ? monotone(arb_acosh, x) : Ball::indeterminate(); }
Ball N::atanh(const Ball& x) { return above(x, -1) && below(x, 1) ? monotone(arb_atanh, x) : Ball::indeterminate(); }

Ball N::erf(const Ball& x) { return unary(arb_hypgeom_erf, x); }
Ball N::erfc(const Ball& x) { return unary(arb_hypgeom_erfc, x); }
Ball N::gamma(const Ball& x) { return unary(arb::gamma, x); }
Ball N::lgamma(const Ball& x) { return unary(arb::lgamma, x); }
Ball N::digamma(const Ball& x) { return unary(arb::digamma, x); }
Ball N::polygamma(std::int64_t n, const Ball& x) {
  Ball r;
  arb::polygamma(raw(r), n, raw(x), Precision::bits());
  return r;
}

}  // namespace nabla
