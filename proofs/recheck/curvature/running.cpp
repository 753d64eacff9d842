#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/pieces.hpp>
#include <nabla/proofs/recheck/curvature/running.hpp>
#include <nabla/proofs/recheck/curvature/statement.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>

namespace nabla {

namespace bending {

namespace {

unsigned mirrored(unsigned m) { return ((m & up) != 0 ? down : 0u) | ((m & down) != 0 ? up : 0u); }

/// Operators of several operands or of tensors, of which facts do not speak, that rise in each on their whole domain.
constexpr std::string_view rising[] = {"add",  "max",  "min",       "logaddexp", "clamp",
                                       "amax", "amin", "logsumexp", "concat",    "stack"};

}  // namespace

Runs::Runs(const Problem& problem, const RangeTable& ranges, const Marks& marks)
    : graph_(problem.workspace->graph()), ranges_(ranges), marks_(marks) {}

unsigned Runs::of(Ref ref) const {
  if (!ref.is_node() || has(marks_.of(ref), still)) return up | down;
  return ref.id() < runs_.size() ? runs_[ref.id()] : 0u;
}

void Runs::run(Ref target) {
  const Ref targets[] = {target};
  const auto needed = reachable(graph_, targets);
  runs_.assign(needed.size(), 0u);
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    runs_[id] = rule(id);
    if (const auto more = given_.find(id); more != given_.end()) runs_[id] |= more->second;
  }
}

unsigned Runs::times(unsigned m, const Range& factor) const {
  return factor.nonnegative() ? m : factor.nonpositive() ? mirrored(m) : 0u;
}

unsigned Runs::rule(NodeId id) const {
  const OperatorInfo& info = graph_.info(id);
  const std::string& name = info.name;
  if (has(marks_.of(Ref::node(id)), still)) return up | down;
  if (info.family == Family::leaf) return up;
  const auto x = graph_.operands(id);
  unsigned all = up | down;
  for (const Ref r : x) all &= of(r);
  const auto range = [&](std::size_t k) { return ranges_.of(x[k]); };
  const auto moves = [&](std::size_t k) { return x[k].is_node() && !has(marks_.of(x[k]), still); };
  if (std::ranges::find(rising, name) != std::end(rising)) return all;
  if (info.facts.monotone == Monotone::increasing) return all;
  if (info.facts.monotone == Monotone::decreasing) return mirrored(all);
  if (moves_entries(name) != 0) return all;
  const unsigned a = of(x[0]), b = x.size() > 1 ? of(x[1]) : 0u;
  const auto away = [&](std::size_t k) { return range(k).positive || range(k).negative; };
  const auto even_power = [&] { return range(0).nonnegative() ? a : range(0).nonpositive() ? mirrored(a) : 0u; };
  if (name == "sub") return a & mirrored(b);
  if (name == "lt" || name == "le") return mirrored(a) & b;
  if (name == "mul" || name == "dot" || name == "matmul" || name == "outer") {
    if (!moves(0)) return times(b, range(0));
    if (!moves(1)) return times(a, range(1));
    return times(a, range(1)) & times(b, range(0));
  }
  if (name == "div") {
    if (!away(1)) return 0;
    const unsigned over = range(1).positive ? a : mirrored(a);
    return moves(1) ? over & times(mirrored(b), range(0)) : over;
  }
  if (name == "reciprocal") return away(0) ? mirrored(a) : 0u;
  if (name == "powi") {
    const std::int64_t n = graph_.attributes(id)[0];
    const unsigned p = n % 2 == 0 ? even_power() : a;
    return n == 0 ? up | down : n > 0 ? p : away(0) ? mirrored(p) : 0u;
  }
  if (name == "pow") {
    if (moves(1)) {
      if (moves(0) || !range(0).positive) return 0;
      return range(0).box.lo >= 1 ? b : range(0).box.hi <= 1 ? mirrored(b) : 0u;
    }
    if (!range(0).nonnegative()) return 0;
    return range(1).positive ? a : range(0).positive ? times(a, range(1)) : 0u;
  }
  if (name == "abs" || name == "square" || name == "cosh" || name == "norm") return even_power();
  if (name == "where") return moves(0) ? 0u : of(x[1]) & of(x[2]);
  if (name == "prod") return range(0).nonnegative() ? a : 0u;
  return 0;
}

unsigned replay_running_cone(const Problem& problem, const Marks& marks, const Runs& runs, const RangeTable& ranges,
                             const Names& names, NodeId node, const Json& evidence, std::string& why) {
  const bool rises = evidence.at("up");
  std::vector<int> directions;
  for (const Json& leaf : evidence.at("moving")) {
    const unsigned m = runs.of(names.find(leaf.get<std::string>()));
    if (m == 0) return 0;
    directions.push_back(((m & up) != 0) == rises ? 1 : -1);
  }
  const auto closed = small_problem(problem, marks, ranges, names, node, evidence, false, why);
  if (!closed || !exists_everywhere(closed->problem, closed->h)) {
    why = "a function may be undefined between the values of what it is applied to";
    return 0;
  }
  const auto wanted = [](int d) { return d > 0 ? Wanted::nonnegative : Wanted::nonpositive; };
  if (evidence.contains("breaks")) {
    const WorkspaceScope scope(closed->problem.workspace);
    if (closed->t.size() != 1) return 0;
    const auto pieces = replay_pieces(closed->problem, closed->h, closed->t[0], evidence, why);
    if (!pieces) return 0;
    for (std::size_t k = 0; k < pieces->h.size(); ++k)
      if (!replay_sign(pieces->problems[k], gradient(pieces->h[k], closed->t[0]), wanted(directions[0]),
                       evidence.at("directions").at(k)))
        return 0;
    return rises ? up : down;
  }
  const bool open = evidence.at("open");
  const auto small = small_problem(problem, marks, ranges, names, node, evidence, open, why);
  if (!small) return 0;
  const WorkspaceScope scope(small->problem.workspace);
  if ((open && !is_continuous(small->problem, small->h, small->t)) || !is_smooth(small->problem, small->h, small->t)) {
    why = "a function may have a kink";
    return 0;
  }
  const std::vector<Expr> slopes = gradient(small->h, small->t);
  for (std::size_t k = 0; k < slopes.size(); ++k)
    if (!replay_sign(small->problem, slopes[k], wanted(directions[k]), evidence.at("slopes").at(k))) {
      why = "the sign of a derivative could not be shown again";
      return 0;
    }
  return rises ? up : down;
}

namespace {

bool replay_runs(const Problem& problem, const Expr& e, const std::vector<Expr>& over, unsigned wanted,
                 const Json& cones, std::string& why) {
  if (!e.ref().is_node()) return true;
  const RangeTable ranges(problem, e.ref());
  Marks marks(problem, ranges, over);
  marks.run(e.ref());
  Runs runs(problem, ranges, marks);
  runs.run(e.ref());
  const Names names(e);
  for (const Json& cone : cones) {
    const Ref node = names.find(cone.at("node").get<std::string>());
    if (node.empty()) continue;
    const unsigned shown = replay_running_cone(problem, marks, runs, ranges, names, node.id(), cone, why);
    if (shown == 0) continue;
    runs.set(node.id(), shown);
    runs.run(e.ref());
  }
  if ((runs.of(e.ref()) & wanted) != 0) return true;
  why = "the rules for monotone operators did not give it again" + (why.empty() ? "" : ": " + why);
  return false;
}

}  // namespace
}  // namespace bending

