#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/interpolation_grading.hpp>
#include <nabla/proofs/check/interpolation_search.hpp>
#include <numeric>

namespace nabla::interpolation {

namespace {

constexpr std::size_t most_columns = 3000;
constexpr std::size_t most_multipliers = 160;
constexpr int rounds_of_squares = 8;
constexpr double closed = 1e-9;     // of a residual that is taken for zero, before the exact check
constexpr double entering = 1e-10;  // of a gradient

struct Multiplier {
  std::vector<std::size_t> facts;
  Polynomial p;
  Grading::Weight weight;
};

struct Column {
  Term term;
  Polynomial p;
};

/// Products of facts up to a degree, the empty one first.
std::vector<Multiplier> products(const Form& form, const Grading& grading, int degree, bool strict) {
  std::vector<Multiplier> all{{{}, Polynomial(Rational(1)), *grading.weight(Polynomial(Rational(1)))}};
  std::size_t begin = 0;
  for (int d = 0; d < degree; ++d) {
    const std::size_t end = all.size();
    for (std::size_t k = begin; k < end; ++k)
      for (std::size_t f = all[k].facts.empty() ? 0 : all[k].facts.back(); f < form.facts().size(); ++f) {
        const Fact& fact = form.facts()[f];
        if ((strict && !fact.strict) || all.size() >= most_multipliers) continue;
        if (fact.p.as_constant()) continue;
        const auto w = grading.weight(fact.p);
        if (!w) continue;
        Multiplier m = all[k];
        m.facts.push_back(f);
        try {
          m.p = form.times(Fraction(m.p), Fraction(fact.p)).num;
        } catch (const NotHandled&) {
          continue;
        }
        m.weight = m.weight + *w;
        all.push_back(std::move(m));
      }
    begin = end;
  }
  return all;
}

/// A vector that may be part of what is squared: a root times a fact.
struct Part {
  Polynomial p;
  Grading::Weight weight;
};

class Search {
 public:
  Search(const Form& form, const Polynomial& target, const std::vector<Inequality>& inequalities,
         const std::vector<Polynomial>& roots, const Budget& budget)
      : form_(form),
        target_(target),
        inequalities_(inequalities),
        budget_(budget),
        grading_(form.symbols().size(), homogeneous(roots)) {
    for (const Polynomial& r : roots)
      if (const auto w = grading_.weight(r)) add_part(r, *w);
    const std::vector<Part> plain = parts_;
    for (const Fact& f : form.facts()) {
      if (f.p.terms().size() != 1 || f.p.as_constant()) continue;
      const auto w = grading_.weight(f.p);
      for (const Part& part : plain)
        if (w && parts_.size() < 60) add_part(f.p * part.p, part.weight + *w);
    }
  }

  std::optional<Combination> run(int degree) {
    const auto target_weight = grading_.weight(target_);
    if (!target_weight) return std::nullopt;
    multipliers_ = products(form_, grading_, degree, false);
    for (const Multiplier& scale : products(form_, grading_, degree, true)) {
      budget_.check();
      if (auto found = with_scale(scale, *target_weight + scale.weight)) return found;
    }
    return std::nullopt;
  }

 private:
  std::vector<const Polynomial*> homogeneous(const std::vector<Polynomial>& roots) const {
    std::vector<const Polynomial*> all{&target_};
    for (const Inequality& i : inequalities_) all.push_back(&i.p);
    for (const Polynomial& r : roots) all.push_back(&r);
    for (const Fact& f : form_.facts()) all.push_back(&f.p);
    return all;
  }

  void add_part(const Polynomial& p, const Grading::Weight& weight) {
    for (const Part& known : parts_)
      if (known.p == p) return;
    parts_.push_back({p, weight});
  }

  std::optional<Combination> with_scale(const Multiplier& scale, const Grading::Weight& wanted) {
    columns_.clear();
    rows_.clear();
    goal_ = form_.reduced(scale.p * target_);
    for (std::size_t m = 0; m < multipliers_.size(); ++m) {
      budget_.check();
      for (std::size_t k = 0; k < inequalities_.size(); ++k) {
        const auto w = grading_.weight(inequalities_[k].p);
        if (!w || *w + multipliers_[m].weight != wanted || columns_.size() > most_columns) continue;
        add(m, k, std::nullopt, inequalities_[k].p);
        if (inequalities_[k].both) {
          add(m, k, std::nullopt, inequalities_[k].p.scaled(-1));
          columns_.back().term.coefficient = -1;
        }
      }
      if (!multipliers_[m].facts.empty() && multipliers_[m].weight == wanted)
        add(m, std::nullopt, std::nullopt, Polynomial(Rational(1)));
    }
    groups_.clear();
    for (std::size_t m = 0; m < multipliers_.size(); ++m) {
      std::vector<std::size_t> group;
      for (std::size_t a = 0; a < parts_.size(); ++a) {
        if (parts_[a].weight + parts_[a].weight + multipliers_[m].weight != wanted) continue;
        group.push_back(a);
      }
      if (group.empty()) continue;
      groups_.push_back({m, group});
      for (std::size_t i = 0; i < group.size() && columns_.size() < most_columns; ++i) {
        square(m, parts_[group[i]].p);
        for (std::size_t j = 0; j < i; ++j)
          for (const int s : {1, -1}) square(m, parts_[group[i]].p + parts_[group[j]].p.scaled(s));
      }
    }
    if (columns_.empty() && !goal_.is_zero()) return std::nullopt;
    for (int round = 0; round < rounds_of_squares; ++round) {
      budget_.check();
      solve();
      if (residual_.norm() < closed) return exact(scale);
      if (!more_squares()) return std::nullopt;
    }
    return std::nullopt;
  }

