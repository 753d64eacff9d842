#include <algorithm>
#include <iterator>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/wellposed/regularity_germ.hpp>

namespace nabla {

namespace {

using P = Number<PointValue>;
using Status = Germ::Status;

/// Exponents that are kept from the lowest one on: five powers of t.
constexpr int span = 5 * Germ::unit;
/// Terms of the outer function in a composition.
constexpr int most_terms = 16;

Germ unknown() { return Germ::of_status(Status::unknown); }
Germ undefined() { return Germ::of_status(Status::undefined); }

}  // namespace

/// The representation, for the functions below.
class GermAlgebra {
 public:
  using Terms = std::vector<std::pair<int, PointValue>>;

  /// Sorts out zeros and what is beyond the end; a coefficient without a value leaves nothing known from there on.
  static Germ make(Terms terms, long long end) {
    Germ g;
    constexpr auto by_exponent = &std::pair<int, PointValue>::first;
    if (!std::ranges::is_sorted(terms, {}, by_exponent)) std::ranges::stable_sort(terms, {}, by_exponent);
    g.end_ = static_cast<int>(std::min<long long>(end, Germ::exact_end));
    g.terms_.reserve(terms.size());
    for (std::size_t i = 0; i < terms.size();) {
      const int exponent = terms[i].first;
      PointValue sum = std::move(terms[i].second);
      for (++i; i < terms.size() && terms[i].first == exponent; ++i) sum = sum + terms[i].second;
      if (exponent >= g.end_) break;
      if (!sum.is_defined()) {
        g.end_ = exponent;
        break;
      }
      if (!g.terms_.empty() && exponent > g.terms_.front().first + span) {
        g.end_ = exponent;
        break;
      }
      if (!sum.is_zero()) g.terms_.emplace_back(exponent, std::move(sum));
    }
    return g;
  }
  static const Terms& terms(const Germ& g) { return g.terms_; }
  static long long end(const Germ& g) { return g.end_; }
  static bool is_exact(const Germ& g) { return g.end_ == Germ::exact_end; }
  static constexpr long long exact_end = Germ::exact_end;

  /// A bound from below on the exponents that occur.
  static long long valuation(const Germ& g) { return g.terms_.empty() ? g.end_ : g.terms_.front().first; }
  /// The lowest term, when its coefficient is certainly not 0.
  static const std::pair<int, PointValue>* leading(const Germ& g) {
    if (g.terms_.empty() || g.terms_.front().second.zero() != Truth::no) return nullptr;
    return &g.terms_.front();
  }
  static Germ shifted(const Germ& g, int by, const PointValue& factor) {
    Terms terms = g.terms_;
    for (auto& [exponent, c] : terms) {
      exponent += by;
      c = c * factor;
    }
    return make(std::move(terms), is_exact(g) ? exact_end : end(g) + by);
  }
  /// x / (lowest term) - 1. \pre leading(x)
  static Germ relative_rest(const Germ& x) {
    const auto& [v, c] = x.terms_.front();
    Germ rest;
    rest.terms_.assign(std::next(x.terms_.begin()), x.terms_.end());
    rest.end_ = x.end_;
    return shifted(rest, -v, PointValue(1) / c);
  }

  /// sum of outer[k] * inner^k, where inner tends to 0, by Horner's rule.
  static Germ compose(std::span<const PointValue> outer, const Germ& inner, bool outer_is_exact) {
    if (!std::ranges::all_of(outer, &PointValue::is_defined)) return unknown();
    Germ sum{outer.back()};
    for (std::size_t k = outer.size() - 1; k-- > 0;) sum = sum * inner + Germ(outer[k]);
    if (outer_is_exact || inner.is_zero()) return sum;
    const long long beyond = valuation(inner) * static_cast<long long>(outer.size());
    return make(sum.terms_, std::min(end(sum), beyond));
  }

  /// How many powers of inner are worth having.
  static std::size_t order_for(const Germ& inner) {
    const long long v = valuation(inner);
    return static_cast<std::size_t>(std::clamp<long long>(v <= 0 ? 1 : span / v, 1, most_terms));
  }

