#include <nabla/engine/run/function.hpp>
#include <nabla/graph/origin_map.hpp>

namespace nabla {

struct Function::Copy {
  std::shared_ptr<Workspace> workspace = std::make_shared<Workspace>();
  std::vector<Expr> inputs;   // one for each of the function's
  std::vector<Expr> outputs;  // the function's own
  std::vector<Expr> guards;   // left, right, left, right, ...
};

void Function::check_variables(std::string_view asker) const {
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (!inputs_[i].empty() && !plan_->graph().is(inputs_[i].id(), opcode<Variable>))
      throw std::invalid_argument(std::string(asker) + ": input " + std::to_string(i + 1) +
                                  " is an intermediate value; a direction needs a variable");
}

void Function::check_scalar(std::string_view asker) const {
  if (!output_shape(0).is_scalar())
    throw ShapeError(std::string(asker), "the output must be a scalar", {output_shape(0)});
}

std::vector<std::size_t> Function::input_sizes() const {
  std::vector<std::size_t> sizes;
  for (const Shape& shape : input_shapes_) sizes.push_back(static_cast<std::size_t>(shape.size()));
  return sizes;
}

Function::Copy Function::copy() const {
  Copy made;
  Workspace& to = *made.workspace;
  const Graph& from = plan_->graph();
  std::vector<Ref> moved(plan_->nodes().empty() ? 0 : plan_->nodes().back() + std::size_t{1});
  const auto follow = [&](Ref r) {
    return r.is_node() ? moved[r.id()] : to.graph().constant(from.constant_at(r.index()));
  };
  OriginMap origins(from, to.graph());
  for (const NodeId id : plan_->nodes()) {
    origins.follow(id);
    if (from.is(id, opcode<Variable>)) {
      moved[id] = Ref::node(to.graph().add_variable(from.variable_name(id), from.shape(id)));
    } else if (const Constant* c = from.as_constant(Ref::node(id))) {
      moved[id] = to.literal(*c, from.shape(id));
    } else {
      std::vector<Ref> operands;
      for (const Ref r : from.operands(id)) operands.push_back(follow(r));
      moved[id] = to.node(from.code(id), operands, from.attributes(id));
    }
  }
  to.graph().set_origin(0);
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const std::string name = "input " + std::to_string(i + 1);
    const Ref ref =
        inputs_[i].empty() ? Ref::node(to.graph().add_variable(name, input_shapes_[i])) : follow(inputs_[i]);
    made.inputs.emplace_back(made.workspace, ref);
  }
  for (std::size_t k = 0; k < plan_->outputs().size(); ++k)
    (k < output_count() ? made.outputs : made.guards).emplace_back(made.workspace, follow(plan_->outputs()[k]));
  return made;
}

Function Function::rebuilt(const Copy& from, std::span<const Expr> outputs, std::span<const Expr> inputs) const {
  Function made;
  std::vector<Ref> refs;
  for (const Expr& y : outputs) {
    made.output_shapes_.push_back(y.shape());
    refs.push_back(y.workspace() == from.workspace ? y.ref() : from.workspace->graph().constant(*y.constant()));
  }
  for (const Expr& g : from.guards) refs.push_back(g.ref());
  made.plan_ = std::make_shared<Plan>(std::shared_ptr<const Graph>(from.workspace, &from.workspace->graph()), refs);
  for (const Expr& x : inputs) {
    made.inputs_.push_back(made.plan_->find(x.ref().id()));
    made.input_shapes_.push_back(x.shape());
  }
  made.guards_ = guards_;
  for (std::size_t k = 0; k < guards_.size(); ++k) {
    made.guards_[k].left = made.plan_->outputs()[outputs.size() + 2 * k];
    made.guards_[k].right = made.plan_->outputs()[outputs.size() + 2 * k + 1];
  }
  return made;
}

Function Function::gradient_function() const {
  check_variables("gradient_function");
  check_scalar("gradient_function");
  const Copy made = copy();
  const WorkspaceScope scope(made.workspace);
  return rebuilt(made, nabla::gradient(made.outputs[0], made.inputs), made.inputs);
}

Function Function::jvp_function() const {
  check_variables("jvp_function");
  const Copy made = copy();
  const WorkspaceScope scope(made.workspace);
  std::vector<Expr> inputs = made.inputs;
  std::vector<Expr> directions;
  for (std::size_t i = 0; i < made.inputs.size(); ++i)
    directions.push_back(variable("direction " + std::to_string(i + 1), input_shapes_[i]));
  inputs.insert(inputs.end(), directions.begin(), directions.end());
  // Twice in reverse, for all outputs at once: u -> u J is linear in u, and its adjoint is the product wanted.
  std::vector<Expr> seeds;
  for (std::size_t k = 0; k < made.outputs.size(); ++k)
    seeds.push_back(variable("seed " + std::to_string(k + 1), output_shapes_[k]));
  const std::vector<Expr> pulled = nabla::vjp(made.outputs, seeds, made.inputs);
  return rebuilt(made, nabla::vjp(pulled, directions, seeds), inputs);
}

JacobianCompression Function::jacobian_compression() const {
  check_variables("sparse_jacobian");
  return compress_jacobian(jacobian_pattern(plan_, output_count(), inputs_, input_sizes()));
}

HessianCompression Function::hessian_compression() const {
  check_variables("sparse_hessian");
  check_scalar("sparse_hessian");
  return compress_hessian(hessian_pattern(plan_, inputs_, input_sizes()));
}

}  // namespace nabla
