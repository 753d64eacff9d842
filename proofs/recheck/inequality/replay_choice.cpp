#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/recheck/inequality/boxes.hpp>
#include <nabla/proofs/recheck/inequality/growth.hpp>
#include <nabla/proofs/recheck/inequality/replay.hpp>
#include <nabla/proofs/recheck/inequality/signs.hpp>

// The rules that look at a function by parts: what an operator may be, one period, a side of the least value, a tail.

namespace nabla::rederive {

namespace {

/// An operator is `value` at least where left <how> right; without sides, everywhere.
struct Branch {
  Expr value;
  Expr left, right;
  Comparison how = Comparison::equal;
};

/// What the operator may be: at every point one of these, whose condition holds there.
std::vector<Branch> branches_of(const Graph& graph, NodeId id, const std::vector<Expr>& x) {
  const Opcode code = graph.code(id);
  const auto either = [&](const Expr& one, Comparison how, const Expr& other, Comparison otherwise, const Expr& right) {
    return std::vector<Branch>{{one, x[0], right, how}, {other, x[0], right, otherwise}};
  };
  if (code == opcode<Abs>) return either(x[0], Comparison::greater_equal, -x[0], Comparison::less_equal, Expr(0));
  if (code == opcode<Max>) return either(x[0], Comparison::greater_equal, x[1], Comparison::less_equal, x[1]);
  if (code == opcode<Min>) return either(x[0], Comparison::less_equal, x[1], Comparison::greater_equal, x[1]);
  if (code == opcode<Less>) return either(Expr(1), Comparison::less, Expr(0), negation_of(Comparison::less), x[1]);
  if (code == opcode<LessEqual>)
    return either(Expr(1), Comparison::less_equal, Expr(0), negation_of(Comparison::less_equal), x[1]);
  if (code == opcode<Equal>) return either(Expr(1), Comparison::equal, Expr(0), negation_of(Comparison::equal), x[1]);
  if (code == opcode<Where> && x[0].constant() != nullptr) return {{x[0].is(0) ? x[2] : x[1], {}, {}}};
  if (code == opcode<Masked> && x[0].constant() != nullptr) return {{x[0].is(0) ? Expr(0) : x[0] * x[1], {}, {}}};
  const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
  if (const Expr definition = expand_definition(code, attributes, x); !definition.empty())
    return {{definition, {}, {}}};
  return {};
}

Problem supposing(Problem region, const Expr& left, Comparison how, const Expr& right) {
  Statement h;
  h.sides = {left, right};
  h.comparisons = {how};
  region.hypotheses.push_back(std::move(h));
  return region;
}

Problem without_hypotheses_about(Problem region, NodeId variable) {
  std::erase_if(region.hypotheses,
                [&](const Statement& h) { return mentions(h.sides[0], variable) || mentions(h.sides[1], variable); });
  return region;
}

Problem with_ends_open(Problem region, std::size_t k) {
  region.givens[k].set.entries.lo_closed = region.givens[k].set.entries.hi_closed = false;
  return region;
}

bool certain(const Problem& region, const Expr& e, Signs s) {
  return within(signs_seen(region, e), s) || within(signs_by_algebra(region, e), s);
}

}  // namespace

/// The nodes of g that apply the operator of `of` to equal operands.
std::vector<NodeId> InequalityReplay::copies_of(const Problem& region, const Expr& of, const Expr& g) {
  if (!of.ref().is_node() || !g.ref().is_node()) return {};
  const std::shared_ptr<Workspace>& workspace = region.workspace;
  const NodeId wanted = of.ref().id();
  const Ref target[] = {g.ref()};
  const std::vector<bool> needed = reachable(workspace->graph(), target);
  if (wanted < needed.size() && needed[wanted]) return {wanted};
  Problem free = region;
  free.hypotheses.clear();
  const Opcode code = workspace->graph().code(wanted);
  const auto operands_of = [&](NodeId id) {
    std::vector<Expr> x;
    for (const Ref r : workspace->graph().operands(id)) x.emplace_back(workspace, r);
    return x;
  };
  const std::vector<Expr> theirs = operands_of(wanted);
  std::vector<NodeId> found;
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || workspace->graph().code(id) != code) continue;
    const std::vector<Expr> ours = operands_of(id);
    bool same_operands = ours.size() == theirs.size();
    for (std::size_t i = 0; same_operands && i < ours.size(); ++i) same_operands = equal(free, ours[i], theirs[i]);
    if (same_operands) found.push_back(id);
  }
  return found;
}

