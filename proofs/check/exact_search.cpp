#include <algorithm>
#include <cmath>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/climb.hpp>
#include <nabla/proofs/check/exact_search.hpp>
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
constexpr std::size_t most_axes = 8;

class ExactSearch {
 public:
  ExactSearch(const Problem& problem, const Statement& statement, const Budget& budget)
      : problem_(problem), statement_(statement), budget_(budget), space_(problem), judge_(problem) {}

  std::optional<ExactRefutation> run(const Failure& failure, std::span<const Point> from) {
    if (space_.size() == 0 || space_.size() > most_axes) return std::nullopt;
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
