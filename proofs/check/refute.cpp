#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/box_search.hpp>
#include <nabla/proofs/check/climb.hpp>
#include <nabla/proofs/check/definedness_search.hpp>
#include <nabla/proofs/check/exact_search.hpp>
#include <nabla/proofs/check/predicate_pairs.hpp>
#include <nabla/proofs/check/witness_search.hpp>
#include <nlohmann/json.hpp>

/// Refutation: a point of the stated set at which the statement certainly fails. Predicates about pairs of points are
/// written out first, and then the witness has two of them.
namespace nabla {

namespace {

constexpr int points_per_sample = 4;  // the refuter looks at more points than support reports
constexpr std::size_t climbs = 6;
constexpr int climb_steps = 120;
constexpr int boxes_one_axis = 4000;
constexpr int boxes_more_axes = 1500;
constexpr int boxes_of_equation = 300;
constexpr std::size_t most_directions = 40;
constexpr std::size_t most_tangents = 64;  // points and directions from which pairs are made

bool has_kink(const Graph& graph, NodeId id) {
  return graph.code(id) < builtin_count && !graph.info(id).facts.kinks.empty();
}

/// Nodes of the expressions at whose kinks a statement may fail.
std::vector<NodeId> kinked(const Problem& problem, std::span<const Expr> expressions) {
  std::vector<Ref> refs;
  for (const Expr& e : expressions)
    if (!e.empty() && e.workspace() == problem.workspace && e.ref().is_node()) refs.push_back(e.ref());
  std::vector<NodeId> found;
  const Graph& graph = problem.workspace->graph();
  const std::vector<bool> visited = reachable(graph, refs);
  for (NodeId id = 0; id < visited.size(); ++id)
    if (visited[id] && has_kink(graph, id)) found.push_back(id);
  return found;
}

void expressions_of(const Statement& s, std::vector<Expr>& found) {
  found.insert(found.end(), s.sides.begin(), s.sides.end());
  if (!s.subject.empty()) found.push_back(s.subject);
  for (const Statement& child : s.children) expressions_of(child, found);
}

/// Points of doubles, the most promising first.
class Starts {
 public:
  Starts(const SearchSpace& space, const Climb& climb, std::span<const Point> points) {
    for (const Point& p : points) {
      SearchSpace::Vector z = space.of(p);
      const Climb::Height h = climb.at(z);
      ranked_.push_back({h, std::move(z)});
    }
    std::ranges::stable_sort(ranked_, [](const auto& a, const auto& b) { return a.first.better_than(b.first); });
  }
  /// Of the best, and then of the rest at equal distances, so that they do not all stand on one hill.
  std::vector<SearchSpace::Vector> chosen(std::size_t count) const {
    std::vector<SearchSpace::Vector> result;
    const std::size_t best = std::min(ranked_.size(), (count + 1) / 2);
    for (std::size_t k = 0; k < best; ++k) result.push_back(ranked_[k].second);
    const std::size_t rest = ranked_.size() - best;
    for (std::size_t k = 0; k < count - best && rest > 0; ++k)
      result.push_back(ranked_[best + k * rest / (count - best)].second);
    return result;
  }

 private:
  std::vector<std::pair<Climb::Height, SearchSpace::Vector>> ranked_;
};

/// Climbs and searches boxes for one failure; candidates go to `found`, which answers whether to stop.
class Hunt {
 public:
  using Found = std::function<bool(const SearchSpace::Vector&)>;

  Hunt(const SearchSpace& space, const Failure& failure, const Budget& budget)
      : space_(space), failure_(failure), budget_(budget) {}

  bool climb(std::span<const Point> from, const Found& found) const {
    if (from.empty() || space_.size() == 0) return false;
    try {
      const Climb climb(space_, failure_);
      const Starts starts(space_, climb, from);
      for (SearchSpace::Vector& z : starts.chosen(climbs))
        if (found(climb.climb(std::move(z), climb_steps, budget_))) return true;
    } catch (const std::invalid_argument&) {  // doubles cannot compute an operator
    }
    return false;
  }

