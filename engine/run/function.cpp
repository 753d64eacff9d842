#include <algorithm>
#include <nabla/engine/run/function.hpp>

namespace nabla {

namespace {

std::vector<Ref> refs_of(std::span<const Expr> exprs) {
  std::vector<Ref> refs;
  for (const Expr& e : exprs) refs.push_back(e.ref());
  return refs;
}

const Expr& first_node(std::span<const Expr> outputs, std::span<const Expr> inputs) {
  if (outputs.empty()) throw std::invalid_argument("a Function needs an output");
  for (const Expr& e : outputs)
    if (e.ref().is_node()) return e;
  return inputs.empty() ? outputs[0] : inputs[0];
}

}  // namespace

Function::Function(std::span<const Expr> outputs, std::span<const Expr> inputs) {
  const std::shared_ptr<Workspace> workspace = first_node(outputs, inputs).workspace();
  std::vector<Ref> out = refs_of(outputs);
  for (std::size_t k = 0; k < out.size(); ++k) {
    output_shapes_.push_back(outputs[k].shape());
    if (outputs[k].workspace() == workspace) continue;
    if (!outputs[k].ref().is_constant())
      throw std::invalid_argument("the outputs of a Function belong to two workspaces; transplant() one of them");
    out[k] = workspace->graph().constant(*outputs[k].constant());
  }
  // The graph is shared and append-only: what is added later has larger ids and is never visited by this plan.
  plan_ = std::make_shared<Plan>(std::shared_ptr<const Graph>(workspace, &workspace->graph()), out);
  for (const Expr& x : inputs) {
    if (!x.ref().is_node())
      throw std::invalid_argument("an input of a Function is a variable or a node, not a constant");
    inputs_.push_back(plan_->find(x.ref().id()));
    input_shapes_.push_back(x.shape());
  }
  const Graph& graph = plan_->graph();
  for (const NodeId id : plan_->nodes())
    if (graph.is(id, opcode<Variable>) && std::ranges::find(inputs_, Ref::node(id)) == inputs_.end())
      throw std::invalid_argument("the output depends on '" + graph.variable_name(id) +
                                  "', which is not among the inputs");
}

Function::Function(const Recording& recording) : guards_(recording.guards().begin(), recording.guards().end()) {
  // Guards are kept alive as outputs beside the real ones, so that a replay computes what they compare.
  std::vector<Ref> out(recording.outputs().begin(), recording.outputs().end());
  for (const Ref r : out) output_shapes_.push_back(recording.graph().shape(r));
  for (const Guard& g : guards_) {
    out.push_back(g.left);
    out.push_back(g.right);
  }
  plan_ = std::make_shared<Plan>(recording.shared_graph(), out);
  for (std::size_t k = 0; k < guards_.size(); ++k) {
    guards_[k].left = plan_->outputs()[output_shapes_.size() + 2 * k];
    guards_[k].right = plan_->outputs()[output_shapes_.size() + 2 * k + 1];
  }
  for (const NodeId id : recording.inputs()) {
    inputs_.push_back(plan_->find(id));
    input_shapes_.push_back(recording.graph().shape(id));
  }
}

void Function::check_inputs(std::size_t given) const {
  if (given != inputs_.size())
    throw std::invalid_argument("this Function has " + std::to_string(inputs_.size()) + " inputs, not " +
                                std::to_string(given));
}

}  // namespace nabla
