#include <nabla/engine/record/build.hpp>
#include <nabla/engine/record/expr.hpp>

namespace nabla {

namespace {

std::string at(const std::source_location& where) {
  if (where.line() == 0) return "";
  return std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": ";
}

/// The workspace that the operands share. Constants follow whoever they meet.
std::shared_ptr<Workspace> common_workspace(std::span<const Expr> operands) {
  std::shared_ptr<Workspace> found;
  for (const Expr& e : operands) {
    if (e.empty()) throw std::invalid_argument("an operand refers to nothing: it was never given an expression");
    if (e.ref().is_constant()) continue;
    if (found && found != e.workspace())
      throw std::invalid_argument("the operands belong to two workspaces; transplant() one of them");
    found = e.workspace();
  }
  return found ? found : operands.empty() ? Workspace::current() : operands[0].workspace();
}

}  // namespace

Expr::Expr(const Constant& value) : workspace_(Workspace::current()), ref_(workspace_->graph().constant(value)) {}

Expr variable(std::string name, const Shape& shape) {
  auto workspace = Workspace::current();
  const NodeId id = workspace->graph().add_variable(std::move(name), shape);
  return {std::move(workspace), Ref::node(id)};
}

Expr detail::append(Opcode code, const std::source_location& where, std::span<const Expr> operands,
                    Attributes attributes) {
  std::shared_ptr<Workspace> workspace = common_workspace(operands);
  Graph& graph = workspace->graph();
  std::vector<Ref> refs;
  refs.reserve(operands.size());
  for (const Expr& e : operands) refs.push_back(e.workspace() == workspace ? e.ref() : graph.constant(*e.constant()));
  // Rules have no place of their own: a node they make comes from where the differentiated node came from.
  const std::uint32_t before = graph.current_origin();
  if (before == 0) graph.set_origin(graph.intern_origin(where));
  struct Restore {
    Graph& graph;
    std::uint32_t origin;
    ~Restore() { graph.set_origin(origin); }
  } restore{graph, before};
  try {
    const Ref made = build(*workspace, code, refs, attributes);
    return {std::move(workspace), made};
  } catch (const ShapeError& error) {
    if (where.line() == 0) throw;
    throw ShapeError(at(where) + error.operation(), error.reason(), error.shapes());
  }
}

Expr detail::infix(Opcode code, const Operand& a, const Operand& b) {
  const Expr operands[] = {a.expr(), b.expr()};
  return append(code, a.expr().ref().is_constant() ? b.where() : a.where(), operands, {});
}

Expr operator-(const Expr& a) { return detail::append(opcode<Neg>, {}, {&a, 1}, {}); }

Expr transplant(const Expr& e, const std::shared_ptr<Workspace>& to) {
  if (e.workspace() == to) return e;
  if (const Constant* c = e.constant(); c != nullptr && e.ref().is_constant()) return {to, to->graph().constant(*c)};
  const Graph& from = e.graph();
  std::vector<bool> needed(e.ref().id() + 1, false);
  needed[e.ref().id()] = true;
  for (NodeId id = e.ref().id() + 1; id-- > 0;) {
    if (!needed[id]) continue;
    for (const Ref r : from.operands(id))
      if (r.is_node()) needed[r.id()] = true;
  }
  std::vector<Ref> moved(needed.size());
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    if (from.is(id, opcode<Variable>)) {
      const std::string& name = from.variable_name(id);
      const auto existing = to->graph().find_variable(name);
      moved[id] = Ref::node(existing && to->graph().shape(*existing) == from.shape(id)
                                ? *existing
                                : to->graph().add_variable(name, from.shape(id)));
    } else if (const Constant* c = from.as_constant(Ref::node(id))) {
      moved[id] = to->literal(*c, from.shape(id));
    } else {
      std::vector<Ref> operands;
      for (const Ref r : from.operands(id))
        operands.push_back(r.is_node() ? moved[r.id()] : to->graph().constant(from.constant_at(r.index())));
      moved[id] = to->node(from.code(id), operands, from.attributes(id));
    }
  }
  return {to, moved[e.ref().id()]};
}

}  // namespace nabla
