#include <nabla/graph/compact.hpp>
#include <nabla/graph/origin_map.hpp>

namespace nabla {

std::vector<bool> reached_from(const Graph& graph, std::span<const NodeId> outputs) {
  std::vector<bool> reached(graph.size(), false);
  for (const NodeId id : outputs) {
    if (id >= graph.size())
      throw std::out_of_range("output " + std::to_string(id) + " is not a node: the graph has " +
                              std::to_string(graph.size()));
    reached[id] = true;
  }
  for (auto id = static_cast<NodeId>(graph.size()); id-- > 0;) {
    if (!reached[id]) continue;
    for (const Ref r : graph.operands(id))
      if (r.is_node()) reached[r.id()] = true;
  }
  return reached;
}

Compaction compact(const Graph& graph, std::span<const NodeId> outputs, KeepVariables keep) {
  std::vector<bool> kept = reached_from(graph, outputs);
  if (keep == KeepVariables::yes)
    for (const NodeId id : graph.variables()) kept[id] = true;

  Compaction result;
  result.new_ids.assign(graph.size(), Compaction::dropped);
  OriginMap origins(graph, result.graph);
  std::vector<Ref> operands;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!kept[id]) continue;
    origins.follow(id);

    NodeId& made = result.new_ids[id];
    if (graph.is(id, opcode<Variable>)) {
      made = result.graph.add_variable(graph.variable_name(id), graph.shape(id));
    } else if (graph.is(id, opcode<Literal>)) {
      made = result.graph.add_literal(*graph.as_constant(Ref::node(id)), graph.shape(id));
    } else {
      operands.clear();
      for (const Ref r : graph.operands(id))
        operands.push_back(r.is_node() ? Ref::node(result.new_ids[r.id()])
                                       : result.graph.constant(graph.constant_at(r.index())));
      made = result.graph.add(graph.code(id), operands, graph.attributes(id));
    }
  }
  result.graph.set_origin(0);
  return result;
}

}  // namespace nabla
