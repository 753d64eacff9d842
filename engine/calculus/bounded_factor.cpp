#include <algorithm>
#include <cmath>
#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/calculus/bounded_factor.hpp>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>

namespace nabla {

namespace {

/// Whether every operator has a value for all h but finitely many, whatever the other variables are.
bool has_values(const Expr& e, const Expr& h) {
  if (!e.ref().is_node()) return true;
  const std::shared_ptr<Workspace> workspace = e.workspace();
  const Graph& graph = workspace->graph();
  const Ref target = e.ref();
  const WorkspaceScope scope(workspace);
  const std::vector<bool> needed = reachable(graph, {&target, 1});
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || graph.is(id, opcode<Variable>) || graph.is(id, opcode<Literal>)) continue;
    if (graph.code(id) >= builtin_count || graph.info(id).family != Family::elementwise) return false;
    if (graph.is(id, opcode<Div>)) {
      const auto below = polynomial_in(Expr(workspace, graph.operands(id)[1]), h);
      const bool vanishes_seldom = below && std::ranges::any_of(*below, [](const Expr& c) {
                                     return !c.empty() && c.constant() != nullptr && !c.is(0);
                                   });
      if (!vanishes_seldom) return false;
      continue;
    }
    std::vector<Expr> operands;
    for (const Ref r : graph.operands(id)) operands.emplace_back(workspace, r);
    const Expr domain = domain_condition(graph.code(id), graph.attributes(id), operands);
    if (!domain.empty() && !domain.is(1)) return false;
  }
  return true;
}

bool is_bounded(const Expr& e) {
  if (!e.ref().is_node() || e.graph().code(e.ref().id()) >= builtin_count) return false;
  const OperatorInfo& info = e.graph().info(e.ref().id());
  const Reals& range = info.facts.range;
  return info.family == Family::elementwise && info.arity == 1 && std::isfinite(range.lo) && std::isfinite(range.hi);
}

}  // namespace

std::optional<Expr> beside_bounded_factors(const Expr& product, const Expr& h) {
  if (!product.shape().is_scalar() || !has_values(product, h)) return std::nullopt;
  const std::shared_ptr<Workspace> workspace = product.workspace();
  const WorkspaceScope scope(workspace);
  Expr rest(1), below(1);
  bool found = false;
  std::vector<Expr> open{product};
  while (!open.empty()) {
    const Expr e = open.back();
    open.pop_back();
    if (depends_on(e, h) && is_bounded(e)) {
      found = true;
      continue;
    }
    const Graph& graph = workspace->graph();
    const bool node = e.ref().is_node();
    const auto is = [&](Opcode code) { return node && graph.is(e.ref().id(), code); };
    if (is(opcode<Mul>) || is(opcode<Neg>)) {
      for (const Ref r : graph.operands(e.ref().id())) open.emplace_back(workspace, r);
    } else if (is(opcode<Div>)) {
      const Ref above = graph.operands(e.ref().id())[0], divisor = graph.operands(e.ref().id())[1];
      open.emplace_back(workspace, above);
      below = below * Expr(workspace, divisor);
    } else if ((is(opcode<PowI>) || is(opcode<Square>)) &&
               is_bounded(Expr(workspace, graph.operands(e.ref().id())[0])) && depends_on(e, h)) {
      found = true;  // a nonnegative power, as it has values
    } else {
      rest = rest * e;
    }
  }
  if (!found) return std::nullopt;
  return below.is(1) ? rest : rest / below;
}

}  // namespace nabla
