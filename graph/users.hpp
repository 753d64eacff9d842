#pragma once

#include <nabla/graph/arena.hpp>
#include <span>
#include <vector>

namespace nabla {

/// One use of a node: `user` reads it as its operand number `slot`.
struct Use {
  NodeId user = 0;
  std::uint32_t slot = 0;
  friend bool operator==(const Use&, const Use&) = default;
};

/// Who uses a node. The arena stores operands only; this is the other direction, built in one linear pass over the
/// first `size()` nodes and not updated when the graph grows. x * x uses x twice. Constants are nobody's node.
class UsersIndex {
 public:
  explicit UsersIndex(const Graph& graph);

  /// Nodes that the graph had when the index was built.
  std::size_t size() const { return first_.size() - 1; }
  /// Uses of all nodes together: the edges of the graph.
  std::size_t use_count() const { return uses_.size(); }
  /// Ordered by user, then slot. \pre id < size()
  std::span<const Use> users(NodeId id) const {
    return {uses_.data() + first_[id], uses_.data() + first_[id + std::size_t{1}]};
  }

 private:
  std::vector<std::size_t> first_;  // where the uses of each node begin; one more than nodes
  std::vector<Use> uses_;
};

}  // namespace nabla
