#pragma once

#include <functional>
#include <nabla/engine/record/expr.hpp>

/// Antiderivatives of single operators at their operand, each shown by differentiation (DLMF 4.10, 4.26, 4.40, 7.2).
namespace nabla {

/// The k-th antiderivative of a function at u (k >= 1); empty where there is no rule. No function: there is none at
/// all.
using Repeated = std::function<Expr(const Expr& u, std::size_t k)>;

Repeated repeated_integral(const Graph& graph, NodeId id);             ///< g(u)
Repeated repeated_integral_of_inverse(const Graph& graph, NodeId id);  ///< 1 / g(u)
Repeated integral_of_square(const Graph& graph, NodeId id);            ///< g(u)^2
Repeated integral_of_inverse_square(const Graph& graph, NodeId id);    ///< 1 / g(u)^2

}  // namespace nabla