bool InequalityReplay::either(const Problem& region, const Expr& given, bool strict, const Json& proof, int depth) {
  const Expr g = replaced(given, {});
  const std::vector<NodeId> nodes = copies_of(region, replaced(decoded(region, proof.at("of")), {}), g);
  if (nodes.empty()) {
    where_ = "an operator with alternatives was not found";
    return false;
  }
  std::vector<Expr> x;
  for (const Ref r : region.workspace->graph().operands(nodes[0])) x.emplace_back(region.workspace, r);
  const std::vector<Branch> branches = branches_of(region.workspace->graph(), nodes[0], x);
  if (branches.empty()) return false;
  const auto in_branch = [&](const Branch& b) {
    std::map<NodeId, Expr> by;
    for (const NodeId id : nodes) by[id] = b.value;
    return replaced(g, by);
  };
  if (proof.contains("only")) {
    const Branch& b = branches.at(proof.at("only").get<std::size_t>());
    if (branches.size() > 1 && !certain(region, b.left - b.right, signs_of(b.how))) return false;
    return holds(region, in_branch(b), strict, proof.at("proof"), depth + 1);
  }
  const Json& parts = proof.at("parts");
  if (parts.size() != branches.size()) return false;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    const Branch& b = branches[i];
    const bool assuming = parts[i].at("assuming").get<bool>();
    if (assuming && b.left.empty()) return false;
    const Problem there = assuming ? supposing(region, b.left, b.how, b.right) : region;
    if (!holds(there, in_branch(b), strict, parts[i].at("proof"), depth + 1)) return false;
  }
  return true;
}

bool InequalityReplay::periodic(const Problem& region, const Expr& g, bool strict, const Json& proof, int depth) {
  const auto k = proof.at("variable").get<std::size_t>();
  const Given given = region.givens.at(k);
  const NodeId v = given.variable.ref().id();
  const RealSet& set = given.set.entries;
  if (set.is_finite() || !set.lo.empty() || !set.hi.empty() || !g.ref().is_node()) return false;
  for (const Statement& h : region.hypotheses)
    if (mentions(h.sides[0], v) || mentions(h.sides[1], v)) return false;
  const Expr half = decoded(region, proof.at("half"));
  if (!variables_in(half).empty() || !constant_value(half).positive()) return false;
  const auto turns = proof.at("turns").get<std::vector<std::int64_t>>();
  Problem free = region;
  free.hypotheses.clear();
  // Everything that x enters repeats: through an angle that makes whole turns.
  const std::shared_ptr<Workspace>& workspace = region.workspace;
  const Ref target[] = {g.ref()};
  const std::vector<bool> needed = reachable(workspace->graph(), target);
  std::vector<bool> moves(needed.size());
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    moves[id] = id == v;
    const std::vector<Ref> operands(workspace->graph().operands(id).begin(), workspace->graph().operands(id).end());
    for (const Ref r : operands) moves[id] = moves[id] || (r.is_node() && moves[r.id()]);
    const Opcode code = workspace->graph().code(id);
    if (id == v || !moves[id] || (code != opcode<Sin> && code != opcode<Cos>)) continue;
    const Expr angle(workspace, operands[0]);
    const Expr turned = replaced(angle, {{v, given.variable + 2 * half}}) - angle;
    for (const std::int64_t n : turns)
      if (moves[id] && equal(free, turned, Expr(2 * n) * Expr(Constant::pi()))) moves[id] = false;
  }
  if (moves[g.ref().id()]) {
    where_ = "a function is not seen to have the period";
    return false;
  }
  Problem once = region;
  RealSet& to = once.givens[k].set.entries;
  to.lo = -half;
  to.hi = half;
  to.lo_closed = to.hi_closed = true;
  return holds(once, g, strict, proof.at("proof"), depth + 1);
}

