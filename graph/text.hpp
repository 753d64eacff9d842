#pragma once

#include <iosfwd>
#include <nabla/graph/saved_node.hpp>

/// The text form of a graph: for eyes, for diffs, and read back exactly.
///
///   nabla graph 1
///   %0 = variable "x" : [3]
///   %1 = powi %0 {2} : [3]
///   %2 = mul 1/3, %1 : [3]
///   %3 = literal 0x1.8p+1 @ "model.cpp":12:7
///
/// The first line names the form and its version. Then one line a node, in id order: operands are earlier nodes (%k) or
/// constants (exact_text), integer attributes stand in braces, a shape follows a colon (none: a scalar), an origin
/// follows an @. Operators go by their registered names. `#` begins a comment, blank lines do not count. In quotes,
/// `\"`,
/// `\\` and `\xHH` stand for a quote, a backslash and a byte.
namespace nabla {

struct TextOptions {
  /// Write where the nodes came from.
  bool origins = false;
};

void write_text(std::ostream& out, const Graph& graph, const TextOptions& options = {});
std::string to_text(const Graph& graph, const TextOptions& options = {});

/// The graph of a text: equal(graph_from_text(to_text(g)), g). \throws GraphFormatError with line and column (in bytes)
Graph graph_from_text(std::string_view text);

}  // namespace nabla
