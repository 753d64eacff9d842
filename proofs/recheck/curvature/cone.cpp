#include <algorithm>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/recheck/curvature/cone.hpp>
#include <nabla/proofs/recheck/curvature/pieces.hpp>

namespace nabla::bending {

namespace {

/// The given whose entries the leaf has, moved about.
const Given* source_of(const Problem& problem, Ref leaf) {
  const Graph& graph = problem.workspace->graph();
  while (leaf.is_node() && moves_entries(graph.info(leaf.id()).name) == 1) leaf = graph.operands(leaf.id())[0];
  for (const Given& g : problem.givens)
    if (g.variable.ref() == leaf && g.set.kind == Set::Kind::entries) return &g;
  return nullptr;
}

/// A range as the evidence states it, if the leaf is known to lie in it.
std::optional<RealSet> stated_range(const Problem& problem, Ref leaf, const Range& known, const Json& said,
                                    const std::shared_ptr<Workspace>& to) {
  const Given* source = source_of(problem, leaf);
  RealSet set;
  if (said.contains("elements")) {
    if (source == nullptr || !source->set.entries.is_finite()) return std::nullopt;
    for (const Expr& e : source->set.entries.elements) set.elements.push_back(transplant(e, to));
    return set;
  }
  for (const bool low : {true, false}) {
    const Json& end = said.at(low ? "lo" : "hi");
    const bool closed = said.at(low ? "lo_closed" : "hi_closed");
    Expr& own = low ? set.lo : set.hi;
    (low ? set.lo_closed : set.hi_closed) = closed;
    if (end.is_null()) continue;
    if (end == "given") {
      if (source == nullptr || source->set.entries.is_finite()) return std::nullopt;
      const RealSet& all = source->set.entries;
      const Expr& given_end = low ? all.lo : all.hi;
      const bool given_closed = low ? all.lo_closed : all.hi_closed;
      if (given_end.empty() || (given_closed && !closed)) return std::nullopt;
      own = transplant(given_end, to);
      continue;
    }
    const auto number = parse_rational(end.get<std::string>());
    if (!number) return std::nullopt;
    const auto x = static_cast<double>(*number);
    if (Number<Rational>::of(Constant::dyadic(x)) != *number) return std::nullopt;
    if (low ? !known.above(x, !closed) : !known.below(x, !closed)) return std::nullopt;
    own = Expr(to_constant(*number));
  }
  return set;
}

std::vector<NodeId> nodes_between(const Expr& h) {
  std::vector<NodeId> nodes;
  if (!h.ref().is_node()) return nodes;
  const Ref targets[] = {h.ref()};
  const auto needed = reachable(h.graph(), targets);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id]) nodes.push_back(id);
  return nodes;
}

/// Nodes that depend on some of the variables.
std::vector<bool> moving_nodes(const Graph& graph, const std::vector<NodeId>& nodes, const std::vector<Expr>& t) {
  std::vector<bool> moves(graph.size(), false);
  for (const Expr& x : t) moves[x.ref().id()] = true;
  for (const NodeId id : nodes)
    for (const Ref r : graph.operands(id))
      if (r.is_node() && moves[r.id()]) moves[id] = true;
  return moves;
}

}  // namespace

Names::Names(const Expr& target) {
  constexpr std::size_t most_nodes = 3000;
  const auto nodes = nodes_between(target);
  if (nodes.size() > most_nodes) return;
  for (const NodeId id : nodes) {
    if (target.graph().as_constant(Ref::node(id)) != nullptr) continue;
    nodes_.emplace(to_string(Expr(target.workspace(), Ref::node(id)), {.tree_limit = 4000, .limit = 8000}), id);
  }
}

Ref Names::find(const std::string& text) const {
  const auto it = nodes_.find(text);
  return it == nodes_.end() ? Ref() : Ref::node(it->second);
}

