#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/terms.hpp>
#include <set>

namespace nabla::curvature {

namespace {

Expr at(const Expr& like, Ref ref) { return {like.workspace(), ref}; }

/// Reduces all entries to a scalar.
bool reduces_all(const Graph& graph, NodeId id) {
  return (graph.is(id, opcode<Sum>) || graph.is(id, opcode<Mean>)) && graph.shape(id).is_scalar();
}

/// The entries whose sum a node is, as functions of the same entry of x; empty when it is no such sum.
Expr summands(const Expr& node, const Expr& x, const Composition& rules) {
  const Graph& graph = node.graph();
  const NodeId id = node.ref().id();
  const auto operands = graph.operands(id);
  const std::int64_t size = x.shape().size();
  Expr inside;
  if (reduces_all(graph, id)) {
    inside = at(node, operands[0]);
    if (graph.is(id, opcode<Mean>)) inside = inside / Expr(size);
  } else if (graph.is(id, opcode<Dot>) && operands[0] == operands[1]) {
    inside = powi(at(node, operands[0]), 2);
  } else if (graph.is(id, opcode<PowI>) && graph.attributes(id)[0] == 2 && operands[0].is_node() &&
             graph.is(operands[0].id(), opcode<Norm>) && graph.shape(operands[0]).is_scalar()) {
    inside = powi(at(node, graph.operands(operands[0].id())[0]), 2);
  } else if (graph.is(id, opcode<SquaredError>)) {
    inside = powi(at(node, operands[0]) - at(node, operands[1]), 2) / Expr(2);
  } else if (graph.shape(id).is_scalar() && x.shape().is_scalar()) {
    inside = node;
  }
  if (inside.empty() || inside.shape() != x.shape()) return {};
  // Elementwise operators of x and of what does not move, all of x's shape or scalars.
  std::set<NodeId> waiting{inside.ref().id()};
  const Graph& now = inside.graph();
  while (!waiting.empty()) {
    const NodeId next = *waiting.rbegin();
    waiting.erase(next);
    if (Ref::node(next) == x.ref()) continue;
    const bool fresh = next >= rules.visited().size();
    if (!fresh && !rules.depends(Ref::node(next))) continue;
    if (now.info(next).family != Family::elementwise) return {};
    for (const Ref r : now.operands(next))
      if (r.is_node() && now.as_constant(r) == nullptr) waiting.insert(r.id());
  }
  return inside;
}

}  // namespace

std::vector<Term> terms_of(const Expr& e, const Composition& rules) {
  std::vector<Term> result, waiting{{Expr(1), e}};
  const Graph& graph = e.graph();
  while (!waiting.empty()) {
    const Term term = std::move(waiting.back());
    waiting.pop_back();
    if (!term.node.ref().is_node() || !rules.depends(term.node.ref())) continue;
    const NodeId id = term.node.ref().id();
    const std::vector<Ref> x(graph.operands(id).begin(), graph.operands(id).end());
    const auto push = [&](const Expr& factor, Ref r) { waiting.push_back({factor, at(e, r)}); };
    switch (graph.code(id)) {
      case opcode<Add>:
        push(term.factor, x[1]);
        push(term.factor, x[0]);
        continue;
      case opcode<Sub>:
        push(-term.factor, x[1]);
        push(term.factor, x[0]);
        continue;
      case opcode<Neg>:
        push(-term.factor, x[0]);
        continue;
      case opcode<Mul>:
        for (const std::size_t k : {std::size_t{0}, std::size_t{1}})
          if (!rules.depends(x[k])) {
            push(term.factor * at(e, x[k]), x[1 - k]);
            break;
          }
        if (!rules.depends(x[0]) || !rules.depends(x[1])) continue;
        break;
      case opcode<Div>:
        if (rules.depends(x[1])) break;
        push(term.factor / at(e, x[1]), x[0]);
        continue;
      default:
        break;
    }
    result.push_back(term);
  }
  return result;
}

Separated separated(const std::vector<Term>& terms, const std::vector<Expr>& over, const Composition& rules) {
  Separated s;
  s.separable.resize(over.size());
  for (const Term& term : terms) {
    bool placed = false;
    for (std::size_t k = 0; k < over.size() && !placed; ++k) {
      const Expr entries = summands(term.node, over[k], rules);
      if (entries.empty()) continue;
      const Expr scaled = term.factor * entries;
      s.separable[k] = s.separable[k].empty() ? scaled : s.separable[k] + scaled;
      placed = true;
    }
    if (!placed) s.rest.push_back(term);
  }
  return s;
}

Expr without_norms(const Expr& e) {
  if (!e.ref().is_node()) return e;
  const Ref targets[] = {e.ref()};
  const auto needed = reachable(e.graph(), targets);
  Replacements replacements;
  for (NodeId id = 0; id < needed.size(); ++id) {
    const Graph& graph = e.graph();
    if (!needed[id] || !graph.is(id, opcode<PowI>)) continue;
    const std::int64_t n = graph.attributes(id)[0];
    const Ref base = graph.operands(id)[0];
    if (n <= 0 || n % 2 != 0 || !base.is_node() || !graph.is(base.id(), opcode<Norm>)) continue;
    if (!graph.shape(base).is_scalar()) continue;
    const Expr squares = powi(at(e, graph.operands(base.id())[0]), 2);
    const Expr total = squares.shape().is_scalar() ? squares : sum(squares);
    replacements.emplace_back(at(e, Ref::node(id)), n == 2 ? total : powi(total, n / 2));
  }
  return replacements.empty() ? e : substitute(e, replacements);
}

Expr half_square(const Expr& factor, const Expr& x) { return factor / Expr(2) * powi(x, 2); }

}  // namespace nabla::curvature
