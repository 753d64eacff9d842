#pragma once

#include <limits>
#include <nabla/graph/arena.hpp>
#include <span>
#include <vector>

namespace nabla {

/// A part of a graph as a graph of its own.
struct Compaction {
  /// In `new_ids`, for a node that was left out.
  static constexpr NodeId dropped = std::numeric_limits<NodeId>::max();
  Graph graph;
  /// For each node of the old graph its id in the new one. Kept nodes keep their order, so operands stay smaller.
  std::vector<NodeId> new_ids;
};

enum class KeepVariables : bool { no, yes };

/// The nodes that the outputs depend on, the outputs among them; with KeepVariables::yes every input as well, so that a
/// function keeps its signature. Operators, attributes, shapes and origins are kept; constants keep their values, not
/// their places in the table. Linear in the size of the graph, without recursion.
/// \throws std::out_of_range when an output is not a node of the graph.
Compaction compact(const Graph& graph, std::span<const NodeId> outputs, KeepVariables keep = KeepVariables::no);

/// For each node whether an output depends on it. \throws std::out_of_range
std::vector<bool> reached_from(const Graph& graph, std::span<const NodeId> outputs);

}  // namespace nabla
