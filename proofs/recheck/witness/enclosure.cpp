#include <algorithm>
#include <cmath>
#include <nabla/proofs/recheck/witness/enclosure.hpp>
#include <span>

// Arithmetic and order. An open end of a result is one that no open or closed ends of the operands attain.

namespace nabla::rederive {

mpfr_prec_t& EnclosureBits::current() {
  thread_local mpfr_prec_t bits = End::usual_bits;
  return bits;
}

Rational End::exact() const {
  if (sign() == 0) return 0;
  mpz_t z;
  mpz_init(z);
  const mpfr_exp_t e = mpfr_get_z_2exp(z, x_);
  boost::multiprecision::mpz_int n;
  mpz_set(n.backend().data(), z);
  mpz_clear(z);
  Rational r(n);
  const boost::multiprecision::mpz_int scale = boost::multiprecision::mpz_int(1) << static_cast<unsigned>(std::abs(e));
  return e < 0 ? Rational(r / Rational(scale)) : Rational(r * Rational(scale));
}

Enclosure Enclosure::whole(bool is_total) {
  Enclosure x;
  x.lo = End::infinity(-1);
  x.hi = End::infinity(1);
  x.total = is_total;
  return x;
}

Enclosure Enclosure::of(const Rational& q) {
  Enclosure x;
  mpfr_set_q(x.lo.get(), q.backend().data(), MPFR_RNDD);
  mpfr_set_q(x.hi.get(), q.backend().data(), MPFR_RNDU);
  return x;
}

Enclosure Enclosure::between(const End& lo, const End& hi, bool lo_open, bool hi_open) {
  Enclosure x;
  x.lo = lo;
  x.hi = hi;
  x.lo_open = lo_open;
  x.hi_open = hi_open;
  return x;
}

Enclosure operator-(const Enclosure& a) {
  Enclosure r = a;
  mpfr_neg(r.lo.get(), a.hi.get(), MPFR_RNDD);
  mpfr_neg(r.hi.get(), a.lo.get(), MPFR_RNDU);
  r.lo_open = a.hi_open;
  r.hi_open = a.lo_open;
  return r;
}

Enclosure operator+(const Enclosure& a, const Enclosure& b) {
  Enclosure r;
  mpfr_add(r.lo.get(), a.lo.get(), b.lo.get(), MPFR_RNDD);
  mpfr_add(r.hi.get(), a.hi.get(), b.hi.get(), MPFR_RNDU);
  r.lo_open = a.lo_open || b.lo_open;
  r.hi_open = a.hi_open || b.hi_open;
  r.total = a.total && b.total;
  return r;
}

Enclosure operator-(const Enclosure& a, const Enclosure& b) { return a + -b; }

namespace {

/// What an operation on one end of each operand gives, rounded both ways, and whether it is attained.
struct Corner {
  End down, up;
  bool closed;
};

Enclosure hull_of(std::span<const Corner> corners, bool total) {
  Enclosure r;
  r.lo = corners[0].down;
  r.hi = corners[0].up;
  for (const Corner& c : corners) {
    if (c.down < r.lo) r.lo = c.down;
    if (r.hi < c.up) r.hi = c.up;
  }
  r.lo_open = r.hi_open = true;
  for (const Corner& c : corners) {
    if (c.down == r.lo && c.closed) r.lo_open = false;
    if (c.up == r.hi && c.closed) r.hi_open = false;
  }
  r.total = total;
  return r;
}

bool contains_zero(const Enclosure& x) { return !x.nonzero(); }

}  // namespace

Enclosure operator*(const Enclosure& a, const Enclosure& b) {
  Corner corners[4];
  std::size_t n = 0;
  for (const bool first : {true, false})
    for (const bool second : {true, false}) {
      const End &x = first ? a.lo : a.hi, &y = second ? b.lo : b.hi;
      const bool x_closed = !(first ? a.lo_open : a.hi_open), y_closed = !(second ? b.lo_open : b.hi_open);
      Corner& c = corners[n++];
      if (x.sign() == 0 || y.sign() == 0) {
        c = {End(), End(), (x.sign() == 0 && x_closed) || (y.sign() == 0 && y_closed)};
      } else {
        mpfr_mul(c.down.get(), x.get(), y.get(), MPFR_RNDD);
        mpfr_mul(c.up.get(), x.get(), y.get(), MPFR_RNDU);
        c.closed = x_closed && y_closed;
      }
    }
  Enclosure r = hull_of(corners, a.total && b.total);
  // A factor that is 0 inside its interval gives 0, at whatever end that is.
  if (contains_zero(a) || contains_zero(b)) {
    if (r.lo.sign() == 0) r.lo_open = false;
    if (r.hi.sign() == 0) r.hi_open = false;
  }
  return r;
}

Enclosure operator/(const Enclosure& a, const Enclosure& b) {
  const bool total = a.total && b.total && b.nonzero();
  if (b.lo.sign() < 0 && b.hi.sign() > 0) return Enclosure::whole(false);
  if (b.lo.sign() == 0 && b.hi.sign() == 0) return Enclosure::whole(false);
  if (b.hi.sign() <= 0) return -a / -b;
  // 0 <= b: only values of b that are not 0 count.
  Corner corners[4];
  std::size_t n = 0;
  for (const bool first : {true, false})
    for (const bool second : {true, false}) {
      const End &x = first ? a.lo : a.hi, &y = second ? b.lo : b.hi;
      const bool x_closed = !(first ? a.lo_open : a.hi_open);
      const bool y_closed = !(second ? b.lo_open : b.hi_open) && y.sign() != 0 && !y.is_infinite();
      Corner& c = corners[n++];
      if (x.sign() == 0) {
        c = {End(), End(), x_closed};
      } else if (y.sign() == 0) {
        c = {End::infinity(x.sign()), End::infinity(x.sign()), false};
      } else if (y.is_infinite()) {
        c = {End(), End(), false};
      } else {
        mpfr_div(c.down.get(), x.get(), y.get(), MPFR_RNDD);
        mpfr_div(c.up.get(), x.get(), y.get(), MPFR_RNDU);
        c.closed = x_closed && y_closed;
      }
    }
  Enclosure r = hull_of(corners, total);
  if (contains_zero(a)) {
    if (r.lo.sign() == 0) r.lo_open = false;
    if (r.hi.sign() == 0) r.hi_open = false;
  }
  return r;
}

}  // namespace nabla::rederive

