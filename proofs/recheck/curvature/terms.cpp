#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/recheck/curvature/convex.hpp>

namespace nabla::bending {

namespace {

Expr node(const Expr& like, Ref ref) { return {like.workspace(), ref}; }

bool moves(const Marks& marks, Ref r) { return r.is_node() && !has(marks.of(r), still); }

/// Whether e, of x's shape, is made of x and of what does not move by elementwise operators alone.
bool is_entrywise(const Expr& e, const Expr& x, const Marks& marks) {
  if (e.shape() != x.shape()) return false;
  const Graph& graph = e.graph();
  std::vector<NodeId> waiting{e.ref().id()};
  std::vector<bool> seen(graph.size(), false);
  while (!waiting.empty()) {
    const NodeId id = waiting.back();
    waiting.pop_back();
    if (seen[id] || Ref::node(id) == x.ref()) continue;
    seen[id] = true;
    if (id < marks.visited().size() && marks.visited()[id] && !moves(marks, Ref::node(id))) continue;
    if (graph.info(id).family != Family::elementwise) return false;
    for (const Ref r : graph.operands(id))
      if (r.is_node() && graph.as_constant(r) == nullptr) waiting.push_back(r.id());
  }
  return true;
}

/// The entries whose sum a term is.
Expr opened_up(const Expr& term, const Expr& x) {
  const Graph& graph = term.graph();
  const NodeId id = term.ref().id();
  const std::string name = graph.info(id).name;
  const std::vector<Ref> operands(graph.operands(id).begin(), graph.operands(id).end());
  if (!graph.shape(id).is_scalar()) return {};
  if (name == "sum") return node(term, operands[0]);
  if (name == "mean") return node(term, operands[0]) / Expr(x.shape().size());
  if (name == "dot" && operands[0] == operands[1]) return powi(node(term, operands[0]), 2);
  if (name == "powi" && graph.attributes(id)[0] == 2 && operands[0].is_node() &&
      graph.info(operands[0].id()).name == "norm" && graph.shape(operands[0]).is_scalar())
    return powi(node(term, graph.operands(operands[0].id())[0]), 2);
  if (name == "squared_error") return powi(node(term, operands[0]) - node(term, operands[1]), 2) / Expr(2);
  return x.shape().is_scalar() ? term : Expr();
}

}  // namespace

std::vector<Summand> summands_of(const Expr& e, const Marks& marks) {
  std::vector<Summand> result, waiting{{Expr(1), e}};
  while (!waiting.empty()) {
    const Summand s = waiting.back();
    waiting.pop_back();
    if (!moves(marks, s.node.ref())) continue;
    const Graph& graph = e.graph();
    const NodeId id = s.node.ref().id();
    const std::string name = graph.info(id).name;
    const std::vector<Ref> x(graph.operands(id).begin(), graph.operands(id).end());
    if (name == "add" || name == "sub") {
      waiting.push_back({name == "add" ? s.factor : -s.factor, node(e, x[1])});
      waiting.push_back({s.factor, node(e, x[0])});
    } else if (name == "neg") {
      waiting.push_back({-s.factor, node(e, x[0])});
    } else if (name == "mul" && !moves(marks, x[0])) {
      waiting.push_back({s.factor * node(e, x[0]), node(e, x[1])});
    } else if (name == "mul" && !moves(marks, x[1])) {
      waiting.push_back({s.factor * node(e, x[1]), node(e, x[0])});
    } else if (name == "div" && !moves(marks, x[1])) {
      waiting.push_back({s.factor / node(e, x[1]), node(e, x[0])});
    } else {
      result.push_back(s);
    }
  }
  return result;
}

std::vector<Expr> entrywise_parts(const std::vector<Summand>& terms, const std::vector<Expr>& over, const Marks& marks,
                                  std::vector<Summand>& rest) {
  std::vector<Expr> parts(over.size());
  for (const Summand& term : terms) {
    bool placed = false;
    for (std::size_t k = 0; k < over.size() && !placed; ++k) {
      const Expr entries = opened_up(term.node, over[k]);
      if (entries.empty() || !entries.ref().is_node() || !is_entrywise(entries, over[k], marks)) continue;
      const Expr scaled = term.factor * entries;
      parts[k] = parts[k].empty() ? scaled : parts[k] + scaled;
      placed = true;
    }
    if (!placed) rest.push_back(term);
  }
  return parts;
}

Expr norms_written_out(const Expr& e) {
  if (!e.ref().is_node()) return e;
  const Ref targets[] = {e.ref()};
  const auto needed = reachable(e.graph(), targets);
  Replacements replacements;
  for (NodeId id = 0; id < needed.size(); ++id) {
    const Graph& graph = e.graph();
    if (!needed[id] || graph.info(id).name != "powi") continue;
    const std::int64_t n = graph.attributes(id)[0];
    const Ref base = graph.operands(id)[0];
    if (n <= 0 || n % 2 != 0 || !base.is_node() || graph.info(base.id()).name != "norm" ||
        !graph.shape(base).is_scalar())
      continue;
    const Expr squares = powi(node(e, graph.operands(base.id())[0]), 2);
    const Expr total = squares.shape().is_scalar() ? squares : sum(squares);
    replacements.emplace_back(node(e, Ref::node(id)), n == 2 ? total : powi(total, n / 2));
  }
  return replacements.empty() ? e : substitute(e, replacements);
}

}  // namespace nabla::bending
