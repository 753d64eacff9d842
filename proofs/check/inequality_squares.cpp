#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality_prover.hpp>

namespace nabla::inequality {

namespace {

using normal_form::Term;

constexpr std::size_t most_rows = 14;

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

/// A polynomial of degree two in its atoms as a sum of squares: the matrix of the quadratic form in 1 and the atoms.
Proof Prover::by_squares(const Problem& region, const normal_form::Normaliser& normal, const normal_form::Polynomial& p,
                         const Rational& times, bool strict) {
  const std::vector<Term> list = terms(p.ring(), p.get());
  std::map<std::int64_t, std::size_t> row_of;
  for (const Term& t : list) {
    std::int64_t degree = 0;
    for (const auto& [k, e] : t.powers) {
      degree += e;
      row_of.emplace(k, row_of.size() + 1);
    }
    if (degree > 2) return std::nullopt;
  }
  const std::size_t n = row_of.size() + 1;
  if (n > most_rows) return std::nullopt;
  spend(n * n * n);
  Matrix m(n, std::vector<Rational>(n));
  for (const Term& t : list) {
    std::vector<std::size_t> rows;
    for (const auto& [k, e] : t.powers)
      for (std::int64_t i = 0; i < e; ++i) rows.push_back(row_of.at(k));
    while (rows.size() < 2) rows.push_back(0);
    const Rational c = Rational(t.coefficient) * times;
    m[rows[0]][rows[1]] += c / 2;
    m[rows[1]][rows[0]] += c / 2;
  }
  // Strict: a constant is set aside. The pivot of the row of 1 comes last, so that its square is that constant.
  Matrix turned(n, std::vector<Rational>(n));
  const auto turn = [n](std::size_t i) { return i == 0 ? n - 1 : i - 1; };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) turned[turn(i)][turn(j)] = m[i][j];
  const auto squares = squares_of(std::move(turned));
  if (!squares) return std::nullopt;
  const WorkspaceScope scope(region.workspace);
  std::vector<Expr> basis(n, Expr(1));
  for (const auto& [k, row] : row_of)
    basis[turn(row)] = transplant(normal.expression(static_cast<std::size_t>(k)), region.workspace);
  basis[n - 1] = Expr(1);
  Json summands = Json::array();
  bool has_constant = false;
  for (const auto& [d, l] : *squares) {
    Expr root(0);
    bool only_constant = true;
    for (std::size_t i = 0; i < n; ++i) {
      if (l[i].is_zero()) continue;
      only_constant = only_constant && i == n - 1;
      root = root + Expr(to_constant(l[i])) * basis[i];
    }
    has_constant = has_constant || only_constant;
    Json factors = Json::array({Json{{"value", encoded(region, root)}, {"power", 2}}});
    summands.push_back(Json{{"constant", d.str()}, {"factors", factors}});
  }
  if (strict && !has_constant) return std::nullopt;
  return Json{{"rule", "sum"}, {"terms", summands}};
}

}  // namespace nabla::inequality