namespace nabla {

using rederive::Enclosure;
using rederive::End;
using EnclosureNumber = Number<Enclosure>;

Enclosure EnclosureNumber::of(const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::infinity:
      return Enclosure::whole(false);
    case Constant::Kind::pi: {
      Enclosure x;
      mpfr_const_pi(x.lo.get(), MPFR_RNDD);
      mpfr_const_pi(x.hi.get(), MPFR_RNDU);
      return x;
    }
    default:
      break;
  }
  if (c.kind() == Constant::Kind::dyadic && !std::isfinite(c.as_dyadic())) return Enclosure::whole(false);
  return Enclosure::of(Number<Rational>::of(c));
}

Enclosure EnclosureNumber::abs(const Enclosure& x) {
  if (x.nonnegative()) return x;
  if (x.nonpositive()) return -x;
  const Enclosure m = -x;
  const bool left = x.hi < m.hi, both = x.hi == m.hi;
  Enclosure r = Enclosure::between(End(), left ? m.hi : x.hi, false,
                                   left ? m.hi_open : (both ? x.hi_open && m.hi_open : x.hi_open));
  r.total = x.total;
  return r;
}

Enclosure EnclosureNumber::powi(const Enclosure& x, std::int64_t n) {
  if (n == 0) {
    Enclosure one(1);
    one.total = x.total;
    return one;
  }
  if (n < 0) return Enclosure(1) / powi(x, n == INT64_MIN ? INT64_MAX : -n);
  const Enclosure base = n % 2 == 0 ? abs(x) : x;
  Enclosure r = base;
  mpfr_pow_si(r.lo.get(), base.lo.get(), static_cast<long>(n), MPFR_RNDD);
  mpfr_pow_si(r.hi.get(), base.hi.get(), static_cast<long>(n), MPFR_RNDU);
  return r;
}

Truth EnclosureNumber::less(const Enclosure& a, const Enclosure& b) {
  if (!a.total || !b.total) return Truth::unknown;
  if (a.hi < b.lo || (a.hi == b.lo && (a.hi_open || b.lo_open))) return Truth::yes;
  return b.hi < a.lo || b.hi == a.lo ? Truth::no : Truth::unknown;
}

Truth EnclosureNumber::equal(const Enclosure& a, const Enclosure& b) {
  if (!a.total || !b.total) return Truth::unknown;
  if (less(a, b) == Truth::yes || less(b, a) == Truth::yes) return Truth::no;
  return a.is_point() && b.is_point() && a.lo == b.lo ? Truth::yes : Truth::unknown;
}

Enclosure EnclosureNumber::sign(const Enclosure& x) {
  if (x.positive() || x.negative()) {
    Enclosure r(x.positive() ? 1 : -1);
    r.total = x.total;
    return r;
  }
  Enclosure r = hull(Enclosure(x.lo.sign() < 0 ? -1 : 0), Enclosure(x.hi.sign() > 0 ? 1 : 0));
  r.total = x.total;
  return r;
}

Enclosure EnclosureNumber::max(const Enclosure& a, const Enclosure& b) {
  Enclosure r;
  r.lo = a.lo < b.lo ? b.lo : a.lo;
  r.hi = a.hi < b.hi ? b.hi : a.hi;
  r.lo_open = (a.lo == r.lo && a.lo_open) || (b.lo == r.lo && b.lo_open);
  r.hi_open = (a.hi < r.hi || a.hi_open) && (b.hi < r.hi || b.hi_open);
  r.total = a.total && b.total;
  return r;
}

Enclosure EnclosureNumber::floor(const Enclosure& x) {
  Enclosure r = x;
  mpfr_floor(r.lo.get(), x.lo.get());
  mpfr_floor(r.hi.get(), x.hi.get());
  r.lo_open = r.hi_open = false;
  return r;
}

Enclosure EnclosureNumber::hull(const Enclosure& a, const Enclosure& b) {
  Enclosure r;
  r.lo = b.lo < a.lo ? b.lo : a.lo;
  r.hi = a.hi < b.hi ? b.hi : a.hi;
  r.lo_open = (r.lo < a.lo || a.lo_open) && (r.lo < b.lo || b.lo_open);
  r.hi_open = (a.hi < r.hi || a.hi_open) && (b.hi < r.hi || b.hi_open);
  r.total = a.total && b.total;
  return r;
}

}  // namespace nabla