  bool boxes(std::span<const double> fixed, const Found& found) const {
    if (!space_.is_box() || space_.size() == 0 || failure_.excess.empty()) return false;
    std::size_t moving = 0;
    for (std::size_t k = 0; k < space_.size(); ++k) moving += k >= fixed.size() || std::isnan(fixed[k]) ? 1 : 0;
    if (moving > BoxSearch::most_axes) return false;
    try {
      const BoxSearch search(space_, failure_);
      const int limit = failure_.excess.size() > 1 ? boxes_of_equation : moving <= 1 ? boxes_one_axis : boxes_more_axes;
      int tries = 0;
      const auto outcome = search.run(fixed, limit, budget_,
                                      [&](const SearchSpace::Vector& z) { return ++tries > most_tries || found(z); });
      for (const SearchSpace::Vector& z : outcome.suspects)
        if (++tries > 2 * most_tries || found(z)) return true;
    } catch (const std::invalid_argument&) {
    }
    return false;
  }

 private:
  static constexpr int most_tries = 40;
  const SearchSpace& space_;
  const Failure& failure_;
  const Budget& budget_;
};

/// Pairs around points along directions, for a predicate that was written out.
class Pairs {
 public:
  Pairs(const Problem& original, const WrittenOut& written, WitnessSearch& search, const CheckOptions& options,
        const Budget& budget)
      : written_(written), search_(search), options_(options), budget_(budget), tangent_(original) {
    const WorkspaceScope scope(original.workspace);
    original_count_ = original.givens.size();
    for (const Expr& v : written.directions) {
      RealSet reach{.lo = Expr(written.nonnegative_directions ? 0 : -1),
                    .hi = Expr(1),
                    .lo_closed = true,
                    .hi_closed = true,
                    .elements = {}};
      Set set{.kind = Set::Kind::entries, .entries = std::move(reach), .shape = v.shape()};
      tangent_.givens.push_back({"", v, std::move(set), {}});
    }
    failure_ = hypotheses_of(tangent_);
    if (!written.rate.empty()) failure_.excess = {written.rate};
  }

  bool run(std::span<const Point> around_kinks) {
    for (const Point& p : around_kinks)
      if (around(p)) return true;
    if (written_.rate.empty()) return false;
    const SearchSpace space(tangent_);
    const Hunt hunt(space, failure_, budget_);
    const auto found = [&](const SearchSpace::Vector& z) { return along(space, z); };
    std::vector<Point> starts;
    StatedPoints stated(tangent_, options_.seed);
    for (int k = 0; k < 2 * options_.points; ++k) {
      budget_.check();
      auto p = stated.next();
      if (!p) break;
      // Every other point has a direction along an entry, which special points alone would not have.
      if (k % 2 == 0) set_direction(*p, static_cast<std::size_t>(k / 2));
      starts.push_back(std::move(*p));
    }
    if (best_of(space, starts, found)) return true;
    if (hunt.climb(starts, found)) return true;
    for (const auto& fixed : fixed_directions(space))
      if (hunt.boxes(fixed, found)) return true;
    return false;
  }

 private:
  void set_direction(Point& p, std::size_t which) const {
    std::size_t total = 0;
    for (std::size_t k = original_count_; k < p.entries.size(); ++k) total += p.entries[k].size();
    if (total == 0) return;
    std::size_t one = which % total;
    for (std::size_t k = original_count_; k < p.entries.size(); ++k)
      for (Rational& x : p.entries[k]) x = one-- == 0 ? 1 : 0;
  }

  /// The sampled points at which the rate is largest in doubles.
  bool best_of(const SearchSpace& space, std::span<const Point> points, const Hunt::Found& found) const {
    try {
      const Climb climb(space, failure_);
      std::vector<std::pair<Climb::Height, SearchSpace::Vector>> ranked;
      for (const Point& p : points) {
        SearchSpace::Vector z = space.of(p);
        const Climb::Height h = climb.at(z);
        if (h.outside == 0 && h.excess > 0) ranked.emplace_back(h, std::move(z));
      }
      std::ranges::stable_sort(ranked, [](const auto& a, const auto& b) { return a.first.better_than(b.first); });
      for (std::size_t k = 0; k < std::min<std::size_t>(ranked.size(), 8); ++k)
        if (found(ranked[k].second)) return true;
    } catch (const std::invalid_argument&) {
    }
    return false;
  }

