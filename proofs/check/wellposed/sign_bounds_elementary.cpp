#include <nabla/ops/facts.hpp>
#include <nabla/proofs/check/wellposed/sign_bounds.hpp>

// Elementary and special functions. The enclosures are Interval's; what is added is which ends are not attained, and
// definedness decided with the open ends of the operand.

namespace nabla {

namespace {

using I = Number<Interval>;

/// f(x) for a strictly increasing f: an end is attained only where the operand's is, and never at infinity.
Bounds increasing(const Interval& value, const Bounds& x, bool total) {
  if (value.is_empty()) return nothing_known();
  return with_total(Bounds(value, x.lo_open || !std::isfinite(x.box.lo), x.hi_open || !std::isfinite(x.box.hi)), total);
}

Bounds decreasing(const Interval& value, const Bounds& x, bool total) {
  if (value.is_empty()) return nothing_known();
  return with_total(Bounds(value, x.hi_open || !std::isfinite(x.box.hi), x.lo_open || !std::isfinite(x.box.lo)), total);
}

/// What holds of every value beside the enclosure.
Bounds within(const Bounds& r, double lo, bool lo_open, double hi, bool hi_open) {
  return with_total(intersection(r, Bounds(Interval(lo, hi), lo_open, hi_open)), r.box.total);
}

/// A strictly increasing f with f(0) = 0: it has the sign of its operand, also where rounding or underflow hides it.
Bounds through_origin(const Interval& value, const Bounds& x) {
  Bounds r = increasing(value, x, x.box.total && value.total);
  if (x.positive()) return within(r, 0, true, unbounded, false);
  if (x.negative()) return within(r, -unbounded, false, 0, true);
  if (x.nonzero) r.nonzero = true;
  return Bounds(r.box, r.lo_open, r.hi_open, r.nonzero);
}

Bounds logarithm(const Interval& value, const Bounds& x, double pole) {
  return increasing(value, x, x.box.total && x.above(pole));
}

}  // namespace

using BoundsNumber = Number<Bounds>;

Bounds BoundsNumber::sqrt(const Bounds& x) {
  const Interval value = I::sqrt(x.box);
  Bounds r = increasing(value, x, x.box.total && x.nonnegative());
  if (value.is_empty()) return r;
  if (!x.nonnegative()) return Bounds(value);  // 0 is attained as far as is known
  return x.positive() ? within(r, 0, true, unbounded, false) : r;
}
Bounds BoundsNumber::cbrt(const Bounds& x) { return through_origin(I::cbrt(x.box), x); }

Bounds BoundsNumber::exp(const Bounds& x) {
  return within(increasing(I::exp(x.box), x, x.box.total), 0, true, unbounded, false);
}
Bounds BoundsNumber::expm1(const Bounds& x) {
  return within(through_origin(I::expm1(x.box), x), -1, true, unbounded, false);
}
Bounds BoundsNumber::log(const Bounds& x) { return logarithm(I::log(x.box), x, 0); }
Bounds BoundsNumber::log1p(const Bounds& x) {
  const Bounds r = logarithm(I::log1p(x.box), x, -1);
  if (r.box.is_empty() || !x.above(-1)) return r;
  if (x.positive()) return within(r, 0, true, unbounded, false);
  if (x.negative()) return within(r, -unbounded, false, 0, true);
  return Bounds(r.box, r.lo_open, r.hi_open, x.nonzero);
}
Bounds BoundsNumber::log2(const Bounds& x) { return logarithm(I::log2(x.box), x, 0); }
Bounds BoundsNumber::log10(const Bounds& x) { return logarithm(I::log10(x.box), x, 0); }

Bounds BoundsNumber::pow(const Bounds& x, const Bounds& y) {
  if (x.box.is_empty() || y.box.is_empty()) return nothing_known();
  const bool given = x.box.total && y.box.total;
  if (y.is_point() && std::fabs(y.box.lo) < 0x1p62 && std::floor(y.box.lo) == y.box.lo)
    return with_total(powi(x, static_cast<std::int64_t>(y.box.lo)), given && (y.box.lo >= 0 || x.nonzero));
  const Interval value = I::pow(x.box, y.box);
  const bool defined = x.positive() || (x.nonnegative() && y.nonnegative());
  if (value.is_empty()) return nothing_known();
  if (x.positive()) {
    const Bounds plain(value, false, false, true);
    return with_total(intersection(plain, exp(y * log(x))), given);
  }
  return with_total(Bounds(value), given && defined);
}

Bounds BoundsNumber::hypot(const Bounds& x, const Bounds& y) {
  const Interval value = I::hypot(x.box, y.box);
  return value.is_empty() ? nothing_known() : Bounds(value, false, false, x.nonzero || y.nonzero);
}

Bounds BoundsNumber::sin(const Bounds& x) { return Bounds(I::sin(x.box)); }
Bounds BoundsNumber::cos(const Bounds& x) { return Bounds(I::cos(x.box)); }
Bounds BoundsNumber::tan(const Bounds& x) {
  const Interval value = I::tan(x.box);
  return value.is_empty() ? nothing_known() : Bounds(value);
}
Bounds BoundsNumber::asin(const Bounds& x) {
  const Interval value = I::asin(x.box);
  return value.total ? through_origin(value, x) : (value.is_empty() ? nothing_known() : Bounds(value));
}
Bounds BoundsNumber::acos(const Bounds& x) {
  const Interval value = I::acos(x.box);
  if (value.is_empty()) return nothing_known();
  if (!value.total) return Bounds(value);
  return x.below(1) ? within(decreasing(value, x, true), 0, true, unbounded, false) : decreasing(value, x, true);
}
Bounds BoundsNumber::atan(const Bounds& x) { return through_origin(I::atan(x.box), x); }
Bounds BoundsNumber::atan2(const Bounds& y, const Bounds& x) {
  const Interval value = I::atan2(y.box, x.box);
  if (value.is_empty()) return nothing_known();
  const bool total = y.box.total && x.box.total && (y.nonzero || x.nonzero);
  // On the right half plane and off the first axis the angle is 0 exactly where the ordinate is.
  return with_total(Bounds(value, false, false, y.nonzero), total);
}

Bounds BoundsNumber::sinh(const Bounds& x) { return through_origin(I::sinh(x.box), x); }
Bounds BoundsNumber::cosh(const Bounds& x) {
  const Bounds r(I::cosh(x.box));
  return r.box.is_empty() ? nothing_known() : within(r, 1, x.nonzero, unbounded, false);
}
Bounds BoundsNumber::tanh(const Bounds& x) { return within(through_origin(I::tanh(x.box), x), -1, true, 1, true); }
Bounds BoundsNumber::asinh(const Bounds& x) { return through_origin(I::asinh(x.box), x); }
Bounds BoundsNumber::acosh(const Bounds& x) {
  const Interval value = I::acosh(x.box);
  if (value.is_empty()) return nothing_known();
  if (!value.total) return Bounds(value);
  return x.above(1) ? within(increasing(value, x, true), 0, true, unbounded, false) : increasing(value, x, true);
}
Bounds BoundsNumber::atanh(const Bounds& x) {
  const Interval value = I::atanh(x.box);
  if (value.is_empty()) return nothing_known();
  if (!x.above(-1) || !x.below(1)) return Bounds(Interval(value.lo, value.hi, false));
  Bounds r = through_origin(Interval(value.lo, value.hi), x);
  return with_total(r, x.box.total);
}

Bounds BoundsNumber::erf(const Bounds& x) { return within(through_origin(I::erf(x.box), x), -1, true, 1, true); }
Bounds BoundsNumber::erfc(const Bounds& x) {
  return within(decreasing(I::erfc(x.box), x, x.box.total), 0, true, 2, true);
}
Bounds BoundsNumber::gamma(const Bounds& x) {
  const Interval value = I::gamma(x.box);
  if (value.is_empty()) return nothing_known();
  if (x.positive()) return with_total(within(Bounds(value), 0, true, unbounded, false), x.box.total);
  return Bounds(value, false, false, true);
}
Bounds BoundsNumber::lgamma(const Bounds& x) {
  const Interval value = I::lgamma(x.box);
  if (value.is_empty()) return nothing_known();
  return with_total(Bounds(value), x.box.total && (value.total || x.positive()));
}
Bounds BoundsNumber::digamma(const Bounds& x) {
  const Interval value = I::digamma(x.box);
  if (value.is_empty()) return nothing_known();
  if (x.positive()) return increasing(value, x, x.box.total);
  return Bounds(value);
}
Bounds BoundsNumber::polygamma(std::int64_t n, const Bounds& x) {
  const Interval value = I::polygamma(n, x.box);
  if (value.is_empty()) return nothing_known();
  if (!x.positive() || n < 1) return Bounds(value);
  // (-1)^(n + 1) psi^(n) > 0 on the positive numbers (DLMF 5.15.1).
  const Bounds r =
      n % 2 != 0 ? within(Bounds(value), 0, true, unbounded, false) : within(Bounds(value), -unbounded, false, 0, true);
  return with_total(r, x.box.total);
}

}  // namespace nabla
