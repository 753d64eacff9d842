#include <algorithm>
#include <nabla/proofs/check/wellposed/regularity_rules.hpp>

namespace nabla::wellposed {

namespace {

/// Whether an operand that is 0 makes the result vanish faster than it does itself.
bool raises(const Graph& graph, NodeId id, std::size_t slot) {
  const auto x = graph.operands(id);
  if (graph.is(id, opcode<PowI>)) return graph.attributes(id)[0] >= 2;
  if (graph.is(id, opcode<Square>)) return true;
  if (graph.is(id, opcode<Mul>)) return x[0] == x[1];
  if (!graph.is(id, opcode<Pow>) || slot != 0 || x[0] == x[1]) return false;
  const Constant* n = graph.as_constant(x[1]);
  return n != nullptr && n->kind() == Constant::Kind::ratio && n->num() > n->den();
}

bool only_moves_entries(const Graph& graph, NodeId id) {
  return graph.is(id, opcode<Reshape>) || graph.is(id, opcode<Slice>) || graph.is(id, opcode<Transpose>) ||
         graph.is(id, opcode<BroadcastTo>);
}

/// Lipschitz operators whose kinks are where their value is 0.
bool vanishes_at_kinks(const Graph& graph, NodeId id) {
  if (graph.is(id, opcode<Abs>) || graph.is(id, opcode<Relu>) || graph.is(id, opcode<Norm>) ||
      graph.is(id, opcode<Hypot>))
    return true;
  if (!graph.is(id, opcode<Max>) && !graph.is(id, opcode<Min>)) return false;
  return std::ranges::any_of(graph.operands(id), [&](Ref r) {
    const Constant* c = graph.as_constant(r);
    return c != nullptr && c->is(0);
  });
}

/// Whether the value is nonnegative whatever the operands are.
bool is_never_negative(const Graph& graph, Ref ref) {
  if (!ref.is_node()) return false;
  const NodeId id = ref.id();
  if (graph.is(id, opcode<PowI>)) return graph.attributes(id)[0] % 2 == 0;
  return graph.info(id).family != Family::leaf && graph.info(id).facts.range.lo >= 0;
}

}  // namespace

void Dependence::find_damped(const Graph& graph, std::span<const Ref> targets, const std::vector<bool>& visited) {
  std::vector<bool> raised(visited.size(), true);
  for (const Ref t : targets)
    if (t.is_node()) raised[t.id()] = false;
  damped_.resize(visited.size(), false);
  for (NodeId id = static_cast<NodeId>(visited.size()); id-- > 0;) {
    if (!visited[id]) continue;
    damped_[id] = raised[id] && vanishes_at_kinks(graph, id);
    const auto x = graph.operands(id);
    for (std::size_t k = 0; k < x.size(); ++k)
      if (x[k].is_node() && !raises(graph, id, k) && !(only_moves_entries(graph, id) && raised[id]))
        raised[x[k].id()] = false;
  }
}

Dependence::Dependence(const Graph& graph, std::span<const Ref> targets, std::span<const Ref> by) {
  const std::vector<bool> visited = reachable(graph, targets);
  depends_.resize(visited.size(), false);
  piecewise_constant_.resize(visited.size(), false);
  for (NodeId id = 0; id < visited.size(); ++id) {
    if (!visited[id]) continue;
    if (graph.is(id, opcode<Variable>)) {
      depends_[id] = by.empty() || std::ranges::find(by, Ref::node(id)) != by.end();
      continue;
    }
    const auto x = graph.operands(id);
    depends_[id] = std::ranges::any_of(x, [&](Ref r) { return depends(r); });
    if (!depends_[id]) continue;
    const auto jumps_only = [&] {
      const Opcode code = graph.code(id);
      if (code >= builtin_count || row<Bounds>(code).locally_constant == nullptr) return false;
      return row<Bounds>(code).locally_constant(graph.attributes(id));
    };
    piecewise_constant_[id] = std::ranges::all_of(x, [&](Ref r) { return piecewise_constant(r); }) || jumps_only();
  }
  find_damped(graph, targets, visited);
}

bool is_part_of_variable(const Graph& graph, Ref ref) {
  while (ref.is_node()) {
    const NodeId id = ref.id();
    if (graph.is(id, opcode<Variable>)) return true;
    if (!graph.is(id, opcode<Reshape>) && !graph.is(id, opcode<Slice>) && !graph.is(id, opcode<Transpose>))
      return false;
    ref = graph.operands(id)[0];
  }
  return false;
}

bool SurveySituation::positive(Ref ref) const {
  return std::ranges::all_of(survey.bounds(ref), [](const Bounds& b) { return b.positive(); });
}
bool SurveySituation::nonzero(Ref ref) const {
  return std::ranges::all_of(survey.bounds(ref), [](const Bounds& b) { return b.nonzero; });
}

bool is_regular(const Graph& graph, NodeId id, Want want, const Dependence& dependence, const Situation& at,
                std::span<const KinkConvention> conventions) {
  if (want == Want::defined || !dependence.depends(Ref::node(id))) return true;
  const OperatorInfo& info = graph.info(id);
  if (info.family == Family::leaf) return true;
  const auto x = graph.operands(id);
  if (graph.is(id, opcode<Where>)) {
    // A condition that stays nonzero nearby, or that moves only where one of its comparisons meets its own jump.
    return dependence.piecewise_constant(x[0]) || at.nonzero(x[0]);
  }
  if (graph.is(id, opcode<Masked>)) return true;  // x * y: the caller sees to it that y exists also where x is 0
  if (graph.is(id, opcode<Pow>)) {
    if (at.positive(x[0])) return true;
    if (dependence.depends(x[1])) return false;
    if (want == Want::continuous) return true;
    const Constant* n = graph.as_constant(x[1]);
    const bool integer = n != nullptr && n->is_integer();
    // Where the base ends at 0 so does the natural domain; seen from another quantity that may leave a single point.
    return at.kink_free(id) && (integer || is_part_of_variable(graph, x[0]) || is_never_negative(graph, x[0]));
  }
  if (want == Want::differentiable && dependence.damped(id)) return true;
  if (want == Want::differentiable &&
      std::ranges::any_of(conventions, [&](const KinkConvention& c) { return c.operation == info.name; }))
    return true;
  if (want == Want::continuous && info.facts.regularity != Regularity::discontinuous) return true;
  const Opcode code = graph.code(id);
  const bool has_condition = code < builtin_count && row<Bounds>(code).kink != nullptr;
  if (!has_condition) return info.facts.regularity == Regularity::smooth && info.facts.kinks.empty();
  return at.kink_free(id);
}

}  // namespace nabla::wellposed
