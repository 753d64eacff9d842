#pragma once

#include <memory>
#include <nabla/graph/arena.hpp>
#include <unordered_map>

namespace nabla {

/// A graph in which equal nodes are made once (hash consing): where symbolic expressions live.
class Workspace {
 public:
  Workspace() = default;

  Graph& graph() { return graph_; }
  const Graph& graph() const { return graph_; }

  /// The node for this operation on these operands: an existing one when there is an equal one. \throws ShapeError
  Ref node(Opcode code, std::span<const Ref> operands, Attributes attributes = {});
  /// A Literal node of this value and shape, once.
  Ref literal(const Constant& value, const Shape& shape);

  /// Whether the node's value depends on a condition (a comparison, a choice), so that it may be exactly zero because a
  /// branch was not taken.
  bool hangs_on_condition(NodeId id);

  /// The workspace that new variables and constants of this thread go to. When no expression refers to the last one
  /// any more a fresh one takes its place, so that memory is not kept between runs.
  static std::shared_ptr<Workspace> current();

 private:
  friend class WorkspaceScope;
  struct Key {
    Opcode code;
    std::vector<std::uint32_t> operands;
    std::vector<std::int64_t> attributes;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const;
  };
  Graph graph_;
  std::unordered_map<Key, NodeId, Hash> nodes_;
  std::vector<bool> conditional_;  // as far as it was asked for
};

/// Makes a workspace the current one of this thread for a scope.
class WorkspaceScope {
 public:
  explicit WorkspaceScope(std::shared_ptr<Workspace> workspace);
  ~WorkspaceScope();
  WorkspaceScope(const WorkspaceScope&) = delete;
  WorkspaceScope& operator=(const WorkspaceScope&) = delete;

 private:
  std::shared_ptr<Workspace> before_;
};

}  // namespace nabla
