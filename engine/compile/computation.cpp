#include <nabla/engine/compile/computation.hpp>
#include <nabla/engine/compile/exact_rewriting.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/graph/origin_map.hpp>
#include <numeric>

namespace nabla {

namespace {

/// A function's nodes in a workspace of their own, to build on.
struct Rebuilt {
  std::shared_ptr<Workspace> workspace = std::make_shared<Workspace>();
  std::vector<Expr> inputs, outputs;
  std::vector<Guard> guards;
};

/// \param points  not 0: every input is a vector of so many entries in place of a scalar
Rebuilt rebuilt(const Function& function, std::size_t points) {
  Rebuilt made;
  const Plan& plan = *function.plan();
  const Graph& from = plan.graph();
  Graph& to = made.workspace->graph();
  const auto shape = [&](const Shape& own) { return points == 0 ? own : Shape{static_cast<std::int64_t>(points)}; };
  std::vector<Ref> moved(plan.nodes().empty() ? 0 : plan.nodes().back() + std::size_t{1});
  const auto follow = [&](Ref r) { return r.is_node() ? moved[r.id()] : to.constant(from.constant_at(r.index())); };
  std::vector<Ref> operands;
  OriginMap origins(from, to);
  for (const NodeId id : plan.nodes()) {
    origins.follow(id);
    if (from.is(id, opcode<Variable>)) {
      moved[id] = Ref::node(to.add_variable(from.variable_name(id), shape(from.shape(id))));
    } else if (const Constant* c = from.as_constant(Ref::node(id))) {
      moved[id] = made.workspace->literal(*c, from.shape(id));
    } else {
      operands.clear();
      for (const Ref r : from.operands(id)) operands.push_back(follow(r));
      // A square has one derivative to add where a product has two.
      static constexpr std::int64_t two[] = {2};
      const bool is_square = from.is(id, opcode<Mul>) && operands[0] == operands[1];
      moved[id] = is_square ? made.workspace->node(opcode<PowI>, std::span(operands).first(1), two)
                            : made.workspace->node(from.code(id), operands, from.attributes(id));
    }
  }
  to.set_origin(0);
  for (std::size_t i = 0; i < function.input_count(); ++i) {
    const Ref own = function.inputs()[i];
    const Ref ref = own.empty()
                        ? Ref::node(to.add_variable("input " + std::to_string(i + 1), shape(function.input_shape(i))))
                        : follow(own);
    made.inputs.emplace_back(made.workspace, ref);
  }
  for (std::size_t k = 0; k < function.output_count(); ++k)
    made.outputs.emplace_back(made.workspace, follow(plan.outputs()[k]));
  for (Guard g : function.guards()) {
    g.left = follow(g.left);
    g.right = follow(g.right);
    made.guards.push_back(g);
  }
  return made;
}

Computation computation(const Rebuilt& from, std::span<const Expr> outputs) {
  Computation made;
  for (const Expr& x : from.inputs) {
    made.inputs.push_back(x.ref());
    made.input_shapes.push_back(x.shape());
  }
  for (const Expr& y : outputs) {
    const bool is_here = y.workspace() == from.workspace;
    made.outputs.push_back(is_here ? y.ref() : from.workspace->graph().constant(*y.constant()));
  }
  made.guards = from.guards;
  made.graph = std::shared_ptr<const Graph>(from.workspace, &from.workspace->graph());
  return rewritten_exactly(made);
}

Rebuilt at_points(const Function& function, std::size_t points) {
  const Plan& plan = *function.plan();
  const Graph& graph = plan.graph();
  if (points == 0) throw std::invalid_argument("a function is run at one point at least");
  if (!function.guards().empty())
    throw UnsupportedError("a recorded comparison steered this function: every point would need to take the same way");
  for (const NodeId id : plan.nodes())
    if (graph.shape_id(id) != 0 || graph.code(id) >= builtin_count || graph.info(id).family == Family::structured)
      throw UnsupportedError(graph.info(id).name +
                             ": many points at once are for scalars and elementwise operators; give arrays an axis");
  Rebuilt made = rebuilt(function, points);
  const WorkspaceScope scope(made.workspace);
  // A constant has an entry for each point as well.
  for (Expr& y : made.outputs) y = broadcast_to(y, Shape{static_cast<std::int64_t>(points)});
  return made;
}

}  // namespace

Computation values_of(const Function& function) {
  Computation made;
  const Plan& plan = *function.plan();
  made.graph = std::shared_ptr<const Graph>(function.plan(), &plan.graph());
  made.inputs.assign(function.inputs().begin(), function.inputs().end());
  for (std::size_t i = 0; i < function.input_count(); ++i) made.input_shapes.push_back(function.input_shape(i));
  for (std::size_t k = 0; k < function.output_count(); ++k) made.outputs.push_back(plan.outputs()[k]);
  made.guards.assign(function.guards().begin(), function.guards().end());
  return made;
}

Computation value_and_gradient_of(const Function& function, std::span<const std::size_t> by) {
  const Rebuilt made = rebuilt(function, 0);
  const WorkspaceScope scope(made.workspace);
  std::vector<Expr> inputs;
  for (const std::size_t i : by) inputs.push_back(made.inputs.at(i));
  std::vector<Expr> outputs = gradient(made.outputs[0], inputs);
  outputs.insert(outputs.begin(), made.outputs[0]);
  return computation(made, outputs);
}

Computation value_and_gradient_of(const Function& function) {
  std::vector<std::size_t> all(function.input_count());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return value_and_gradient_of(function, all);
}

Computation values_at_points(const Function& function, std::size_t points) {
  const Rebuilt made = at_points(function, points);
  return computation(made, made.outputs);
}

Computation value_and_gradient_at_points(const Function& function, std::size_t points) {
  const Rebuilt made = at_points(function, points);
  const WorkspaceScope scope(made.workspace);
  // Nothing passes from one point to another: the derivatives of the sum are those of each.
  const Expr seed(made.workspace, made.workspace->literal(Constant::integer(1), made.outputs[0].shape()));
  std::vector<Expr> outputs = vjp({&made.outputs[0], 1}, {&seed, 1}, made.inputs);
  outputs.insert(outputs.begin(), made.outputs[0]);
  return computation(made, outputs);
}

}  // namespace nabla
