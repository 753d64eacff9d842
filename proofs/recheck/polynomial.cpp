#include <algorithm>
#include <nabla/proofs/recheck/polynomial.hpp>

namespace nabla::rederive {

namespace {

constexpr std::size_t most_terms = 30'000;
constexpr std::int64_t largest_exponent = std::int64_t{1} << 40;

void check(std::int64_t exponent) {
  if (exponent > largest_exponent || exponent < -largest_exponent) throw Exhausted("an exponent is too large");
}

}  // namespace

void Meter::spend(std::size_t steps) {
  if (static_cast<std::int64_t>(steps) >= left_) {
    left_ = 0;
    throw Exhausted("the budget of steps is spent");
  }
  left_ -= static_cast<std::int64_t>(steps) + 1;
}

Monomial product(const Monomial& a, const Monomial& b) {
  Monomial r;
  r.reserve(a.size() + b.size());
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() || j != b.end()) {
    if (j == b.end() || (i != a.end() && i->first < j->first)) {
      r.push_back(*i++);
    } else if (i == a.end() || j->first < i->first) {
      r.push_back(*j++);
    } else {
      const std::int64_t e = i->second + j->second;
      check(e);
      if (e != 0) r.emplace_back(i->first, e);
      ++i;
      ++j;
    }
  }
  return r;
}

Monomial power(const Monomial& a, std::int64_t n) {
  Monomial r;
  for (const auto& [k, e] : a) {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(e, n, &scaled)) throw Exhausted("an exponent is too large");
    if (scaled % unit != 0) throw Exhausted("an exponent has too large a denominator");
    check(scaled / unit);
    if (scaled != 0) r.emplace_back(k, scaled / unit);
  }
  return r;
}

bool MonomialLess::operator()(const Monomial& a, const Monomial& b) const {
  auto i = a.begin();
  auto j = b.begin();
  for (; i != a.end() && j != b.end(); ++i, ++j) {
    if (i->first != j->first) return i->first < j->first ? i->second < 0 : j->second > 0;
    if (i->second != j->second) return i->second < j->second;
  }
  return i != a.end() ? i->second < 0 : j != b.end() && j->second > 0;
}

Polynomial::Polynomial(const Rational& c) {
  if (!c.is_zero()) terms_.emplace(Monomial(), c);
}

Polynomial Polynomial::monomial(Monomial m, const Rational& c) {
  Polynomial p;
  if (!c.is_zero()) p.terms_.emplace(std::move(m), c);
  return p;
}

std::optional<Rational> Polynomial::as_constant() const {
  if (terms_.empty()) return Rational(0);
  if (terms_.size() == 1 && terms_.begin()->first.empty()) return terms_.begin()->second;
  return std::nullopt;
}

Monomial Polynomial::common_monomial() const {
  std::map<std::uint32_t, std::pair<std::int64_t, std::size_t>> least;  // smallest exponent, terms that have the atom
  for (const auto& [m, c] : terms_)
    for (const auto& [k, e] : m) {
      auto& entry = least.emplace(k, std::pair(e, std::size_t{0})).first->second;
      entry.first = std::min(entry.first, e);
      ++entry.second;
    }
  Monomial r;
  for (const auto& [k, entry] : least) {
    const std::int64_t e = entry.second == terms_.size() ? entry.first : std::min<std::int64_t>(entry.first, 0);
    if (e != 0) r.emplace_back(k, e);
  }
  return r;
}

void Polynomial::add(const Monomial& m, const Rational& c) {
  const auto [it, fresh] = terms_.emplace(m, c);
  if (!fresh) it->second += c;
  if (it->second.is_zero()) terms_.erase(it);
  if (terms_.size() > most_terms) throw Exhausted("a polynomial has too many terms");
}

Polynomial Polynomial::scaled(const Rational& c, const Monomial& by) const {
  Polynomial r;
  if (!c.is_zero())
    for (const auto& [m, d] : terms_) r.terms_.emplace(product(m, by), c * d);
  return r;
}

Polynomial sum(const Polynomial& a, const Polynomial& b, const Rational& times_b, Meter& meter) {
  meter.spend(a.terms().size() + b.terms().size());
  Polynomial r = a;
  for (const auto& [m, c] : b.terms()) r.add(m, times_b * c);
  return r;
}

Polynomial product(const Polynomial& a, const Polynomial& b, Meter& meter) {
  meter.spend(a.terms().size() * b.terms().size());
  Polynomial r;
  for (const auto& [m, c] : a.terms())
    for (const auto& [n, d] : b.terms()) r.add(product(m, n), c * d);
  return r;
}

Polynomial power(const Polynomial& a, std::int64_t n, Meter& meter) {
  if (a.terms().size() == 1) {
    const auto& [m, c] = *a.terms().begin();
    if (n > 4096) throw Exhausted("an exponent is too large");
    return Polynomial::monomial(power(m, n * unit), Number<Rational>::powi(c, n));
  }
  if (n > 512) throw Exhausted("an exponent is too large");
  Polynomial r(1);
  for (std::int64_t k = 0; k < n; ++k) r = product(r, a, meter);
  return r;
}

Division divide(const Polynomial& a, const Polynomial& b, Meter& meter) {
  const Monomial inverse = power(b.leading_monomial(), -unit);
  Division d;
  Polynomial rest = a;
  while (!rest.is_zero()) {
    meter.spend(b.terms().size());
    const Monomial m = product(rest.leading_monomial(), inverse);
    const Rational c = rest.leading_coefficient();
    if (std::ranges::any_of(m, [](const auto& p) { return p.second < 0; })) {
      d.remainder.add(rest.leading_monomial(), c);
      rest.add(Monomial(rest.leading_monomial()), -c);
      continue;
    }
    const Rational q = c / b.leading_coefficient();
    d.quotient.add(m, q);
    for (const auto& [n, e] : b.terms()) rest.add(product(m, n), -(q * e));
  }
  return d;
}

}  // namespace nabla::rederive
