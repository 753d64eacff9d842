#pragma once

#include <functional>
#include <nabla/engine/explain/trace.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <unordered_map>

/// What explain() is made of besides the sweep.
namespace nabla {

inline bool is_operation(const TraceNode& n) { return n.op != "variable" && n.op != "constant"; }

/// What the author of a recorded program calls things.
struct TraceLabels {
  std::unordered_map<NodeId, std::string> names;      ///< of values
  std::unordered_map<NodeId, std::string> functions;  ///< that operations belong to
};

/// The nodes that the first output depends on, named and in the order of evaluation, without numbers and formulas.
struct TraceNodes {
  std::vector<TraceNode> nodes;
  std::vector<Ref> refs;  ///< of each node, in the function's graph
  std::unordered_map<NodeId, std::size_t> places;
  std::vector<std::size_t> inputs;  ///< the variables among them
  std::vector<bool> is_named;       ///< by its author; all of `nodes`
};
TraceNodes read_trace_nodes(const Function& f, const TraceLabels& labels);

/// The inputs at the precision in force.
std::vector<Entries<Ball>> trace_inputs(std::span<const Expr> at);

/// Computes with guard digits, and again with more as long as a digit that `write` puts down is uncertain. A value that
/// is zero by cancellation has no certain digit: the precision rises 16-fold at most.
/// \param write  computes at the precision in force; whether every digit was certain
void with_certain_digits(int digits, const std::function<bool()>& write);

/// Writes the texts of one value; false when a digit is not certain.
bool write_decimals(std::span<const Ball> value, const std::vector<int>& digits, DecimalTexts& texts);

/// Kinks met by a run, at the places of nodes in the trace.
std::vector<TraceKink> trace_kinks(const Function& f, std::span<const Entries<Ball>> inputs,
                                   const std::unordered_map<NodeId, std::size_t>& places);

/// Operations that follow each other, shown as one node: places in TraceNodes::nodes, rising; leaves are in none.
using TraceScope = std::vector<std::size_t>;
/// Cuts the operations into a few scopes (see ExplainOptions::most_nodes).
std::vector<TraceScope> cut_into_scopes(const TraceNodes& read, const TraceLabels& labels);

/// The trace with the scopes as nodes; in reverse mode.
/// \param trace  with digits and source; gets nodes, steps, kinks. \return places of nodes of the graph in the trace
std::unordered_map<NodeId, std::size_t> explain_scopes(const Function& f, std::span<const Expr> at,
                                                       const TraceNodes& read, const TraceLabels& labels,
                                                       EvaluationTrace& trace);

/// The lines that nodes come from, read from the files that their origins name. A file that is not there has none, and
/// lines far beyond the first are left out.
std::vector<TraceSource> trace_sources(const std::vector<TraceNode>& nodes);

/// The V-shaped error of central differences: truncation for large h, cancellation for small h. Of long computations
/// fewer steps and inputs.
/// \param trace  with its numbers; differences are compared with its derivatives
std::vector<TraceDifference> central_differences(const Function& f, std::span<const Expr> at,
                                                 const EvaluationTrace& trace,
                                                 const std::unordered_map<NodeId, std::size_t>& places,
                                                 std::size_t most_inputs);

}  // namespace nabla
