#include <array>
#include <nabla/proofs/check/identity/normal_form_range.hpp>

namespace nabla::normal_form {

Signs negated(Signs a) {
  Signs r = a & Signs::zero;
  if ((a & Signs::negative) != Signs::none) r = r | Signs::positive;
  if ((a & Signs::positive) != Signs::none) r = r | Signs::negative;
  return r;
}

Signs product(Signs a, Signs b) {
  constexpr std::array<Signs, 3> each{Signs::negative, Signs::zero, Signs::positive};
  Signs r = Signs::none;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) {
      if ((a & each[i]) == Signs::none || (b & each[j]) == Signs::none) continue;
      r = r | (i == 1 || j == 1 ? Signs::zero : i == j ? Signs::positive : Signs::negative);
    }
  return r;
}

Signs power(Signs a, std::int64_t n) {
  if (n == 0) return Signs::positive;
  if (n % 2 != 0) return a;
  return ((a & Signs::nonzero) != Signs::none ? Signs::positive : Signs::none) | (a & Signs::zero);
}

Range Range::of(Signs s) {
  Range r;
  if (within(s, Signs::nonnegative)) {
    r.lo = Rational(0);
    r.lo_closed = (s & Signs::zero) != Signs::none;
  }
  if (within(s, Signs::nonpositive)) {
    r.hi = Rational(0);
    r.hi_closed = (s & Signs::zero) != Signs::none;
  }
  return r;
}

Signs Range::signs() const {
  Signs s = Signs::none;
  if (!lo || *lo < 0) s = s | Signs::negative;
  if (!hi || *hi > 0) s = s | Signs::positive;
  const bool above = lo && (*lo > 0 || (lo->is_zero() && !lo_closed));
  const bool below = hi && (*hi < 0 || (hi->is_zero() && !hi_closed));
  if (!above && !below) s = s | Signs::zero;
  return s;
}

Range operator+(const Range& a, const Range& b) {
  Range r;
  if (a.lo && b.lo) {
    r.lo = *a.lo + *b.lo;
    r.lo_closed = a.lo_closed && b.lo_closed;
  }
  if (a.hi && b.hi) {
    r.hi = *a.hi + *b.hi;
    r.hi_closed = a.hi_closed && b.hi_closed;
  }
  return r;
}

namespace {

/// An end of an interval as a point of the extended line: infinite of a sign, or a number.
struct End {
  int infinite = 0;
  Rational value;
  bool closed = false;
};
End low(const Range& a) { return a.lo ? End{0, *a.lo, a.lo_closed} : End{-1, 0, false}; }
End high(const Range& a) { return a.hi ? End{0, *a.hi, a.hi_closed} : End{1, 0, false}; }
int sign(const End& e) { return e.infinite != 0 ? e.infinite : e.value.sign(); }

/// The limit of products towards two ends. 0 times infinity is 0: the factor nearer to 0 can be made as small as one
/// likes only at 0 itself, and there the product is 0.
End times(const End& a, const End& b) {
  const int s = sign(a) * sign(b);
  if (s == 0)
    return {0, 0,
            (a.infinite == 0 && a.value.is_zero() && a.closed) || (b.infinite == 0 && b.value.is_zero() && b.closed)};
  if (a.infinite != 0 || b.infinite != 0) return {s, 0, false};
  return {0, a.value * b.value, a.closed && b.closed};
}
bool less(const End& a, const End& b) {
  if (a.infinite != b.infinite) return a.infinite < b.infinite;
  return a.infinite == 0 && a.value < b.value;
}
bool equal(const End& a, const End& b) { return a.infinite == b.infinite && (a.infinite != 0 || a.value == b.value); }

}  // namespace

Range operator*(const Range& a, const Range& b) {
  const std::array<End, 4> ends{times(low(a), low(b)), times(low(a), high(b)), times(high(a), low(b)),
                                times(high(a), high(b))};
  End lo = ends[0], hi = ends[0];
  for (const End& e : ends) {
    if (equal(e, lo)) lo.closed = lo.closed || e.closed;
    if (equal(e, hi)) hi.closed = hi.closed || e.closed;
    if (less(e, lo)) lo = e;
    if (less(hi, e)) hi = e;
  }
  // A factor that takes the value 0 inside its interval gives the product 0, at whatever end that is.
  const bool zero = (a.signs() & Signs::zero) != Signs::none || (b.signs() & Signs::zero) != Signs::none;
  Range r;
  if (lo.infinite == 0) {
    r.lo = lo.value;
    r.lo_closed = lo.closed || (zero && lo.value.is_zero());
  }
  if (hi.infinite == 0) {
    r.hi = hi.value;
    r.hi_closed = hi.closed || (zero && hi.value.is_zero());
  }
  return r;
}

Range power(const Range& a, std::int64_t n) {
  if (n > 64) return Range::of(power(a.signs(), n));
  Range r = a;
  for (std::int64_t k = 1; k < n; ++k) r = r * a;
  return n % 2 == 0 ? intersection(r, Range::of(power(a.signs(), n))) : r;
}

Range intersection(const Range& a, const Range& b) {
  Range r = a;
  if (b.lo && (!r.lo || *r.lo < *b.lo || (*r.lo == *b.lo && !b.lo_closed))) {
    r.lo = b.lo;
    r.lo_closed = b.lo_closed;
  }
  if (b.hi && (!r.hi || *b.hi < *r.hi || (*b.hi == *r.hi && !b.hi_closed))) {
    r.hi = b.hi;
    r.hi_closed = b.hi_closed;
  }
  if (r.lo && r.hi && (*r.hi < *r.lo || (*r.hi == *r.lo && !(r.lo_closed && r.hi_closed)))) return a;
  return r;
}

}  // namespace nabla::normal_form