  /// Directions along entries, and their sums and differences, as values for the axes that stay fixed.
  std::vector<std::vector<double>> fixed_directions(const SearchSpace& space) const {
    std::vector<std::size_t> slots;
    for (std::size_t k = 0; k < space.size(); ++k)
      if (space.axes()[k].given >= original_count_) slots.push_back(k);
    std::vector<std::vector<double>> result;
    const auto add = [&](std::initializer_list<std::pair<std::size_t, double>> ones) {
      if (result.size() >= most_directions) return;
      std::vector<double> fixed(space.size(), std::nan(""));
      for (const std::size_t s : slots) fixed[s] = 0;
      for (const auto& [slot, value] : ones) fixed[slot] = value;
      result.push_back(std::move(fixed));
    };
    for (const std::size_t s : slots) add({{s, 1.0}});
    for (std::size_t a = 0; a < slots.size(); ++a)
      for (std::size_t b = a + 1; b < slots.size(); ++b) {
        add({{slots[a], 1.0}, {slots[b], 1.0}});
        if (!written_.nonnegative_directions) add({{slots[a], 1.0}, {slots[b], -1.0}});
      }
    return result;
  }

  static const std::vector<Rational>& steps() {
    static const std::vector<Rational> values = [] {
      std::vector<Rational> v;
      for (const char* text : {"1", "1/2", "1/4", "1/10", "1/100", "1/1000", "1/10000", "1/100000", "1/10000000",
                               "1/10000000000", "1/1000000000000000", "10", "100", "1e-30"})
        v.push_back(*parse_rational(text));
      return v;
    }();
    return values;
  }

  bool try_pair(const Point& base, const std::vector<std::vector<Rational>>& direction, const Rational& h) {
    for (const int shift : {0, 1, -1}) {
      Point pair;
      pair.entries.resize(written_.problem.givens.size());
      for (std::size_t g = 0; g < original_count_; ++g) pair.entries[g] = base.entries[g];
      for (std::size_t k = 0; k < direction.size(); ++k) {
        const auto& x = base.entries[original_of(k)];
        auto& first = pair.entries[written_.first[k]];
        auto& second = pair.entries[written_.second[k]];
        first.clear();
        for (std::size_t i = 0; i < x.size(); ++i) {
          const Rational step = h * direction[k][i];
          first.push_back(x[i] + (shift - 1) * step);
          second.push_back(x[i] + (shift + 1) * step);
        }
      }
      if (written_.weight) pair.entries[*written_.weight] = {Rational(1, 2)};
      if (search_.consider(pair)) return true;
    }
    return false;
  }

  std::size_t original_of(std::size_t k) const { return written_.variables[k]; }

  bool along(const SearchSpace& space, const SearchSpace::Vector& z) {
    if (++tangents_ > most_tangents) return true;
    for (const Rational& h : steps()) {
      budget_.check();
      const double reach = h.convert_to<double>();
      auto rounded = space.rounded(z, std::min(0.01, reach / 16));
      if (!rounded) rounded = space.rounded(z, 0);
      if (!rounded) return false;
      std::vector<std::vector<Rational>> direction;
      Rational largest = 0;
      for (std::size_t k = original_count_; k < rounded->entries.size(); ++k) {
        direction.push_back(rounded->entries[k]);
        for (const Rational& x : direction.back()) largest = std::max(largest, Rational(abs(x)));
      }
      if (largest.is_zero()) return false;
      rounded->entries.resize(original_count_);
      if (try_pair(*rounded, direction, h)) return true;
    }
    return false;
  }

  /// Small pairs along every entry.
  bool around(const Point& p) {
    std::vector<std::vector<Rational>> zero;
    for (std::size_t k = 0; k < written_.second.size(); ++k) zero.emplace_back(p.entries[original_of(k)].size(), 0);
    std::size_t tried = 0;
    for (std::size_t k = 0; k < zero.size(); ++k)
      for (std::size_t i = 0; i < zero[k].size() && tried < 8; ++i, ++tried) {
        auto direction = zero;
        direction[k][i] = 1;
        for (const Rational& h : steps()) {
          budget_.check();
          if (try_pair(p, direction, h)) return true;
        }
      }
    return false;
  }

