#include <algorithm>
#include <functional>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/refute/crossing.hpp>
#include <nabla/proofs/check/refute/landmarks.hpp>
#include <nabla/proofs/check/wellposed/definedness_crossing.hpp>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using wellposed::Assignment;
using wellposed::Meeting;
using wellposed::PointRun;

constexpr long crossing_bits = 256;
constexpr std::size_t most_crossing_nodes = 1500;
constexpr std::int64_t most_crossing_entries = 8000;  // of all nodes together
constexpr std::size_t most_crossing_axes = 4;
constexpr int most_crossing_bases = 2;
constexpr int crossing_steps = 64;
constexpr int most_crossings = 40;
constexpr int crossing_halvings = 90;
constexpr int decimals = 24;  // of the ends of the interval that is shown
constexpr std::size_t longest_quantity = 200;

Ref ref_of(const Problem& problem, const Expr& e) {
  return e.workspace() == problem.workspace ? e.ref() : problem.workspace->graph().constant(*e.constant());
}

/// What a statement reads, and which scalars it compares.
void gather(const Problem& problem, const Statement& s, std::vector<Ref>& refs, std::vector<Meeting>& meetings) {
  for (const Expr& e : s.sides) refs.push_back(ref_of(problem, e));
  for (std::size_t k = 0; k + 1 < s.sides.size(); ++k)
    if (s.sides[k].shape().is_scalar() && s.sides[k + 1].shape().is_scalar())
      meetings.push_back({ref_of(problem, s.sides[k]), ref_of(problem, s.sides[k + 1])});
  if (!s.subject.empty()) refs.push_back(ref_of(problem, s.subject));
  for (const Statement& child : s.children) gather(problem, child, refs, meetings);
}

/// A statement at a crossing.
class CrossingJudge {
 public:
  CrossingJudge(const Problem& problem, const PointRun& run, const Meeting& met)
      : problem_(problem), run_(run), met_(met) {}

  Truth holds(const Statement& s) const {
    switch (s.kind) {
      case Statement::Kind::relation: {
        Truth all = Truth::yes;
        for (std::size_t k = 0; k < s.comparisons.size(); ++k)
          all = all && link(s.comparisons[k], ref_of(problem_, s.sides[k]), ref_of(problem_, s.sides[k + 1]));
        return all;
      }
      case Statement::Kind::negation:
        return !holds(s.children[0]);
      case Statement::Kind::implication: {
        const Truth premise = holds(s.children[0]);
        if (premise == Truth::no) return Truth::yes;
        const Truth conclusion = holds(s.children[1]);
        return premise == Truth::yes || conclusion == Truth::yes ? conclusion : Truth::unknown;
      }
      case Statement::Kind::predicate: {
        if (s.predicate != "defined" && s.predicate != "in") return Truth::unknown;
        const Ref of = ref_of(problem_, s.subject);
        const auto status = run_.status(of);
        if (s.predicate == "defined")
          return status == PointRun::Status::unknown ? Truth::unknown : truth(status == PointRun::Status::defined);
        if (status != PointRun::Status::defined) return Truth::unknown;
        std::vector<Ball> entries;
        for (const PointValue& v : run_.entries(of)) entries.push_back(v.ball());
        return contains_enclosed(s.set, entries);
      }
    }
    return Truth::unknown;
  }

 private:
  Truth link(Comparison c, Ref a, Ref b) const {
    const auto x = run_.entries(a), y = run_.entries(b);
    const bool any = c == Comparison::not_equal;
    Truth all = truth(!any);
    const std::size_t n = x.empty() || y.empty() ? 0 : std::max(x.size(), y.size());
    for (std::size_t i = 0; i < n; ++i) {
      const PointValue &u = x[x.size() == 1 ? 0 : i], &v = y[y.size() == 1 ? 0 : i];
      if (!u.is_defined() || !v.is_defined()) return Truth::unknown;
      const Truth t = met_.between(a, b) ? compared(c, PointValue(0), PointValue(0)) : compared(c, u, v);
      all = any ? (all || t) : (all && t);
    }
    return all;
  }

  const Problem& problem_;
  const PointRun& run_;
  const Meeting& met_;
};

