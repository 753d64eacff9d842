#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/interpolation/pool.hpp>
#include <nabla/proofs/check/interpolation/reduction.hpp>
#include <nabla/proofs/check/interpolation/search.hpp>
#include <nabla/proofs/check/nearest_double.hpp>

namespace nabla::interpolation {

namespace {

constexpr std::size_t most_columns = 6000;
constexpr int rounds_of_squares = 24;
constexpr int most_factors = 3;
constexpr double closed = 1e-9;     // of a residual that is taken for zero, before the exact check
constexpr double most_steps = 4e6;  // of about a microsecond, for all targets
constexpr double entries_of_a_step = 100;

/// A column of the least squares: a multiplier with an inequality, with 1, or with a square.
struct Column {
  std::size_t multiplier = 0;
  std::optional<std::size_t> inequality;
  int sign = 1;                                        // -1: the negative of an equation
  std::vector<std::pair<std::size_t, Rational>> root;  // parts and coefficients of what is squared
};

struct Block : SquareBlock {
  std::size_t multiplier = 0;
};

class Search {
 public:
  Search(const Form& form, std::span<const Polynomial> targets, const std::vector<Inequality>& inequalities,
         const std::vector<Polynomial>& roots, const Budget& budget)
      : form_(form),
        targets_(targets),
        inequalities_(inequalities),
        budget_(budget),
        pool_(form, pointers(targets), inequalities, roots) {}

  std::optional<std::pair<std::size_t, Combination>> run() {
    for (int degree = 1; degree <= most_factors; ++degree) {
      pool_.use(pool_.multipliers(degree, false));
      const std::vector<Pool::Multiplier> scales = pool_.multipliers(degree, true);
      for (std::size_t t = 0; t < targets_.size(); ++t)
        for (const Pool::Multiplier& scale : scales) {
          budget_.check();
          if (steps_ > most_steps) return std::nullopt;
          if (auto found = with_scale(targets_[t], scale)) return std::pair{t, std::move(*found)};
        }
    }
    return std::nullopt;
  }

 private:
  static std::vector<const Polynomial*> pointers(std::span<const Polynomial> targets) {
    std::vector<const Polynomial*> all;
    for (const Polynomial& t : targets) all.push_back(&t);
    return all;
  }

  std::optional<Combination> with_scale(const Polynomial& target, const Pool::Multiplier& scale) {
    const auto wanted = pool_.weight(target, scale.weight);
    if (!wanted) return std::nullopt;
    goal_ = form_.reduced(scale.p * target);
    columns_.clear();
    std::vector<LinearColumn> numbers;
    gather(*wanted, numbers);
    std::vector<Block> blocks = gather_squares(*wanted);
    if (columns_.empty() && blocks.empty() && !goal_.is_zero()) return std::nullopt;
    const LeastSquares::Sparse goal = pool_.numbers(goal_);
    std::vector<SquareBlock> shapes(blocks.begin(), blocks.end());
    if (!leave_out_one_sided(goal, pool_.monomials(), numbers, shapes)) return std::nullopt;
    for (std::size_t k = 0; k < blocks.size(); ++k) static_cast<SquareBlock&>(blocks[k]) = std::move(shapes[k]);
    return fitted(scale, goal, numbers, blocks);
  }

  /// Multipliers with inequalities, and alone.
  void gather(std::size_t wanted, std::vector<LinearColumn>& numbers) {
    for (const auto& [m, k] : pool_.with_inequality(wanted)) {
      budget_.check();
      const bool alone = k == inequalities_.size();
      const Product* product = alone ? pool_.of_fact(m) : pool_.of_inequality(m, k);
      if (product == nullptr || product->p.is_zero() || columns_.size() >= most_columns) continue;
      columns_.push_back({m, alone ? std::nullopt : std::optional(k), 1, {}});
      numbers.push_back({&product->numbers, !alone && inequalities_[k].both});
    }
  }

