#include <algorithm>
#include <nabla/engine/compile/exact_rewriting.hpp>
#include <nabla/engine/record/build.hpp>
#include <nabla/graph/origin_map.hpp>

namespace nabla {

namespace {

class ExactRewriting {
 public:
  explicit ExactRewriting(const Computation& from) : from_(from), graph_(*from.graph) {}

  Computation result() {
    std::vector<Ref> wanted = from_.outputs;
    for (const Guard& g : from_.guards) wanted.insert(wanted.end(), {g.left, g.right});
    const std::vector<bool> visited = reachable(graph_, wanted);
    std::size_t size = visited.size();
    for (const Ref r : from_.inputs)
      if (!r.empty()) size = std::max<std::size_t>(size, r.id() + std::size_t{1});
    moved_.resize(size);
    Graph& to = workspace_->graph();
    OriginMap origins(graph_, to);
    for (NodeId id = 0; id < visited.size(); ++id) {
      if (!visited[id]) continue;
      origins.follow(id);
      moved_[id] = move(id);
    }
    to.set_origin(0);
    Computation made;
    made.input_shapes = from_.input_shapes;
    for (const Ref r : from_.inputs) made.inputs.push_back(r.empty() || moved_[r.id()].ref.empty() ? Ref() : plain(r));
    for (const Ref r : from_.outputs) made.outputs.push_back(plain(r));
    for (Guard g : from_.guards) {
      g.left = plain(g.left);
      g.right = plain(g.right);
      made.guards.push_back(g);
    }
    made.graph = std::shared_ptr<const Graph>(workspace_, &workspace_->graph());
    return made;
  }

 private:
  /// A node of the new graph, or its negative.
  struct Signed {
    Ref ref;
    bool negative = false;
  };

  Ref make(Opcode code, std::initializer_list<Ref> operands, Attributes attributes = {}) {
    return build(*workspace_, code, std::span<const Ref>(operands.begin(), operands.size()), attributes);
  }
  Ref value(const Signed& s) { return s.negative ? make(opcode<Neg>, {s.ref}) : s.ref; }
  Signed signed_of(Ref r) {
    if (r.is_node()) return moved_[r.id()];
    return {workspace_->graph().constant(graph_.constant_at(r.index()))};
  }
  Ref plain(Ref r) { return value(signed_of(r)); }

  static bool stands_first(Ref a, Ref b) {
    if (a.is_constant() != b.is_constant()) return a.is_constant();
    return a.is_constant() ? a.index() < b.index() : a.id() < b.id();
  }
  Ref commutative(Opcode code, Ref a, Ref b) {
    if (stands_first(b, a)) std::swap(a, b);
    return make(code, {a, b});
  }

  Signed move(NodeId id) {
    Workspace& to = *workspace_;
    if (graph_.is(id, opcode<Variable>))
      return {Ref::node(to.graph().add_variable(graph_.variable_name(id), graph_.shape(id)))};
    if (const Constant* c = graph_.as_constant(Ref::node(id))) return {to.literal(*c, graph_.shape(id))};
    const Opcode code = graph_.code(id);
    const std::span<const Ref> operands = graph_.operands(id);
    const Signed a = operands.empty() ? Signed{} : signed_of(operands[0]);
    if (code == opcode<Neg>) return {a.ref, !a.negative};
    if (code == opcode<PowI>) {
      const bool is_odd = graph_.attributes(id)[0] % 2 != 0;
      return {make(code, {a.ref}, graph_.attributes(id)), a.negative && is_odd};
    }
    if (code == opcode<Square>) return {make(code, {a.ref})};
    if (code == opcode<Add> || code == opcode<Sub>) {
      Signed b = signed_of(operands[1]);
      if (code == opcode<Sub>) b.negative = !b.negative;
      // -a - b is not -(a + b) where that is zero.
      if (a.negative && b.negative) return {make(opcode<Sub>, {value(a), b.ref})};
      if (a.negative) return {make(opcode<Sub>, {b.ref, a.ref})};
      if (b.negative) return {make(opcode<Sub>, {a.ref, b.ref})};
      return {commutative(opcode<Add>, a.ref, b.ref)};
    }
    if (code == opcode<Mul> || code == opcode<Div>) {
      const Signed b = signed_of(operands[1]);
      const Ref ref = code == opcode<Mul> ? commutative(code, a.ref, b.ref) : make(code, {a.ref, b.ref});
      return {ref, a.negative != b.negative};
    }
    std::vector<Ref> plain_operands;
    for (const Ref r : operands) plain_operands.push_back(plain(r));
    return {build(to, code, plain_operands, graph_.attributes(id))};
  }

  const Computation& from_;
  const Graph& graph_;
  std::shared_ptr<Workspace> workspace_ = std::make_shared<Workspace>();
  std::vector<Signed> moved_;
};

}  // namespace

Computation rewritten_exactly(const Computation& computation) { return ExactRewriting(computation).result(); }

}  // namespace nabla
