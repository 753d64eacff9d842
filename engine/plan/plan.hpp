#pragma once

#include <memory>
#include <nabla/graph/arena.hpp>
#include <vector>

namespace nabla {

/// Which nodes a run visits and where their values stand in one flat array; the same for every kind of number.
/// Users' own operators are replaced by their definitions first, so `graph()` may be another graph than the one given.
class Plan {
 public:
  /// \param keep_all  keep every value (needed to sweep back); otherwise the place of a value that no later node reads
  ///                  is used again
  Plan(std::shared_ptr<const Graph> graph, std::span<const Ref> outputs, bool keep_all = true);

  const Graph& graph() const { return *graph_; }
  /// Visited nodes, in order.
  std::span<const NodeId> nodes() const { return nodes_; }
  /// Where the outputs given are in graph().
  std::span<const Ref> outputs() const { return outputs_; }
  /// A node of the graph given, in graph(); empty when no output depends on it.
  Ref find(NodeId given) const;
  /// First entry of a visited node's value.
  std::size_t offset(NodeId id) const { return offsets_[id]; }
  /// First entry after the nodes': the constants', one each.
  std::size_t constants_offset() const { return constants_offset_; }
  std::size_t offset(Ref ref) const { return ref.is_node() ? offset(ref.id()) : constants_offset_ + ref.index(); }
  /// Entries in all.
  std::size_t size() const { return constants_offset_ + graph_->constant_count(); }
  bool keeps_all() const { return keeps_all_; }

 private:
  void lay_out();
  std::shared_ptr<const Graph> graph_;
  std::vector<Ref> outputs_;
  std::vector<Ref> moved_;  // empty: nodes are where they were
  std::vector<NodeId> nodes_;
  std::vector<std::size_t> offsets_;
  std::size_t constants_offset_ = 0;
  bool keeps_all_;
};

/// Whether a node that `outputs` depend on is a user's own operator.
bool has_custom_operator(const Graph& graph, std::span<const Ref> outputs);

/// Marks every node that the outputs depend on. One flag per node up to the largest output.
std::vector<bool> reachable(const Graph& graph, std::span<const Ref> outputs);

}  // namespace nabla
