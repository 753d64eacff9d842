#pragma once

#include <functional>
#include <iosfwd>
#include <nabla/graph/arena.hpp>
#include <span>

/// Pictures of a graph in the language of Graphviz, left to right, in the direction of the data.
namespace nabla {

/// What a node shows. Any text in UTF-8; a newline begins a new line. What the label knows (values, adjoints) is the
/// caller's business.
using NodeLabel = std::function<std::string(const Graph&, NodeId)>;

struct GraphvizOptions {
  /// Empty: default_label.
  NodeLabel label{};
  /// Drawn with a double border. Where there are any, only what they depend on is drawn; else everything is.
  std::span<const NodeId> outputs{};
  /// A picture of more nodes than this ends with a node that says how many were left out; `dot` takes minutes for
  /// thousands.
  std::size_t most_nodes = 2000;
};

/// A variable by its name; an operator by its symbol or name, with constant operands and attributes in their places
/// and `_` for each node ("1/3 * _", "_ ^ 2", "max(_, 0)"), or alone when it has nothing but nodes ("+", "exp"). A
/// shape that is not a scalar stands on a second line.
std::string default_label(const Graph& graph, NodeId id);

/// One vertex a node and one edge an operand that is a node, from the operand to the node; parallel edges stay. Where
/// the order of operands matters and there are several, the head of each edge carries its slot.
/// \throws std::out_of_range when an output is not a node
void write_graphviz(std::ostream& out, const Graph& graph, const GraphvizOptions& options = {});
std::string to_graphviz(const Graph& graph, const GraphvizOptions& options = {});

}  // namespace nabla
