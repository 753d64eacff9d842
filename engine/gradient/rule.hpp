#pragma once

#include <nabla/engine/record/expr.hpp>

/// Derivative rules as they appear to a sweep over symbols: contributions to the adjoint of each operand, with the
/// operand's shape; an empty one is zero.
namespace nabla {

using PullbackRule = std::vector<Expr> (*)(Attributes, const Expr& adjoint, const Expr& y, std::span<const Expr> x);

/// The rule of any operator, built in or registered.
PullbackRule pullback_rule(Opcode code);

/// The condition under which the operator has no derivative, as an expression (1 there, 0 elsewhere; a tensor: at every
/// nonzero entry); empty when it is differentiable on its whole domain.
Expr kink_condition(Opcode code, Attributes attributes, std::span<const Expr> x);

/// The condition of the operator's domain as an expression (1 inside; a tensor: where all entries are nonzero); empty
/// when it is defined everywhere.
Expr domain_condition(Opcode code, Attributes attributes, std::span<const Expr> x);

/// A composite operator written with other operators; empty for a primitive or structured one.
Expr expand_definition(Opcode code, Attributes attributes, std::span<const Expr> x);

/// What an operator equals on its whole domain, as algebra wants it: by its record's `algebraic`, else by its
/// definition; empty where it has neither.
Expr algebraic_form(Opcode code, Attributes attributes, std::span<const Expr> x);

namespace detail {

template <class Op, std::size_t... K>
Expr definition_of(Attributes attributes, std::span<const Expr> x, std::index_sequence<K...>) {
  if constexpr (Op::indexed) {
    return Op::template value<Expr>(attributes[0], x[K]...);
  } else {
    return Op::template value<Expr>(x[K]...);
  }
}

template <class Op, std::size_t... K>
auto symbolic_products(Attributes attributes, const Expr& adjoint, const Expr& y, std::span<const Expr> x,
                       std::index_sequence<K...>) {
  if constexpr (requires { Op::template products<Expr>(adjoint, y, x[K]...); }) {
    return Op::template products<Expr>(adjoint, y, x[K]...);
  } else {
    auto partials = [&] {
      if constexpr (Op::indexed) {
        return Op::template partials<Expr>(attributes[0], y, x[K]...);
      } else {
        return Op::template partials<Expr>(y, x[K]...);
      }
    }();
    for (Expr& p : partials) p = p.is(0) ? Expr() : chain(adjoint, p);
    return partials;
  }
}

template <class Op>
std::vector<Expr> symbolic_pullback(Attributes attributes, const Expr& adjoint, const Expr& y,
                                    std::span<const Expr> x) {
  if constexpr (StructuredOperator<Op>) {
    return Op::template pullback<Expr>(attributes, adjoint, y, x);
  } else {
    const auto products = symbolic_products<Op>(attributes, adjoint, y, x,
                                                std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
    std::vector<Expr> contributions(products.begin(), products.end());
    for (std::size_t k = 0; k < contributions.size(); ++k) {
      Expr& c = contributions[k];
      if (c.empty()) continue;
      if (c.is(0)) {
        c = Expr();
      } else {
        // A constant partial of a stretched operand has fewer axes than the result; stretch before adding up.
        c = sum_to(broadcast_to(c, y.shape()), x[k].shape());
      }
    }
    return contributions;
  }
}

}  // namespace detail
}  // namespace nabla