  void add(std::size_t m, std::optional<std::size_t> inequality, std::optional<Polynomial> root, const Polynomial& p) {
    try {
      const Polynomial product = form_.times(Fraction(multipliers_[m].p), Fraction(p)).num;
      if (product.is_zero()) return;
      columns_.push_back(
          {{.coefficient = 1, .facts = multipliers_[m].facts, .inequality = inequality, .square_of = std::move(root)},
           product});
    } catch (const NotHandled&) {
    }
  }

  void square(std::size_t m, const Polynomial& root) {
    if (root.is_zero()) return;
    try {
      add(m, std::nullopt, root, form_.times(Fraction(root), Fraction(root)).num);
    } catch (const NotHandled&) {  // vectors of different spaces
    }
  }

  std::size_t row(const Monomial& m) { return rows_.try_emplace(m, rows_.size()).first->second; }

  void fill() {
    for (const auto& [m, c] : goal_.terms()) row(m);
    for (const Column& c : columns_)
      for (const auto& [m, x] : c.p.terms()) row(m);
    const auto n = static_cast<Eigen::Index>(rows_.size());
    b_ = Eigen::VectorXd::Zero(n);
    for (const auto& [m, c] : goal_.terms()) b_[static_cast<Eigen::Index>(row(m))] = c.convert_to<double>();
    scale_ = std::max(1.0, b_.norm());
    b_ /= scale_;
    entries_.clear();
    for (const Column& c : columns_) {
      auto& e = entries_.emplace_back();
      double norm = 0;
      for (const auto& [m, x] : c.p.terms()) {
        e.emplace_back(static_cast<Eigen::Index>(row(m)), x.convert_to<double>());
        norm += e.back().second * e.back().second;
      }
      for (auto& [r, x] : e) x /= std::sqrt(norm);
    }
  }

  /// Nonnegative least squares, Lawson and Hanson's active sets.
  void solve() {
    fill();
    const std::size_t n = columns_.size();
    passive_.clear();
    Eigen::VectorXd x;
    residual_ = b_;
    const std::size_t most_steps = 3 * rows_.size() + 50;
    for (std::size_t step = 0; step < most_steps && residual_.norm() >= closed; ++step) {
      budget_.check();
      std::size_t best = n;
      double steepest = entering;
      for (std::size_t k = 0; k < n; ++k) {
        if (std::ranges::find(passive_, k) != passive_.end()) continue;
        double g = 0;
        for (const auto& [r, v] : entries_[k]) g += v * residual_[r];
        if (g > steepest) steepest = g, best = k;
      }
      if (best == n) return;
      passive_.push_back(best);
      x.conservativeResize(static_cast<Eigen::Index>(passive_.size()));
      x[x.size() - 1] = 0;
      for (;;) {
        const Eigen::MatrixXd a = chosen();
        const Eigen::VectorXd z = a.colPivHouseholderQr().solve(b_);
        double t = 1;
        for (Eigen::Index k = 0; k < z.size(); ++k)
          if (z[k] <= 1e-13) t = std::min(t, x[k] / (x[k] - z[k] + 1e-300));
        if (z.minCoeff() > 1e-13) {
          x = z;
          residual_ = b_ - a * x;
          break;
        }
        std::vector<std::size_t> kept;
        std::vector<double> values;
        for (Eigen::Index k = 0; k < z.size(); ++k) {
          const double moved = x[k] + t * (z[k] - x[k]);
          if (moved <= 1e-13) continue;
          kept.push_back(passive_[static_cast<std::size_t>(k)]);
          values.push_back(moved);
        }
        if (kept.size() == passive_.size()) kept.pop_back(), values.pop_back();
        passive_ = std::move(kept);
        x = Eigen::Map<Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
        if (passive_.empty()) {
          residual_ = b_;
          return;
        }
      }
    }
  }

  Eigen::MatrixXd chosen() const {
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(b_.size(), static_cast<Eigen::Index>(passive_.size()));
    for (std::size_t k = 0; k < passive_.size(); ++k)
      for (const auto& [r, v] : entries_[passive_[k]]) a(r, static_cast<Eigen::Index>(k)) = v;
    return a;
  }

