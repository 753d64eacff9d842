#pragma once

#include <iosfwd>
#include <nabla/graph/saved_node.hpp>

/// The JSON form of a graph, for other programs, read back exactly.
///
///   {"schema": "nabla.graph/1", "nodes": [
///     {"op": "variable", "name": "x", "shape": [3]},
///     {"op": "powi", "operands": [0], "attributes": [2], "shape": [3]},
///     {"op": "mul", "operands": ["1/3", 1], "shape": [3]},
///     {"op": "literal", "value": "0x1.8p+1", "origin": {"file": "model.cpp", "line": 12, "column": 7}}]}
///
/// A node's id is its place in "nodes". An operand that is a number is an earlier node, one that is a string a constant
/// (exact_text). "operands", "attributes" and "shape" are absent when empty.
namespace nabla {

struct JsonOptions {
  /// Write where the nodes came from.
  bool origins = false;
};

/// \throws std::invalid_argument for a name that is not UTF-8, which JSON cannot hold.
void write_json(std::ostream& out, const Graph& graph, const JsonOptions& options = {});
std::string to_json(const Graph& graph, const JsonOptions& options = {});

/// The graph of a document: equal(graph_from_json(to_json(g)), g). Fields it does not know are errors.
/// \throws GraphFormatError with line and column for text that is no JSON, with the path ("nodes[3].operands[0]") for
/// JSON that is no graph.
Graph graph_from_json(std::string_view text);

}  // namespace nabla
