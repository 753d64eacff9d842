#include <cmath>
#include <limits>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/round_constant.hpp>

// Construction, tests and arithmetic of Ball; the functions are in ball_functions.cpp, the text in ball_text.cpp.

namespace nabla {

namespace {

arb_ptr init_in(void* storage) {
  auto* const x = new (storage) arb_struct;
  arb_init(x);
  return x;
}

/// Infinite midpoints are meant; a NaN with radius 0, as Arb makes it from a double, is not yet indeterminate.
void normalise(arb_ptr x) {
  if (arf_is_nan(arb_midref(x))) arb_indeterminate(x);
}

/// Arb rounds the radius up even where it is short enough to be exact, so that [0, 1] would reach below 0. Sets x to
/// the ball of ends a and b if that is possible exactly at the present precision; otherwise leaves it.
void set_exact_ends(arb_ptr x, arf_srcptr a, arf_srcptr b) {
  arb::TemporaryArf mid;
  arb::TemporaryArf rad;
  if (arf_add(mid, a, b, Precision::bits(), ARF_RND_DOWN) != 0) return;
  if (arf_sub(rad, b, a, MAG_BITS, ARF_RND_DOWN) != 0) return;
  arf_set(arb_midref(x), mid);
  arb_mul_2exp_si(x, x, -1);
  fmpz_t mantissa;
  fmpz_t exponent;
  fmpz_init(mantissa);
  fmpz_init(exponent);
  arf_get_fmpz_2exp(mantissa, exponent, rad);
  mag_set_fmpz(arb_radref(x), mantissa);  // at most MAG_BITS bits: exact
  mag_mul_2exp_fmpz(arb_radref(x), arb_radref(x), exponent);
  mag_mul_2exp_si(arb_radref(x), arb_radref(x), -1);
  fmpz_clear(mantissa);
  fmpz_clear(exponent);
}

}  // namespace

Ball::Ball() { init_in(storage_); }

Ball::Ball(bool negative, std::uint64_t magnitude) {
  arb_ptr x = init_in(storage_);
  arb_set_ui(x, magnitude);
  if (negative) arb_neg(x, x);
}

Ball::Ball(const Ball& other) { arb_set(init_in(storage_), raw(other)); }

Ball::Ball(Ball&& other) noexcept { arb_swap(init_in(storage_), raw(other)); }

Ball& Ball::operator=(const Ball& other) {
  arb_set(raw(*this), raw(other));
  return *this;
}

Ball& Ball::operator=(Ball&& other) noexcept {
  arb_swap(raw(*this), raw(other));
  return *this;
}

Ball::~Ball() { arb_clear(raw(*this)); }

Ball Ball::of_double_exact(double x) {
  Ball r;
  arb_set_d(raw(r), x);
  normalise(raw(r));
  return r;
}

Ball Ball::of_ends(double lo, double hi) {
  if (!(lo <= hi)) return indeterminate();
  Ball r;
  arb::TemporaryArf a;
  arb::TemporaryArf b;
  arf_set_d(a, lo);
  arf_set_d(b, hi);
  arb_set_interval_arf(raw(r), a, b, Precision::bits());
  normalise(raw(r));
  if (arb_is_finite(raw(r)) != 0) set_exact_ends(raw(r), a, b);
  return r;
}

Ball Ball::indeterminate() {
  Ball r;
  arb_indeterminate(raw(r));
  return r;
}

bool Ball::is_finite() const { return arb_is_finite(raw(*this)) != 0; }
bool Ball::is_exact() const { return is_finite() && arb_is_exact(raw(*this)) != 0; }
bool Ball::is_zero() const { return arb_is_zero(raw(*this)) != 0; }
bool Ball::certainly_positive() const { return arb_is_positive(raw(*this)) != 0; }
bool Ball::certainly_negative() const { return arb_is_negative(raw(*this)) != 0; }
bool Ball::certainly_nonnegative() const { return arb_is_nonnegative(raw(*this)) != 0; }
bool Ball::certainly_nonzero() const { return arb_is_nonzero(raw(*this)) != 0; }
bool Ball::contains(const Ball& inner) const { return arb_contains(raw(*this), raw(inner)) != 0; }
bool Ball::contains(std::int64_t n) const { return arb_contains_si(raw(*this), n) != 0; }
bool Ball::overlaps(const Ball& other) const { return arb_overlaps(raw(*this), raw(other)) != 0; }
long Ball::accuracy_bits() const { return arb_rel_accuracy_bits(raw(*this)); }

Ball& Ball::operator+=(const Ball& b) {
  arb_add(raw(*this), raw(*this), raw(b), Precision::bits());
  return *this;
}
Ball& Ball::operator-=(const Ball& b) {
  arb_sub(raw(*this), raw(*this), raw(b), Precision::bits());
  return *this;
}
Ball& Ball::operator*=(const Ball& b) {
  arb_mul(raw(*this), raw(*this), raw(b), Precision::bits());
  return *this;
}
Ball& Ball::operator/=(const Ball& b) {
  // Any zero in the divisor is a point outside the domain, and must stay visible as NaN, not as a radius.
  if (!b.certainly_nonzero()) {
    arb_indeterminate(raw(*this));
  } else {
    arb_div(raw(*this), raw(*this), raw(b), Precision::bits());
  }
  return *this;
}

Ball operator+(const Ball& a, const Ball& b) {
  Ball r;
  arb_add(raw(r), raw(a), raw(b), Precision::bits());
  return r;
}
Ball operator-(const Ball& a, const Ball& b) {
  Ball r;
  arb_sub(raw(r), raw(a), raw(b), Precision::bits());
  return r;
}
Ball operator*(const Ball& a, const Ball& b) {
  Ball r;
  arb_mul(raw(r), raw(a), raw(b), Precision::bits());
  return r;
}
Ball operator/(const Ball& a, const Ball& b) {
  Ball r = a;
  r /= b;
  return r;
}
Ball operator-(const Ball& a) {
  Ball r;
  arb_neg(raw(r), raw(a));
  return r;
}

Ball Number<Ball>::of(const Constant& c) {
  Ball r;
  switch (c.kind()) {
    case Constant::Kind::ratio:
      arb_set_si(raw(r), c.num());
      if (c.den() != 1) arb_div_si(raw(r), raw(r), c.den(), Precision::bits());
      return r;
    case Constant::Kind::dyadic:
      return Ball::of_double_exact(c.as_dyadic());
    case Constant::Kind::text:
      return Ball::from_text(c.as_text());
    case Constant::Kind::pi:
      arb_const_pi(raw(r), Precision::bits());
      return r;
    case Constant::Kind::infinity:
      arb_pos_inf(raw(r));
      return r;
  }
  return Ball::indeterminate();
}

Truth Number<Ball>::less(const Ball& a, const Ball& b) {
  if (arb_lt(raw(a), raw(b)) != 0) return Truth::yes;
  return arb_ge(raw(a), raw(b)) != 0 ? Truth::no : Truth::unknown;
}

Truth Number<Ball>::equal(const Ball& a, const Ball& b) {
  if (arb_eq(raw(a), raw(b)) != 0) return Truth::yes;
  return arb_ne(raw(a), raw(b)) != 0 ? Truth::no : Truth::unknown;
}

Ball Number<Ball>::where_defined(const Ball& value, const Ball& a, const Ball& b) {
  const bool undefined = arf_is_nan(arb_midref(raw(a))) || arf_is_nan(arb_midref(raw(b)));
  return undefined ? Ball::indeterminate() : value;
}

}  // namespace nabla
