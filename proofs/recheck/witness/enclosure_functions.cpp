#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>

// Elementary and special functions from MPFR, correctly rounded at the ends of monotone pieces. Monotonicity: DLMF 4.2,
// 4.14, 4.28 (graphs and derivatives), 5.2, 7.2.

namespace nabla {

using rederive::Enclosure;
using rederive::End;
using EnclosureNumber = Number<Enclosure>;

namespace {

using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

/// Of an increasing function, at x inside its domain. Infinite ends are not attained.
Enclosure increasing(Function f, const Enclosure& x) {
  Enclosure r = x;
  f(r.lo.get(), x.lo.get(), MPFR_RNDD);
  f(r.hi.get(), x.hi.get(), MPFR_RNDU);
  r.lo_open = x.lo_open || x.lo.is_infinite();
  r.hi_open = x.hi_open || x.hi.is_infinite();
  return r;
}

Enclosure decreasing(Function f, const Enclosure& x) {
  Enclosure r = x;
  f(r.lo.get(), x.hi.get(), MPFR_RNDD);
  f(r.hi.get(), x.lo.get(), MPFR_RNDU);
  r.lo_open = x.hi_open || x.hi.is_infinite();
  r.hi_open = x.lo_open || x.lo.is_infinite();
  return r;
}

/// The part of x between bounds of a domain, not total when some of x is outside; nothing when all of it is.
std::optional<Enclosure> within(Enclosure x, const Enclosure& domain) {
  if (x.hi < domain.lo || domain.hi < x.lo) return std::nullopt;
  const auto low_inside = domain.lo < x.lo || (x.lo == domain.lo && (x.lo_open || !domain.lo_open));
  const auto high_inside = x.hi < domain.hi || (x.hi == domain.hi && (x.hi_open || !domain.hi_open));
  if (!low_inside) {
    x.lo = domain.lo;
    x.lo_open = domain.lo_open;
    x.total = false;
  }
  if (!high_inside) {
    x.hi = domain.hi;
    x.hi_open = domain.hi_open;
    x.total = false;
  }
  return x;
}

Enclosure from(int lo, bool open) {
  Enclosure x = Enclosure::whole(true);
  x.lo = Enclosure(lo).lo;
  x.lo_open = open;
  return x;
}

Enclosure from_to(int lo, int hi, bool open) {
  return Enclosure::between(Enclosure(lo).lo, Enclosure(hi).hi, open, open);
}

Enclosure in_domain(Function f, const Enclosure& x, const Enclosure& domain, bool rises = true) {
  const auto inside = within(x, domain);
  if (!inside) return Enclosure::whole(false);
  return rises ? increasing(f, *inside) : decreasing(f, *inside);
}

Enclosure open_at(Enclosure x, int lo, int hi) {
  const Enclosure a(lo), b(hi);
  if (x.lo == a.lo || x.lo < a.lo) {
    x.lo = a.lo;
    x.lo_open = true;
  }
  if (x.hi == b.hi || b.hi < x.hi) {
    x.hi = b.hi;
    x.hi_open = true;
  }
  return x;
}

Enclosure above_zero(Enclosure x) {
  if (x.lo.sign() <= 0) {
    x.lo = End();
    x.lo_open = true;
  }
  return x;
}

}  // namespace

Enclosure EnclosureNumber::sqrt(const Enclosure& x) { return in_domain(mpfr_sqrt, x, from(0, false)); }
Enclosure EnclosureNumber::cbrt(const Enclosure& x) { return increasing(mpfr_cbrt, x); }
Enclosure EnclosureNumber::exp(const Enclosure& x) { return above_zero(increasing(mpfr_exp, x)); }
Enclosure EnclosureNumber::expm1(const Enclosure& x) { return increasing(mpfr_expm1, x); }
Enclosure EnclosureNumber::log(const Enclosure& x) { return in_domain(mpfr_log, x, from(0, true)); }
Enclosure EnclosureNumber::log1p(const Enclosure& x) { return in_domain(mpfr_log1p, x, from(-1, true)); }
Enclosure EnclosureNumber::log2(const Enclosure& x) { return in_domain(mpfr_log2, x, from(0, true)); }
Enclosure EnclosureNumber::log10(const Enclosure& x) { return in_domain(mpfr_log10, x, from(0, true)); }
Enclosure EnclosureNumber::sinh(const Enclosure& x) { return increasing(mpfr_sinh, x); }
Enclosure EnclosureNumber::cosh(const Enclosure& x) { return increasing(mpfr_cosh, abs(x)); }
Enclosure EnclosureNumber::tanh(const Enclosure& x) { return open_at(increasing(mpfr_tanh, x), -1, 1); }
Enclosure EnclosureNumber::asinh(const Enclosure& x) { return increasing(mpfr_asinh, x); }
Enclosure EnclosureNumber::acosh(const Enclosure& x) { return in_domain(mpfr_acosh, x, from(1, false)); }
Enclosure EnclosureNumber::atanh(const Enclosure& x) { return in_domain(mpfr_atanh, x, from_to(-1, 1, true)); }
Enclosure EnclosureNumber::asin(const Enclosure& x) { return in_domain(mpfr_asin, x, from_to(-1, 1, false)); }
Enclosure EnclosureNumber::acos(const Enclosure& x) { return in_domain(mpfr_acos, x, from_to(-1, 1, false), false); }
Enclosure EnclosureNumber::atan(const Enclosure& x) { return increasing(mpfr_atan, x); }
Enclosure EnclosureNumber::erf(const Enclosure& x) { return open_at(increasing(mpfr_erf, x), -1, 1); }
Enclosure EnclosureNumber::erfc(const Enclosure& x) { return open_at(decreasing(mpfr_erfc, x), 0, 2); }

Enclosure EnclosureNumber::atan2(const Enclosure& y, const Enclosure& x) {
  const Enclosure pi = of(Constant::pi());
  if (x.positive()) return atan(y / x);
  if (y.positive()) return pi / Enclosure(2) - atan(x / y);
  if (y.negative()) return -(pi / Enclosure(2)) - atan(x / y);
  if (is_zero(y) && x.negative() && x.total) return pi;
  Enclosure r = Enclosure::between((-pi).lo, pi.hi);
  r.total = false;
  return r;
}

Enclosure EnclosureNumber::pow(const Enclosure& x, const Enclosure& y) {
  if (y.is_point() && y.total && mpfr_integer_p(y.lo.get()) != 0 && mpfr_fits_slong_p(y.lo.get(), MPFR_RNDN) != 0)
    return powi(x, mpfr_get_si(y.lo.get(), MPFR_RNDN));
  if (x.lo.sign() < 0) return Enclosure::whole(false);
  // exp(y log x) where x > 0, and 0 where x = 0 and y > 0.
  const bool at_zero = !x.positive();
  Enclosure positive_part = x;
  if (at_zero) positive_part.lo_open = true;
  Enclosure r = exp(y * log(positive_part));
  if (at_zero) {
    r.lo = End();
    r.lo_open = false;
  }
  r.total = x.total && y.total && (!at_zero || y.positive());
  return r;
}

namespace {

/// Whether some k has (x - offset) / period - k = 0 with x in the interval, as far as enclosures can exclude it; the
/// period and offset in halves of pi.
bool may_contain_multiple(const Enclosure& x, int period, int offset) {
  const Enclosure half_pi = EnclosureNumber::of(Constant::pi()) / Enclosure(2);
  const Enclosure turns = (x - Enclosure(offset) * half_pi) / (Enclosure(period) * half_pi);
  if (!turns.is_finite()) return true;
  End below, above;
  mpfr_ceil(below.get(), turns.lo.get());
  mpfr_floor(above.get(), turns.hi.get());
  return !(above < below);
}

}  // namespace

Enclosure EnclosureNumber::cos(const Enclosure& x) {
  Enclosure r = from_to(-1, 1, false);
  r.total = x.total;
  if (!x.is_finite()) return r;
  Enclosure at_lo, at_hi;
  mpfr_cos(at_lo.lo.get(), x.lo.get(), MPFR_RNDD);
  mpfr_cos(at_lo.hi.get(), x.lo.get(), MPFR_RNDU);
  mpfr_cos(at_hi.lo.get(), x.hi.get(), MPFR_RNDD);
  mpfr_cos(at_hi.hi.get(), x.hi.get(), MPFR_RNDU);
  const Enclosure ends = hull(at_lo, at_hi);
  if (!may_contain_multiple(x, 4, 0)) r.hi = ends.hi;
  if (!may_contain_multiple(x, 4, 2)) r.lo = ends.lo;
  return r;
}

Enclosure EnclosureNumber::sin(const Enclosure& x) {
  Enclosure r = from_to(-1, 1, false);
  r.total = x.total;
  if (!x.is_finite()) return r;
  Enclosure at_lo, at_hi;
  mpfr_sin(at_lo.lo.get(), x.lo.get(), MPFR_RNDD);
  mpfr_sin(at_lo.hi.get(), x.lo.get(), MPFR_RNDU);
  mpfr_sin(at_hi.lo.get(), x.hi.get(), MPFR_RNDD);
  mpfr_sin(at_hi.hi.get(), x.hi.get(), MPFR_RNDU);
  const Enclosure ends = hull(at_lo, at_hi);
  if (!may_contain_multiple(x, 4, 1)) {
    r.hi = ends.hi;
    // Monotone from 0 on as long as it does not turn: an open end at 0 stays open.
    r.hi_open = x.hi_open && x.hi.sign() == 0 && r.hi.sign() == 0;
  }
  if (!may_contain_multiple(x, 4, 3)) {
    r.lo = ends.lo;
    r.lo_open = x.lo_open && x.lo.sign() == 0 && r.lo.sign() == 0 && at_hi.lo.sign() > 0;
  }
  return r;
}

Enclosure EnclosureNumber::tan(const Enclosure& x) {
  if (!x.is_finite() || may_contain_multiple(x, 2, 1)) return Enclosure::whole(false);
  return increasing(mpfr_tan, x);
}

namespace {

int lgamma_of(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t direction) {
  int sign = 0;
  return mpfr_lgamma(y, &sign, x, direction);
}

}  // namespace

// gamma falls to 0.8856... at 1.4616... and rises after it (DLMF 5.4(iii)); around there its minimum will do.
Enclosure EnclosureNumber::gamma(const Enclosure& x) {
  if (!x.positive()) return Enclosure::whole(false);
  if (mpfr_cmp_si(x.lo.get(), 2) >= 0) return increasing(mpfr_gamma, x);
  if (mpfr_cmp_si(x.hi.get(), 1) <= 0) return decreasing(mpfr_gamma, x);
  Enclosure r = Enclosure::whole(x.total);
  r.lo = Enclosure::of(Rational(8856, 10000)).lo;
  return r;
}

Enclosure EnclosureNumber::lgamma(const Enclosure& x) {
  if (!x.positive()) return Enclosure::whole(false);
  if (mpfr_cmp_si(x.lo.get(), 2) >= 0) return increasing(lgamma_of, x);
  if (mpfr_cmp_si(x.hi.get(), 1) <= 0) return decreasing(lgamma_of, x);
  Enclosure r = Enclosure::whole(x.total);
  r.lo = Enclosure::of(Rational(-1215, 10000)).lo;
  return r;
}

Enclosure EnclosureNumber::digamma(const Enclosure& x) {
  if (!x.positive()) return Enclosure::whole(false);
  Enclosure r = increasing(mpfr_digamma, x);
  if (x.lo.sign() == 0) r.lo = End::infinity(-1);
  return r;
}

/// Of sign (-1)^(n+1) for x > 0. DLMF 5.15.1.
Enclosure EnclosureNumber::polygamma(std::int64_t n, const Enclosure& x) {
  if (n == 0) return digamma(x);
  if (!x.positive()) return Enclosure::whole(false);
  Enclosure r = above_zero(Enclosure::whole(x.total));
  return n % 2 == 1 ? r : -r;
}

template const Kernel<Enclosure>& kernel<Enclosure>(Opcode);
template class Run<Enclosure>;

}  // namespace nabla
