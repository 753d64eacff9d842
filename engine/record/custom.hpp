#pragma once

#include <functional>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/ops/registry.hpp>

/// Operators that users define in their own code: a record like the built-in ones, usable wherever a built-in is. Its
/// value is recorded once as a graph (its definition), so that it runs in every kind of number without the user's
/// translation unit seeing any of them; its derivative rule (`partials`, or `products`) and its `kink`, if it has one,
/// are recorded the same way.
///
/// The rule is believed: every derivative, by symbols and by sweeps over any kind of number, of any order, is the
/// rule's, and the definition is never differentiated. So a rule may be stabler than the derivative of the value, or
/// say something else on purpose (a straight-through estimator: the value floor(x) with the derivative 1). Hessians
/// are taken to be symmetric, as they are where the partials are those of some function.
namespace nabla {

/// What the engine knows of a user's operator.
struct CustomOperator {
  /// The value in terms of other operators.
  std::function<Expr(Attributes, std::span<const Expr>)> definition;
  PullbackRule pullback = nullptr;
  /// The condition under which no derivative exists; empty when the record states none.
  std::function<Expr(Attributes, std::span<const Expr>)> kink;
};

/// \pre code was handed out by code_of for an operator that is not built in.
const CustomOperator& custom_operator(Opcode code);

namespace detail {

Opcode register_custom(OperatorInfo info, CustomOperator rules);

template <class Op>
std::function<Expr(Attributes, std::span<const Expr>)> kink_of() {
  if constexpr (requires { &Op::template kink<Expr>; }) {
    return [](Attributes attributes, std::span<const Expr> x) {
      return [&]<std::size_t... K>(std::index_sequence<K...>) {
        if constexpr (Op::indexed)
          return Op::template kink<Expr>(attributes[0], x[K]...);
        else
          return Op::template kink<Expr>(x[K]...);
      }
      (std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
    };
  } else {
    return nullptr;
  }
}

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
         .pullback = &symbolic_pullback<Op>,
         .kink = kink_of<Op>()});
    return made;
  }
};

}  // namespace detail
}  // namespace nabla
