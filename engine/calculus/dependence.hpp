#pragma once

#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/record/expr.hpp>

namespace nabla {

/// Which nodes of an expression depend on a variable.
class Dependents {
 public:
  Dependents(const Expr& e, const Expr& variable) {
    if (!e.ref().is_node()) return;
    const Graph& graph = e.graph();
    const Ref target = e.ref();
    const std::vector<bool> needed = reachable(graph, {&target, 1});
    moves_.resize(needed.size(), false);
    for (NodeId id = variable.ref().id(); id < needed.size(); ++id) {
      if (!needed[id]) continue;
      bool moves = id == variable.ref().id();
      for (const Ref r : graph.operands(id)) moves = moves || (*this)(r);
      moves_[id] = moves;
      if (moves) nodes_.push_back(id);
    }
  }
  bool operator()(Ref r) const { return r.is_node() && r.id() < moves_.size() && moves_[r.id()]; }
  bool operator()(const Expr& e) const { return (*this)(e.ref()); }
  /// Those that depend on it, in order.
  const std::vector<NodeId>& nodes() const { return nodes_; }

 private:
  std::vector<bool> moves_;
  std::vector<NodeId> nodes_;
};

}  // namespace nabla
