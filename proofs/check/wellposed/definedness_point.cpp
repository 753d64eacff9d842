#include <nabla/proofs/check/wellposed/definedness_point.hpp>
#include <utility>

namespace nabla {

namespace {

using Status = PointValue::Status;
using B = Number<Ball>;
constexpr std::size_t most_exact_bits = 4096;

bool is_short(const Rational& x) {
  return mpz_sizeinbase(mpq_numref(x.backend().data()), 2) <= most_exact_bits &&
         mpz_sizeinbase(mpq_denref(x.backend().data()), 2) <= most_exact_bits;
}

/// The exact value, or a ball where that has become long.
PointValue made(Rational x) { return is_short(x) ? PointValue(std::move(x)) : PointValue(B::of(to_constant(x))); }

PointValue undefined() { return PointValue::of_status(Status::undefined); }
PointValue unknown() { return PointValue::of_status(Status::unknown); }

/// f(x) where the point is inside the domain; `at` gives exact values where f has them.
template <class F>
PointValue apply(const PointValue& x, Truth inside, F f) {
  if (!x.is_defined()) return PointValue::of_status(x.status());
  if (inside == Truth::no) return undefined();
  if (inside == Truth::unknown) return unknown();
  return PointValue(f(x.ball()));
}

bool is(const PointValue& x, int n) { return x.exact() != nullptr && *x.exact() == n; }

bool is_integer(const Rational& x) { return denominator(x) == 1; }

/// The domain of the gamma family: all but 0, -1, -2, ...
Truth off_the_poles(const PointValue& x) {
  if (x.positive() == Truth::yes) return Truth::yes;
  if (const Rational* r = x.exact()) return truth(!is_integer(*r));
  const Ball b = x.ball();
  return B::equal(b, B::floor(b)) == Truth::no ? Truth::yes : Truth::unknown;
}

thread_local LostTerms* watching = nullptr;

/// Functions that add numbers of which one may be lost do so as a sum that is watched.
void watch_exponentials(const PointValue& x) {
  if (watching == nullptr || !x.is_defined()) return;
  const Ball b = x.ball();
  (void)(PointValue(B::exp(b)) + PointValue(B::exp(-b)));
}
void watch_sum(const PointValue& x, const PointValue& y) {
  if (watching != nullptr && x.is_defined() && y.is_defined()) (void)(x + y);
}

Truth at_least(const PointValue& x, int n) { return !Number<PointValue>::less(x, PointValue(n)); }
Truth at_most(const PointValue& x, int n) { return !Number<PointValue>::less(PointValue(n), x); }

}  // namespace

LostTerms::LostTerms() : before_(std::exchange(watching, this)) {}
LostTerms::~LostTerms() { watching = before_; }

void LostTerms::look(const PointValue& a, const PointValue& b) {
  if (any_ || a.is_zero() || b.is_zero()) return;
  const Ball x = B::abs(a.ball()), y = B::abs(b.ball());
  // What may be 0 is the rest of a cancellation, unless it is smaller than these are: an exponential out of range.
  static const Ball lost = B::powi(Ball(2), lost_bits), out_of_range = B::powi(Ball(2), 3 * run_bits);
  const auto loses = [](const Ball& small, const Ball& large) {
    return B::less(small * (small.certainly_nonzero() ? lost : out_of_range), large) == Truth::yes;
  };
  any_ = loses(x, y) || loses(y, x);
}

PointValue::PointValue(const Ball& x) : status_(x.is_finite() ? Status::defined : Status::unknown), ball_(x) {}

PointValue PointValue::of_status(Status status) {
  PointValue x{Ball::indeterminate()};
  x.status_ = status;
  return x;
}

Ball PointValue::ball() const {
  if (!is_defined()) return Ball::indeterminate();
  return exact_ ? B::of(to_constant(*exact_)) : ball_;
}

Truth PointValue::positive() const {
  if (!is_defined()) return Truth::unknown;
  if (exact_) return truth(exact_->sign() > 0);
  return ball_.certainly_positive() ? Truth::yes : (-ball_).certainly_nonnegative() ? Truth::no : Truth::unknown;
}
Truth PointValue::negative() const { return (-*this).positive(); }
Truth PointValue::zero() const {
  if (!is_defined()) return Truth::unknown;
  if (exact_) return truth(exact_->is_zero());
  return ball_.certainly_nonzero() ? Truth::no : ball_.is_zero() ? Truth::yes : Truth::unknown;
}

PointValue operator+(const PointValue& a, const PointValue& b) {
  if (!a.is_defined() || !b.is_defined()) return PointValue::of_status(worst(a.status(), b.status()));
  if (watching != nullptr) watching->look(a, b);
  if (a.exact() && b.exact()) return made(*a.exact() + *b.exact());
  return PointValue(a.ball() + b.ball());
}
PointValue operator-(const PointValue& a) {
  if (a.exact()) return PointValue(Rational(-*a.exact()));
  return a.is_defined() ? PointValue(-a.ball()) : a;
}
PointValue operator-(const PointValue& a, const PointValue& b) { return a + -b; }
PointValue operator*(const PointValue& a, const PointValue& b) {
  if (!a.is_defined() || !b.is_defined()) return PointValue::of_status(worst(a.status(), b.status()));
  if (a.is_zero() || b.is_zero()) return PointValue(0);
  if (a.exact() && b.exact()) return made(*a.exact() * *b.exact());
  return PointValue(a.ball() * b.ball());
}
PointValue operator/(const PointValue& a, const PointValue& b) {
  if (!a.is_defined() || !b.is_defined()) return PointValue::of_status(worst(a.status(), b.status()));
  const Truth zero = b.zero();
  if (zero == Truth::yes) return undefined();
  if (zero == Truth::unknown) return unknown();
  if (a.is_zero()) return PointValue(0);
  if (a.exact() && b.exact()) return made(*a.exact() / *b.exact());
  return PointValue(a.ball() / b.ball());
}

std::optional<Rational> exact_root(const Rational& x, unsigned n) {
  const auto whole_root =
      [n](const boost::multiprecision::mpz_int& z) -> std::optional<boost::multiprecision::mpz_int> {
    boost::multiprecision::mpz_int r;
    if (mpz_root(r.backend().data(), z.backend().data(), n) == 0) return std::nullopt;
    return r;
  };
  if (n == 0 || x.sign() < 0) return std::nullopt;
  const auto p = whole_root(numerator(x));
  const auto q = whole_root(denominator(x));
  if (!p || !q) return std::nullopt;
  return Rational(*p, *q);
}

using N = Number<PointValue>;

PointValue N::of(const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::ratio:
    case Constant::Kind::text:
      return made(Number<Rational>::of(c));
    case Constant::Kind::dyadic:
      return std::isfinite(c.as_dyadic()) ? made(Number<Rational>::of(c)) : undefined();
    case Constant::Kind::pi:
      return PointValue(B::of(c));
    case Constant::Kind::infinity:
      return undefined();
  }
  return unknown();
}

