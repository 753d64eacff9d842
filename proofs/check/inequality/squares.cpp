#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>

namespace nabla::inequality {

namespace {

using normal_form::Term;

constexpr std::size_t most_rows = 24;

using Matrix = std::vector<std::vector<Rational>>;

/// M = sum of d_i l_i l_i' with d_i > 0, or nothing when M is not positive semidefinite. Exact.
std::optional<std::vector<std::pair<Rational, std::vector<Rational>>>> squares_of(Matrix m) {
  const std::size_t n = m.size();
  std::vector<std::pair<Rational, std::vector<Rational>>> found;
  std::vector<bool> done(n, false);
  for (std::size_t step = 0; step < n; ++step) {
    // The pivots may be taken in any order; zero ones come last.
    std::optional<std::size_t> pivot;
    for (std::size_t i = n; i-- > 0;)
      if (!done[i] && m[i][i].sign() != 0) pivot = i;
    if (!pivot) break;
    const std::size_t k = *pivot;
    if (m[k][k].sign() < 0) return std::nullopt;
    const Rational d = m[k][k];
    std::vector<Rational> l(n);
    for (std::size_t i = 0; i < n; ++i) l[i] = m[k][i] / d;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) m[i][j] -= d * l[i] * l[j];
    done[k] = true;
    found.emplace_back(d, std::move(l));
  }
  for (const auto& row : m)
    for (const Rational& x : row)
      if (!x.is_zero()) return std::nullopt;
  return found;
}

}  // namespace

/// A polynomial as a sum of squares, its Gram matrix taken over the monomials whose squares it has with a positive
/// coefficient; another term is shared equally among the pairs of them whose product it is. That finds every positive
/// semidefinite polynomial of degree two, and forms of higher degree whose terms can be paired in one way.
Proof Prover::by_squares(const Problem& region, const normal_form::Normaliser& normal, const normal_form::Polynomial& p,
                         const Rational& times, bool strict) {
  using Powers = std::map<std::int64_t, std::int64_t>;
  struct Summand {
    Powers powers;
    Rational c;
  };
  std::vector<Summand> list;
  std::vector<Powers> rows;
  constexpr std::size_t longest = 200;
  const std::vector<Term> all = terms(p.ring(), p.get());
  if (all.size() > longest) return std::nullopt;
  bool has_one = false;
  for (const Term& t : all) {
    Summand made{{t.powers.begin(), t.powers.end()}, Rational(t.coefficient) * times};
    Powers half = made.powers;
    bool even = made.c.sign() > 0;
    for (auto& [k, e] : half) {
      even = even && e % 2 == 0;
      e /= 2;
    }
    if (even && half.empty()) has_one = true;
    if (even && !half.empty()) rows.push_back(half);
    list.push_back(std::move(made));
  }
  if (has_one) rows.emplace_back();  // last, so that its square is what is left when the others are completed
  const std::size_t n = rows.size();
  if (n == 0 || n > most_rows || (strict && !has_one)) return std::nullopt;
  spend(n * n * n);
  Matrix m(n, std::vector<Rational>(n));
  const auto sum = [](Powers a, const Powers& b) {
    for (const auto& [k, e] : b) a[k] += e;
    return a;
  };
  for (const Summand& t : list) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j)
        if (sum(rows[i], rows[j]) == t.powers) pairs.emplace_back(i, j);
    }
    for (std::size_t i = 0; t.c.sign() > 0 && i < n; ++i)
      if (sum(rows[i], rows[i]) == t.powers) pairs.assign(1, {i, i});
    if (pairs.empty()) return std::nullopt;
    const Rational share = t.c / Rational(static_cast<std::int64_t>(2 * pairs.size()));
    for (const auto& [i, j] : pairs) {
      m[i][j] += share;
      m[j][i] += share;
    }
  }
  const auto squares = squares_of(std::move(m));
  if (!squares) return std::nullopt;
  const WorkspaceScope scope(region.workspace);
  std::vector<Expr> basis;
  for (const Powers& row : rows) {
    Expr product(1);
    for (const auto& [k, e] : row) {
      const Expr atom = transplant(normal.expression(static_cast<std::size_t>(k)), region.workspace);
      product = product * (e == 1 ? atom : powi(atom, e));
    }
    basis.push_back(product);
  }
  Json summands = Json::array();
  bool has_constant = false;
  for (const auto& [d, l] : *squares) {
    Expr root(0);
    bool only_constant = has_one;
    for (std::size_t i = 0; i < n; ++i) {
      if (l[i].is_zero()) continue;
      only_constant = only_constant && i == n - 1;
      root = root + Expr(to_constant(l[i])) * basis[i];
    }
    has_constant = has_constant || only_constant;
    const Json factors = Json::array({Json{{"value", encoded(region, root)}, {"power", 2}}});
    summands.push_back(Json{{"constant", d.str()}, {"factors", factors}});
  }
  if (strict && !has_constant) return std::nullopt;
  return Json{{"rule", "sum"}, {"terms", summands}};
}

}  // namespace nabla::inequality
