#include <algorithm>
#include <nabla/graph/equal.hpp>

namespace nabla {

bool equal(const Graph& a, const Graph& b) {
  if (a.size() != b.size()) return false;
  const auto same_operand = [&](Ref x, Ref y) {
    if (x.is_node() || y.is_node()) return x == y;
    return a.constant_at(x.index()) == b.constant_at(y.index());
  };
  for (NodeId id = 0; id < a.size(); ++id) {
    if (a.code(id) != b.code(id) || a.shape(id) != b.shape(id)) return false;
    if (!std::ranges::equal(a.operands(id), b.operands(id), same_operand)) return false;
    if (!std::ranges::equal(a.attributes(id), b.attributes(id))) return false;
    if (a.is(id, opcode<Variable>) && a.variable_name(id) != b.variable_name(id)) return false;
    if (a.is(id, opcode<Literal>) && !(*a.as_constant(Ref::node(id)) == *b.as_constant(Ref::node(id)))) return false;
  }
  return true;
}

}  // namespace nabla
