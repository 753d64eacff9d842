// Sums of powers of their index, and geometric ones, in closed form.
#include <algorithm>
#include <nabla/proofs/check/index/algebra.hpp>

namespace nabla::index_form {

namespace {

constexpr std::int64_t most_power = 16;

/// Bernoulli numbers B_0, ..., B_n with B_1 = 1/2.
std::vector<Rational> bernoulli_numbers(std::int64_t n) {
  std::vector<Rational> b;
  for (std::int64_t m = 0; m <= n; ++m) {
    // sum_{j <= m} C(m + 1, j) B_j = m + 1
    Rational sum = m + 1, choose = 1;
    for (std::int64_t j = 0; j < m; ++j) {
      sum -= choose * b[static_cast<std::size_t>(j)];
      choose = choose * (m + 1 - j) / (j + 1);
    }
    b.push_back(sum / (m + 1));
  }
  return b;
}

/// S(x) = sum of k^p for k = 1, ..., x; as a polynomial S(x) - S(x - 1) = x^p for every x (Faulhaber).
std::vector<Rational> coefficients_of_power_sum(std::int64_t p) {
  std::vector<Rational> s(static_cast<std::size_t>(p) + 2);
  const std::vector<Rational> b = bernoulli_numbers(p);
  Rational choose = 1;
  for (std::int64_t j = 0; j <= p; ++j) {
    s[static_cast<std::size_t>(p + 1 - j)] = choose * b[static_cast<std::size_t>(j)] / (p + 1);
    choose = choose * (p + 1 - j) / (j + 1);
  }
  return s;
}

}  // namespace

std::optional<Poly> Algebra::closed_form(const Binder& k, const Monomial& m) {
  const auto is_index = [&](AtomId id) {
    const Atom& a = atom(id);
    return a.kind == AtomKind::symbol && a.subscripts[0] == Affine::symbol(k.symbol);
  };
  if (m.size() != 1) return std::nullopt;
  const auto [id, exponent] = m[0];
  if (is_index(id)) {
    if (exponent < 1 || exponent > most_power) return std::nullopt;
    const std::vector<Rational> s = coefficients_of_power_sum(exponent);
    const auto at = [&](const Affine& end) {
      const Poly x = affine(end);
      Poly r;
      for (std::size_t j = s.size(); j-- > 0;) r = add(mul(r, x), number(s[j]));
      return r;
    };
    return sub(at(k.hi), at(k.lo - Affine::of(1)));
  }
  // e^(c k) over k, where c is certainly not 0.
  if (atom(id).kind != AtomKind::exponential || exponent != 1) return std::nullopt;
  Poly rate;
  for (const auto& [term, c] : Poly(atom(id).operands[0]).terms) {
    Monomial rest;
    bool linear = false;
    for (const auto& [factor, e] : term) {
      if (is_index(factor) && e == 1) {
        linear = true;
      } else if (std::binary_search(atom(factor).free.begin(), atom(factor).free.end(), k.symbol)) {
        return std::nullopt;
      } else {
        rest.emplace_back(factor, e);
      }
    }
    if (!linear) return std::nullopt;
    rate = add(rate, scaled(of_monomial(rest), c));
  }
  if ((signs(rate) & zero) != 0) return std::nullopt;
  const auto power_at = [&](const Affine& end) { return exp(mul(rate, affine(end))); };
  return mul(sub(power_at(k.hi + Affine::of(1)), power_at(k.lo)), inverse(sub(exp(rate), number(1))));
}

}  // namespace nabla::index_form
