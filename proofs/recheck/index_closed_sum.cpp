// Sums of powers of their index by telescoping, geometric ones, and powers written with logarithms.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index_expand.hpp>
#include <nabla/proofs/recheck/index_reader.hpp>

namespace nabla::reindex {

namespace {

constexpr std::int64_t highest_power = 16;
constexpr std::int64_t highest_whole_exponent = 64;

/// S_p with S_p(x) - S_p(x - 1) = x^p and S_p(0) = 0, from (x + 1)^(p + 1) - 1 = sum_j C(p + 1, j) S_j(x).
std::vector<Rational> telescoped(std::int64_t p) {
  std::vector<std::vector<Rational>> all;
  for (std::int64_t n = 0; n <= p; ++n) {
    std::vector<Rational> s(static_cast<std::size_t>(n) + 2);
    Rational choose = 1;
    for (std::int64_t j = 0; j <= n + 1; ++j) {
      s[static_cast<std::size_t>(j)] += choose;
      choose = choose * (n + 1 - j) / (j + 1);
    }
    s[0] -= 1;
    choose = 1;
    for (std::int64_t j = 0; j < n; ++j) {
      const std::vector<Rational>& lower = all[static_cast<std::size_t>(j)];
      for (std::size_t i = 0; i < lower.size(); ++i) s[i] -= choose * lower[i];
      choose = choose * (n + 1 - j) / (j + 1);
    }
    for (Rational& c : s) c /= n + 1;
    all.push_back(std::move(s));
  }
  return all.back();
}

bool is_symbol(const Tree& atom, int s) { return atom->kind == Kind::symbol && atom->at[0] == Lin::name(s); }

}  // namespace

std::optional<Terms> Polynomials::closed_form(const Term& t, std::size_t k) {
  const Bound b = t.over[k];
  for (const Bound& other : t.over)
    if (other.lo.has(b.symbol) || other.hi.has(b.symbol)) return std::nullopt;
  Term rest = t;
  rest.over.erase(rest.over.begin() + static_cast<std::ptrdiff_t>(k));
  std::int64_t power = 0;
  std::erase_if(rest.factors, [&](const Factor& f) {
    if (!is_symbol(f.atom, b.symbol)) return false;
    power += f.exponent;
    return true;
  });
  for (const Factor& f : rest.factors)
    if (mentions(f.atom, b.symbol)) return std::nullopt;
  std::vector<Tree> rates;
  rest.exponent.clear();
  for (const Term& e : t.exponent) {
    const Tree tree = tree_of({e});
    if (!mentions(tree, b.symbol)) {
      rest.exponent.push_back(e);
      continue;
    }
    Term rate = e;
    std::int64_t degree = 0;
    std::erase_if(rate.factors, [&](const Factor& f) {
      if (!is_symbol(f.atom, b.symbol)) return false;
      degree += f.exponent;
      return true;
    });
    if (degree != 1 || !e.over.empty() || mentions(tree_of({rate}), b.symbol)) return std::nullopt;
    rates.push_back(tree_of({rate}));
  }
  const Lin after = plus(b.hi, Lin::number(1)), before = plus(b.lo, Lin::number(-1));
  Tree sum;
  if (rates.empty()) {
    if (power < 1 || power > highest_power) return std::nullopt;
    const std::vector<Rational> s = telescoped(power);
    const auto at = [&](const Lin& end) {
      std::vector<Tree> parts;
      for (std::size_t j = 1; j < s.size(); ++j)
        parts.push_back(make_mul({make_number(s[j]), make_power(make_lin(end), static_cast<std::int64_t>(j))}));
      return make_add(std::move(parts));
    };
    sum = minus(at(b.hi), at(before));
  } else {
    if (power != 0) return std::nullopt;
    const Tree rate = make_add(rates);
    if ((sign_of(world_, rate) & 2U) != 0) return std::nullopt;
    const auto e_to = [&](const Tree& x) { return make_call(opcode<Exp>, {x}); };
    sum = make_mul({minus(e_to(make_mul({rate, make_lin(after)})), e_to(make_mul({rate, make_lin(b.lo)}))),
                    make_power(minus(e_to(rate), make_number(1)), -1)});
  }
  return product({rest}, flat(expand(sum)));
}

std::optional<Terms> Polynomials::without_logarithm(const Term& t) {
  for (std::size_t n = 0; n < t.exponent.size(); ++n) {
    const Term& e = t.exponent[n];
    if (!e.over.empty() || !e.exponent.empty() || e.factors.size() != 1 || e.factors[0].exponent != 1) continue;
    const Tree& log = e.factors[0].atom;
    if (log->kind != Kind::call || log->code != opcode<Log> || denominator(e.c) != 1) continue;
    if (abs(numerator(e.c)) > highest_whole_exponent) continue;
    Term rest = t;
    rest.exponent.erase(rest.exponent.begin() + static_cast<std::ptrdiff_t>(n));
    const Tree power = make_power(log->args[0], static_cast<std::int64_t>(numerator(e.c)));
    return product({rest}, flat(expand(power)));
  }
  return std::nullopt;
}

}  // namespace nabla::reindex