bool InequalityReplay::least(const Problem& whole, const Expr& given_g, bool strict, const Json& proof, int depth) {
  const auto k = proof.at("variable").get<std::size_t>();
  const Given given = whole.givens.at(k);
  const NodeId v = given.variable.ref().id();
  const Problem region = without_hypotheses_about(whole, v);
  const RealSet& set = given.set.entries;
  const Expr g = replaced(given_g, {}), at = decoded(region, proof.at("at"));
  if (set.is_finite() || mentions(at, v)) return false;
  Problem others = region;
  others.givens[k].set.entries = RealSet();
  if (!set.lo.empty() && !certain(others, at - set.lo, set.lo_closed ? rederive::nonnegative : rederive::positive))
    return false;
  if (!set.hi.empty() && !certain(others, set.hi - at, set.hi_closed ? rederive::nonnegative : rederive::positive))
    return false;
  const Problem inside = with_ends_open(region, k);
  const Expr slope = gradient(g, given.variable);
  const Expr both[] = {g, replaced(slope, {}), at};
  Evaluation interior(region, both), value(region, {both, 1}), where(region, {both + 2, 1});
  interior.run(part_of(inside));
  value.run(part_of(region));
  where.run(part_of(region));
  if (!interior.differentiable() || !value.continuous() || !where.continuous()) {
    where_ = "a function is not seen to be differentiable where its derivative is used";
    return false;
  }
  return holds(others, replaced(g, {{v, at}}), strict, proof.at("face"), depth + 1) &&
         holds(supposing(inside, given.variable, Comparison::greater, at), slope, false, proof.at("above"),
               depth + 1) &&
         holds(supposing(inside, given.variable, Comparison::less, at), -slope, false, proof.at("below"), depth + 1);
}

bool InequalityReplay::tail(const Problem& whole, const Expr& given_g, bool strict, const Json& proof, int depth) {
  const auto k = proof.at("variable").get<std::size_t>();
  const Given given = whole.givens.at(k);
  const NodeId v = given.variable.ref().id();
  const bool upper = proof.at("upper").get<bool>(), strict_slope = proof.at("strict_slope").get<bool>();
  const RealSet& set = given.set.entries;
  if (set.is_finite() || !(upper ? set.hi : set.lo).empty()) return false;
  const Problem region = without_hypotheses_about(whole, v);
  const Expr g = replaced(given_g, {});
  Problem free = region;
  free.hypotheses.clear();
  const auto vanishes = [&](const Expr& e) { return equal(free, e, Expr(0)); };
  const Expr outward = upper ? g : replaced(g, {{v, -given.variable}});
  const int limit = Growing(region.workspace, v, vanishes).sign_of_limit(outward);
  where_.clear();
  if (limit != 1 && (limit != 0 || (strict && !strict_slope))) {
    where_ = "the limit of a function is not seen to have the sign";
    return false;
  }
  const Expr slope = gradient(g, given.variable);
  const Problem inside = with_ends_open(region, k);
  const Expr both[] = {g, replaced(slope, {})};
  Evaluation interior(region, both), value(region, {both, 1});
  interior.run(part_of(inside));
  value.run(part_of(region));
  if (!interior.differentiable() || !value.continuous()) {
    where_ = "a function is not seen to be differentiable where its derivative is used";
    return false;
  }
  return holds(inside, upper ? -slope : slope, strict_slope, proof.at("slope"), depth + 1);
}

}  // namespace nabla::rederive