class CrossingSearch {
 public:
  CrossingSearch(const Problem& problem, const Statement& statement, std::uint64_t seed, const Budget& budget)
      : problem_(problem), statement_(statement), seed_(seed), budget_(budget) {
    std::vector<Meeting> meetings;
    for (const Statement& h : problem.hypotheses) gather(problem, h, refs_, meetings);
    gather(problem, statement, refs_, meetings);
    const Graph& graph = problem.workspace->graph();
    const std::vector<bool> visited = reachable(graph, refs_);
    read_ = static_cast<std::size_t>(std::ranges::count(visited, true));
    for (NodeId id = 0; id < visited.size(); ++id)
      if (visited[id]) read_entries_ += graph.shape(id).size();
    if (!is_small()) return;
    const Ref zero = problem.workspace->graph().constant(Constant::integer(0));
    for (NodeId id = 0; id < visited.size(); ++id) {
      if (!visited[id]) continue;
      const auto x = graph.operands(id);
      const bool scalars = x.size() == 2 && graph.shape(x[0]).is_scalar() && graph.shape(x[1]).is_scalar();
      const bool compares = graph.is(id, opcode<Less>) || graph.is(id, opcode<LessEqual>) ||
                            graph.is(id, opcode<Equal>) || graph.is(id, opcode<Max>) || graph.is(id, opcode<Min>);
      if (scalars && compares) meetings.push_back({x[0], x[1]});
      if (graph.shape(id).is_scalar() && !graph.is(id, opcode<Variable>)) meetings.push_back({Ref::node(id), zero});
    }
    for (Meeting m : meetings) {
      const bool later = m.b.is_node() && (!m.a.is_node() || m.b.id() > m.a.id());
      if (later) std::swap(m.a, m.b);
      const auto same_as = [&](const Meeting& other) { return other.between(m.a, m.b); };
      if (m.a.is_node() && !(m.a == m.b) && std::ranges::none_of(meetings_, same_as)) meetings_.push_back(m);
    }
  }

  std::optional<Crossing> run(const LookAtCrossing& look) {
    if (meetings_.empty() || !is_small()) return std::nullopt;
    const Precision scope = Precision::of_bits(crossing_bits);
    PointSource source(problem_, seed_);
    for (int base = 0; base < most_crossing_bases; ++base) {
      std::optional<Point> start;
      for (int k = 0; k <= 40 * base; ++k) start = source.next();  // a special point, then a random one
      if (!start) return std::nullopt;
      try {
        landmarks_ = landmarks_of(problem_, &statement_, *start, budget_).points;
      } catch (const NotHandled&) {  // nothing is singled out
      }
      std::size_t axes = 0;
      for (std::size_t g = 0; g < start->entries.size(); ++g) {
        const Set& set = problem_.givens[g].set;
        if (set.kind != Set::Kind::entries || set.entries.is_finite() || !problem_.givens[g].variable.ref().is_node())
          continue;
        for (std::size_t i = 0; i < start->entries[g].size() && axes < most_crossing_axes; ++i, ++axes)
          if (auto found = along(*start, g, i, look)) return found;
      }
      if (axes == 1 && start->entries.size() == 1) break;
    }
    return std::nullopt;
  }

 private:
  bool is_small() const { return read_ <= most_crossing_nodes && read_entries_ <= most_crossing_entries; }

