#include <algorithm>
#include <map>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/plan/custom_plan.hpp>
#include <shared_mutex>

namespace nabla {

namespace {

CustomPlan::Part part(const std::shared_ptr<Workspace>& workspace, std::span<const Expr> outputs,
                      std::span<const Expr> inputs) {
  std::vector<Ref> refs;
  for (const Expr& y : outputs) {
    // A contribution that is nothing is zero; a constant may have been made in another workspace.
    const Constant* c = y.empty() ? nullptr : y.constant();
    if (y.empty()) {
      refs.push_back(workspace->graph().constant(Constant::integer(0)));
    } else {
      refs.push_back(c != nullptr ? workspace->graph().constant(*c) : y.ref());
    }
  }
  CustomPlan::Part made;
  made.plan = std::make_shared<Plan>(std::shared_ptr<const Graph>(workspace, &workspace->graph()), refs);
  for (const Expr& x : inputs) made.inputs.push_back(made.plan->find(x.ref().id()));
  return made;
}

std::vector<Expr> operands_of(const CustomPlan& plan) {
  std::vector<Expr> x;
  for (std::size_t k = 0; k < plan.arity(); ++k) x.push_back(variable("x" + std::to_string(k + 1)));
  return x;
}

}  // namespace

CustomPlan::CustomPlan(Opcode code, Attributes attributes)
    : code_(code), attributes_(attributes.begin(), attributes.end()) {
  const auto workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(workspace);
  const std::vector<Expr> x = operands_of(*this);
  const Expr value = expand_definition(code_, attributes_, x);
  definition_ = part(workspace, {&value, 1}, x);
  if (const Expr kink = kink_condition(code_, attributes_, x); !kink.empty()) kink_ = part(workspace, {&kink, 1}, x);
}

const CustomPlan::Part& CustomPlan::rule() const {
  std::call_once(rule_made_, [this] {
    const auto workspace = std::make_shared<Workspace>();
    const WorkspaceScope scope(workspace);
    const Expr adjoint = variable("adjoint");
    const Expr y = variable("y");
    const std::vector<Expr> x = operands_of(*this);
    std::vector<Expr> inputs{adjoint, y};
    inputs.insert(inputs.end(), x.begin(), x.end());
    rule_ = part(workspace, pullback_rule(code_)(attributes_, adjoint, y, x), inputs);
  });
  return rule_;
}

const CustomPlan& CustomPlan::of(Opcode code, Attributes attributes) {
  using Key = std::pair<Opcode, std::vector<std::int64_t>>;
  static std::shared_mutex mutex;
  static std::map<Key, std::unique_ptr<const CustomPlan>> made;
  Key key{code, {attributes.begin(), attributes.end()}};
  {
    const std::shared_lock lock(mutex);
    if (const auto it = made.find(key); it != made.end()) return *it->second;
  }
  // Not locked: definitions use other operators. One that uses its own never ends.
  thread_local std::vector<const Key*> under_way;
  if (std::ranges::any_of(under_way, [&](const Key* k) { return *k == key; }))
    throw std::invalid_argument("the definition of '" + operator_info(code).name + "' leads back to it");
  under_way.push_back(&key);
  std::unique_ptr<const CustomPlan> plan;
  try {
    plan = std::make_unique<const CustomPlan>(code, attributes);
  } catch (...) {
    under_way.pop_back();
    throw;
  }
  under_way.pop_back();
  const std::unique_lock lock(mutex);
  return *made.emplace(std::move(key), std::move(plan)).first->second;
}

}  // namespace nabla