  /// f(x) for a function that can be expanded at the limit of x; `expand` gives its Taylor series from a variable.
  template <class Expand>
  static Germ analytic(const Germ& x, Expand expand) {
    if (!x.is_defined()) return x;
    if (valuation(x) < 0 || end(x) <= 0) return unknown();
    const PointValue at = x.coefficient(0);
    Germ inner = x;
    if (!inner.terms_.empty() && inner.terms_.front().first == 0) inner.terms_.erase(inner.terms_.begin());
    if (inner.is_zero()) {
      const PointValue value = expand(Taylor<PointValue>::variable(at, 0)).value();
      return value.is_defined() ? Germ(value) : Germ::of_status(value.status());
    }
    const std::size_t order = order_for(inner);
    const Taylor<PointValue> series = expand(Taylor<PointValue>::variable(at, order));
    std::vector<PointValue> outer;
    for (std::size_t k = 0; k <= order; ++k) {
      outer.push_back(series[k]);
      // No expansion there (a pole, a branch point, the end of the domain): nothing can be said.
      if (!outer.back().is_defined()) return unknown();
    }
    return compose(outer, inner, false);
  }
  template <class Op>
  static Germ analytic(const Germ& x) {
    return analytic(x, [](const Taylor<PointValue>& t) { return Number<Taylor<PointValue>>::apply<Op>({}, t); });
  }