  std::vector<Block> gather_squares(std::size_t wanted) {
    std::vector<Block> blocks;
    for (const auto& [m, a] : pool_.with_square(wanted)) {
      if (blocks.empty() || blocks.back().multiplier != m) {
        blocks.emplace_back();
        blocks.back().multiplier = m;
      }
      Block& block = blocks.back();
      if (pool_.of_pair(m, a, a) == nullptr) continue;
      budget_.check();
      block.parts.push_back(a);
      for (const std::size_t b : block.parts) {
        const Product* p = pool_.of_pair(m, a, b);
        block.products.push_back(p == nullptr ? nullptr : &p->numbers);
      }
    }
    return blocks;
  }

  std::optional<Combination> fitted(const Pool::Multiplier& scale, const LeastSquares::Sparse& goal,
                                    const std::vector<LinearColumn>& numbers, const std::vector<Block>& blocks) {
    place_.assign(pool_.monomials(), -1);
    rows_ = 0;
    const auto see = [&](const LeastSquares::Sparse& p) {
      for (const auto& [row, c] : p)
        if (place_[row] < 0) place_[row] = rows_++;
    };
    see(goal);
    for (const LinearColumn& c : numbers)
      if (c.numbers != nullptr) see(*c.numbers);
    for (const Block& b : blocks)
      for (const LeastSquares::Sparse* p : b.products)
        if (p != nullptr) see(*p);
    Eigen::VectorXd b = Eigen::VectorXd::Zero(rows_);
    for (const auto& [row, c] : goal) b[place_[row]] = c;
    b /= std::max(1.0, b.norm());
    LeastSquares fit(std::move(b));
    std::vector<Column> all = std::move(columns_);
    columns_.clear();
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (numbers[k].numbers == nullptr) continue;
      if (numbers[k].both) {
        Column negative = all[k];
        negative.sign = -1;
        put(fit, std::move(negative), placed(*numbers[k].numbers, -1));
      }
      put(fit, std::move(all[k]), placed(*numbers[k].numbers, 1));
    }
    for (const Block& block : blocks)
      for (std::size_t i = 0; i < block.parts.size(); ++i) {
        square_of_two(fit, block, i, i, 0);
        for (std::size_t j = 0; j < i; ++j)
          for (const int s : {1, -1}) square_of_two(fit, block, i, j, s);
      }
    for (int round = 0; round < rounds_of_squares && steps_ <= most_steps; ++round) {
      const double before = fit.steps();
      fit.solve(closed, budget_);
      steps_ += fit.steps() - before;
      if (fit.residual().norm() < closed) return exact(scale, fit.chosen());
      if (!more_squares(fit, blocks)) break;
    }
    return std::nullopt;
  }

  LeastSquares::Sparse placed(const LeastSquares::Sparse& p, double factor) const {
    LeastSquares::Sparse result;
    for (const auto& [row, c] : p) result.emplace_back(static_cast<std::uint32_t>(place_[row]), factor * c);
    return result;
  }

  void put(LeastSquares& fit, Column column, const LeastSquares::Sparse& numbers) {
    if (numbers.empty() || columns_.size() >= most_columns) return;
    columns_.push_back(std::move(column));
    fit.add(numbers);
  }

  using Root = std::vector<std::pair<std::size_t, Rational>>;

  /// \param root  places in the block, and coefficients
  void square(LeastSquares& fit, const Block& block, const Root& root) {
    if (columns_.size() >= most_columns) return;
    begin_sum();
    Column column{block.multiplier, {}, 1, {}};
    for (std::size_t a = 0; a < root.size(); ++a) {
      if (root[a].second.is_zero()) continue;
      column.root.emplace_back(block.parts[root[a].first], root[a].second);
      for (std::size_t b = 0; b <= a; ++b) {
        if (root[b].second.is_zero()) continue;
        const LeastSquares::Sparse* p = block.product(root[a].first, root[b].first);
        if (p == nullptr) return;
        add_to_sum(*p, (a == b ? 1 : 2) * nearest_double(root[a].second * root[b].second));
      }
    }
    put(fit, std::move(column), sum());
  }

