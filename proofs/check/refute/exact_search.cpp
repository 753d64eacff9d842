#include <algorithm>
#include <cmath>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/refute/climb.hpp>
#include <nabla/proofs/check/refute/exact_search.hpp>
#include <set>

namespace nabla {

namespace {

constexpr double guess_tolerance = 1e-7;
constexpr double near_contact = 1e-6;
constexpr int climb_steps = 200;
constexpr std::size_t most_starts = 10;
constexpr std::size_t most_guesses_per_entry = 3;
constexpr std::size_t most_combinations = 16;
constexpr int most_judged = 80;
constexpr std::size_t most_exact_axes = 8;

class ExactSearch {
 public:
  ExactSearch(const Problem& problem, const Statement& statement, const Budget& budget)
      : problem_(problem), statement_(statement), budget_(budget), space_(problem), judge_(problem) {}

  std::optional<ExactRefutation> run(const Failure& failure, std::span<const Point> from) {
    if (space_.size() == 0 || space_.size() > most_exact_axes) return std::nullopt;
    const Climb climb(space_, failure);
    std::vector<std::pair<Climb::Height, SearchSpace::Vector>> ends;
    const std::size_t stride = std::max<std::size_t>(1, from.size() / most_starts);
    for (std::size_t k = 0; k < from.size(); k += stride) {
      SearchSpace::Vector z = climb.climb(space_.of(from[k]), climb_steps, budget_);
      const Climb::Height h = climb.at(z);
      ends.emplace_back(h, std::move(z));
    }
    if (from.empty()) {
      SearchSpace::Vector z = climb.climb(any_start(), climb_steps, budget_);
      const Climb::Height h = climb.at(z);
      ends.emplace_back(h, std::move(z));
    }
    std::ranges::stable_sort(ends, [](const auto& a, const auto& b) { return a.first.better_than(b.first); });
    for (auto& [height, z] : ends) {
      if (height.outside > near_contact) break;
      if (!std::ranges::all_of(z, [](double x) { return std::isfinite(x); })) continue;  // it climbs without end
      if (auto found = guess(z)) return found;
      if (const auto sharp = sharpened(failure, z))
        if (auto found = guess(*sharp)) return found;
      if (auto found = shortened(climb, failure, z)) return found;
      if (judged_ >= most_judged) break;
    }
    return std::nullopt;
  }

 private:
  SearchSpace::Vector any_start() const {
    SearchSpace::Vector z;
    for (const SearchSpace::Axis& axis : space_.axes())
      z.push_back(!axis.values.empty() ? axis.values[0] : axis.movable || axis.entry > 0 ? 0.25 : 1);
    return z;
  }

  /// What the entry may be, the simplest first.
  std::vector<NamedConstant> guesses(std::size_t axis, double x) {
    const Set& set = problem_.givens[space_.axes()[axis].given].set;
    std::vector<NamedConstant> found;
    if (set.kind == Set::Kind::entries && set.entries.is_finite()) {
      for (std::size_t k = 0; k < set.entries.elements.size(); ++k)
        if (k < space_.axes()[axis].values.size() && std::fabs(space_.axes()[axis].values[k] - x) < guess_tolerance)
          found.push_back({to_string(set.entries.elements[k]), set.entries.elements[k]});
      return found;
    }
    for (const std::string& text : constants_near(x, guess_tolerance)) {
      if (found.size() >= most_guesses_per_entry) break;
      if (auto c = named_constant(problem_.workspace, text)) found.push_back(std::move(*c));
    }
    return found;
  }

  std::optional<ExactRefutation> guess(const SearchSpace::Vector& z) {
    std::vector<std::vector<NamedConstant>> choices;
    for (std::size_t k = 0; k < z.size(); ++k) {
      choices.push_back(guesses(k, z[k]));
      if (choices.back().empty()) return std::nullopt;
    }
    std::size_t combinations = 1;
    for (const auto& c : choices) combinations = std::min(most_combinations, combinations * c.size());
    for (std::size_t code = 0; code < combinations && judged_ < most_judged; ++code) {
      ExactPoint point;
      point.entries.resize(problem_.givens.size());
      std::string key;
      std::size_t rest = code;
      for (std::size_t k = 0; k < z.size(); ++k) {
        const NamedConstant& c = choices[k][rest % choices[k].size()];
        rest /= choices[k].size();
        point.entries[space_.axes()[k].given].push_back(c);
        key += c.text + ";";
      }
      if (!seen_.insert(key).second) continue;
      ++judged_;
      budget_.check();
      Judgement seen = judge_.at(statement_, point);
      if (seen.holds == Truth::no && judge_.satisfies(point) && judge_.derivatives_exist(point))
        return ExactRefutation{std::move(point), std::move(seen)};
    }
    return std::nullopt;
  }

