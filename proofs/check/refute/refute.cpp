#include <algorithm>
#include <iterator>
#include <nabla/proofs/check/quadrature/decide.hpp>
#include <nabla/proofs/check/refute/crossing.hpp>
#include <nabla/proofs/check/refute/exact_search.hpp>
#include <nabla/proofs/check/refute/hunt.hpp>
#include <nabla/proofs/check/refute/landmarks.hpp>
#include <nabla/proofs/check/refute/pair_search.hpp>
#include <nabla/proofs/check/wellposed/definedness_search.hpp>
#include <nlohmann/json.hpp>

/// Refutation: a point of the stated set at which the statement certainly fails. Predicates about pairs of points are
/// written out first, and then the witness has two of them.
namespace nabla {

namespace {

constexpr std::size_t most_entries_moved = 6;  // far away, one by one
constexpr int least_points_to_shorten = 16;    // a quick look is after the verdict alone
constexpr int points_per_sample = 4;           // the refuter looks at more points than support reports

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

/// A member of a set of matrices or of the simplex in another size: matrices times a number; of a simplex all entries
/// but one (the last where `other_end`) shrunk by it. Nothing where that leaves the set.
std::optional<std::vector<Rational>> resized(const Set& set, std::vector<Rational> x, const Rational& by,
                                             bool other_end = false) {
  if (set.kind == Set::Kind::sym || set.kind == Set::Kind::spd) {
    for (Rational& entry : x) entry *= by;
  } else if (set.kind == Set::Kind::simplex && x.size() > 1) {
    const std::size_t kept = other_end ? x.size() - 1 : 0;
    Rational rest = 1;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (i != kept) rest -= x[i] *= by;
    x[kept] = rest;
  } else {
    return std::nullopt;
  }
  if (contains(set, x) != Truth::yes) return std::nullopt;
  return x;
}

/// Large and small magnitudes of every size, in one entry and in all.
std::vector<Point> far_and_near(const Problem& problem, std::span<const Point> drawn) {
  std::vector<Point> points;
  if (drawn.empty()) return points;
  const Point& base = drawn[drawn.size() / 2];
  for (const int exponent : {3, 4, 5, 8, 12, 20, -2, -4, -5, -8, -12, -20, -60, -400})
    for (const int sign : {1, -1}) {
      const Rational x = sign * Number<Rational>::powi(Rational(10), exponent);
      Point all = base;
      std::size_t moved = 0;
      for (std::size_t g = 0; g < base.entries.size(); ++g) {
        const Set& set = problem.givens[g].set;
        if (set.kind == Set::Kind::simplex)
          if (auto entries = resized(set, base.entries[g], x, true)) {
            Point one = base;
            one.entries[g] = std::move(*entries);
            points.push_back(std::move(one));
          }
        if (auto entries = resized(set, base.entries[g], x)) {
          Point one = base;
          one.entries[g] = all.entries[g] = std::move(*entries);
          points.push_back(std::move(one));
          ++moved;
        }
        if (set.kind != Set::Kind::entries || set.entries.is_finite() || contains(set.entries, x) != Truth::yes)
          continue;
        for (std::size_t i = 0; i < base.entries[g].size(); ++i) {
          all.entries[g][i] = x;
          if (++moved > most_entries_moved) continue;
          Point one = base;
          one.entries[g][i] = x;
          points.push_back(std::move(one));
        }
      }
      if (moved > 1) points.push_back(std::move(all));
    }
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

/// Two points of the stated set between which lies one that is not in it: convexity is not defined on such a set.
std::optional<Finding> not_convex(const WrittenOut& written, const Statement& statement, const CheckOptions& options,
                                  const Budget& budget) {
  if (!written.between) return std::nullopt;
  Problem ends = written.problem;
  const auto first = ends.hypotheses.begin() + static_cast<std::ptrdiff_t>(*written.between);
  const std::vector<Statement> between(first, ends.hypotheses.end());
  ends.hypotheses.erase(first, ends.hypotheses.end());
  for (const Statement& h : between) {
    WitnessSearch search(ends, h, options.seed, budget);
    const Failure failure = failure_of(ends, h);
    const Hunt hunt(search.space(), failure, effort_of(options), budget);
    const auto found = [&](const SearchSpace::Vector& z) { return search.consider(z); };
    if (!search.draw(options.points) && !hunt.climb(search.drawn(), found)) continue;
    search.shorten();
    if (!search.confirm()) continue;
    Finding f;
    f.verdict = Verdict::ill_posed;
    f.method = "sets";
    f.message =
        "`" + statement.text + "` needs a convex set, and what is assumed holds at two points and not between them";
    f.place = statement.place;
    f.witness = to_witness(ends, *search.witness());
    return f;
  }
  return std::nullopt;
}

/// Landmarks seen from a special point, where all entries are equal, and from a random one.
Landmarks all_landmarks(const Problem& problem, const Statement& statement, std::span<const Point> from,
                        const Budget& budget) {
  Landmarks all;
  if (from.empty()) return all;
  for (const Point* base : {&from.back(), &from.front()}) {
    try {
      Landmarks found = landmarks_of(problem, &statement, *base, budget);
      std::ranges::move(found.points, std::back_inserter(all.points));
      std::ranges::move(found.exact, std::back_inserter(all.exact));
    } catch (const NotHandled&) {  // an operator that is not built in
    }
    if (problem.givens.size() == 1 && base->entries[0].size() == 1) break;
  }
  return all;
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
  if (written != nullptr) {
    const auto& givens = written->problem.givens;
    for (std::size_t k = 0; k < written->variables.size(); ++k)
      data["points"].push_back({{"variable", givens[written->variables[k]].name},
                                {"first", givens[written->first[k]].name},
                                {"second", givens[written->second[k]].name}});
    if (written->weight) data["weight"] = givens[*written->weight].name;
  }
  finding.certificates.push_back({"witness", data.dump()});
  return finding;
}

/// A bound that a premise states of a given number, as an end of its set: ends are looked at.
void narrow(Problem& problem, const Statement& premise) {
  if (premise.comparisons.size() != 1) return;
  for (Given& g : problem.givens)
    for (const std::size_t k : {0U, 1U}) {
      const Expr& end = premise.sides[1 - k];
      if (!g.set.shape.is_scalar() || g.set.kind != Set::Kind::entries || g.set.entries.is_finite() ||
          !same(premise.sides[k], g.variable) || !constant_rational(end))
        continue;
      const Comparison c = premise.comparisons[0];
      const bool above = c == Comparison::greater || c == Comparison::greater_equal;
      if (!above && c != Comparison::less && c != Comparison::less_equal) continue;
      const bool closed = c == Comparison::greater_equal || c == Comparison::less_equal;
      const bool is_lower = above == (k == 0);
      RealSet& set = g.set.entries;
      if ((is_lower ? set.lo : set.hi).empty()) {
        (is_lower ? set.lo : set.hi) = end;
        (is_lower ? set.lo_closed : set.hi_closed) = closed;
      }
    }
}

/// Of an implication whose premises say nothing of what its conclusion quantifies over: a witness against the
/// conclusion where they hold.
std::optional<Finding> refute_where_premises_hold(const Problem& problem, const Statement& statement,
                                                  const CheckOptions& options, const Budget& budget) {
  Problem under = problem;
  const Statement* conclusion = &statement;
  std::vector<const Statement*> premises;
  for (; conclusion->kind == Statement::Kind::implication && conclusion->children.size() == 2;
       conclusion = &conclusion->children[1])
    premises.push_back(&conclusion->children[0]);
  if (premises.empty() || !is_about_pairs(*conclusion)) return std::nullopt;
  for (const Statement* premise : premises) {
    if (premise->kind != Statement::Kind::relation) return std::nullopt;
    for (const Expr& side : premise->sides)
      for (const Expr& x : conclusion->over)
        if (depends_on(side, x)) return std::nullopt;
    under.hypotheses.push_back(*premise);
    narrow(under, *premise);
  }
  auto found = refute(under, *conclusion, options, budget);
  return found && found->verdict == Verdict::refuted ? found : std::nullopt;
}

}  // namespace

std::optional<Finding> refute(const Problem& problem, const Statement& statement, const CheckOptions& options,
                              const Budget& budget) {
  if (reads_open_integrals(problem, statement)) return std::nullopt;
  const WorkspaceScope scope(problem.workspace);
  if (auto finding = refute_where_premises_hold(problem, statement, options, budget)) return finding;
  const std::optional<WrittenOut> written = write_out_pairs(problem, statement);
  const Problem& working = written ? written->problem : problem;
  const Statement& claim = written ? written->statement : statement;
  if (written)
    if (auto finding = not_convex(*written, statement, options, budget)) return finding;
  const Failure failure = failure_of(working, claim);
  WitnessSearch search(working, claim, options.seed, budget);

  Landmarks landmarks;
  const auto hunt = [&] {
    if (search.draw(points_per_sample * options.points)) return true;
    if (!written) {
      landmarks = all_landmarks(working, claim, search.drawn().empty() ? free_points(working, options) : search.drawn(),
                                budget);
      for (const Point& p : landmarks.points)
        if (search.consider(p)) return true;
    }
    const std::vector<Point> special = special_points(problem, statement, options, budget, written ? 24 : 200);
    if (written) {
      if (search_pairs(problem, *written, search, special, options, budget)) return true;
    } else {
      for (const Point& p : special)
        if (search.consider(p)) return true;
    }
    if (!written)
      for (const Point& p : far_and_near(working, search.drawn()))
        if (search.consider(p)) return true;
    const auto found = [&](const SearchSpace::Vector& z) { return search.consider(z); };
    const Hunt general(search.space(), failure, effort_of(options), budget);
    if (general.climb(search.drawn(), found)) return true;
    if (!written && general.boxes({}, found) && search.witness()) return true;
    return false;
  };
  const WrittenOut* pairs = written ? &*written : nullptr;
  if (hunt()) {
    if (options.points >= least_points_to_shorten) search.shorten();
    const auto seen = search.confirm();
    if (!seen) return std::nullopt;
    return report(to_witness(working, *search.witness()),
                  seen->exact ? "witness, exact rationals" : "witness, ball enclosure", *seen, pairs);
  }
  if (const auto found = refute_at(working, claim, landmarks.exact, budget))
    return report(to_witness(working, found->point), "witness, exact values", found->seen, pairs);
  const std::vector<Point> from = search.drawn().empty() ? free_points(working, options) : search.drawn();
  if (const auto found = refute_exactly(working, claim, failure, from, budget))
    return report(to_witness(working, found->point), "witness, exact values", found->seen, pairs);
  if (!written) return refute_at_crossing(problem, statement, options.seed, budget);
  return std::nullopt;
}

}  // namespace nabla