bool exists_everywhere(const Problem& problem, const Expr& h) {
  if (!h.ref().is_node()) return true;
  const Graph& graph = h.graph();
  const RangeTable ranges(problem, h.ref());
  const auto lies_in = [&](Ref r, const Reals& set) {
    const Range x = ranges.of(r);
    if (std::isfinite(set.lo) && !x.above(set.lo, !set.lo_closed)) return false;
    if (std::isfinite(set.hi) && !x.below(set.hi, !set.hi_closed)) return false;
    if (set.hole == Hole::none) return true;
    return set.hole == Hole::odd_multiples_of_half_pi ? false
           : set.hole == Hole::zero                   ? x.positive || x.negative
                                                      : x.positive;
  };
  return std::ranges::all_of(nodes_between(h), [&](NodeId id) {
    const auto x = graph.operands(id);
    if (x.empty()) return true;
    const OperatorInfo& info = graph.info(id);
    if (!lies_in(x[0], info.facts.domain) || (x.size() > 1 && !lies_in(x[1], info.facts.domain2))) return false;
    const Range base = ranges.of(x[0]);
    if (info.name == "powi") return graph.attributes(id)[0] >= 0 || base.positive || base.negative;
    if (info.name == "pow") return base.positive || (base.nonnegative() && ranges.of(x[1]).nonnegative());
    return true;
  });
}

std::optional<Small> small_problem(const Problem& problem, const Marks& marks, const RangeTable& ranges,
                                   const Names& names, NodeId node, const Json& evidence, bool open, std::string& why) {
  const Graph& graph = problem.workspace->graph();
  Small s;
  s.problem.workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(s.problem.workspace);
  std::map<NodeId, Expr> made;
  std::size_t next = 0;
  for (const bool moving : {true, false}) {
    std::size_t count = 0;
    for (const Json& leaf : evidence.at(moving ? "moving" : "still")) {
      const Ref ref = names.find(leaf.get<std::string>());
      if (ref.empty()) {
        why = "there is no `" + leaf.get<std::string>() + "` in the claim";
        return std::nullopt;
      }
      const NodeId id = ref.id();
      if (!moving && !has(marks.of(ref), still)) {
        why = "a parameter of a function depends on the variables";
        return std::nullopt;
      }
      Given g;
      g.name = (moving ? "t" : "p") + std::to_string(++count);
      g.variable = variable(g.name);
      const auto set =
          stated_range(problem, ref, ranges.of(ref), evidence.at("ranges").at(next++), s.problem.workspace);
      if (!set) {
        why = "the range of " + g.name + " in a function of numbers could not be shown again";
        return std::nullopt;
      }
      g.set.entries = *set;
      if (moving && open) g.set.entries.lo_closed = g.set.entries.hi_closed = false;
      if (moving) s.t.push_back(g.variable);
      made[id] = g.variable;
      s.problem.givens.push_back(std::move(g));
    }
  }
  if (s.t.empty()) return std::nullopt;
  std::vector<NodeId> order, waiting{node};
  std::vector<bool> seen(graph.size(), false);
  while (!waiting.empty()) {
    const NodeId id = waiting.back();
    waiting.pop_back();
    if (seen[id] || made.contains(id)) continue;
    seen[id] = true;
    if (graph.info(id).family != Family::elementwise) {
      why = "`" + graph.info(id).name + "` is not an elementwise operator";
      return std::nullopt;
    }
    order.push_back(id);
    for (const Ref r : graph.operands(id))
      if (graph.as_constant(r) == nullptr) waiting.push_back(r.id());
  }
  std::ranges::sort(order);
  for (const NodeId id : order) {
    std::vector<Expr> operands;
    for (const Ref r : graph.operands(id)) {
      const Constant* c = graph.as_constant(r);
      operands.push_back(c != nullptr ? Expr(*c) : made.at(r.id()));
    }
    made[id] = detail::append(graph.code(id), {}, operands, graph.attributes(id));
  }
  s.h = made.at(node);
  return s;
}