ReplayedCertificate replay_monotone(const Problem& stated, const Statement& statement,
                                    const nlohmann::ordered_json& evidence) {
  using namespace bending;
  const WorkspaceScope scope(stated.workspace);
  const Bare b = bare(stated, statement);
  const Statement& s = b.predicate;
  if (s.predicate != "increasing" && s.predicate != "decreasing")
    return replayed(false, "", "a certificate of another predicate");
  const unsigned wanted = s.predicate == "increasing" ? up : down;
  std::string why;
  if (evidence.at("by") == "rules")
    return replayed(replay_runs(b.problem, s.subject, s.over, wanted, evidence.at("cones"), why), "rules derived again",
                    why);
  if (!replay_convex_set(b.problem, s.over, why)) return replayed(false, "", why);
  const bool box = is_plain_box(b.problem, s.over), open = evidence.at("open");
  if (open && !box) return replayed(false, "", "the set is not a box");
  if (!never_jumps(b.problem, s.subject, s.over) || (!box && !has_no_kink(b.problem, s.subject, s.over)))
    return replayed(false, "", "the expression may jump");
  const ScalarView view = written_in_scalars(b.problem, s.subject, s.over, open);
  const WorkspaceScope inside(view.problem.workspace);
  std::size_t next = 0;
  for (const Expr& value : view.values)
    for (const Expr& slope : gradient(value, view.x))
      if (!replay_sign(view.problem, slope, wanted == up ? Wanted::nonnegative : Wanted::nonpositive,
                       evidence.at("signs").at(next++)))
        return replayed(false, "", "the sign of a partial derivative could not be shown again");
  return replayed(true, "signs of partial derivatives", "");
}

ReplayedCertificate replay_linear(const Problem& stated, const Statement& statement,
                                  const nlohmann::ordered_json& evidence) {
  using namespace bending;
  const WorkspaceScope scope(stated.workspace);
  const Bare b = bare(stated, statement);
  const Statement& s = b.predicate;
  if (s.predicate != "linear") return replayed(false, "", "a certificate of another predicate");
  const Expr& e = s.subject;
  if (evidence.at("by") == "rules") {
    if (!e.ref().is_node()) return replayed(e.is(0), "0", "a constant is not linear");
    const RangeTable ranges(b.problem, e.ref());
    Marks marks(b.problem, ranges, s.over);
    marks.run(e.ref());
    return replayed(marks.is_linear(e.ref()), "sums and multiples of the variables", "not seen to be linear again");
  }
  Problem wider = b.problem;
  const auto give = [&](const std::string& name, const Shape& shape) {
    Given g;
    g.name = name;
    g.variable = variable(name, shape);
    g.set.shape = shape;
    wider.givens.push_back(g);
    return g.variable;
  };
  Replacements first, second;
  std::vector<Expr> others;
  for (const Expr& x : s.over)
    others.push_back(give(wider.workspace->graph().variable_name(x.ref().id()) + "'", x.shape()));
  const Expr c = give("c'", {});
  for (std::size_t k = 0; k < s.over.size(); ++k) {
    first.emplace_back(s.over[k], s.over[k] + c * others[k]);
    second.emplace_back(s.over[k], others[k]);
  }
  const Replay again =
      recheck_identity(wider, substitute(e, first), e + c * substitute(e, second), evidence.at("data").dump());
  return replayed(again.answer == Replay::Answer::yes, "E(x + c x') = E(x) + c E(x') again", again.message);
}

}  // namespace nabla
