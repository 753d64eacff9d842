#include <algorithm>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/directed.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/mpfr_text.hpp>
#include <nabla/engine/numbers/round_constant.hpp>

// Construction and arithmetic of Interval; interval_elementary.cpp and interval_gamma.cpp have the functions.

namespace nabla {

using directed::infinity;
using directed::largest;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The end as decimal text, rounded outward; shortest round trip, so exactly, for digits <= 0.
std::string end_text(double x, int digits, mpfr_rnd_t direction) {
  if (digits <= 0) return hardware::text(x == 0 ? 0.0 : x, 0);
  mpfr_t t;
  mpfr_init2(t, 53);
  mpfr_set_d(t, x == 0 ? 0.0 : x, MPFR_RNDN);
  std::string out = mpfr_text(t, digits, direction);
  mpfr_clear(t);
  return out;
}

}  // namespace

Interval::Interval(double lower, double upper, bool is_total) : lo(lower), hi(upper), total(is_total) {
  if (!(lo <= hi)) {
    *this = empty();
  } else {
    lo = std::min(lo, largest);
    hi = std::max(hi, -largest);
  }
}

Interval::Interval(bool negative, std::uint64_t magnitude) {
  const auto nearest = static_cast<double>(magnitude);
  // Back to an integer to see on which side it fell; 2^64 itself does not fit, and is above every magnitude.
  const bool beyond = nearest >= 0x1p64;
  const bool above = beyond || static_cast<std::uint64_t>(nearest) > magnitude;
  const bool below = !beyond && static_cast<std::uint64_t>(nearest) < magnitude;
  lo = above ? directed::next_down(nearest) : nearest;
  hi = below ? directed::next_up(nearest) : nearest;
  if (negative) *this = -*this;
}

Interval Interval::whole(bool is_total) { return Interval(-infinity, infinity, is_total); }

Interval Interval::empty() {
  Interval r;
  r.lo = nan;
  r.hi = nan;
  r.total = false;
  return r;
}

Interval Interval::of_ball(const Ball& x) {
  if (!x.is_finite()) return whole(false);
  double lo = 0;
  double hi = 0;
  arb::ends(lo, hi, raw(x));
  return Interval(lo, hi);
}

Ball Interval::to_ball() const { return total ? Ball::of_ends(lo, hi) : Ball::indeterminate(); }

double Interval::width() const { return directed::sub_up(hi, lo); }

double Interval::mid() const {
  if (is_empty()) return nan;
  if (lo == -infinity) return hi == infinity ? 0.0 : (hi > 0 ? 0.0 : (hi < -1 ? std::max(2 * hi, -largest) : -2.0));
  if (hi == infinity) return lo < 0 ? 0.0 : (lo > 1 ? std::min(2 * lo, largest) : 2.0);
  const double m = lo / 2 + hi / 2;  // lo + hi may overflow; halves of subnormals may round, so clamp
  return std::clamp(m, lo, hi);
}

std::string Interval::to_string(int digits) const {
  if (is_empty()) return "empty";
  const std::string ends = "[" + end_text(lo, digits, MPFR_RNDD) + ", " + end_text(hi, digits, MPFR_RNDU) + "]";
  return total ? ends : ends + " (not total)";
}

Interval operator-(const Interval& a) {
  Interval r;
  r.lo = -a.hi;
  r.hi = -a.lo;
  r.total = a.total;
  return r;
}

Interval operator+(const Interval& a, const Interval& b) {
  return Interval(directed::add_down(a.lo, b.lo), directed::add_up(a.hi, b.hi), a.total && b.total);
}

Interval operator-(const Interval& a, const Interval& b) {
  return Interval(directed::sub_down(a.lo, b.hi), directed::sub_up(a.hi, b.lo), a.total && b.total);
}

Interval operator*(const Interval& a, const Interval& b) {
  using directed::mul_down;
  using directed::mul_up;
  const bool total = a.total && b.total;
  if (a.is_empty() || b.is_empty()) return Interval::empty();
  if (a.lo >= 0) {
    if (b.lo >= 0) return Interval(mul_down(a.lo, b.lo), mul_up(a.hi, b.hi), total);
    if (b.hi <= 0) return Interval(mul_down(a.hi, b.lo), mul_up(a.lo, b.hi), total);
    return Interval(mul_down(a.hi, b.lo), mul_up(a.hi, b.hi), total);
  }
  if (a.hi <= 0) {
    if (b.lo >= 0) return Interval(mul_down(a.lo, b.hi), mul_up(a.hi, b.lo), total);
    if (b.hi <= 0) return Interval(mul_down(a.hi, b.hi), mul_up(a.lo, b.lo), total);
    return Interval(mul_down(a.lo, b.hi), mul_up(a.lo, b.lo), total);
  }
  if (b.lo >= 0) return Interval(mul_down(a.lo, b.hi), mul_up(a.hi, b.hi), total);
  if (b.hi <= 0) return Interval(mul_down(a.hi, b.lo), mul_up(a.lo, b.lo), total);
  return Interval(std::min(mul_down(a.lo, b.hi), mul_down(a.hi, b.lo)),
                  std::max(mul_up(a.lo, b.lo), mul_up(a.hi, b.hi)), total);
}

