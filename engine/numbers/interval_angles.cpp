#include <gmp.h>

#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/directed.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/mpfr_bounds.hpp>

// Number<Interval>: sin, cos, tan, atan2. Where the extremes and poles lie is decided with enough bits of pi that the
// half period an end is in is certain.

namespace nabla {

namespace {

using directed::infinity;

/// floor(x / pi) or floor(x / pi - 1/2): the number of the half period, between extremes of cos or of sin, that x is
/// in.
class HalfPeriod {
 public:
  /// \pre x finite.
  HalfPeriod(double x, bool shifted) {
    mpz_init(number_);
    locate(x, shifted);
  }
  ~HalfPeriod() { mpz_clear(number_); }
  HalfPeriod(const HalfPeriod&) = delete;
  HalfPeriod& operator=(const HalfPeriod&) = delete;

  bool is_odd() const { return mpz_odd_p(number_) != 0; }
  /// How many half periods later the other one is, at most 3.
  int until(const HalfPeriod& later) const {
    mpz_t difference;
    mpz_init(difference);
    mpz_sub(difference, later.number_, number_);
    const int n = mpz_cmp_ui(difference, 3) > 0 ? 3 : static_cast<int>(mpz_get_si(difference));
    mpz_clear(difference);
    return n;
  }

 private:
  void locate(double x, bool shifted) {
    if (x == 0) {  // the one double that is a multiple of pi
      mpz_set_si(number_, shifted ? -1 : 0);
      return;
    }
    int exponent = 0;
    std::frexp(x, &exponent);
    mpz_t other;
    mpz_init(other);
    // A double is never closer to a nonzero multiple of pi / 2 than about 2^-62 relative: the first round nearly always
    // decides, and doubling the bits decides in the end.
    for (mpfr_prec_t prec = std::max(exponent, 0) + 160;; prec *= 2) {
      floor_of_quotient(number_, x, shifted, prec, MPFR_RNDD);
      floor_of_quotient(other, x, shifted, prec, MPFR_RNDU);
      if (mpz_cmp(number_, other) == 0) break;
    }
    mpz_clear(other);
  }

  /// The floor of a bound of x / pi (- 1/2) on the side of `direction`.
  static void floor_of_quotient(mpz_ptr out, double x, bool shifted, mpfr_prec_t prec, mpfr_rnd_t direction) {
    mpfr_t t;
    mpfr_t pi;
    mpfr_inits2(prec, t, pi, static_cast<mpfr_ptr>(nullptr));
    // |x| / pi is largest for the smallest pi; for x < 0 the larger magnitude is the lower bound.
    const bool larger_magnitude = (x < 0) == (direction == MPFR_RNDD);
    mpfr_const_pi(pi, larger_magnitude ? MPFR_RNDD : MPFR_RNDU);
    mpfr_set_d(t, x, MPFR_RNDN);
    mpfr_div(t, t, pi, direction);
    if (shifted) mpfr_sub_d(t, t, 0.5, direction);
    mpfr_get_z(out, t, MPFR_RNDD);
    mpfr_clears(t, pi, static_cast<mpfr_ptr>(nullptr));
  }

  mpz_t number_;
};

/// The range of cos, or with `shifted` of sin: half periods are counted from an extreme, where both are at their
/// maximum for even numbers, and decrease to the next.
Interval wave(MpfrUnary f, const Interval& x, bool shifted) {
  if (x.is_empty()) return x;
  // 6.5 is more than a period: whatever the rounding of the width, both extremes are inside.
  if (!x.is_finite() || x.width() > 6.5) return Interval(-1.0, 1.0, x.total);
  const HalfPeriod first(x.lo, shifted);
  const HalfPeriod last(x.hi, shifted);
  const int crossed = first.until(last);
  // cos decreases on [k pi, (k+1) pi] for even k; sin on [pi/2 + k pi, ...] likewise.
  const bool decreases = !first.is_odd();
  if (crossed == 0) {
    return decreases ? Interval(bound(f, x.hi, MPFR_RNDD), bound(f, x.lo, MPFR_RNDU), x.total)
                     : Interval(bound(f, x.lo, MPFR_RNDD), bound(f, x.hi, MPFR_RNDU), x.total);
  }
  if (crossed == 1) {
    return decreases ? Interval(-1.0, std::max(bound(f, x.lo, MPFR_RNDU), bound(f, x.hi, MPFR_RNDU)), x.total)
                     : Interval(std::min(bound(f, x.lo, MPFR_RNDD), bound(f, x.hi, MPFR_RNDD)), 1.0, x.total);
  }
  return Interval(-1.0, 1.0, x.total);
}

}  // namespace

using N = Number<Interval>;

Interval N::sin(const Interval& x) { return wave(mpfr_sin, x, true); }
Interval N::cos(const Interval& x) { return wave(mpfr_cos, x, false); }

Interval N::tan(const Interval& x) {
  if (x.is_empty()) return x;
  if (!x.is_finite() || x.width() > 3.5) return Interval::whole(false);
  // No double is a pole, so an interval in one half period has none.
  if (HalfPeriod(x.lo, true).until(HalfPeriod(x.hi, true)) != 0) return Interval::whole(false);
  return Interval(bound(mpfr_tan, x.lo, MPFR_RNDD), bound(mpfr_tan, x.hi, MPFR_RNDU), x.total);
}

Interval N::atan2(const Interval& y, const Interval& x) {
  if (x.is_empty() || y.is_empty()) return Interval::empty();
  const bool total = x.total && y.total;
  const bool has_origin = x.lo <= 0 && 0 <= x.hi && y.lo <= 0 && 0 <= y.hi;
  if (has_origin && x.is_point() && y.is_point()) return Interval::empty();
  if (x.lo < 0 && y.lo < 0 && y.hi >= 0) {  // across the cut, or ending on it from below
    const double pi = bound([](mpfr_ptr r, mpfr_srcptr, mpfr_rnd_t d) { return mpfr_const_pi(r, d); }, 0.0, MPFR_RNDU);
    return Interval(-pi, pi, total && !has_origin);
  }
  // Elsewhere the angle is continuous but for the origin, and monotone in each coordinate: the corners have the
  // extremes. "+ 0.0" because for IEEE atan2(-0, -1) is -pi.
  double least = infinity;
  double most = -infinity;
  for (const double b : {y.lo + 0.0, y.hi + 0.0}) {
    for (const double a : {x.lo + 0.0, x.hi + 0.0}) {
      least = std::min(least, bound(mpfr_atan2, b, a, MPFR_RNDD));
      most = std::max(most, bound(mpfr_atan2, b, a, MPFR_RNDU));
    }
  }
  return Interval(least, most, total && !has_origin);
}

}  // namespace nabla
