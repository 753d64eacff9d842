#include <algorithm>
#include <cstdlib>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/claim/kink_pattern.hpp>

namespace nabla {

namespace {

bool mentions(const Statement& s, const Expr& by) {
  const auto reads = [&](const Expr& e) { return !e.empty() && depends_on(e, by); };
  return reads(s.subject) || std::ranges::any_of(s.sides, reads) || std::ranges::any_of(s.parameters, reads) ||
         std::ranges::any_of(s.children, [&](const Statement& child) { return mentions(child, by); });
}

}  // namespace

std::vector<NodeId> replaceable_kinks(const Problem& problem, const Expr& of, const Expr& by) {
  std::vector<NodeId> kinks;
  if (!of.ref().is_node() || !by.ref().is_node()) return kinks;
  const Graph& graph = of.graph();
  const Ref target = of.ref();
  const std::vector<bool> read = reachable(graph, std::span<const Ref>(&target, 1));
  std::vector<bool> moves(read.size(), false);
  for (NodeId id = 0; id < read.size(); ++id) {
    if (!read[id]) continue;
    const auto x = graph.operands(id);
    moves[id] =
        Ref::node(id) == by.ref() || std::ranges::any_of(x, [&](Ref r) { return r.is_node() && moves[r.id()]; });
    const OperatorInfo& info = graph.info(id);
    if (!moves[id] || info.family != Family::elementwise || info.facts.kinks.empty()) continue;
    if (info.facts.regularity == Regularity::discontinuous) continue;
    if (std::ranges::none_of(problem.conventions, [&](const KinkConvention& c) { return c.operation == info.name; }))
      kinks.push_back(id);
  }
  return kinks;
}

Expr with_pattern(const Expr& of, const std::vector<NodeId>& kinks, const KinkPattern& pattern) {
  Expr result = of;
  const WorkspaceScope scope(of.workspace());
  // What is read last is replaced first, since a replacement is not looked into.
  for (std::size_t k = kinks.size(); k-- > 0;) {
    const Expr node(of.workspace(), Ref::node(kinks[k]));
    Expr by = Expr(0);
    if (pattern[k] != 0) {
      const auto slot = static_cast<std::size_t>(std::abs(pattern[k]) - 1);
      by = Expr(of.workspace(), of.graph().operands(kinks[k])[slot]);
      if (pattern[k] < 0) by = -by;
    }
    if (by.shape() != node.shape()) by = broadcast_to(by, node.shape());
    result = substitute(result, {{node, by}});
  }
  return result;
}

bool keeps_domain(const Expr& of, const Expr& smooth) {
  const Ref before = of.ref(), after = smooth.ref();
  const std::vector<bool> known = reachable(of.graph(), std::span(&before, 1));
  const std::vector<bool> read = reachable(smooth.graph(), std::span(&after, 1));
  const WorkspaceScope scope(of.workspace());
  for (NodeId id = 0; id < read.size(); ++id) {
    if (!read[id] || (id < known.size() && known[id])) continue;
    const Graph& graph = smooth.graph();
    const OperatorInfo& info = graph.info(id);
    if (info.family == Family::leaf) continue;
    if (graph.code(id) >= builtin_count) return false;  // nothing is known of a user's own operator
    const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
    std::vector<Expr> x;
    for (const Ref r : graph.operands(id)) x.emplace_back(smooth.workspace(), r);
    if (!domain_condition(graph.code(id), attributes, x).empty()) return false;
  }
  return true;
}

Problem around_the_set(const Problem& problem, const Expr& by) {
  Problem around;
  around.workspace = problem.workspace;
  around.dimensions = problem.dimensions;
  around.givens = problem.givens;
  for (Given& g : around.givens)
    if (same(g.variable, by)) g.set = Set{.kind = Set::Kind::entries, .entries = {}, .shape = g.set.shape};
  for (const Statement& h : problem.hypotheses)
    if (!mentions(h, by)) around.hypotheses.push_back(h);
  return around;
}

}  // namespace nabla
