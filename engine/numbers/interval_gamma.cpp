#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/directed.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/mpfr_bounds.hpp>

// Number<Interval>: gamma, lgamma, digamma, polygamma. Between two poles (and right of 0) log|gamma| is convex, the
// polygamma functions of even order increase, and those of odd order are convex (DLMF 5.15.1: their derivatives are
// sums of terms of one sign). So ends, and where a minimum lies inside a tangent next to it, give the range; the
// values at points come from Arb.

namespace nabla {

namespace {

using directed::infinity;
using directed::largest;

/// A value known to lie between two doubles.
struct Bounds {
  double lo;
  double hi;
};

/// f at the double x, to one unit in the last place: Arb at rising precision.
template <class F>
Bounds value_at(F f, double x) {
  arb::Temporary argument;
  arb::Temporary value;
  arb_set_d(argument, x);
  Bounds b{-infinity, infinity};
  for (slong prec = 80; prec <= 2560; prec *= 2) {
    f(value, argument, prec);
    arb::ends(b.lo, b.hi, value);
    if (directed::next_up(b.lo) >= b.hi) break;
  }
  return b;
}

Bounds digamma_at(double x) {
  if (x == 0) return {-infinity, -infinity};
  return x == infinity ? Bounds{largest, infinity} : value_at(arb::digamma, x);
}

Bounds lgamma_at(double x) { return x == 0 || x == infinity ? Bounds{largest, infinity} : value_at(arb::lgamma, x); }

/// |gamma(x)|
Bounds abs_gamma_at(double x) {
  if (x == 0 || x >= 172) return {largest, infinity};  // gamma(171.63) is the largest double
  const Bounds b = value_at(arb::gamma, x);
  return b.lo < 0 ? Bounds{-b.hi, -b.lo} : b;
}

Bounds polygamma_at(std::int64_t n, double x) {
  const bool odd = n % 2 != 0;
  if (x == 0) return odd ? Bounds{largest, infinity} : Bounds{-infinity, -largest};
  if (x == infinity) return {0.0, 0.0};
  return value_at([n](arb_ptr r, arb_srcptr y, slong prec) { arb::polygamma(r, n, y, prec); }, x);
}

/// Two doubles around the minimum of a convex function, and a lower bound of the minimum.
struct Minimum {
  double left;
  double right;
  double value;
};

/// \pre slope(u) < 0 < slope(v). Bisections away from the poles, then secants of the slope with a bisection every third
/// step that keeps them from creeping; until a tangent bounds the minimum to `tolerance`, relative, or the two doubles
/// are neighbours.
template <class F, class S>
Minimum find_minimum(F f, S slope, double u, double v, double tolerance) {
  Bounds fu = f(u);
  Bounds fv = f(v);
  Bounds su = slope(u);
  Bounds sv = slope(v);
  for (int step = 1;; ++step) {
    // A convex function lies above its tangents; over [u, v] the left one is lowest at v, the right one at u.
    const double width = directed::sub_up(v, u);
    const double from_left = directed::add_down(fu.lo, directed::mul_down(su.lo, width));
    const double from_right = directed::sub_down(fv.lo, directed::mul_up(sv.hi, width));
    const double least = std::max(from_left, from_right);
    const double half = u + (v - u) / 2;
    const bool tight = std::min(fu.hi, fv.hi) - least <= tolerance * std::fabs(least);
    if (tight || !(u < half && half < v)) return {u, v, least};
    const double secant = u + (v - u) * (-su.lo / (sv.hi - su.lo));
    const double middle = step > 6 && step % 3 != 0 && u < secant && secant < v ? secant : half;
    const Bounds s = slope(middle);
    if (s.lo > 0) {
      v = middle;
      fv = f(v);
      sv = s;
    } else if (s.hi < 0) {
      u = middle;
      fu = f(u);
      su = s;
    } else {
      return {u, v, least};
    }
  }
}

/// The range of a convex function over [a, b] inside one piece.
template <class F, class S>
Bounds convex_range(F f, S slope, double a, double b) {
  const Bounds fa = f(a);
  const Bounds fb = f(b);
  if (slope(a).lo >= 0) return {fa.lo, fb.hi};
  if (slope(b).hi <= 0) return {fb.lo, fa.hi};
  return {find_minimum(f, slope, a, b, 0x1p-50).value, std::max(fa.hi, fb.hi)};
}

/// The minimum of lgamma right of 0, near 1.46, between neighbouring doubles: found once.
const Minimum& positive_minimum() {
  static const Minimum m = find_minimum(lgamma_at, digamma_at, 1.0, 2.0, 0);
  return m;
}

/// The range of log|gamma| over [a, b] inside one piece.
Bounds lgamma_range(double a, double b) {
  if (a < 0) return convex_range(lgamma_at, digamma_at, a, b);
  const Minimum& m = positive_minimum();
  const Bounds fa = lgamma_at(a);
  const Bounds fb = lgamma_at(b);
  if (a >= m.right) return {fa.lo, fb.hi};
  if (b <= m.left) return {fb.lo, fa.hi};
  return {m.value, std::max(fa.hi, fb.hi)};
}

/// The range of |gamma| over [a, b] inside one piece.
Bounds abs_gamma_range(double a, double b) {
  const Bounds ga = abs_gamma_at(a);
  const Bounds gb = abs_gamma_at(b);
  const bool rises = a < 0 ? digamma_at(a).lo >= 0 : a >= positive_minimum().right;
  const bool falls = b < 0 ? digamma_at(b).hi <= 0 : b <= positive_minimum().left;
  if (rises) return {ga.lo, gb.hi};
  if (falls) return {gb.lo, ga.hi};
  return {bound(mpfr_exp, lgamma_range(a, b).lo, MPFR_RNDD), std::max(ga.hi, gb.hi)};
}

/// Where an interval lies among the poles 0, -1, -2, ...
enum class Place { none, pole_inside, one_piece };

Place place_of(const Interval& x) {
  if (x.is_empty() || (x.is_point() && x.lo <= 0 && std::floor(x.lo) == x.lo)) return Place::none;
  if (x.lo >= 0) return Place::one_piece;
  return std::ceil(x.lo) <= std::min(x.hi, 0.0) ? Place::pole_inside : Place::one_piece;
}

/// The range of a function of the family, `range` giving it inside one piece.
template <class R>
Interval on_pieces(const Interval& x, R range) {
  switch (place_of(x)) {
    case Place::none:
      return Interval::empty();
    case Place::pole_inside:
      return Interval::whole(false);
    case Place::one_piece:
      break;
  }
  const double lo = x.lo + 0.0;
  const Bounds b = range(lo, x.hi + 0.0);
  return Interval(b.lo, b.hi, x.total && lo != 0);
}

}  // namespace

using N = Number<Interval>;

Interval N::gamma(const Interval& x) {
  return on_pieces(x, [](double a, double b) {
    const Bounds r = abs_gamma_range(a, b);
    // Left of 0 the sign alternates from piece to piece: positive where floor(x) is even.
    const bool negative = a < 0 && std::fmod(std::floor(a), 2.0) != 0;
    return negative ? Bounds{-r.hi, -r.lo} : r;
  });
}

Interval N::lgamma(const Interval& x) { return on_pieces(x, lgamma_range); }

Interval N::digamma(const Interval& x) {
  return on_pieces(x, [](double a, double b) { return Bounds{digamma_at(a).lo, digamma_at(b).hi}; });
}

Interval N::polygamma(std::int64_t n, const Interval& x) {
  if (n == 0) return digamma(x);
  if (n < 0 || n > arb::highest_polygamma) return Interval::empty();
  return on_pieces(x, [n](double a, double b) {
    const auto f = [n](double t) { return polygamma_at(n, t); };
    if (n % 2 == 0) return Bounds{f(a).lo, f(b).hi};
    if (a >= 0) return Bounds{f(b).lo, f(a).hi};
    return convex_range(
        f, [n](double t) { return polygamma_at(n + 1, t); }, a, b);
  });
}

}  // namespace nabla
