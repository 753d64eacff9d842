#include <nabla/engine/record/entries.hpp>
#include <nabla/proofs/check/scalarise.hpp>

namespace nabla {

namespace {

constexpr std::size_t most_entries = 1'000'000;

std::string entry_name(const std::string& name, const Shape& shape, std::int64_t entry) {
  if (shape.is_scalar()) return name;
  std::string inside;
  for (std::size_t axis = shape.rank(); axis-- > 0;) {
    inside = std::to_string(entry % shape[axis] + 1) + (inside.empty() ? "" : ", ") + inside;
    entry /= shape[axis];
  }
  return name + "[" + inside + "]";
}

}  // namespace

ScalarForm::ScalarForm(const Problem& problem) : problem_(problem), workspace_(std::make_shared<Workspace>()) {}

std::vector<Expr> ScalarForm::leaf_entries(NodeId variable, const Graph& graph) {
  std::size_t given = unknown;
  for (std::size_t g = 0; g < problem_.givens.size(); ++g)
    if (problem_.givens[g].variable.ref() == Ref::node(variable)) given = g;
  const Shape& shape = graph.shape(variable);
  const bool symmetric = given != unknown && (problem_.givens[given].set.kind == Set::Kind::sym ||
                                              problem_.givens[given].set.kind == Set::Kind::spd);
  std::vector<Expr> entries;
  for (std::int64_t k = 0; k < shape.size(); ++k) {
    if (symmetric && k / shape[1] > k % shape[1]) {
      entries.push_back(entries[static_cast<std::size_t>(k % shape[1] * shape[1] + k / shape[1])]);
      continue;
    }
    const std::string name = entry_name(graph.variable_name(variable), shape, k);
    const NodeId id = workspace_->graph().add_variable(name);
    leaves_.emplace(id, Leaf{given, k, name});
    entries.emplace_back(workspace_, Ref::node(id));
  }
  return entries;
}

Expr ScalarForm::entry_of(std::size_t given, std::int64_t entry) {
  return entries(problem_.givens[given].variable)[static_cast<std::size_t>(entry)];
}

std::vector<Expr> ScalarForm::apply(const Graph& graph, NodeId id, const std::vector<std::vector<Expr>>& x) {
  if (auto found = entries_of(graph, id, x)) return *std::move(found);
  throw NotHandled("'" + graph.info(id).name + "' has no symbolic form");
}

std::vector<Expr> ScalarForm::entries(const Expr& e) {
  const WorkspaceScope scope(workspace_);
  if (e.ref().is_constant()) return {Expr(*e.constant())};
  if (e.workspace() != problem_.workspace) throw NotHandled("an expression of another workspace");
  const Graph& graph = e.graph();
  const NodeId last = e.ref().id();
  std::vector<bool> needed(last + std::size_t{1}, false);
  needed[last] = true;
  for (NodeId id = last + 1; id-- > 0;) {
    if (!needed[id] || done_.contains(id)) continue;
    for (const Ref r : graph.operands(id))
      if (r.is_node()) needed[r.id()] = true;
  }
  for (NodeId id = 0; id <= last; ++id) {
    if (!needed[id] || done_.contains(id)) continue;
    made_ += static_cast<std::size_t>(graph.shape(id).size()) + 1;
    if (made_ > most_entries)
      throw NotHandled("the tensors of this claim have too many entries to be compared one by one");
    if (graph.is(id, opcode<Variable>)) {
      done_[id] = leaf_entries(id, graph);
    } else if (const Constant* c = graph.as_constant(Ref::node(id))) {
      done_[id].assign(static_cast<std::size_t>(graph.shape(id).size()), Expr(*c));
    } else {
      std::vector<std::vector<Expr>> x;
      for (const Ref r : graph.operands(id))
        x.push_back(r.is_node() ? done_.at(r.id()) : std::vector<Expr>{Expr(graph.constant_at(r.index()))});
      done_[id] = apply(graph, id, x);
    }
  }
  return done_.at(last);
}

}  // namespace nabla