PointValue N::powi(const PointValue& x, std::int64_t n) {
  if (!x.is_defined()) return x;
  if (n == 0) return PointValue(1);
  if (n < 0) {
    const Truth zero = x.zero();
    if (zero == Truth::yes) return undefined();
    if (zero == Truth::unknown) return unknown();
  }
  if (x.is_zero()) return PointValue(0);
  if (x.exact() && n > -64 && n < 64) return made(Number<Rational>::powi(*x.exact(), n));
  return PointValue(B::powi(x.ball(), n));
}

PointValue N::abs(const PointValue& x) {
  if (x.exact()) return PointValue(Number<Rational>::abs(*x.exact()));
  return x.is_defined() ? PointValue(B::abs(x.ball())) : x;
}
PointValue N::sign(const PointValue& x) {
  if (!x.is_defined()) return x;
  if (x.zero() == Truth::yes) return PointValue(0);
  if (x.positive() == Truth::yes) return PointValue(1);
  return x.negative() == Truth::yes ? PointValue(-1) : PointValue(B::sign(x.ball()));
}
PointValue N::max(const PointValue& a, const PointValue& b) {
  if (!a.is_defined() || !b.is_defined()) return PointValue::of_status(worst(a.status(), b.status()));
  const Truth smaller = less(a, b);
  if (smaller == Truth::yes) return b;
  return smaller == Truth::no ? a : PointValue(B::max(a.ball(), b.ball()));
}
PointValue N::min(const PointValue& a, const PointValue& b) { return -max(-a, -b); }
PointValue N::floor(const PointValue& x) {
  if (x.exact()) return PointValue(Number<Rational>::floor(*x.exact()));
  return x.is_defined() ? PointValue(B::floor(x.ball())) : x;
}
PointValue N::hull(const PointValue& a, const PointValue& b) {
  if (!a.is_defined() || !b.is_defined()) {
    // Which of the two is meant is not known, so it may well be the one that exists.
    const bool neither = a.status() == Status::undefined && b.status() == Status::undefined;
    return PointValue::of_status(neither ? Status::undefined : Status::unknown);
  }
  if (equal(a, b) == Truth::yes && a.exact()) return a;
  return PointValue(B::hull(a.ball(), b.ball()));
}
PointValue N::where_defined(const PointValue& value, const PointValue& a, const PointValue& b) {
  const Status status = worst(value.status(), worst(a.status(), b.status()));
  return status == Status::defined ? value : PointValue::of_status(status);
}