  /// (1 + inner)^r.
  static Germ binomial(const Germ& inner, const Rational& r) {
    std::vector<PointValue> outer{PointValue(1)};
    const std::size_t order = order_for(inner);
    for (std::size_t k = 0; k < order; ++k)
      outer.push_back(outer.back() * PointValue(Rational((r - static_cast<int>(k)) / (static_cast<int>(k) + 1))));
    return compose(outer, inner, false);
  }
};

using A = GermAlgebra;

Germ::Germ(const PointValue& value) : status_(value.status()) {
  if (!value.is_defined()) {
    end_ = -exact_end;
  } else if (!value.is_zero()) {
    terms_.emplace_back(0, value);
  }
}

Germ Germ::line(const PointValue& value, const PointValue& slope) {
  return A::make({{0, value}, {unit, slope}}, exact_end);
}

Germ Germ::of_status(Status status) { return Germ(PointValue::of_status(status)); }

Truth Germ::positive() const {
  if (!is_defined()) return Truth::unknown;
  if (is_zero()) return Truth::no;
  const auto* lead = A::leading(*this);
  return lead == nullptr ? Truth::unknown : lead->second.positive();
}

Truth Germ::zero() const {
  if (!is_defined()) return Truth::unknown;
  if (is_zero()) return Truth::yes;
  return A::leading(*this) != nullptr ? Truth::no : Truth::unknown;
}

Germ Germ::with_limit(const PointValue& limit) const {
  A::Terms terms = terms_;
  std::erase_if(terms, [](const auto& term) { return term.first == 0; });
  terms.emplace_back(0, limit);
  return A::make(std::move(terms), end_);
}

PointValue Germ::coefficient(int exponent) const {
  if (!is_defined()) return PointValue::of_status(status_);
  if (exponent >= end_) return PointValue::of_status(Status::unknown);
  for (const auto& [e, c] : terms_)
    if (e == exponent) return c;
  return PointValue(0);
}

bool Germ::has_term_between(int from, int below) const {
  return std::ranges::any_of(terms_, [&](const auto& term) {
    return from < term.first && term.first < below && term.second.zero() == Truth::no;
  });
}

bool Germ::is_unbounded() const {
  const auto* lead = is_defined() ? A::leading(*this) : nullptr;
  return lead != nullptr && lead->first < 0;
}

Germ operator-(const Germ& a) {
  Germ r = a;
  for (auto& [e, c] : r.terms_) c = -c;
  return r;
}

Germ operator+(const Germ& a, const Germ& b) {
  if (!a.is_defined() || !b.is_defined()) return Germ::of_status(worst(a.status_, b.status_));
  A::Terms terms;
  terms.reserve(a.terms_.size() + b.terms_.size());
  std::ranges::merge(a.terms_, b.terms_, std::back_inserter(terms), {}, &std::pair<int, PointValue>::first,
                     &std::pair<int, PointValue>::first);
  return A::make(std::move(terms), std::min(a.end_, b.end_));
}

Germ operator-(const Germ& a, const Germ& b) { return a + -b; }

Germ operator*(const Germ& a, const Germ& b) {
  if (!a.is_defined() || !b.is_defined()) return Germ::of_status(worst(a.status_, b.status_));
  if (a.is_zero() || b.is_zero()) return Germ(0);
  const long long from_a = A::is_exact(a) ? A::exact_end : a.end_ + A::valuation(b);
  const long long from_b = A::is_exact(b) ? A::exact_end : b.end_ + A::valuation(a);
  long long end = std::min(from_a, from_b);
  const long long far = A::valuation(a) + A::valuation(b) + 2 * span;  // beyond it nothing is kept, whatever cancels
  A::Terms terms;
  terms.reserve(a.terms_.size() * b.terms_.size());
  for (const auto& [e, c] : a.terms_)
    for (const auto& [f, d] : b.terms_) {
      if (e + f <= far && e + f < end) {
        terms.emplace_back(e + f, c * d);
      } else {
        end = std::min(end, far + 1);
      }
    }
  return A::make(std::move(terms), end);
}

Germ operator/(const Germ& a, const Germ& b) {
  if (!a.is_defined() || !b.is_defined()) return Germ::of_status(worst(a.status_, b.status_));
  if (b.is_zero()) return undefined();
  const auto* lead = A::leading(b);
  if (lead == nullptr) return unknown();
  const Germ inverse = A::binomial(A::relative_rest(b), Rational(-1));
  return a * A::shifted(inverse, -lead->first, PointValue(1) / lead->second);
}

using N = Number<Germ>;

Germ N::powi(const Germ& x, std::int64_t n) {
  if (!x.is_defined()) return x;
  if (n == 0) return Germ(1);
  if (n < 0 && x.is_zero()) return undefined();
  if (x.is_zero()) return Germ(0);
  if (n > -16 && n < 16) {
    Germ product{1};
    for (std::int64_t k = 0; k < (n < 0 ? -n : n); ++k) product = product * x;
    return n < 0 ? Germ(1) / product : product;
  }
  const auto* lead = A::leading(x);
  if (lead == nullptr || n > 1'000'000 || n < -1'000'000) return unknown();
  const Germ rest = A::binomial(A::relative_rest(x), Rational(n));
  return A::shifted(rest, lead->first * static_cast<int>(n), P::powi(lead->second, n));
}

Germ N::abs(const Germ& x) {
  if (x.zero() == Truth::yes) return x;
  const Truth positive = x.positive();
  if (positive != Truth::unknown) return positive == Truth::yes ? x : -x;
  if (!x.is_defined()) return x;
  return A::make({}, A::valuation(x));
}

Germ N::sign(const Germ& x) {
  if (!x.is_defined()) return x;
  if (x.zero() == Truth::yes) return Germ(0);
  const Truth positive = x.positive();
  return positive == Truth::unknown ? unknown() : Germ(positive == Truth::yes ? 1 : -1);
}

Germ N::max(const Germ& a, const Germ& b) {
  const Germ difference = a - b;
  if (!difference.is_defined()) return difference;
  if (difference.zero() == Truth::yes) return a;
  const Truth greater = difference.positive();
  if (greater != Truth::unknown) return greater == Truth::yes ? a : b;
  // Either way the result differs from a by no more than the difference does from 0.
  return A::make(A::terms(a), std::min(A::end(a), A::valuation(difference)));
}

Germ N::floor(const Germ& x) {
  if (!x.is_defined()) return x;
  if (A::valuation(x) < 0) return unknown();
  const PointValue limit = x.coefficient(0);
  const PointValue below = P::floor(limit);
  if (below.exact() == nullptr) return unknown();
  const Truth whole = P::equal(limit, below);
  if (whole == Truth::no) return Germ(below);
  if (whole == Truth::unknown) return unknown();
  const Germ rest = x - Germ(below);
  if (rest.zero() == Truth::yes) return Germ(below);
  const Truth rising = rest.positive();
  if (rising == Truth::unknown) return unknown();
  return Germ(rising == Truth::yes ? below : below - PointValue(1));
}

Germ N::hull(const Germ& a, const Germ& b) {
  if (a.status() == Status::undefined && b.status() == Status::undefined) return a;
  if (a.is_defined() && b.is_defined() && (a - b).zero() == Truth::yes) return a;
  return unknown();
}

Germ N::where_defined(const Germ& value, const Germ& a, const Germ& b) {
  const Status status = worst(value.status(), worst(a.status(), b.status()));
  return status == Status::defined ? value : Germ::of_status(status);
}

Germ N::pow(const Germ& x, const Germ& y) {
  if (!x.is_defined() || !y.is_defined()) return Germ::of_status(worst(x.status(), y.status()));
  const PointValue at = y.coefficient(0);
  const bool constant = A::is_exact(y) && (y - Germ(at)).is_zero();
  if (!constant || at.exact() == nullptr) {
    const Truth positive = x.positive();
    if (positive != Truth::yes) return unknown();
    return exp(y * log(x));
  }
  const Rational& r = *at.exact();
  if (denominator(r) == 1) {
    if (Number<Rational>::abs(r) > 1'000'000) return unknown();
    return powi(x, numerator(r).convert_to<std::int64_t>());
  }
  if (x.is_zero()) return r.sign() > 0 ? Germ(0) : undefined();
  const auto* lead = A::leading(x);
  if (lead == nullptr) return unknown();
  if (lead->second.negative() == Truth::yes) return undefined();
  if (lead->second.positive() != Truth::yes) return unknown();
  const Rational exponent = r * lead->first;
  if (denominator(exponent) != 1 || Number<Rational>::abs(exponent) > 100'000) return unknown();
  return A::shifted(A::binomial(A::relative_rest(x), r), numerator(exponent).convert_to<int>(),
                    P::pow(lead->second, at));
}

Germ N::sqrt(const Germ& x) { return pow(x, Germ(PointValue(Rational(1, 2)))); }
Germ N::cbrt(const Germ& x) {
  const Germ third(PointValue(Rational(1, 3)));
  return x.positive() == Truth::no && x.zero() == Truth::no ? -pow(-x, third) : pow(x, third);
}
Germ N::hypot(const Germ& x, const Germ& y) { return sqrt(powi(x, 2) + powi(y, 2)); }

namespace {

/// A logarithm of x, whose limit must be positive for an expansion.
template <class Op>
Germ logarithm(const Germ& x) {
  if (!x.is_defined()) return x;
  if (x.zero() == Truth::yes) return undefined();
  const auto* lead = A::leading(x);
  if (lead != nullptr && lead->second.negative() == Truth::yes) return undefined();
  if (lead == nullptr || lead->first != 0) return unknown();
  return A::analytic<Op>(x);
}

}  // namespace

Germ N::log(const Germ& x) { return logarithm<Log>(x); }
Germ N::log2(const Germ& x) { return logarithm<Log2>(x); }
Germ N::log10(const Germ& x) { return logarithm<Log10>(x); }
Germ N::log1p(const Germ& x) {
  const Germ shifted = x + Germ(1);
  if (shifted.is_defined() && (shifted.zero() == Truth::yes || shifted.positive() == Truth::no)) return undefined();
  return A::analytic<Log1p>(x);
}
Germ N::exp(const Germ& x) { return A::analytic<Exp>(x); }
Germ N::expm1(const Germ& x) { return A::analytic<Expm1>(x); }
Germ N::sin(const Germ& x) { return A::analytic<Sin>(x); }
Germ N::cos(const Germ& x) { return A::analytic<Cos>(x); }
Germ N::tan(const Germ& x) { return A::analytic<Tan>(x); }

namespace {

/// Whether the limit of x is exactly n: a branch point, where another form of the function has to be expanded.
bool tends_to(const Germ& x, int n) {
  const PointValue limit = x.coefficient(0);
  return x.is_defined() && !x.is_unbounded() && limit.exact() != nullptr && *limit.exact() == n;
}

}  // namespace

// By halving the angle: acos(x) = 2 asin(sqrt((1 - x) / 2)), acosh(x) = 2 asinh(sqrt((x - 1) / 2)).
Germ N::acos(const Germ& x) {
  if (tends_to(x, 1)) return Germ(2) * A::analytic<Asin>(sqrt((Germ(1) - x) / Germ(2)));
  if (tends_to(x, -1)) return Germ(P::of(Constant::pi())) - acos(-x);
  return A::analytic<Acos>(x);
}
Germ N::asin(const Germ& x) {
  if (tends_to(x, 1) || tends_to(x, -1)) return Germ(P::of(Constant::pi())) / Germ(2) - acos(x);
  return A::analytic<Asin>(x);
}
Germ N::atan(const Germ& x) { return A::analytic<Atan>(x); }
Germ N::atan2(const Germ& y, const Germ& x) { return x.positive() == Truth::yes ? atan(y / x) : unknown(); }
Germ N::sinh(const Germ& x) { return A::analytic<Sinh>(x); }
Germ N::cosh(const Germ& x) { return A::analytic<Cosh>(x); }
Germ N::tanh(const Germ& x) { return A::analytic<Tanh>(x); }
Germ N::asinh(const Germ& x) { return A::analytic<Asinh>(x); }
Germ N::acosh(const Germ& x) {
  if (tends_to(x, 1)) return Germ(2) * A::analytic<Asinh>(sqrt((x - Germ(1)) / Germ(2)));
  return A::analytic<Acosh>(x);
}
Germ N::atanh(const Germ& x) { return A::analytic<Atanh>(x); }
Germ N::erf(const Germ& x) { return A::analytic<Erf>(x); }
Germ N::erfc(const Germ& x) { return A::analytic<Erfc>(x); }
Germ N::gamma(const Germ& x) { return A::analytic<Gamma>(x); }
Germ N::lgamma(const Germ& x) { return A::analytic<LGamma>(x); }
Germ N::digamma(const Germ& x) { return A::analytic<Digamma>(x); }
Germ N::polygamma(std::int64_t n, const Germ& x) {
  return A::analytic(
      x, [n](const Taylor<PointValue>& t) { return Number<Taylor<PointValue>>::apply_indexed<PolyGamma>({}, n, t); });
}

}  // namespace nabla