  const WrittenOut& written_;
  WitnessSearch& search_;
  const CheckOptions& options_;
  const Budget& budget_;
  Problem tangent_;  // the original problem, and a direction for each variable of the predicate
  Failure failure_;
  std::size_t original_count_ = 0;
  std::size_t tangents_ = 0;
};

/// The suspicious points of a problem that were found on purpose.
std::vector<Point> special_points(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                  const Budget& budget, std::size_t most) {
  std::vector<Expr> expressions;
  expressions_of(statement, expressions);
  const std::vector<NodeId> suspects = kinked(problem, expressions);
  std::vector<Point> points;
  if (suspects.empty()) return points;
  wellposed::SuspiciousPoints source(problem, suspects, options.seed, budget);
  std::vector<Point> all;
  while (const auto p = source.next()) all.push_back(*p);
  // Those that were looked for come last.
  const std::size_t skip = all.size() > most ? all.size() - most : 0;
  points.assign(all.begin() + static_cast<std::ptrdiff_t>(skip), all.end());
  return points;
}

/// Points of the sets, whether the hypotheses hold there or not.
std::vector<Point> free_points(const Problem& problem, const CheckOptions& options) {
  std::vector<Point> points;
  PointSource source(problem, options.seed);
  for (int k = 0; k < options.points; ++k) {
    auto p = source.next();
    if (!p) break;
    points.push_back(std::move(*p));
  }
  return points;
}

Finding report(Witness witness, std::string method, const Judgement& seen, const WrittenOut* written) {
  Finding finding;
  finding.verdict = Verdict::refuted;
  finding.method = std::move(method);
  if (written != nullptr) {
    finding.method = "a pair of points; " + finding.method;
    finding.message = "fails: " + written->text;
  }
  finding.witness = std::move(witness);
  if (!seen.left.empty()) finding.left = {seen.left};
  if (!seen.right.empty()) finding.right = {seen.right};
  finding.violation = seen.violation;
  nlohmann::ordered_json data;
  data["witness"] = finding.witness;
  finding.certificates.push_back({"witness", data.dump()});
  return finding;
}

}  // namespace

std::optional<Finding> refute(const Problem& problem, const Statement& statement, const CheckOptions& options,
                              const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  const std::optional<WrittenOut> written = write_out_pairs(problem, statement);
  const Problem& working = written ? written->problem : problem;
  const Statement& claim = written ? written->statement : statement;
  const Failure failure = failure_of(working, claim);
  WitnessSearch search(working, claim, options.seed, budget);

  const auto hunt = [&] {
    if (search.draw(points_per_sample * options.points)) return true;
    const std::vector<Point> special = special_points(problem, statement, options, budget, written ? 24 : 200);
    if (written) {
      Pairs pairs(problem, *written, search, options, budget);
      if (pairs.run(special) && search.witness()) return true;
    } else {
      for (const Point& p : special)
        if (search.consider(p)) return true;
    }
    const auto found = [&](const SearchSpace::Vector& z) { return search.consider(z); };
    const Hunt general(search.space(), failure, budget);
    if (general.climb(search.drawn(), found)) return true;
    if (!written && general.boxes({}, found) && search.witness()) return true;
    return false;
  };
  const WrittenOut* pairs = written ? &*written : nullptr;
  if (hunt()) {
    search.shorten();
    const auto seen = search.confirm();
    if (!seen) return std::nullopt;
    return report(to_witness(working, *search.witness()),
                  seen->exact ? "witness, exact rationals" : "witness, ball enclosure", *seen, pairs);
  }
  const std::vector<Point> from = search.drawn().empty() ? free_points(working, options) : search.drawn();
  if (const auto found = refute_exactly(working, claim, failure, from, budget))
    return report(to_witness(working, found->point), "witness, exact values", found->seen, pairs);
  return std::nullopt;
}

}  // namespace nabla