  /// Where to look for changes of sign along an entry: the extremes of what is quadratic are among the landmarks.
  std::vector<Rational> places(const RealSet& set, std::size_t g, std::size_t i) const {
    const auto end = [](const Expr& e, double absent) {
      const auto ball = e.empty() ? std::nullopt : constant_ball(e);
      return ball && ball->is_finite() ? ball->approximate() : absent;
    };
    const double lo = end(set.lo, -INFINITY), hi = end(set.hi, INFINITY);
    const double from = std::isfinite(lo) ? lo : std::isfinite(hi) ? hi - 16 : -8;
    const double to = std::isfinite(hi) ? hi : from + 16;
    std::vector<Rational> result;
    const auto add = [&](const Rational& t) {
      if (contains(set, t) == Truth::yes) result.push_back(t);
    };
    const Rational first = Number<Rational>::of(Constant::dyadic(from));
    const Rational width = Number<Rational>::of(Constant::dyadic(to)) - first;
    for (int k = 0; k <= crossing_steps; ++k) add(first + width * Rational(k, crossing_steps));
    for (const int far : {10, 20, 50, 100, 1000})
      for (const int sign : {1, -1}) {
        if (!std::isfinite(lo) || !std::isfinite(hi)) add(Rational(sign * far));
      }
    for (const Expr& e : {set.lo, set.hi})
      if (!e.empty())
        if (const auto exact = constant_rational(e)) add(*exact);
    for (const Point& p : landmarks_) add(p.entries[g][i]);
    std::ranges::sort(result);
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  /// The sign of a difference: unknown where it is 0, or there is none.
  static int sign_of(const PointRun& run, const Meeting& m) {
    const PointValue d = run.entries(m.a)[0] - run.entries(m.b)[0];
    return d.positive() == Truth::yes ? 1 : d.negative() == Truth::yes ? -1 : 0;
  }

  std::vector<int> signs_at(const Point& point) const {
    budget_.check();
    PointRun run(problem_.workspace->graph(), refs_);
    run.run(wellposed::assignment_of(problem_, point));
    std::vector<int> signs;
    for (const Meeting& m : meetings_) signs.push_back(sign_of(run, m));
    return signs;
  }

  std::optional<Crossing> along(const Point& start, std::size_t g, std::size_t i, const LookAtCrossing& look) {
    std::optional<Point> before;
    std::vector<int> signs_before;
    for (const Rational& t : places(problem_.givens[g].set.entries, g, i)) {
      Point here = start;
      here.entries[g][i] = t;
      const std::vector<int> signs = signs_at(here);
      for (std::size_t m = 0; before && m < meetings_.size() && looked_at_ < most_crossings; ++m) {
        if (signs[m] * signs_before[m] >= 0) continue;
        Crossing c{*before, here, g, i, meetings_[m], ""};
        if (!narrow(c, signs_before[m])) continue;
        ++looked_at_;
        if (confirm(c, look)) {
          name(c);
          return c;
        }
      }
      before = here;
      signs_before = signs;
    }
    return std::nullopt;
  }

  /// To an interval of decimals. \param sign  of the difference at the first end
  bool narrow(Crossing& c, int sign) {
    const Ref both[] = {c.met.a, c.met.b};
    const auto sign_at = [&](const Rational& t) {
      budget_.check();
      Point p = c.from;
      p.entries[c.given][c.entry] = t;
      PointRun run(problem_.workspace->graph(), both);
      run.run(wellposed::assignment_of(problem_, p));
      return sign_of(run, c.met);
    };
    Rational lo = c.from.entries[c.given][c.entry], hi = c.to.entries[c.given][c.entry];
    const Rational unit = Number<Rational>::powi(Rational(10), -decimals);
    for (int k = 0; k < crossing_halvings && hi - lo > unit; ++k) {
      const Rational middle = (lo + hi) / 2;
      const int here = sign_at(middle);
      if (here == 0) return false;  // a rational zero is for others
      (here == sign ? lo : hi) = middle;
    }
    const Rational down = Number<Rational>::floor(lo / unit) * unit;
    const Rational up = -Number<Rational>::floor(-hi / unit) * unit;
    if (down >= c.from.entries[c.given][c.entry] && sign_at(down) == sign) lo = down;
    if (up <= c.to.entries[c.given][c.entry] && sign_at(up) == -sign) hi = up;
    c.from.entries[c.given][c.entry] = lo;
    c.to.entries[c.given][c.entry] = hi;
    return true;
  }

  bool confirm(const Crossing& c, const LookAtCrossing& look) {
    wellposed::Goal continuity;
    continuity.targets = {c.met.a, c.met.b};
    continuity.want = wellposed::Want::continuous;
    continuity.box = wellposed::box_between(problem_, c.from, c.to);
    if (!wellposed::prove(*problem_.workspace, continuity, budget_).proved()) return false;
    Assignment at = wellposed::assignment_of(problem_, c.from);
    const auto ball = [](const Rational& x) { return Number<Ball>::of(to_constant(x)); };
    at[problem_.givens[c.given].variable.ref().id()][c.entry] =
        PointValue(Number<Ball>::hull(ball(c.from.entries[c.given][c.entry]), ball(c.to.entries[c.given][c.entry])));
    for (std::size_t g = 0; g < c.from.entries.size(); ++g)
      if (contains(problem_.givens[g].set, c.from.entries[g]) != Truth::yes ||
          contains(problem_.givens[g].set, c.to.entries[g]) != Truth::yes)
        return false;
    if (!problem_.hypotheses.empty()) {
      PointRun run(problem_.workspace->graph(), refs_);
      run.run(at, &c.met);
      const CrossingJudge judge(problem_, run, c.met);
      for (const Statement& h : problem_.hypotheses)
        if (judge.holds(h) != Truth::yes) return false;
    }
    return look(c, at);
  }

  void name(Crossing& c) const {
    const WorkspaceScope scope(problem_.workspace);
    const Expr a(problem_.workspace, c.met.a), b(problem_.workspace, c.met.b);
    std::string quantity = to_string(b.is(0) ? a : a - b);
    if (quantity.size() > longest_quantity) quantity = "a subexpression";
    c.text = "zero of " + quantity + " in [" + c.from.entries[c.given][c.entry].str() + ", " +
             c.to.entries[c.given][c.entry].str() + "]";
  }

  const Problem& problem_;
  const Statement& statement_;
  std::uint64_t seed_;
  const Budget& budget_;
  std::vector<Ref> refs_;
  std::vector<Meeting> meetings_;
  std::vector<Point> landmarks_;
  std::size_t read_ = 0;
  std::int64_t read_entries_ = 0;
  int looked_at_ = 0;
};

}  // namespace