  /// The square of a part, or of it and a later one: plus or minus, or 0 for the part alone.
  void square_of_two(LeastSquares& fit, const Block& block, std::size_t i, std::size_t j, int sign) {
    if (columns_.size() >= most_columns) return;
    const LeastSquares::Sparse *one = block.product(i, i), *both = sign == 0 ? nullptr : block.product(j, i),
                               *other = sign == 0 ? nullptr : block.product(j, j);
    if (one == nullptr || (sign != 0 && (both == nullptr || other == nullptr))) return;
    begin_sum();
    add_to_sum(*one, 1);
    if (sign != 0) {
      add_to_sum(*both, 2 * sign);
      add_to_sum(*other, 1);
    }
    const LeastSquares::Sparse& numbers = sum();
    if (numbers.empty()) return;
    Column column{block.multiplier, {}, 1, {{block.parts[i], 1}}};
    if (sign != 0) column.root.emplace_back(block.parts[j], sign);
    put(fit, std::move(column), numbers);
  }

  // A sum of columns, row by row.
  void begin_sum() {
    for (const std::uint32_t row : met_) is_met_[row] = 0;
    met_.clear();
    sums_.resize(static_cast<std::size_t>(rows_));
    is_met_.resize(sums_.size(), 0);
  }
  void add_to_sum(const LeastSquares::Sparse& p, double factor) {
    for (const auto& [monomial, c] : p) {
      const auto row = static_cast<std::uint32_t>(place_[monomial]);
      if (is_met_[row] == 0) {
        is_met_[row] = 1;
        met_.push_back(row);
        sums_[row] = 0;
      }
      sums_[row] += factor * c;
    }
  }
  const LeastSquares::Sparse& sum() {
    std::ranges::sort(met_);
    sum_.clear();
    for (const std::uint32_t row : met_)
      if (sums_[row] != 0) sum_.emplace_back(row, sums_[row]);
    return sum_;
  }

  /// Squares along which the residual decreases.
  bool more_squares(LeastSquares& fit, const std::vector<Block>& blocks) {
    const std::size_t before = columns_.size();
    for (const Block& block : blocks) {
      if (block.parts.size() < 2 || columns_.size() >= most_columns) continue;
      budget_.check();
      const auto n = static_cast<Eigen::Index>(block.parts.size());
      Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(n, n);
      for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j <= i; ++j) {
          const LeastSquares::Sparse* p = block.product(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
          if (p == nullptr) continue;
          double g = 0;
          for (const auto& [row, c] : *p) g += c * fit.residual()[place_[row]];
          steps_ += static_cast<double>(p->size()) / entries_of_a_step;
          gram(i, j) = gram(j, i) = g;
        }
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);
      steps_ += static_cast<double>(n * n * n) / entries_of_a_step;
      if (eigen.eigenvalues()[n - 1] < 1e-8) continue;
      Eigen::VectorXd v = eigen.eigenvectors().col(n - 1);
      Eigen::Index largest = 0;
      v.cwiseAbs().maxCoeff(&largest);
      v /= v[largest];
      for (const int denominator : {6, 60, 5040}) {
        std::vector<std::pair<std::size_t, Rational>> root;
        for (Eigen::Index i = 0; i < n; ++i)
          root.emplace_back(static_cast<std::size_t>(i),
                            Rational(static_cast<std::int64_t>(std::llround(v[i] * denominator))) / denominator);
        square(fit, block, root);
      }
    }
    return columns_.size() > before;
  }

  Polynomial root_of(const Column& c) const {
    Polynomial root;
    for (const auto& [part, factor] : c.root) root.add(pool_.parts()[part], factor);
    return root;
  }
  Polynomial multiplied_out(const Column& c) {
    if (c.inequality) return pool_.of_inequality(c.multiplier, *c.inequality)->p.scaled(c.sign);
    if (c.root.empty()) return pool_.of_fact(c.multiplier)->p;
    const Polynomial root = root_of(c);
    const Polynomial square = form_.times(Fraction(root), Fraction(root)).num;
    return form_.times(Fraction(pool_.used()[c.multiplier].p), Fraction(square)).num;
  }

