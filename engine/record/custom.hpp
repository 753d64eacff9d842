#pragma once

#include <functional>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/ops/registry.hpp>

/// Operators that users define in their own code: a record like the built-in ones, usable wherever a built-in is. Its
/// value is recorded once as a graph (its definition), so that it runs in every kind of number without the user's
/// translation unit seeing any of them; its derivative rule is recorded the same way.
///
/// The record's `partials` must be the derivative of its `value`: symbolic derivatives use the rule, sweeps over
/// numbers differentiate the definition, and a rule that says something else (a straight-through estimator) would give
/// two answers.
namespace nabla {

/// What the engine knows of a user's operator. A kind of number computes it by running `definition`.
struct CustomOperator {
  /// The value in terms of built-in operators.
  std::function<Expr(Attributes, std::span<const Expr>)> definition;
  PullbackRule pullback = nullptr;
};

/// \pre code was handed out by code_of for an operator that is not built in.
const CustomOperator& custom_operator(Opcode code);

namespace detail {

Opcode register_custom(OperatorInfo info, CustomOperator rules);

template <class Op>
struct Registration {
  static_assert(ElementwiseOperator<Op> && Op::composite,
                "a user's operator derives from nabla::Composite<N> and writes its value with nabla's operators");
  static Opcode code() {
    static const Opcode made = register_custom(
        describe_operator<Op>(),
        {.definition =
             [](Attributes attributes, std::span<const Expr> x) {
               return definition_of<Op>(attributes, x, std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
             },
         .pullback = &symbolic_pullback<Op>});
    return made;
  }
};

}  // namespace detail
}  // namespace nabla