PointValue N::sqrt(const PointValue& x) {
  if (x.exact() && x.exact()->sign() >= 0)
    if (auto root = exact_root(*x.exact(), 2)) return PointValue(*root);
  return apply(x, at_least(x, 0), B::sqrt);
}
PointValue N::cbrt(const PointValue& x) {
  if (x.exact())
    if (auto root = exact_root(Number<Rational>::abs(*x.exact()), 3))
      return PointValue(x.exact()->sign() < 0 ? Rational(-*root) : *root);
  return apply(x, Truth::yes, B::cbrt);
}
PointValue N::exp(const PointValue& x) { return is(x, 0) ? PointValue(1) : apply(x, Truth::yes, B::exp); }
PointValue N::expm1(const PointValue& x) {
  if (watching != nullptr && x.is_defined()) watch_sum(PointValue(B::exp(x.ball())), PointValue(-1));
  return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::expm1);
}
PointValue N::log(const PointValue& x) { return is(x, 1) ? PointValue(0) : apply(x, x.positive(), B::log); }
PointValue N::log1p(const PointValue& x) {
  watch_sum(x, PointValue(1));
  return is(x, 0) ? PointValue(0) : apply(x, less(PointValue(-1), x), B::log1p);
}
PointValue N::log2(const PointValue& x) { return is(x, 1) ? PointValue(0) : apply(x, x.positive(), B::log2); }
PointValue N::log10(const PointValue& x) { return is(x, 1) ? PointValue(0) : apply(x, x.positive(), B::log10); }

PointValue N::pow(const PointValue& x, const PointValue& y) {
  if (!x.is_defined() || !y.is_defined()) return PointValue::of_status(worst(x.status(), y.status()));
  const Rational* n = y.exact();
  if (n != nullptr && is_integer(*n)) {
    if (Number<Rational>::abs(*n) < Rational(INT64_MAX)) return powi(x, numerator(*n).convert_to<std::int64_t>());
    return unknown();
  }
  const Truth positive = x.positive();
  if (positive == Truth::yes) {
    if (is(x, 1)) return PointValue(1);
    if (n != nullptr && x.exact() && denominator(*n) < 64 && Number<Rational>::abs(*n) < 64)
      if (const auto root = exact_root(*x.exact(), denominator(*n).convert_to<unsigned>()))
        return powi(PointValue(*root), numerator(*n).convert_to<std::int64_t>());
    return PointValue(B::pow(x.ball(), y.ball()));
  }
  if (x.zero() == Truth::yes) {
    const Truth rising = y.positive();
    if (rising == Truth::yes) return PointValue(0);
    return y.negative() == Truth::yes ? undefined() : unknown();
  }
  // A negative base takes integers only; an exponent that is not rational for sure may be one.
  if (n != nullptr && x.negative() == Truth::yes) return undefined();
  return unknown();
}

