#pragma once

#include <mutex>
#include <nabla/engine/plan/plan.hpp>

namespace nabla {

/// How one entry of a user's own operator is computed: its definition and its derivative rule as plans on scalars, the
/// same for every kind of number. A rule that says something else than the derivative of the definition is believed.
class CustomPlan {
 public:
  /// The plans of an operator that is not built in, made once per operator and attributes. The reference stays valid.
  static const CustomPlan& of(Opcode code, Attributes attributes);

  const OperatorInfo& info() const { return operator_info(code_); }
  std::size_t arity() const { return static_cast<std::size_t>(info().arity); }

  /// A plan together with its inputs, in its graph; empty where the outputs do not depend on the input.
  struct Part {
    std::shared_ptr<const Plan> plan;
    std::vector<Ref> inputs;
  };
  /// Of the operands; output: the value.
  const Part& definition() const { return definition_; }
  /// Of the adjoint, the value, and the operands; outputs: the products of the adjoint with each partial. Made when it
  /// is first asked for, since a rule may be written with the operator itself.
  const Part& rule() const;
  /// Of the operands; output: nonzero where no derivative exists. Without a plan when the record states no kink.
  const Part& kink() const { return kink_; }

  CustomPlan(Opcode code, Attributes attributes);
  CustomPlan(const CustomPlan&) = delete;
  CustomPlan& operator=(const CustomPlan&) = delete;

 private:
  Opcode code_;
  std::vector<std::int64_t> attributes_;
  Part definition_, kink_;
  mutable Part rule_;
  mutable std::once_flag rule_made_;
};

}  // namespace nabla