bool is_smooth(const Problem& problem, const Expr& h, const std::vector<Expr>& t) {
  const auto nodes = nodes_between(h);
  if (nodes.empty()) return true;
  const Graph& graph = h.graph();
  const RangeTable ranges(problem, h.ref());
  const auto moves = moving_nodes(graph, nodes, t);
  for (const NodeId id : nodes) {
    if (!moves[id]) continue;
    const OperatorInfo& info = graph.info(id);
    const auto x = graph.operands(id);
    if (info.facts.kinks.empty() && info.facts.regularity == Regularity::smooth) continue;
    if (x.empty()) return false;
    const Range a = ranges.of(x[0]);
    const Range b = x.size() > 1 ? ranges.of(x[1]) : Range{};
    const bool away = a.positive || a.negative;
    const std::string& name = info.name;
    if ((name == "sqrt" || name == "cbrt" || name == "abs" || name == "sign" || name == "relu" || name == "norm") &&
        away)
      continue;
    if (name == "pow" && a.positive) continue;
    if (name == "pow" && x[1].is_constant() && b.box.lo >= 1) continue;  // at 0 there is no kink then
    if (name == "where" && x[0].is_node() && !moves[x[0].id()]) continue;
    if ((name == "max" || name == "min") && (a.box.hi < b.box.lo || b.box.hi < a.box.lo)) continue;
    // With the factor 1 both are differentiable at 0, and their derivatives are continuous.
    if ((name == "leaky_relu" || name == "elu") && (away || (b.box.lo == 1 && b.box.hi == 1))) continue;
    return false;
  }
  return true;
}

bool is_continuous(const Problem& problem, const Expr& h, const std::vector<Expr>& t) {
  const auto nodes = nodes_between(h);
  if (nodes.empty()) return true;
  const Graph& graph = h.graph();
  const RangeTable ranges(problem, h.ref());
  const auto moves = moving_nodes(graph, nodes, t);
  return std::ranges::all_of(nodes, [&](NodeId id) {
    if (!moves[id] || graph.info(id).facts.regularity != Regularity::discontinuous) return true;
    const auto x = graph.operands(id);
    if (graph.info(id).name == "pow") return !(x[1].is_node() && moves[x[1].id()]) && ranges.of(x[1]).positive;
    return graph.info(id).name == "where" && !(x[0].is_node() && moves[x[0].id()]);
  });
}

unsigned replay_cone(const Problem& problem, const Marks& marks, const RangeTable& ranges, const Names& names,
                     NodeId node, const Json& evidence, std::string& why) {
  const bool up = evidence.at("curvature") == "convex";
  const bool in_pieces = evidence.contains("pieces");
  const bool open = evidence.at("open").get<bool>() && !in_pieces;
  const auto small = small_problem(problem, marks, ranges, names, node, evidence, open, why);
  if (!small) return 0;
  const WorkspaceScope scope(small->problem.workspace);
  const Expr h = up ? small->h : -small->h;
  std::vector<int> directions;
  for (const Json& leaf : evidence.at("moving")) {
    const unsigned m = marks.of(names.find(leaf.get<std::string>()));
    if ((m & affine) == 0) {
      why = "a leaf of a function has no curvature";
      return 0;
    }
    directions.push_back(has(m, affine) ? 0 : has(m, convex) ? 1 : -1);
  }
  const unsigned shown = up ? convex : concave;
  if (std::ranges::any_of(directions, [](int d) { return d != 0; })) {
    const auto closed = small_problem(problem, marks, ranges, names, node, evidence, false, why);
    if (!closed || !exists_everywhere(closed->problem, closed->h)) {
      why = "a function may be undefined between the values of what it is applied to";
      return 0;
    }
  }
  if (in_pieces)
    return small->t.size() == 1 && replay_convex_pieces(small->problem, h, small->t[0], directions[0], evidence, why)
               ? shown
               : 0u;
  if (open && !is_continuous(small->problem, small->h, small->t)) {
    why = "a function may jump at an end of its range";
    return 0;
  }
  if (!is_smooth(small->problem, h, small->t)) {
    why = "a function may have a kink";
    return 0;
  }
  const std::vector<Expr> slopes = gradient(h, small->t);
  for (std::size_t i = 0; i < directions.size(); ++i)
    if (directions[i] != 0 &&
        !replay_sign(small->problem, slopes[i], directions[i] > 0 ? Wanted::nonnegative : Wanted::nonpositive,
                     evidence.at("slopes").at(i))) {
      why = "the sign of a derivative could not be shown again";
      return 0;
    }
  return replay_semidefinite(small->problem, bends(h, small->t), evidence.at("blocks"), why) ? shown : 0u;
}

}  // namespace nabla::bending
