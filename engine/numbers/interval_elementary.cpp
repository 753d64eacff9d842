#include <algorithm>
#include <nabla/engine/numbers/directed.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/mpfr_bounds.hpp>

// Number<Interval>: powers, exponentials, logarithms, hyperbolic functions and their inverses, erf. Each is evaluated
// at the ends of its monotone pieces by MPFR, correctly rounded outward: no error bound has to be assumed.

namespace nabla {

using directed::infinity;

namespace {

double down(MpfrUnary f, double x) { return bound(f, x, MPFR_RNDD); }
double up(MpfrUnary f, double x) { return bound(f, x, MPFR_RNDU); }

Interval increasing(MpfrUnary f, const Interval& x) {
  if (x.is_empty()) return Interval::empty();
  return Interval(down(f, x.lo), up(f, x.hi), x.total);
}

Interval decreasing(MpfrUnary f, const Interval& x) {
  if (x.is_empty()) return Interval::empty();
  return Interval(down(f, x.hi), up(f, x.lo), x.total);
}

/// x cut to [lo, hi], not total if that took something away. An open end is given by `open`: the function has no value
/// there, but its limit is what MPFR returns.
Interval restrict(const Interval& x, double lo, double hi, bool open) {
  if (x.is_empty() || x.hi < lo || x.lo > hi) return Interval::empty();
  if (open && ((x.hi == lo) || (x.lo == hi))) return Interval::empty();
  const bool inside = open ? lo < x.lo && x.hi < hi : lo <= x.lo && x.hi <= hi;
  // "+ 0.0" turns -0 into +0: MPFR follows IEEE, where log(-0) is fine but 1 / -0 is not.
  return Interval(std::max(x.lo, lo) + 0.0, std::min(x.hi, hi) + 0.0, x.total && inside);
}

/// Logarithms: on (lo, oo), an infinite upper end of x is no point of it.
Interval logarithm(MpfrUnary f, const Interval& x, double lo) {
  Interval cut = restrict(x, lo, infinity, true);
  if (cut.is_empty()) return cut;
  cut.total = x.total && x.lo > lo;
  return increasing(f, cut);
}

/// x^n for n > 0.
Interval positive_power(const Interval& x, long n) {
  if (n % 2 != 0) return Interval(power_bound(x.lo, n, MPFR_RNDD), power_bound(x.hi, n, MPFR_RNDU), x.total);
  if (n == 2) return Interval(directed::mul_down(x.mig(), x.mig()), directed::mul_up(x.mag(), x.mag()), x.total);
  return Interval(power_bound(x.mig(), n, MPFR_RNDD), power_bound(x.mag(), n, MPFR_RNDU), x.total);
}

/// x^n for n < 0: decreasing right of 0, even or odd.
Interval negative_power(const Interval& x, long n) {
  if (x.lo == 0 && x.hi == 0) return Interval::empty();
  const bool has_zero = x.lo <= 0 && 0 <= x.hi;
  const bool total = x.total && !has_zero;
  if (n % 2 == 0) {
    const double most = has_zero ? infinity : power_bound(x.mig(), n, MPFR_RNDU);
    return Interval(power_bound(x.mag(), n, MPFR_RNDD), most, total);
  }
  if (x.lo < 0 && x.hi > 0) return Interval::whole(false);
  const double least = x.hi == 0 ? -infinity : power_bound(x.hi, n, MPFR_RNDD);
  const double most = x.lo == 0 ? infinity : power_bound(x.lo, n, MPFR_RNDU);
  return Interval(least, most, total);
}

/// A real number that is an integer and fits the exponent of powi.
bool is_small_integer(const Interval& y) {
  return y.is_point() && std::fabs(y.lo) < 0x1p62 && std::floor(y.lo) == y.lo;
}

bool contains_integer(const Interval& y) { return std::ceil(y.lo) <= y.hi; }

/// The hull of f at the four corners of a box: its range where f is monotone in each argument for every fixed value of
/// the other.
Interval corners(MpfrBinary f, double x0, double x1, double y0, double y1, bool total) {
  double least = infinity;
  double most = -infinity;
  for (const double x : {x0, x1}) {
    for (const double y : {y0, y1}) {
      least = std::min(least, bound(f, x, y, MPFR_RNDD));
      most = std::max(most, bound(f, x, y, MPFR_RNDU));
    }
  }
  return Interval(least, most, total);
}

}  // namespace

using N = Number<Interval>;

Interval N::powi(const Interval& x, std::int64_t n) {
  if (x.is_empty()) return Interval::empty();
  if (n == 0) return Interval(1.0, 1.0, x.total);
  if (n == 1) return x;
  return n > 0 ? positive_power(x, n) : negative_power(x, n);
}

Interval N::pow(const Interval& x, const Interval& y) {
  if (x.is_empty() || y.is_empty()) return Interval::empty();
  if (is_small_integer(y)) {
    Interval r = powi(x, static_cast<std::int64_t>(y.lo));
    r.total = r.total && y.total;
    return r;
  }
  if (y.is_point() && y.is_finite() && std::fabs(y.lo) >= 0x1p62 && x.lo < 0) return pow(abs(x), y);  // y is even
  const double y0 = y.lo + 0.0;
  const double y1 = y.hi + 0.0;
  if (x.lo < 0) {
    // Left of 0 only the integers among y have a power; both signs occur.
    const double inner = x.hi < 0 ? -x.hi : 0.0;
    if (!contains_integer(y)) {
      if (x.hi < 0) return Interval::empty();
      return x.hi == 0 && y1 <= 0 ? Interval::empty() : corners(mpfr_pow, 0.0, x.hi + 0.0, y0, y1, false);
    }
    const Interval r = corners(mpfr_pow, inner, x.mag(), y0, y1, false);
    return Interval(-r.hi, r.hi, false);
  }
  if (x.hi == 0 && y1 < 0) return Interval::empty();
  const bool defined = x.lo > 0 || y0 >= 0;
  return corners(mpfr_pow, x.lo + 0.0, x.hi + 0.0, y0, y1, x.total && y.total && defined);
}

Interval N::hypot(const Interval& x, const Interval& y) {
  if (x.is_empty() || y.is_empty()) return Interval::empty();
  return Interval(bound(mpfr_hypot, x.mig(), y.mig(), MPFR_RNDD), bound(mpfr_hypot, x.mag(), y.mag(), MPFR_RNDU),
                  x.total && y.total);
}

Interval N::cbrt(const Interval& x) { return increasing(mpfr_cbrt, x); }
Interval N::exp(const Interval& x) { return increasing(mpfr_exp, x); }
Interval N::expm1(const Interval& x) { return increasing(mpfr_expm1, x); }
Interval N::log(const Interval& x) { return logarithm(mpfr_log, x, 0); }
Interval N::log1p(const Interval& x) { return logarithm(mpfr_log1p, x, -1); }
Interval N::log2(const Interval& x) { return logarithm(mpfr_log2, x, 0); }
Interval N::log10(const Interval& x) { return logarithm(mpfr_log10, x, 0); }

Interval N::asin(const Interval& x) { return increasing(mpfr_asin, restrict(x, -1, 1, false)); }
Interval N::acos(const Interval& x) { return decreasing(mpfr_acos, restrict(x, -1, 1, false)); }
Interval N::atan(const Interval& x) { return increasing(mpfr_atan, x); }

Interval N::sinh(const Interval& x) { return increasing(mpfr_sinh, x); }
Interval N::cosh(const Interval& x) {
  return x.is_empty() ? x : Interval(down(mpfr_cosh, x.mig()), up(mpfr_cosh, x.mag()), x.total);
}
Interval N::tanh(const Interval& x) { return increasing(mpfr_tanh, x); }
Interval N::asinh(const Interval& x) { return increasing(mpfr_asinh, x); }
Interval N::acosh(const Interval& x) { return increasing(mpfr_acosh, restrict(x, 1, infinity, false)); }
Interval N::atanh(const Interval& x) { return increasing(mpfr_atanh, restrict(x, -1, 1, true)); }

Interval N::erf(const Interval& x) { return increasing(mpfr_erf, x); }
Interval N::erfc(const Interval& x) { return decreasing(mpfr_erfc, x); }

}  // namespace nabla
