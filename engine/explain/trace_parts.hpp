#pragma once

#include <nabla/engine/explain/trace.hpp>
#include <unordered_map>

/// What explain() is made of besides the sweep.
namespace nabla {

/// The nodes that the first output depends on, named and in the order of evaluation, without numbers and formulas.
struct TraceNodes {
  std::vector<TraceNode> nodes;
  std::vector<Ref> refs;  ///< of each node, in the function's graph
  std::unordered_map<NodeId, std::size_t> places;
  std::vector<std::size_t> inputs;  ///< the variables among them
};
TraceNodes read_trace_nodes(const Function& f);

/// The V-shaped error of central differences: truncation for large h, cancellation for small h.
/// \param trace  with its numbers; differences are compared with its derivatives
std::vector<TraceDifference> central_differences(const Function& f, std::span<const Expr> at,
                                                 const EvaluationTrace& trace,
                                                 const std::unordered_map<NodeId, std::size_t>& places,
                                                 std::size_t most_inputs);

}  // namespace nabla
