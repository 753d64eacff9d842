#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/record/build.hpp>

namespace nabla {

namespace {

bool is_node(const Expr& e) { return !e.empty() && e.ref().is_node(); }

}  // namespace

std::vector<Expr> substitute(std::span<const Expr> expressions, const Replacements& replacements) {
  std::vector<Expr> result(expressions.begin(), expressions.end());
  NodeId first = Ref::limit;
  for (const auto& [from, to] : replacements)
    if (is_node(from)) first = std::min(first, from.ref().id());
  NodeId last = 0;
  std::shared_ptr<Workspace> workspace;
  for (const Expr& e : expressions) {
    if (!is_node(e) || e.ref().id() < first) continue;
    last = std::max(last, e.ref().id());
    workspace = e.workspace();
  }
  if (!workspace) return result;
  Graph& graph = workspace->graph();
  std::vector<bool> needed(last - first + 1, false);
  std::vector<Ref> moved(last - first + 1);  // empty: unchanged
  for (const Expr& e : expressions)
    if (is_node(e) && e.ref().id() >= first) needed[e.ref().id() - first] = true;
  for (NodeId id = last + 1; id-- > first;) {
    if (!needed[id - first]) continue;
    for (const Ref r : graph.operands(id))
      if (r.is_node() && r.id() >= first) needed[r.id() - first] = true;
  }
  for (const auto& [from, to] : replacements) {
    if (!is_node(from) || from.ref().id() > last) continue;
    moved[from.ref().id() - first] = to.workspace() == workspace ? to.ref() : graph.constant(*to.constant());
    needed[from.ref().id() - first] = false;  // it has its value
  }
  const std::uint32_t origin = graph.current_origin();
  std::vector<Ref> operands;
  for (NodeId id = first; id <= last; ++id) {
    if (!needed[id - first]) continue;
    bool changed = false;
    operands.clear();
    for (const Ref r : graph.operands(id)) {
      const bool replaced = r.is_node() && r.id() >= first && !moved[r.id() - first].empty();
      operands.push_back(replaced ? moved[r.id() - first] : r);
      changed = changed || replaced;
    }
    if (!changed) continue;
    const Attributes own = graph.attributes(id);
    const std::vector<std::int64_t> attributes(own.begin(), own.end());
    graph.set_origin(graph.origin_id(id));
    moved[id - first] = build(*workspace, graph.code(id), operands, attributes);
  }
  graph.set_origin(origin);
  for (Expr& e : result)
    if (is_node(e) && e.ref().id() >= first && !moved[e.ref().id() - first].empty())
      e = Expr(workspace, moved[e.ref().id() - first]);
  return result;
}

Expr substitute(const Expr& expression, const Replacements& replacements) {
  return substitute(std::span<const Expr>(&expression, 1), replacements)[0];
}

bool depends_on(const Expr& expression, const Expr& node) {
  if (!is_node(expression) || !is_node(node) || expression.ref().id() < node.ref().id()) return false;
  const Graph& graph = expression.graph();
  const NodeId first = node.ref().id();
  const NodeId last = expression.ref().id();
  std::vector<bool> needed(last - first + 1, false);
  needed[last - first] = true;
  for (NodeId id = last + 1; id-- > first;) {
    if (!needed[id - first]) continue;
    for (const Ref r : graph.operands(id))
      if (r.is_node() && r.id() >= first) needed[r.id() - first] = true;
  }
  return needed[0];
}

}  // namespace nabla