  /// The chosen columns solved for in rationals, and everything checked.
  std::optional<Combination> exact(const Pool::Multiplier& scale, const std::vector<std::size_t>& chosen) {
    std::vector<Polynomial> made;
    std::map<Monomial, std::vector<Rational>, MonomialLess> equations;
    const std::size_t n = chosen.size();
    const auto at = [&](const Monomial& m) -> std::vector<Rational>& {
      return equations.try_emplace(m, std::vector<Rational>(n + 1, Rational(0))).first->second;
    };
    for (std::size_t k = 0; k < n; ++k) {
      made.push_back(multiplied_out(columns_[chosen[k]]));
      for (const auto& [m, c] : made.back().terms()) at(m)[k] = c;
    }
    for (const auto& [m, c] : goal_.terms()) at(m)[n] = c;
    std::vector<std::vector<Rational>> rows;
    for (auto& [m, r] : equations) rows.push_back(std::move(r));
    std::vector<std::size_t> pivot_of;
    for (std::size_t c = 0; c < n; ++c) {
      budget_.check();
      const std::size_t rank = pivot_of.size();
      std::size_t pivot = rank;
      while (pivot < rows.size() && rows[pivot][c].is_zero()) ++pivot;
      if (pivot == rows.size()) return std::nullopt;
      std::swap(rows[pivot], rows[rank]);
      const Rational lead = rows[rank][c];
      for (Rational& x : rows[rank])
        if (!x.is_zero()) x /= lead;
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const Rational factor = rows[r][c];
        if (r == rank || factor.is_zero()) continue;
        for (std::size_t k = c; k <= n; ++k)
          if (!rows[rank][k].is_zero()) rows[r][k] -= factor * rows[rank][k];
      }
      pivot_of.push_back(rank);
    }
    for (std::size_t r = n; r < rows.size(); ++r)
      if (!rows[r][n].is_zero()) return std::nullopt;
    Combination result;
    result.scale = scale.facts;
    Polynomial sum;
    for (std::size_t k = 0; k < n; ++k) {
      const Rational x = rows[pivot_of[k]][n];
      if (x.is_zero()) continue;
      if (x.sign() < 0) return std::nullopt;
      const Column& c = columns_[chosen[k]];
      Term term{x * c.sign, pool_.used()[c.multiplier].facts, c.inequality, {}};
      if (!c.root.empty()) term.square_of = root_of(c);
      sum.add(made[k], x);
      result.terms.push_back(std::move(term));
    }
    if (!(sum == goal_)) return std::nullopt;
    return result;
  }

  const Form& form_;
  std::span<const Polynomial> targets_;
  const std::vector<Inequality>& inequalities_;
  const Budget& budget_;
  Pool pool_;
  Polynomial goal_;
  std::vector<Column> columns_;
  std::vector<Eigen::Index> place_;  // of a monomial, among the rows of the fit
  Eigen::Index rows_ = 0;
  std::vector<double> sums_;  // of the rows that are met
  std::vector<char> is_met_;
  std::vector<std::uint32_t> met_;
  LeastSquares::Sparse sum_;
  double steps_ = 0;
};

}  // namespace

std::optional<std::pair<std::size_t, Combination>> combine_any(std::span<const Polynomial> targets, const Form& form,
                                                               const std::vector<Inequality>& inequalities,
                                                               const std::vector<Polynomial>& roots,
                                                               const Budget& budget) {
  for (std::size_t t = 0; t < targets.size(); ++t)
    if (targets[t].is_zero()) return std::pair{t, Combination{}};
  return Search(form, targets, inequalities, roots, budget).run();
}

std::optional<Combination> combine(const Form& form, const Polynomial& target,
                                   const std::vector<Inequality>& inequalities, const std::vector<Polynomial>& roots,
                                   const Budget& budget) {
  auto found = combine_any({&target, 1}, form, inequalities, roots, budget);
  if (!found) return std::nullopt;
  return std::move(found->second);
}

}  // namespace nabla::interpolation