  /// Squares along which the residual decreases.
  bool more_squares() {
    const std::size_t before = columns_.size();
    for (const auto& [m, group] : groups_) {
      if (group.size() < 2 || columns_.size() >= most_columns) continue;
      const auto n = static_cast<Eigen::Index>(group.size());
      Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(n, n);
      for (std::size_t i = 0; i < group.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j) {
          double g = 0;
          try {
            const Polynomial both = form_.times(Fraction(parts_[group[i]].p), Fraction(parts_[group[j]].p)).num;
            const Polynomial all = form_.times(Fraction(multipliers_[m].p), Fraction(both)).num;
            for (const auto& [monomial, c] : all.terms()) {
              const auto it = rows_.find(monomial);
              if (it != rows_.end()) g += c.convert_to<double>() * residual_[static_cast<Eigen::Index>(it->second)];
            }
          } catch (const NotHandled&) {
          }
          gram(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = g;
          gram(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(i)) = g;
        }
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);
      if (eigen.eigenvalues()[n - 1] < 1e-8) continue;
      Eigen::VectorXd v = eigen.eigenvectors().col(n - 1);
      Eigen::Index largest = 0;
      v.cwiseAbs().maxCoeff(&largest);
      v /= v[largest];
      for (const int denominator : {6, 60, 5040}) {
        Polynomial root;
        for (Eigen::Index i = 0; i < n; ++i)
          root.add(parts_[group[static_cast<std::size_t>(i)]].p,
                   Rational(static_cast<std::int64_t>(std::llround(v[i] * denominator))) / denominator);
        square(m, root);
      }
    }
    return columns_.size() > before;
  }

  /// The chosen columns solved for in rationals, and everything checked.
  std::optional<Combination> exact(const Multiplier& scale) const {
    std::map<Monomial, std::vector<Rational>, MonomialLess> equations;
    const std::size_t n = passive_.size();
    const auto at = [&](const Monomial& m) -> std::vector<Rational>& {
      return equations.try_emplace(m, std::vector<Rational>(n + 1, Rational(0))).first->second;
    };
    for (std::size_t k = 0; k < n; ++k)
      for (const auto& [m, c] : columns_[passive_[k]].p.terms()) at(m)[k] = c;
    for (const auto& [m, c] : goal_.terms()) at(m)[n] = c;
    std::vector<std::vector<Rational>> rows;
    for (auto& [m, r] : equations) rows.push_back(r);
    std::vector<Rational> solution(n, Rational(0));
    std::size_t rank = 0;
    std::vector<std::size_t> pivot_of;
    for (std::size_t c = 0; c < n; ++c) {
      std::size_t pivot = rank;
      while (pivot < rows.size() && rows[pivot][c].is_zero()) ++pivot;
      if (pivot == rows.size()) return std::nullopt;
      std::swap(rows[pivot], rows[rank]);
      const Rational lead = rows[rank][c];
      for (Rational& x : rows[rank]) x /= lead;
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const Rational factor = rows[r][c];
        if (r == rank || factor.is_zero()) continue;
        for (std::size_t k = c; k <= n; ++k) rows[r][k] -= factor * rows[rank][k];
      }
      pivot_of.push_back(rank++);
    }
    for (std::size_t r = rank; r < rows.size(); ++r)
      if (!rows[r][n].is_zero()) return std::nullopt;
    Combination result;
    result.scale = scale.facts;
    Polynomial sum;
    for (std::size_t k = 0; k < n; ++k) {
      const Rational x = rows[pivot_of[k]][n];
      if (x.is_zero()) continue;
      if (x.sign() < 0) return std::nullopt;
      Term term = columns_[passive_[k]].term;
      sum.add(columns_[passive_[k]].p, x);
      term.coefficient *= x;  // the column of an equation may stand for its negative
      result.terms.push_back(std::move(term));
    }
    if (!(sum == goal_)) return std::nullopt;
    return result;
  }

  const Form& form_;
  const Polynomial& target_;
  const std::vector<Inequality>& inequalities_;
  const Budget& budget_;
  Grading grading_;
  std::vector<Part> parts_;
  std::vector<Multiplier> multipliers_;
  std::vector<std::pair<std::size_t, std::vector<std::size_t>>> groups_;  // multiplier, parts
  std::vector<Column> columns_;
  Polynomial goal_;
  std::map<Monomial, std::size_t, MonomialLess> rows_;
  std::vector<std::vector<std::pair<Eigen::Index, double>>> entries_;
  std::vector<std::size_t> passive_;
  Eigen::VectorXd b_, residual_;
  double scale_ = 1;
};

}  // namespace

std::optional<Combination> combine(const Form& form, const Polynomial& target,
                                   const std::vector<Inequality>& inequalities, const std::vector<Polynomial>& roots,
                                   const Budget& budget) {
  if (target.is_zero()) return Combination{};
  Search search(form, target, inequalities, roots, budget);
  for (const int degree : {1, 2, 3})
    if (auto found = search.run(degree)) return found;
  return std::nullopt;
}

}  // namespace nabla::interpolation