  /// The point where the excess is stationary along the equations, to all digits of a double: Newton's method with
  /// multipliers, the second derivatives from differences of gradients. A climb ends where the excess no longer
  /// changes, which is only half as many digits.
  std::optional<SearchSpace::Vector> sharpened(const Failure& failure, const SearchSpace::Vector& from) const {
    if (!space_.is_box() || failure.excess.size() != 1 || failure.excess[0].shape().size() != 1) return std::nullopt;
    std::vector<Expr> outputs = failure.excess;
    outputs.insert(outputs.end(), failure.zero.begin(), failure.zero.end());
    std::vector<Expr> inputs;
    for (const Given& g : problem_.givens) inputs.push_back(g.variable);
    const Function all(outputs, inputs);
    std::vector<std::pair<std::size_t, std::size_t>> rows;  // an output and an entry: the excess, then equations
    for (std::size_t k = 0; k < outputs.size(); ++k)
      for (std::int64_t i = 0; i < outputs[k].shape().size(); ++i) rows.emplace_back(k, static_cast<std::size_t>(i));
    const std::size_t n = from.size(), m = rows.size() - 1;
    if (n + m > 2 * most_exact_axes) return std::nullopt;
    const auto gradient_at = [&](const SearchSpace::Vector& z, std::size_t row) {
      std::vector<Entries<double>> seeds;
      for (const Expr& e : outputs) seeds.emplace_back(static_cast<std::size_t>(e.shape().size()), 0.0);
      seeds[rows[row].first][rows[row].second] = 1;
      const auto at = space_.entries_of(z);
      return space_.of(all.vjp<double>(at, seeds));
    };
    // Of z and the multipliers: the gradient of excess + sum multiplier * equation, and the equations.
    const auto residual_at = [&](const std::vector<double>& u) {
      const SearchSpace::Vector z(u.begin(), u.begin() + static_cast<std::ptrdiff_t>(n));
      std::vector<double> r = gradient_at(z, 0);
      const auto at = space_.entries_of(z);
      const Run<double> run = all.run<double>(at);
      for (std::size_t k = 0; k < m; ++k) {
        const SearchSpace::Vector g = gradient_at(z, k + 1);
        for (std::size_t a = 0; a < n; ++a) r[a] += u[n + k] * g[a];
        r.push_back(run.output(rows[k + 1].first)[rows[k + 1].second]);
      }
      return r;
    };
    std::vector<double> u(from.begin(), from.end());
    if (m > 0) {  // the multiplier that fits best along the first equation's gradient; the others begin at 0
      const SearchSpace::Vector e = gradient_at(from, 0), h = gradient_at(from, 1);
      double eh = 0, hh = 0;
      for (std::size_t a = 0; a < n; ++a) eh += e[a] * h[a], hh += h[a] * h[a];
      u.push_back(hh > 0 ? -eh / hh : 0);
      u.resize(n + m, 0.0);
    }
    constexpr int sharpenings = 8;
    for (int step = 0; step < sharpenings; ++step) {
      budget_.check();
      std::vector<double> r = residual_at(u);
      std::vector<std::vector<double>> matrix(n + m, std::vector<double>(n + m));
      for (std::size_t c = 0; c < n + m; ++c) {
        const double by = 1e-5 * (1 + std::fabs(u[c]));
        std::vector<double> up = u, down = u;
        up[c] += by, down[c] -= by;
        const auto above = residual_at(up), below = residual_at(down);
        for (std::size_t row = 0; row < n + m; ++row) matrix[row][c] = (above[row] - below[row]) / (2 * by);
      }
      if (!solve(matrix, r)) return std::nullopt;
      for (std::size_t c = 0; c < n + m; ++c) u[c] -= r[c];
    }
    SearchSpace::Vector z(u.begin(), u.begin() + static_cast<std::ptrdiff_t>(n));
    for (std::size_t a = 0; a < n; ++a)
      if (!std::isfinite(z[a]) || std::fabs(z[a] - from[a]) > 1e-2 * (1 + std::fabs(from[a]))) return std::nullopt;
    return z;
  }

