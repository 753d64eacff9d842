#include <nabla/proofs/check/index/simplex.hpp>

namespace nabla::index_form {

namespace {

constexpr int most_pivots = 300;
constexpr std::size_t most_rows = 160, most_kept = 220;

/// Which signs a monomial enters with.
struct Sides {
  bool up = false, down = false;
};

/// Columns with a monomial that nothing can cancel take no part. False: the goal has such a monomial.
bool leave_out(const std::vector<const Poly*>& columns, const Poly& goal, std::vector<char>& kept) {
  for (bool again = true; again;) {
    again = false;
    std::map<Monomial, Sides> sides;
    for (std::size_t j = 0; j < columns.size(); ++j)
      if (kept[j] != 0)
        for (const auto& [m, c] : columns[j]->terms) (c > 0 ? sides[m].up : sides[m].down) = true;
    for (const auto& [m, c] : goal.terms) {
      const Sides s = sides[m];
      if (c > 0 ? !s.up : !s.down) return false;
    }
    for (std::size_t j = 0; j < columns.size(); ++j) {
      if (kept[j] == 0) continue;
      for (const auto& [m, c] : columns[j]->terms)
        if (!goal.terms.contains(m) && !(sides[m].up && sides[m].down)) {
          kept[j] = 0;
          again = true;
          break;
        }
    }
  }
  return true;
}

/// Rows in which the basic column has 1 and the others 0; the last column is the right side, which is >= 0.
class Tableau {
 public:
  Tableau(const std::vector<const Poly*>& columns, const std::vector<std::size_t>& used, const Poly& goal)
      : width_(used.size()) {
    std::map<Monomial, std::size_t> numbers;
    const auto row_of = [&](const Monomial& m) {
      const auto [it, is_new] = numbers.emplace(m, rows_.size());
      if (is_new) rows_.emplace_back(width_ + 1);
      return it->second;
    };
    for (const auto& [m, c] : goal.terms) rows_[row_of(m)][width_] = c;
    for (std::size_t j = 0; j < width_; ++j)
      for (const auto& [m, c] : columns[used[j]]->terms) rows_[row_of(m)][j] = c;
    for (auto& row : rows_)
      if (row[width_] < 0)
        for (Rational& c : row) c = -c;
    basis_.assign(rows_.size(), -1);  // a variable that has to become 0
    rest_.assign(width_ + 1, 0);
    for (const auto& row : rows_)
      for (std::size_t j = 0; j <= width_; ++j) rest_[j] += row[j];
  }

  std::size_t height() const { return rows_.size(); }

  /// The values of the columns.
  std::optional<std::vector<Rational>> solve(const Budget& budget) {
    for (int step = 0; !rest_[width_].is_zero(); ++step) {
      budget.check();
      if (step == most_pivots) return std::nullopt;
      // The first column that helps is taken (Bland), so that the method ends.
      std::size_t in = 0;
      while (in < width_ && rest_[in] <= 0) ++in;
      if (in == width_) return std::nullopt;
      std::optional<std::size_t> out;
      Rational least;
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i][in] <= 0) continue;
        const Rational ratio = rows_[i][width_] / rows_[i][in];
        if (!out || ratio < least || (ratio == least && basis_[i] < basis_[*out])) {
          out = i;
          least = ratio;
        }
      }
      if (!out) return std::nullopt;
      pivot(*out, in);
    }
    std::vector<Rational> values(width_);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (basis_[i] >= 0) values[static_cast<std::size_t>(basis_[i])] = rows_[i][width_];
    return values;
  }

 private:
  void pivot(std::size_t out, std::size_t in) {
    const Rational unit = 1 / rows_[out][in];
    for (Rational& c : rows_[out])
      if (!c.is_zero()) c *= unit;
    const auto clear = [&](std::vector<Rational>& row) {
      if (row[in].is_zero()) return;
      const Rational factor = row[in];
      for (std::size_t j = 0; j <= width_; ++j)
        if (!rows_[out][j].is_zero()) row[j] -= factor * rows_[out][j];
    };
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (i != out) clear(rows_[i]);
    clear(rest_);
    basis_[out] = static_cast<std::int64_t>(in);
  }

  std::size_t width_;
  std::vector<std::vector<Rational>> rows_;
  std::vector<Rational> rest_;  // the sum of the rows whose variable has to become 0
  std::vector<std::int64_t> basis_;
};

}  // namespace

std::optional<std::vector<Rational>> nonnegative_combination(const std::vector<const Poly*>& columns, const Poly& goal,
                                                             const Budget& budget) {
  std::vector<char> kept(columns.size(), 1);
  if (!leave_out(columns, goal, kept)) return std::nullopt;
  std::vector<std::size_t> used;
  for (std::size_t j = 0; j < columns.size() && used.size() < most_kept; ++j)
    if (kept[j] != 0) used.push_back(j);
  Tableau tableau(columns, used, goal);
  if (tableau.height() > most_rows) return std::nullopt;
  const auto values = tableau.solve(budget);
  if (!values) return std::nullopt;
  std::vector<Rational> r(columns.size());
  for (std::size_t j = 0; j < used.size(); ++j) r[used[j]] = (*values)[j];
  return r;
}

}  // namespace nabla::index_form