Interval operator/(const Interval& a, const Interval& b) {
  using directed::div_down;
  using directed::div_up;
  if (a.is_empty() || b.is_empty() || (b.lo == 0 && b.hi == 0)) return Interval::empty();
  if (b.lo <= 0 && 0 <= b.hi) {
    if (a.lo == 0 && a.hi == 0) return Interval(0.0, 0.0, false);  // 0 / b is 0 wherever it is defined
    const bool straddles = (b.lo < 0 && b.hi > 0) || (a.lo < 0 && a.hi > 0);
    if (straddles) return Interval::whole(false);
    const double b_far = b.hi > 0 ? b.hi : b.lo;
    const bool positive = (a.lo >= 0) == (b.hi > 0);
    const double a_near = a.lo >= 0 ? a.lo : a.hi;
    return positive ? Interval(div_down(a_near, b_far), infinity, false)
                    : Interval(-infinity, div_up(a_near, b_far), false);
  }
  const bool total = a.total && b.total;
  if (b.lo > 0) {
    if (a.lo >= 0) return Interval(div_down(a.lo, b.hi), div_up(a.hi, b.lo), total);
    if (a.hi <= 0) return Interval(div_down(a.lo, b.lo), div_up(a.hi, b.hi), total);
    return Interval(div_down(a.lo, b.lo), div_up(a.hi, b.lo), total);
  }
  if (a.lo >= 0) return Interval(div_down(a.hi, b.hi), div_up(a.lo, b.lo), total);
  if (a.hi <= 0) return Interval(div_down(a.hi, b.lo), div_up(a.lo, b.hi), total);
  return Interval(div_down(a.hi, b.hi), div_up(a.lo, b.hi), total);
}

using N = Number<Interval>;

Interval N::of(const Constant& c) {
  if (c.kind() == Constant::Kind::dyadic) return Interval::point(c.as_dyadic());
  if (c.kind() == Constant::Kind::infinity) return Interval(largest, infinity, false);
  if (c.is_integer()) return Interval(c.num());
  mpfr_t down;
  mpfr_t up;
  mpfr_inits2(64, down, up, static_cast<mpfr_ptr>(nullptr));
  round_constant(down, c, MPFR_RNDD);
  round_constant(up, c, MPFR_RNDU);
  const Interval r(mpfr_get_d(down, MPFR_RNDD), mpfr_get_d(up, MPFR_RNDU));
  mpfr_clears(down, up, static_cast<mpfr_ptr>(nullptr));
  return r;
}

Truth N::less(const Interval& a, const Interval& b) {
  if (!a.total || !b.total) return Truth::unknown;
  if (a.hi < b.lo) return Truth::yes;
  return a.lo >= b.hi ? Truth::no : Truth::unknown;
}

Truth N::equal(const Interval& a, const Interval& b) {
  if (!a.total || !b.total) return Truth::unknown;
  if (a.hi < b.lo || b.hi < a.lo) return Truth::no;
  return a.is_point() && b.is_point() ? Truth::yes : Truth::unknown;
}

Interval N::abs(const Interval& x) { return Interval(x.is_empty() ? nan : x.mig(), x.mag(), x.total); }

Interval N::sign(const Interval& x) {
  const auto of = [](double t) { return t > 0 ? 1.0 : (t < 0 ? -1.0 : t); };
  return Interval(of(x.lo), of(x.hi), x.total);
}

Interval N::min(const Interval& a, const Interval& b) {
  if (a.is_empty() || b.is_empty()) return Interval::empty();
  return Interval(std::min(a.lo, b.lo), std::min(a.hi, b.hi), a.total && b.total);
}

Interval N::max(const Interval& a, const Interval& b) {
  if (a.is_empty() || b.is_empty()) return Interval::empty();
  return Interval(std::max(a.lo, b.lo), std::max(a.hi, b.hi), a.total && b.total);
}

Interval N::floor(const Interval& x) { return Interval(std::floor(x.lo), std::floor(x.hi), x.total); }

Interval N::hull(const Interval& a, const Interval& b) {
  if (a.is_empty() || b.is_empty()) {
    Interval r = a.is_empty() ? b : a;
    r.total = false;
    return r;
  }
  return Interval(std::min(a.lo, b.lo), std::max(a.hi, b.hi), a.total && b.total);
}

Interval N::where_defined(const Interval& value, const Interval& a, const Interval& b) {
  Interval r = value;
  r.total = value.total && a.total && b.total;
  return r;
}

Interval N::sqrt(const Interval& x) {
  if (x.is_empty() || x.hi < 0) return Interval::empty();
  const bool inside = x.lo >= 0;
  return Interval(inside ? directed::sqrt_down(x.lo) : 0.0, directed::sqrt_up(x.hi), x.total && inside);
}

}  // namespace nabla