std::optional<Crossing> find_at_crossing(const Problem& problem, const Statement& statement, std::uint64_t seed,
                                         const Budget& budget, const LookAtCrossing& look) {
  if (problem.functions != FunctionTreatment::none || problem.uncertain_limit) return std::nullopt;
  const WorkspaceScope scope(problem.workspace);
  return CrossingSearch(problem, statement, seed, budget).run(look);
}

Finding finding_at(const Problem& problem, const Crossing& crossing) {
  Finding f;
  f.verdict = Verdict::refuted;
  f.method = "witness, a zero between two points";
  f.message = "fails where " + problem.givens[crossing.given].name + " is the " + crossing.text;
  f.witness = to_witness(problem, crossing.from);
  f.witness[problem.givens[crossing.given].name][crossing.entry] = crossing.text;
  nlohmann::ordered_json data;
  data["witness"] = f.witness;
  data["from"] = to_witness(problem, crossing.from);
  data["to"] = to_witness(problem, crossing.to);
  f.certificates.push_back({"crossing", data.dump()});
  return f;
}

std::optional<Finding> refute_at_crossing(const Problem& problem, const Statement& statement, std::uint64_t seed,
                                          const Budget& budget) {
  std::vector<Ref> refs;
  std::vector<Meeting> none;
  gather(problem, statement, refs, none);
  std::vector<std::unique_ptr<wellposed::DerivativeAt>> derivatives;
  for (const Derivative& d : problem.derivatives)
    derivatives.push_back(std::make_unique<wellposed::DerivativeAt>(problem, d));
  const auto fails = [&](const Crossing& c, const Assignment& at) {
    PointRun run(problem.workspace->graph(), refs);
    run.run(at, &c.met);
    if (CrossingJudge(problem, run, c.met).holds(statement) != Truth::no) return false;
    return std::ranges::all_of(derivatives, [&](const auto& d) {
      const wellposed::Existence e = d->at(at);
      return e == wellposed::Existence::exists || e == wellposed::Existence::unread;
    });
  };
  const auto found = find_at_crossing(problem, statement, seed, budget, fails);
  return found ? std::optional(finding_at(problem, *found)) : std::nullopt;
}

std::optional<std::pair<Crossing, NodeId>> undefined_at_crossing(const Problem& problem, const Statement& statement,
                                                                 std::span<const Ref> targets,
                                                                 std::span<const Statement* const> premises,
                                                                 std::uint64_t seed, const Budget& budget) {
  std::vector<Ref> refs(targets.begin(), targets.end());
  std::vector<Meeting> none;
  for (const Statement* p : premises) gather(problem, *p, refs, none);
  NodeId culprit{};
  const auto fails = [&](const Crossing& c, const Assignment& at) {
    PointRun run(problem.workspace->graph(), refs);
    run.run(at, &c.met);
    const CrossingJudge judge(problem, run, c.met);
    for (const Ref t : targets) {
      const auto blamed = run.culprit(t);
      if (!blamed) continue;
      if (!std::ranges::all_of(premises, [&](const Statement* p) { return judge.holds(*p) == Truth::yes; }))
        return false;
      culprit = *blamed;
      return true;
    }
    return false;
  };
  auto found = find_at_crossing(problem, statement, seed, budget, fails);
  return found ? std::optional(std::pair(std::move(*found), culprit)) : std::nullopt;
}

}  // namespace nabla
