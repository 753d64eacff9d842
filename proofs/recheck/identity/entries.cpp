#include <nabla/proofs/recheck/identity/entries.hpp>

namespace nabla::rederive {

namespace {

constexpr std::int64_t largest_tensor = 200'000;

using Views = std::span<const View<const Expr>>;

/// Runs one structured operator on scalar expressions: by its definition where the record has one, else by its rule.
template <class Op>
bool run(Attributes attributes, Views x, View<Expr> y) {
  if constexpr (StructuredOperator<Op>) {
    if constexpr (requires { Op::template definition<Expr>(attributes, x, y); }) {
      Op::template definition<Expr>(attributes, x, y);
      return true;
    } else if constexpr (requires { Op::template evaluate<Expr>(attributes, x, y); }) {
      Op::template evaluate<Expr>(attributes, x, y);
      return true;
    }
  }
  return false;
}

bool run_structured(Opcode code, Attributes attributes, Views x, View<Expr> y) {
  bool done = false;
  for_each_operator([&]<class Op>() {
    if (opcode<Op> == code) done = run<Op>(attributes, x, y);
  });
  return done;
}

}  // namespace

const std::vector<Expr>& Entries::of(const Expr& e) {
  const WorkspaceScope scope(workspace_);
  const std::uint32_t wanted = e.ref().bits();
  if (e.ref().is_constant()) {
    // Constants of other workspaces have numbers of their own.
    return written_[wanted] = {Expr(*e.constant())};
  }
  if (e.workspace() != problem_.workspace) throw NotHandled("an expression of another workspace");
  const Graph& graph = e.graph();
  std::vector<NodeId> open{e.ref().id()};
  while (!open.empty()) {
    const NodeId node = open.back();
    if (written_.contains(Ref::node(node).bits())) {
      open.pop_back();
      continue;
    }
    bool ready = true;
    for (const Ref r : graph.operands(node)) {
      if (written_.contains(r.bits()) && r.is_node()) continue;
      if (r.is_constant()) {
        written_[r.bits()] = {Expr(graph.constant_at(r.index()))};
      } else {
        open.push_back(r.id());
        ready = false;
      }
    }
    if (!ready) continue;
    written_[Ref::node(node).bits()] = make(graph, node);
    open.pop_back();
  }
  return written_.at(wanted);
}

std::vector<Expr> Entries::make_variable(const Graph& graph, NodeId node) {
  std::optional<std::size_t> given;
  for (std::size_t g = problem_.givens.size(); g-- > 0;)
    if (problem_.givens[g].variable.ref() == Ref::node(node)) given = g;
  const Shape& shape = graph.shape(node);
  const auto kind = given ? problem_.givens[*given].set.kind : Set::Kind::entries;
  std::vector<Expr> made;
  for (std::int64_t k = 0; k < shape.size(); ++k) {
    const bool mirrored = (kind == Set::Kind::sym || kind == Set::Kind::spd) && k % shape[1] < k / shape[1];
    if (mirrored) {
      made.push_back(made[static_cast<std::size_t>((k % shape[1]) * shape[1] + k / shape[1])]);
    } else {
      made.push_back(variable("entry", {}));
      entries_[made.back().ref().id()] = {given, k};
    }
  }
  return made;
}

std::vector<Expr> Entries::make(const Graph& graph, NodeId node) {
  const Shape& shape = graph.shape(node);
  if (shape.size() > largest_tensor) throw NotHandled("a tensor has too many entries");
  if (graph.is(node, opcode<Variable>)) return make_variable(graph, node);
  if (const Constant* c = graph.as_constant(Ref::node(node)))
    return std::vector<Expr>(static_cast<std::size_t>(shape.size()), Expr(*c));
  std::vector<View<const Expr>> x;
  for (const Ref r : graph.operands(node)) x.push_back({written_.at(r.bits()).data(), &graph.shape(r)});
  std::vector<Expr> y(static_cast<std::size_t>(shape.size()));
  if (graph.info(node).family == Family::structured) {
    if (!run_structured(graph.code(node), graph.attributes(node), x, {y.data(), &shape}))
      throw NotHandled("'" + graph.info(node).name + "' cannot be written out");
    return y;
  }
  std::vector<std::vector<std::int64_t>> strides;
  for (const View<const Expr>& v : x) strides.push_back(broadcast_strides(*v.shape, shape));
  const std::vector<std::int64_t> own = row_major_strides(shape);
  for (std::int64_t k = 0; k < shape.size(); ++k) {
    std::vector<Expr> operands;
    for (std::size_t i = 0; i < x.size(); ++i) {
      std::int64_t at = 0;
      for (std::size_t axis = 0; axis < shape.rank(); ++axis) at += k / own[axis] % shape[axis] * strides[i][axis];
      operands.push_back(x[i][at]);
    }
    y[static_cast<std::size_t>(k)] = detail::append(graph.code(node), {}, operands, graph.attributes(node));
  }
  return y;
}

}  // namespace nabla::rederive
