#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <nabla/proofs/recheck/witness/side.hpp>

namespace nabla {

using rederive::Enclosure;
using replay::Side;
using SideNumber = Number<Side>;
using E = Number<Enclosure>;
using A = Number<Algebraic>;

namespace {

thread_local int reach_exponent = -16;

constexpr int highest_order = 12 * 1000;

bool is_exact_zero(const Enclosure& x) { return x.lo.sign() == 0 && x.hi.sign() == 0; }

/// s^(e/12) for 0 < s <= reach. \pre e >= 0
Enclosure powers(int e) {
  if (e == 0) return Enclosure(1);
  Enclosure most(1);
  // At most 2^(reach e / 12), rounded up to a whole power of two.
  const long halvings = static_cast<long>(-reach_exponent) * e / Side::whole;
  mpfr_mul_2si(most.hi.get(), most.hi.get(), -halvings, MPFR_RNDU);
  return Enclosure::between(rederive::End(), most.hi, true, false);
}

Side unknown_side() { return Side::of_status(Side::Status::unknown); }
Side undefined_side() { return Side::of_status(Side::Status::undefined); }

/// What an operation on both has for a status: a value that does not exist has none either.
Side::Status joined(const Side& a, const Side& b) {
  using Status = Side::Status;
  if (a.status() == Status::undefined || b.status() == Status::undefined) return Status::undefined;
  return a.is_defined() && b.is_defined() ? Status::defined : Status::unknown;
}

}  // namespace

namespace replay {

SideReach::SideReach(int exponent) : before_(reach_exponent) { reach_exponent = exponent; }
SideReach::~SideReach() { reach_exponent = before_; }

Side::Side(Algebraic exact, Enclosure limit, int order, Enclosure coefficient)
    : exact_(std::move(exact)), limit_(limit), coefficient_(coefficient), order_(order) {
  if (A::is_zero(exact_)) limit_ = Enclosure(0);
  if (!limit_.total || !limit_.is_finite() || !coefficient_.total || !coefficient_.is_finite())
    status_ = Status::unknown;
}

Side Side::of_status(Status status) {
  Side side;
  side.status_ = status;
  return side;
}

Enclosure Side::range() const { return limit_ + E::hull(coefficient_ * powers(order_), Enclosure(0)); }

std::optional<int> Side::sign() const {
  if (!is_defined()) return std::nullopt;
  if (tends_to_zero()) {
    if (is_constant()) return 0;
    if (coefficient_.positive()) return 1;
    return coefficient_.negative() ? std::optional(-1) : std::nullopt;
  }
  const Enclosure all = range();
  if (all.positive()) return 1;
  return all.negative() ? std::optional(-1) : std::nullopt;
}

namespace {

/// The sum of terms s^(order/12) c as one such term.
struct Term {
  int order;
  Enclosure coefficient;
};
Term gathered(std::initializer_list<Term> terms) {
  int least = highest_order;
  for (const Term& t : terms)
    if (!is_exact_zero(t.coefficient)) least = std::min(least, t.order);
  Term sum{least, Enclosure(0)};
  for (const Term& t : terms)
    if (!is_exact_zero(t.coefficient)) sum.coefficient = sum.coefficient + t.coefficient * powers(t.order - least);
  if (is_exact_zero(sum.coefficient)) sum.order = Side::whole;
  return sum;
}

}  // namespace

Side operator+(const Side& a, const Side& b) {
  if (const Side::Status s = joined(a, b); s != Side::Status::defined) return Side::of_status(s);
  const Term t = gathered({{a.order_, a.coefficient_}, {b.order_, b.coefficient_}});
  return {a.exact_ + b.exact_, a.limit_ + b.limit_, t.order, t.coefficient};
}
Side operator-(const Side& a) { return Side(-1) * a; }
Side operator-(const Side& a, const Side& b) { return a + -b; }
Side operator*(const Side& a, const Side& b) {
  if (const Side::Status s = joined(a, b); s != Side::Status::defined) return Side::of_status(s);
  const Term t = gathered({{a.order_, a.coefficient_ * b.limit_},
                           {b.order_, b.coefficient_ * a.limit_},
                           {a.order_ + b.order_, a.coefficient_ * b.coefficient_}});
  return {a.exact_ * b.exact_, a.limit_ * b.limit_, t.order, t.coefficient};
}
Side operator/(const Side& a, const Side& b) {
  if (const Side::Status s = joined(a, b); s != Side::Status::defined) return Side::of_status(s);
  if (b.sign() == 0) return undefined_side();
  if (a.tends_to_zero() && b.tends_to_zero() && b.coefficient_.nonzero()) {
    // s^p x / (s^q y)
    if (a.is_constant()) return Side(0);
    const Enclosure ratio = a.coefficient_ / b.coefficient_;
    if (a.order_ > b.order_) return {Algebraic(0), Enclosure(0), a.order_ - b.order_, ratio};
    const bool constants = a.coefficient_.is_point() && b.coefficient_.is_point();
    if (a.order_ < b.order_ || !constants) return unknown_side();
    return {Algebraic(a.coefficient_.lo.exact()) / Algebraic(b.coefficient_.lo.exact()), ratio};
  }
  const Enclosure values = b.range();
  if (b.tends_to_zero() || !values.nonzero()) return unknown_side();
  // 1/b - 1/limit = (limit - b) / (b limit)
  return a * Side(Algebraic(1) / b.exact_, Enclosure(1) / b.limit_, b.order_, -b.coefficient_ / (values * b.limit_));
}

}  // namespace replay

Side SideNumber::of(const Constant& c) { return Side(A::of(c), E::of(c)); }

Side SideNumber::powi(const Side& x, std::int64_t n) {
  if (!x.is_defined()) return x;
  if (n < 0) return Side(1) / powi(x, n == INT64_MIN ? INT64_MAX : -n);
  if (n > 1000) return unknown_side();
  Side r(1), square = x;
  for (; n > 0; n /= 2) {
    if (n % 2 != 0) r = r * square;
    if (n > 1) square = square * square;
  }
  return r;
}

Truth SideNumber::less(const Side& a, const Side& b) {
  const auto s = (b - a).sign();
  return s ? truth(*s > 0) : Truth::unknown;
}
Truth SideNumber::equal(const Side& a, const Side& b) {
  const auto s = (b - a).sign();
  return s ? truth(*s == 0) : Truth::unknown;
}
Side SideNumber::abs(const Side& x) {
  if (!x.is_defined()) return x;
  const auto s = x.sign();
  return !s ? unknown_side() : *s < 0 ? -x : x;
}
Side SideNumber::sign(const Side& x) {
  if (!x.is_defined()) return x;
  const auto s = x.sign();
  return s ? Side(*s) : unknown_side();
}
Side SideNumber::max(const Side& a, const Side& b) {
  if (const Side::Status s = joined(a, b); s != Side::Status::defined) return Side::of_status(s);
  const Truth t = less(a, b);
  return t == Truth::unknown ? unknown_side() : t == Truth::yes ? b : a;
}
Side SideNumber::floor(const Side& x) {
  if (!x.is_defined()) return x;
  const Enclosure below = E::floor(x.limit());
  if (!below.is_finite() || mpfr_fits_slong_p(below.hi.get(), MPFR_RNDN) == 0) return unknown_side();
  const Side n(mpfr_get_si(below.hi.get(), MPFR_RNDN));
  // n is the largest integer that the limit may reach.
  const auto s = (x - n).sign();
  if (!s) return unknown_side();
  const Side value = *s < 0 ? n - Side(1) : n;
  const auto above = (x - value).sign(), next = (value + Side(1) - x).sign();
  return above && next && *above >= 0 && *next > 0 ? value : unknown_side();
}
Side SideNumber::hull(const Side&, const Side&) { return unknown_side(); }
Side SideNumber::where_defined(const Side& value, const Side& a, const Side& b) {
  const Side::Status s = joined(a, b);
  return s == Side::Status::defined ? value : Side::of_status(s);
}

namespace {

/// Whether x is certainly outside of a domain: where `inside` is negative, or zero if that end does not belong to it.
bool is_outside(const Side& inside, bool end_belongs) {
  const auto s = inside.sign();
  return s && (end_belongs ? *s < 0 : *s <= 0);
}

}  // namespace

namespace {

using OfExact = Algebraic (*)(const Algebraic&);
using OfEnclosure = Enclosure (*)(const Enclosure&);

/// f(x) by the mean value theorem: `derivative` encloses f' over a range.
Side through(const Side& x, OfExact exact, OfEnclosure value, OfEnclosure derivative) {
  if (!x.is_defined()) return x;
  if (x.is_constant()) return {exact(x.exact()), value(x.limit())};
  const Enclosure slope = derivative(x.range());
  return {exact(x.exact()), value(x.limit()), x.order(), slope * x.coefficient()};
}

/// f(x), where f has no value unless `inside` is positive, or zero if that end belongs to the domain.
Side within(const Side& inside, bool end_belongs, const Side& x, OfExact exact, OfEnclosure value,
            OfEnclosure derivative) {
  return is_outside(inside, end_belongs) ? undefined_side() : through(x, exact, value, derivative);
}

Enclosure one_minus_square(const Enclosure& r) { return Enclosure(1) - E::powi(r, 2); }
Enclosure bell(const Enclosure& r) { return Enclosure(2) / E::sqrt(E::of(Constant::pi())) * E::exp(-E::powi(r, 2)); }

/// The n-th root, n = 2 or 3, of what is not negative.
Side root(const Side& x, int n) {
  if (!x.is_defined()) return x;
  if (is_outside(x, true)) return undefined_side();
  const OfEnclosure take = n == 2 ? E::sqrt : E::cbrt;
  if (x.tends_to_zero()) {
    if (x.is_constant()) return x;
    if (x.sign() != 1 || x.order() % n != 0) return unknown_side();
    return {Algebraic(0), Enclosure(0), x.order() / n, take(x.coefficient())};
  }
  const Enclosure values = x.range();
  if (!values.positive()) return unknown_side();
  return {n == 2 ? A::sqrt(x.exact()) : A::cbrt(x.exact()), take(x.limit()), x.order(),
          x.coefficient() / (Enclosure(n) * E::powi(take(values), n - 1))};
}

}  // namespace

using R = Enclosure;
Side SideNumber::exp(const Side& x) { return through(x, A::exp, E::exp, E::exp); }
Side SideNumber::expm1(const Side& x) { return through(x, A::expm1, E::expm1, E::exp); }
Side SideNumber::sin(const Side& x) { return through(x, A::sin, E::sin, E::cos); }
Side SideNumber::cos(const Side& x) {
  return through(x, A::cos, E::cos, [](const R& r) { return -E::sin(r); });
}
Side SideNumber::atan(const Side& x) {
  return through(x, A::atan, E::atan, [](const R& r) { return R(1) / (R(1) + E::powi(r, 2)); });
}
Side SideNumber::sinh(const Side& x) { return through(x, A::sinh, E::sinh, E::cosh); }
Side SideNumber::cosh(const Side& x) { return through(x, A::cosh, E::cosh, E::sinh); }
Side SideNumber::tanh(const Side& x) {
  return through(x, A::tanh, E::tanh, [](const R& r) { return R(1) / E::powi(E::cosh(r), 2); });
}
Side SideNumber::asinh(const Side& x) {
  return through(x, A::asinh, E::asinh, [](const R& r) { return R(1) / E::sqrt(R(1) + E::powi(r, 2)); });
}
Side SideNumber::erf(const Side& x) { return through(x, A::erf, E::erf, bell); }
Side SideNumber::erfc(const Side& x) {
  return through(x, A::erfc, E::erfc, [](const R& r) { return -bell(r); });
}
namespace {

/// 0, -1, -2, ..., where gamma has its poles.
bool is_pole_of_gamma(const Side& x) {
  const auto s = x.sign();
  return x.is_defined() && x.is_constant() && s && *s <= 0 && A::equal(A::floor(x.exact()), x.exact()) == Truth::yes;
}

}  // namespace

Side SideNumber::gamma(const Side& x) {
  if (is_pole_of_gamma(x)) return undefined_side();
  return through(x, A::gamma, E::gamma, [](const R& r) { return E::gamma(r) * E::digamma(r); });
}
Side SideNumber::lgamma(const Side& x) {
  if (is_pole_of_gamma(x)) return undefined_side();
  return through(x, A::lgamma, E::lgamma, E::digamma);
}
Side SideNumber::log(const Side& x) {
  return within(x, false, x, A::log, E::log, [](const R& r) { return R(1) / r; });
}
Side SideNumber::log2(const Side& x) {
  return within(x, false, x, A::log2, E::log2, [](const R& r) { return R(1) / (r * E::log(R(2))); });
}
Side SideNumber::log10(const Side& x) {
  return within(x, false, x, A::log10, E::log10, [](const R& r) { return R(1) / (r * E::log(R(10))); });
}
Side SideNumber::log1p(const Side& x) {
  return within(x + Side(1), false, x, A::log1p, E::log1p, [](const R& r) { return R(1) / (R(1) + r); });
}
namespace {

/// Whether x moves away from 1 (or -1) into the domain of the inverse sine.
bool leaves(const Side& x, int end) {
  return x.is_defined() && !x.is_constant() && A::equal(x.exact(), Algebraic(end)) == Truth::yes;
}

}  // namespace

Side SideNumber::asin(const Side& x) {
  // acos(x) = 2 asin(sqrt((1 - x) / 2))
  if (leaves(x, 1)) return of(Constant::pi()) / Side(2) - Side(2) * asin(sqrt((Side(1) - x) / Side(2)));
  if (leaves(x, -1)) return -asin(-x);
  return within(Side(1) - x * x, true, x, A::asin, E::asin,
                [](const R& r) { return R(1) / E::sqrt(one_minus_square(r)); });
}
Side SideNumber::acos(const Side& x) {
  if (leaves(x, 1) || leaves(x, -1)) return of(Constant::pi()) / Side(2) - asin(x);
  return within(Side(1) - x * x, true, x, A::acos, E::acos,
                [](const R& r) { return R(-1) / E::sqrt(one_minus_square(r)); });
}
Side SideNumber::atanh(const Side& x) {
  return within(Side(1) - x * x, false, x, A::atanh, E::atanh, [](const R& r) { return R(1) / one_minus_square(r); });
}
Side SideNumber::acosh(const Side& x) {
  return within(x - Side(1), true, x, A::acosh, E::acosh,
                [](const R& r) { return R(1) / E::sqrt(-one_minus_square(r)); });
}

Side SideNumber::sqrt(const Side& x) { return root(x, 2); }
Side SideNumber::cbrt(const Side& x) {
  const auto s = x.sign();
  if (!x.is_defined() || !s) return x.is_defined() ? unknown_side() : x;
  return *s < 0 ? -root(-x, 3) : root(x, 3);
}

Side SideNumber::pow(const Side& x, const Side& y) {
  if (const Side::Status s = joined(x, y); s != Side::Status::defined) return Side::of_status(s);
  if (!y.is_constant()) return x.sign() == 1 ? exp(y * log(x)) : unknown_side();
  if (y.limit().is_point() && mpfr_integer_p(y.limit().lo.get()) != 0 &&
      mpfr_fits_slong_p(y.limit().lo.get(), MPFR_RNDN) != 0)
    return powi(x, mpfr_get_si(y.limit().lo.get(), MPFR_RNDN));
  const auto base = x.sign();
  if (!base) return unknown_side();
  if (*base < 0) {  // what is certainly no integer
    const bool is_fraction = y.limit().is_point() || A::equal(A::floor(y.exact()), y.exact()) == Truth::no;
    return is_fraction ? undefined_side() : unknown_side();
  }
  if (!x.tends_to_zero()) return exp(y * log(x));
  const auto exponent = y.sign();
  if (*base == 0) return exponent == 1 ? x : exponent == -1 ? undefined_side() : unknown_side();
  // s^(order y / 12): the order has to be a whole number of twelfths, exactly.
  for (int order = 1; order <= 12 * Side::whole; ++order)
    if (A::equal(Algebraic(x.order()) * y.exact(), Algebraic(order)) == Truth::yes) {
      return {Algebraic(0), Enclosure(0), order, E::pow(x.coefficient(), y.limit())};
    }
  return unknown_side();
}

static_assert(Special<Side>);

template const Kernel<Side>& kernel<Side>(Opcode);
template class Run<Side>;

}  // namespace nabla