PointValue N::hypot(const PointValue& x, const PointValue& y) { return sqrt(powi(x, 2) + powi(y, 2)); }
PointValue N::sin(const PointValue& x) { return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::sin); }
PointValue N::cos(const PointValue& x) { return is(x, 0) ? PointValue(1) : apply(x, Truth::yes, B::cos); }
PointValue N::tan(const PointValue& x) { return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::tan); }
PointValue N::asin(const PointValue& x) {
  return is(x, 0) ? PointValue(0) : apply(x, at_least(x, -1) && at_most(x, 1), B::asin);
}
PointValue N::acos(const PointValue& x) {
  return is(x, 1) ? PointValue(0) : apply(x, at_least(x, -1) && at_most(x, 1), B::acos);
}
PointValue N::atan(const PointValue& x) {
  watch_sum(powi(x, 2), PointValue(1));
  return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::atan);
}
PointValue N::atan2(const PointValue& y, const PointValue& x) {
  if (!x.is_defined() || !y.is_defined()) return PointValue::of_status(worst(x.status(), y.status()));
  const Truth origin = x.zero() && y.zero();
  if (origin == Truth::yes) return undefined();
  if (origin == Truth::unknown) return unknown();
  if (y.is_zero() && x.positive() == Truth::yes) return PointValue(0);
  return PointValue(B::atan2(y.ball(), x.ball()));
}
PointValue N::sinh(const PointValue& x) {
  watch_exponentials(x);
  return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::sinh);
}
PointValue N::cosh(const PointValue& x) {
  watch_exponentials(x);
  return is(x, 0) ? PointValue(1) : apply(x, Truth::yes, B::cosh);
}
PointValue N::tanh(const PointValue& x) {
  watch_exponentials(x);
  return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::tanh);
}
PointValue N::asinh(const PointValue& x) {
  watch_sum(powi(x, 2), PointValue(1));
  return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::asinh);
}
PointValue N::acosh(const PointValue& x) {
  watch_sum(powi(x, 2), PointValue(-1));
  return is(x, 1) ? PointValue(0) : apply(x, at_least(x, 1), B::acosh);
}
PointValue N::atanh(const PointValue& x) {
  return is(x, 0) ? PointValue(0) : apply(x, less(PointValue(-1), x) && less(x, PointValue(1)), B::atanh);
}
PointValue N::erf(const PointValue& x) {
  if (watching != nullptr && x.is_defined()) watch_sum(PointValue(1), PointValue(B::erfc(B::abs(x.ball()))));
  return is(x, 0) ? PointValue(0) : apply(x, Truth::yes, B::erf);
}
PointValue N::erfc(const PointValue& x) {
  if (watching != nullptr && x.is_defined()) watch_sum(PointValue(1), PointValue(B::erfc(B::abs(x.ball()))));
  return is(x, 0) ? PointValue(1) : apply(x, Truth::yes, B::erfc);
}
PointValue N::gamma(const PointValue& x) {
  return is(x, 1) || is(x, 2) ? PointValue(1) : apply(x, off_the_poles(x), B::gamma);
}
PointValue N::lgamma(const PointValue& x) {
  return is(x, 1) || is(x, 2) ? PointValue(0) : apply(x, off_the_poles(x), B::lgamma);
}
PointValue N::digamma(const PointValue& x) { return apply(x, off_the_poles(x), B::digamma); }
PointValue N::polygamma(std::int64_t n, const PointValue& x) {
  return apply(x, off_the_poles(x), [n](const Ball& b) { return B::polygamma(n, b); });
}

}  // namespace nabla
