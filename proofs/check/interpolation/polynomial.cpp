#include <algorithm>
#include <nabla/proofs/check/interpolation/polynomial.hpp>

namespace nabla::interpolation {

Monomial product(const Monomial& a, const Monomial& b) {
  Monomial result;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a[i].first < b[j].first)) {
      result.push_back(a[i++]);
    } else if (i == a.size() || b[j].first < a[i].first) {
      result.push_back(b[j++]);
    } else {
      result.emplace_back(a[i].first, a[i].second + b[j].second);
      ++i, ++j;
    }
  }
  return result;
}

std::optional<Monomial> quotient(const Monomial& a, const Monomial& b) {
  Monomial result;
  std::size_t j = 0;
  for (const auto& [s, e] : a) {
    int left = e;
    if (j < b.size() && b[j].first == s) left -= b[j++].second;
    if (left < 0) return std::nullopt;
    if (left > 0) result.emplace_back(s, left);
  }
  if (j != b.size()) return std::nullopt;
  return result;
}

bool MonomialLess::operator()(const Monomial& a, const Monomial& b) const {
  for (std::size_t k = 0; k < a.size() && k < b.size(); ++k) {
    if (a[k].first != b[k].first) return a[k].first > b[k].first;
    if (a[k].second != b[k].second) return a[k].second < b[k].second;
  }
  return a.size() < b.size();
}

std::optional<Rational> Polynomial::as_constant() const {
  if (terms_.empty()) return Rational(0);
  if (terms_.size() == 1 && terms_.begin()->first.empty()) return terms_.begin()->second;
  return std::nullopt;
}

void Polynomial::add(const Monomial& m, const Rational& c) {
  if (c.is_zero()) return;
  const auto [it, made] = terms_.try_emplace(m, c);
  if (made) return;
  it->second += c;
  if (it->second.is_zero()) terms_.erase(it);
}

void Polynomial::add(const Polynomial& p, const Rational& c, const Monomial& m) {
  for (const auto& [monomial, value] : p.terms_) add(product(monomial, m), value * c);
}

Polynomial Polynomial::scaled(const Rational& c) const {
  Polynomial result;
  result.add(*this, c);
  return result;
}

Polynomial operator*(const Polynomial& a, const Polynomial& b) {
  Polynomial result;
  for (const auto& [m, c] : a.terms_) result.add(b, c, m);
  return result;
}

int Polynomial::degree_in(Symbol s) const {
  int degree = 0;
  for (const auto& [m, c] : terms_)
    for (const auto& [symbol, e] : m)
      if (symbol == s) degree = std::max(degree, e);
  return degree;
}

Polynomial Polynomial::coefficient(Symbol s, int k) const {
  Polynomial result;
  for (const auto& [m, c] : terms_) {
    Monomial rest;
    int exponent = 0;
    for (const auto& [symbol, e] : m) {
      if (symbol == s) {
        exponent = e;
      } else {
        rest.emplace_back(symbol, e);
      }
    }
    if (exponent == k) result.add(rest, c);
  }
  return result;
}

Monomial Polynomial::content() const {
  Monomial common = terms_.begin()->first;
  for (const auto& [m, c] : terms_) {
    Monomial both;
    for (const auto& [s, e] : common)
      for (const auto& [t, f] : m)
        if (s == t) both.emplace_back(s, std::min(e, f));
    common = std::move(both);
  }
  return common;
}

std::optional<Polynomial> divided(const Polynomial& a, const Polynomial& b) {
  Polynomial rest = a, result;
  const auto& [lead, c] = *b.terms().rbegin();
  while (!rest.is_zero()) {
    const auto& [m, d] = *rest.terms().rbegin();
    const auto q = quotient(m, lead);
    if (!q) return std::nullopt;
    const Rational factor = d / c;
    const Monomial by = *q;
    result.add(by, factor);
    rest.add(b, -factor, by);
  }
  return result;
}

void Fraction::reduce() {
  if (num.is_zero()) den.clear();
  std::vector<Polynomial> kept;
  for (Polynomial& factor : den) {
    if (auto q = divided(num, factor)) {
      num = std::move(*q);
    } else {
      kept.push_back(std::move(factor));
    }
  }
  std::sort(kept.begin(), kept.end());
  den = std::move(kept);
}

namespace {

/// What `b` has beyond `a`, both sorted.
std::vector<Polynomial> beyond(const std::vector<Polynomial>& a, const std::vector<Polynomial>& b) {
  std::vector<Polynomial> result;
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(result));
  return result;
}
Polynomial times(Polynomial p, const std::vector<Polynomial>& factors) {
  for (const Polynomial& f : factors) p = p * f;
  return p;
}

}  // namespace

Fraction operator+(const Fraction& a, const Fraction& b) {
  Fraction result;
  const auto more_of_b = beyond(a.den, b.den), more_of_a = beyond(b.den, a.den);
  result.num = times(a.num, more_of_b) + times(b.num, more_of_a);
  result.den = a.den;
  result.den.insert(result.den.end(), more_of_b.begin(), more_of_b.end());
  std::sort(result.den.begin(), result.den.end());
  result.reduce();
  return result;
}

Fraction operator-(const Fraction& a, const Fraction& b) { return a + b * Fraction(Rational(-1)); }

Fraction operator*(const Fraction& a, const Fraction& b) {
  Fraction result;
  result.num = a.num * b.num;
  result.den = a.den;
  result.den.insert(result.den.end(), b.den.begin(), b.den.end());
  result.reduce();
  return result;
}

Fraction operator/(const Fraction& a, const Fraction& b) {
  Fraction result;
  result.num = times(a.num, b.den);
  result.den = a.den;
  // Monomials and what is left of them are factors of their own, so that x / (2 x y) has few of them.
  Polynomial rest = b.num;
  for (const auto& [s, e] : rest.content())
    for (int k = 0; k < e; ++k) result.den.push_back(Polynomial::symbol(s));
  Polynomial monomial;
  monomial.add(rest.content(), 1);
  rest = *divided(rest, monomial);
  const Rational lead = rest.terms().rbegin()->second;
  result.num = result.num.scaled(1 / lead);
  if (!rest.as_constant()) result.den.push_back(rest.scaled(1 / lead));
  result.reduce();
  return result;
}

bool equal(const Fraction& a, const Fraction& b) { return (a - b).is_zero(); }

}  // namespace nabla::interpolation
