#include <algorithm>
#include <nabla/proofs/check/curvature/rules.hpp>

/// What is linear in the variables, and which matrices are semidefinite.
namespace nabla::curvature {

/// Sums, multiples and rearrangements of the variables, and what is 0.
bool Composition::is_linear(NodeId id) const {
  if (const Constant* c = graph_.as_constant(Ref::node(id))) return c->is(0);
  if (graph_.info(id).family == Family::leaf) return std::ranges::find(over_, id) != over_.end();
  const auto x = graph_.operands(id);
  const auto linear = [&](Ref r) {
    if (const Constant* c = graph_.as_constant(r)) return c->is(0);
    return r.is_node() && bits_[r.id()].linear;
  };
  const auto still = [&](Ref r) { return of(r).constant; };
  switch (graph_.code(id)) {
    case opcode<Add>:
    case opcode<Sub>:
    case opcode<Concat>:
    case opcode<Stack>:
      return std::ranges::all_of(x, linear);
    case opcode<Mul>:
    case opcode<Dot>:
    case opcode<MatMul>:
    case opcode<Outer>:
      return (still(x[0]) && linear(x[1])) || (still(x[1]) && linear(x[0]));
    case opcode<Div>:
      return still(x[1]) && linear(x[0]);
    case opcode<Where>:
      return still(x[0]) && linear(x[1]) && linear(x[2]);
    default:
      return x.size() == 1 && graph_.info(id).facts.curvature == Curvature::affine && linear(x[0]);
  }
}

bool Composition::is_semidefinite(Ref ref) const {
  // Built from the leaves up, so that nothing recurses.
  if (!ref.is_node()) return false;
  const Ref targets[] = {ref};
  const std::vector<bool> needed = reachable(graph_, targets);
  std::vector<bool> holds(needed.size(), false);
  const auto known = [&](Ref r) { return r.is_node() && holds[r.id()]; };
  const auto scalar_constant = [&](Ref r) {
    return graph_.shape(r).is_scalar() && of(r).constant && ranges_.of(r).nonnegative();
  };
  const auto transposes = [&](Ref a, Ref b) {
    if (!b.is_node() || !graph_.is(b.id(), opcode<Transpose>) || graph_.operands(b.id())[0] != a) return false;
    const Attributes order = graph_.attributes(b.id());
    return order.empty() || (order.size() == 2 && order[0] == 1 && order[1] == 0);
  };
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || graph_.shape(id).rank() != 2 || !of(Ref::node(id)).constant) continue;
    const auto x = graph_.operands(id);
    switch (graph_.code(id)) {
      case opcode<Variable>:
        holds[id] = std::ranges::find(definite_, id) != definite_.end();
        break;
      case opcode<Diag>:
        holds[id] = ranges_.of(x[0]).nonnegative();
        break;
      case opcode<Add>:
        holds[id] = known(x[0]) && known(x[1]);
        break;
      case opcode<Mul>:
        holds[id] = (known(x[0]) && scalar_constant(x[1])) || (known(x[1]) && scalar_constant(x[0]));
        break;
      case opcode<Div>:
        holds[id] = known(x[0]) && graph_.shape(x[1]).is_scalar() && ranges_.of(x[1]).positive();
        break;
      case opcode<MatMul>:
        holds[id] = graph_.shape(x[0]).rank() == 2 && graph_.shape(x[1]).rank() == 2 &&
                    (transposes(x[0], x[1]) || transposes(x[1], x[0]));
        break;
      case opcode<Outer>:
        holds[id] = x[0] == x[1];
        break;
      case opcode<Transpose>:
      case opcode<Inv>:
        holds[id] = known(x[0]);
        break;
      default:
        break;
    }
  }
  return holds[ref.id()];
}

}  // namespace nabla::curvature
