#pragma once

#include <memory>
#include <nabla/graph/arena.hpp>
#include <unordered_map>
#include <vector>

namespace nabla {

class CustomPlan;

/// Which nodes a run visits and where their values stand in one flat array; the same for every kind of number.
class Plan {
 public:
  /// \param keep_all  keep every value (needed to sweep back); otherwise the place of a value that no later node reads
  ///                  is used again
  Plan(std::shared_ptr<const Graph> graph, std::span<const Ref> outputs, bool keep_all = true);

  const Graph& graph() const { return *graph_; }
  /// Visited nodes, in order.
  std::span<const NodeId> nodes() const { return nodes_; }
  std::span<const Ref> outputs() const { return outputs_; }
  /// The node, or an empty reference when no output depends on it.
  Ref find(NodeId id) const;
  /// First entry of a visited node's value.
  std::size_t offset(NodeId id) const { return offsets_[id]; }
  /// First entry after the nodes': the constants', one each.
  std::size_t constants_offset() const { return constants_offset_; }
  std::size_t offset(Ref ref) const { return ref.is_node() ? offset(ref.id()) : constants_offset_ + ref.index(); }
  /// Entries in all.
  std::size_t size() const { return constants_offset_ + graph_->constant_count(); }
  bool keeps_all() const { return keeps_all_; }

  /// The users' own operators among the visited nodes: what computes them.
  std::span<const CustomPlan* const> customs() const { return customs_; }
  /// The place in customs() of a visited node's operator. \pre its operator is not built in
  std::size_t custom(NodeId id) const { return custom_of_.at(id); }

 private:
  void lay_out();
  std::shared_ptr<const Graph> graph_;
  std::vector<Ref> outputs_;
  std::vector<NodeId> nodes_;
  std::vector<std::size_t> offsets_;
  std::vector<const CustomPlan*> customs_;
  std::unordered_map<NodeId, std::size_t> custom_of_;
  std::size_t constants_offset_ = 0;
  bool keeps_all_;
};

/// Marks every node that the outputs depend on. One flag per node up to the largest output.
std::vector<bool> reachable(const Graph& graph, std::span<const Ref> outputs);

}  // namespace nabla