  /// Gaussian elimination; the solution replaces the right side. False where the matrix is singular.
  static bool solve(std::vector<std::vector<double>>& a, std::vector<double>& b) {
    const std::size_t n = b.size();
    for (std::size_t k = 0; k < n; ++k) {
      std::size_t pivot = k;
      for (std::size_t i = k + 1; i < n; ++i)
        if (std::fabs(a[i][k]) > std::fabs(a[pivot][k])) pivot = i;
      if (!(std::fabs(a[pivot][k]) > 1e-10)) return false;
      std::swap(a[pivot], a[k]);
      std::swap(b[pivot], b[k]);
      for (std::size_t i = 0; i < n; ++i) {
        if (i == k) continue;
        const double factor = a[i][k] / a[k][k];
        for (std::size_t j = k; j < n; ++j) a[i][j] -= factor * a[k][j];
        b[i] -= factor * b[k];
      }
    }
    for (std::size_t k = 0; k < n; ++k) b[k] /= a[k][k];
    return true;
  }

  /// One entry after the other is made short and kept, and the rest climbs again.
  std::optional<ExactRefutation> shortened(const Climb&, const Failure& failure, SearchSpace::Vector z) {
    if (z.size() < 2) return std::nullopt;
    SearchSpace frozen = space_;
    for (std::size_t k = 0; k + 1 < z.size(); ++k) {
      SearchSpace::Vector moved = z;
      for (const double tolerance : {0.3, 0.05}) {
        moved = z;
        const double reach = tolerance * (1 + std::fabs(z[k]));
        if (!std::isfinite(reach + std::fabs(z[k]))) break;
        moved[k] = simplest_between(exactly(z[k] - reach), exactly(z[k] + reach)).convert_to<double>();
        SearchSpace trial = frozen;
        trial.freeze(k, moved[k]);
        const Climb again(trial, failure);
        moved = again.climb(std::move(moved), climb_steps, budget_);
        if (again.at(moved).outside > near_contact) continue;
        z = moved;
        frozen = std::move(trial);
        break;
      }
      if (auto found = guess(z)) return found;
    }
    return std::nullopt;
  }

  const Problem& problem_;
  const Statement& statement_;
  const Budget& budget_;
  SearchSpace space_;
  ExactJudge judge_;
  std::set<std::string> seen_;
  int judged_ = 0;
};

/// Whether some given takes values that no fraction is.
bool has_irrational_elements(const Problem& problem) {
  return std::ranges::any_of(problem.givens, [](const Given& g) {
    return std::ranges::any_of(g.set.entries.elements, [](const Expr& e) { return !constant_rational(e); });
  });
}

/// Where two numbers that the statement compares with each other are equal.
std::vector<Failure> jumps(const Problem& problem, const Statement& statement) {
  std::vector<Ref> refs;
  const auto collect = [&](const auto& self, const Statement& s) -> void {
    for (const Expr& e : s.sides)
      if (e.workspace() == problem.workspace && e.ref().is_node()) refs.push_back(e.ref());
    for (const Statement& child : s.children) self(self, child);
  };
  collect(collect, statement);
  std::vector<Failure> result;
  const Graph& graph = problem.workspace->graph();
  const std::vector<bool> visited = reachable(graph, refs);
  const WorkspaceScope scope(problem.workspace);
  for (NodeId id = 0; id < visited.size() && result.size() < 6; ++id) {
    if (!visited[id] || !graph.is(id, opcode<Equal>)) continue;
    const Expr a(problem.workspace, graph.operands(id)[0]);
    const Expr b(problem.workspace, graph.operands(id)[1]);
    Failure f = hypotheses_of(problem);
    f.zero.push_back(a - b);
    result.push_back(std::move(f));
  }
  return result;
}

}  // namespace

std::optional<ExactRefutation> refute_exactly(const Problem& problem, const Statement& statement,
                                              const Failure& failure, std::span<const Point> from,
                                              const Budget& budget) {
  std::vector<Failure> targets = jumps(problem, statement);
  if (!failure.strict || !failure.zero.empty() || has_irrational_elements(problem)) targets.push_back(failure);
  if (targets.empty()) return std::nullopt;
  ExactSearch search(problem, statement, budget);
  for (const Failure& f : targets) {
    try {
      if (auto found = search.run(f, from)) return found;
    } catch (const std::invalid_argument&) {  // doubles cannot compute an operator
    } catch (const NotHandled&) {             // too long, or an operator that is not built in
    }
  }
  return std::nullopt;
}

std::optional<ExactRefutation> refute_at(const Problem& problem, const Statement& statement,
                                         std::span<const ExactPoint> points, const Budget& budget) {
  const ExactJudge judge(problem);
  for (const ExactPoint& point : points) {
    budget.check();
    try {
      Judgement seen = judge.at(statement, point);
      if (seen.holds == Truth::no && judge.satisfies(point) && judge.derivatives_exist(point))
        return ExactRefutation{point, std::move(seen)};
    } catch (const NotHandled&) {  // too long, or an operator that is not built in
    }
  }
  return std::nullopt;
}

}  // namespace nabla
