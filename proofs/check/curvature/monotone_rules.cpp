#include <algorithm>
#include <nabla/proofs/check/curvature/monotone_rules.hpp>
#include <nabla/proofs/check/curvature/pieces.hpp>
#include <nabla/proofs/check/curvature/set.hpp>
#include <set>

namespace nabla::curvature {

namespace {

constexpr std::size_t most_slope_leaves = 3;
constexpr int most_slope_rounds = 30;

Running turned(const Running& x) { return {.up = x.down, .down = x.up}; }
Running both_run(const Running& a, const Running& b) { return {.up = a.up && b.up, .down = a.down && b.down}; }

}  // namespace

MonotoneRules::MonotoneRules(const Graph& graph, const Ranges& ranges, const Composition& dependence)
    : graph_(graph), ranges_(ranges), dependence_(dependence) {}

void MonotoneRules::take(NodeId id, bool up) { (up ? taken_[id].up : taken_[id].down) = true; }

Running MonotoneRules::of(Ref ref) const {
  if (!dependence_.depends(ref)) return {.up = true, .down = true};
  return ref.id() < runs_.size() ? runs_[ref.id()] : Running{};
}

void MonotoneRules::run(Ref target) {
  if (!target.is_node()) return;
  const Ref targets[] = {target};
  visited_ = reachable(graph_, targets);
  runs_.assign(visited_.size(), {});
  for (NodeId id = 0; id < visited_.size(); ++id) {
    if (!visited_[id]) continue;
    Running r = rule(id);
    if (const auto taken = taken_.find(id); taken != taken_.end()) {
      r.up = r.up || taken->second.up;
      r.down = r.down || taken->second.down;
    }
    runs_[id] = r;
  }
}

Running MonotoneRules::scaled(const Running& x, const Bounds& factor) const {
  if (factor.nonnegative()) return x;
  return factor.nonpositive() ? turned(x) : Running{};
}

Running MonotoneRules::product(Ref a, Ref b) const {
  const Bounds &x = ranges_.of(a), &y = ranges_.of(b);
  if (!dependence_.depends(a)) return scaled(of(b), x);
  if (!dependence_.depends(b)) return scaled(of(a), y);
  // a b' + a' b: each factor as it runs times the sign of the other.
  return both_run(scaled(of(a), y), scaled(of(b), x));
}

Running MonotoneRules::rule(NodeId id) const {
  const Ref self = Ref::node(id);
  if (!dependence_.depends(self)) return {.up = true, .down = true};
  if (graph_.info(id).family == Family::leaf) return {.up = true};
  const auto x = graph_.operands(id);
  const Facts& facts = graph_.info(id).facts;
  const auto range = [&](std::size_t k) { return ranges_.of(x[k]); };
  // A function of |t|, or t^n: rises on t >= 0, and falls on t <= 0 when even.
  const auto by_power = [&](bool even) {
    if (!even) return of(x[0]);
    return range(0).nonnegative() ? of(x[0]) : range(0).nonpositive() ? turned(of(x[0])) : Running{};
  };
  switch (graph_.code(id)) {
    case opcode<Add>:
    case opcode<Max>:
    case opcode<Min>:
    case opcode<LogAddExp>:
      return both_run(of(x[0]), of(x[1]));
    case opcode<Sub>:
      return both_run(of(x[0]), turned(of(x[1])));
    case opcode<Mul>:
    case opcode<Dot>:
    case opcode<MatMul>:
    case opcode<Outer>:
      return product(x[0], x[1]);
    case opcode<Fma>:
      return both_run(product(x[0], x[1]), of(x[2]));
    case opcode<Clamp>:
      return both_run(both_run(of(x[0]), of(x[1])), of(x[2]));
    case opcode<Div>: {
      // 1 / t falls on each side of 0.
      if (!range(1).positive() && !range(1).negative()) return {};
      const Running over = scaled(of(x[0]), range(1).positive() ? Bounds(1) : Bounds(-1));
      if (!dependence_.depends(x[1])) return over;
      return both_run(over, scaled(turned(of(x[1])), range(0)));
    }
    case opcode<Reciprocal>:
      return range(0).positive() || range(0).negative() ? turned(of(x[0])) : Running{};
    case opcode<PowI>: {
      const std::int64_t n = graph_.attributes(id)[0];
      if (n == 0) return {.up = true, .down = true};
      if (n > 0) return by_power(n % 2 == 0);
      if (!range(0).positive() && !range(0).negative()) return {};
      return turned(by_power(n % 2 == 0));
    }
    case opcode<Pow>: {
      if (dependence_.depends(x[1])) {
        if (dependence_.depends(x[0]) || !range(0).positive()) return {};
        return range(0).box.lo >= 1 ? of(x[1]) : range(0).box.hi <= 1 ? turned(of(x[1])) : Running{};
      }
      if (!range(0).nonnegative()) return {};
      if (range(1).positive()) return of(x[0]);  // not at 0: 0^0 is 1
      return range(0).positive() ? scaled(of(x[0]), range(1)) : Running{};
    }
    case opcode<Where>:
      return dependence_.depends(x[0]) ? Running{} : both_run(of(x[1]), of(x[2]));
    case opcode<Concat>:
    case opcode<Stack>: {
      Running all = of(x[0]);
      for (const Ref r : x) all = both_run(all, of(r));
      return all;
    }
    case opcode<Prod>:
      return range(0).nonnegative() ? of(x[0]) : Running{};
    case opcode<Norm>:
      return by_power(true);
    case opcode<Less>:
    case opcode<LessEqual>:
      return both_run(turned(of(x[0])), of(x[1]));
    default:
      break;
  }
  if (x.size() != 1) return {};
  if (facts.monotone == Monotone::increasing) return of(x[0]);
  if (facts.monotone == Monotone::decreasing) return turned(of(x[0]));
  if (facts.curvature == Curvature::affine && linear_kind(graph_, id) != Linear::other) return of(x[0]);
  const bool even_convex = facts.parity == Parity::even && facts.curvature == Curvature::convex &&
                           graph_.info(id).family == Family::elementwise;
  return even_convex ? by_power(true) : Running{};
}

bool show_cone_runs(const Problem& problem, const Composition& rules, const MonotoneRules& runs, const Ranges& ranges,
                    const Cone& cone, bool up, const Budget& budget, Json& proof) {
  const Graph& graph = problem.workspace->graph();
  std::vector<int> directions;
  for (const Ref u : cone.moving) {
    const Running r = runs.of(u);
    if (!r.up && !r.down) return false;
    directions.push_back(r.up == up ? 1 : -1);
  }
  Json j = names_of(problem.workspace, cone);
  j["up"] = up;
  // Between the values of the leaves h must exist, and have no pole.
  const Reduced closed = reduce(problem, cone, ranges, false);
  if (closed.h.ref().is_node()) {
    const Ref targets[] = {closed.h.ref()};
    wellposed::Survey survey(closed.h.graph(), targets, {});
    survey.run(wellposed::box_of(closed.problem));
    if (!std::ranges::all_of(survey.nodes(), [&](NodeId id) { return survey.defined(id); })) return false;
  }
  const bool open = is_continuous(graph, rules, ranges, cone);
  Reduced r = reduce(problem, cone, ranges, open);
  const WorkspaceScope scope(r.problem.workspace);
  j["ranges"] = r.ranges;
  j["open"] = open;
  const auto goal = [](int direction) { return direction > 0 ? SignGoal::nonnegative : SignGoal::nonpositive; };
  if (is_smooth(r)) {
    const std::vector<Expr> slopes = gradient(r.h, r.t);
    j["slopes"] = Json::array();
    for (std::size_t k = 0; k < slopes.size(); ++k) {
      Json sign;
      if (!show_sign(r.problem, slopes[k], goal(directions[k]), budget, sign)) return false;
      j["slopes"].push_back(std::move(sign));
    }
    proof = std::move(j);
    return true;
  }
  if (cone.moving.size() != 1 || !cone.still.empty()) return false;
  const WorkspaceScope inside(closed.problem.workspace);
  const auto pieces = continuous_pieces(closed.problem, closed.h, closed.t[0], budget, j);
  if (!pieces) return false;
  j["directions"] = Json::array();
  for (const Piece& piece : *pieces) {
    Json sign;
    if (!show_sign(on_piece(closed.problem, closed.t[0], piece), gradient(piece.h, closed.t[0]), goal(directions[0]),
                   budget, sign))
      return false;
    j["directions"].push_back(std::move(sign));
  }
  proof = std::move(j);
  return true;
}

bool show_runs_by_rules(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool up,
                        Ranges::Mode mode, const Budget& budget, Json& cones, bool& all_defined) {
  all_defined = true;
  if (!e.ref().is_node()) return true;
  const Graph& graph = problem.workspace->graph();
  const Ref targets[] = {e.ref()};
  const Ranges ranges(problem, targets, mode);
  all_defined = ranges.all_defined();
  Composition rules(graph, ranges, over);
  rules.set_definite(definite_variables(problem));
  rules.run(e.ref());
  MonotoneRules runs(graph, ranges, rules);
  std::set<std::pair<NodeId, bool>> tried;
  const auto has = [&](NodeId id, bool want) {
    const Running r = runs.of(Ref::node(id));
    return want ? r.up : r.down;
  };
  for (int round = 0; round < most_slope_rounds; ++round) {
    budget.check();
    runs.run(e.ref());
    if (has(e.ref().id(), up)) return true;
    bool progress = false;
    std::set<std::pair<NodeId, bool>> waiting{{e.ref().id(), up}}, seen;
    while (!waiting.empty()) {
      const auto [id, want] = *waiting.rbegin();
      waiting.erase({id, want});
      if (!seen.insert({id, want}).second || has(id, want)) continue;
      const auto cone = cone_at(graph, rules, id, most_slope_leaves);
      const bool ready = cone && (mode == Ranges::Mode::these_dimensions || !takes_entries(problem, *cone)) &&
                         std::ranges::all_of(cone->moving, [&](Ref u) { return runs.of(u).up || runs.of(u).down; });
      Json proof;
      if (ready && tried.insert({id, want}).second &&
          show_cone_runs(problem, rules, runs, ranges, *cone, want, budget, proof)) {
        cones.push_back(std::move(proof));
        runs.take(id, want);
        progress = true;
        continue;
      }
      for (const Ref r : graph.operands(id))
        if (r.is_node() && rules.depends(r))
          for (const bool w : {want, !want}) waiting.insert({r.id(), w});
    }
    if (!progress) return false;
  }
  return false;
}

}  // namespace nabla::curvature
