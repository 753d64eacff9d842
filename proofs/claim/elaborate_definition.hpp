#pragma once

#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// For each application of a function variable: whether its argument depends on one of the variables, perhaps through
/// other applications.
std::vector<bool> moving_applications(const Elaborator& elaborator, const std::vector<Expr>& over);

/// Whether an expression reads a function variable at an argument that depends on one of the variables.
bool reads_function(const Elaborator& elaborator, const Expr& e, const std::vector<Expr>& over);

/// A predicate about an expression with function variables in it, written out as its definition: a relation at a second
/// point y of the set of x (and a share t in [0, 1]), which become given variables of their own.
///   convex          E(t x + (1 - t) y) <= t E(x) + (1 - t) E(y); concave and strongly_convex alike
///   lipschitz       |E(x) - E(y)| <= L |x - y|
///   smooth          |grad E(x) - grad E(y)| <= L |x - y|; cocoercive alike
/// For `show` alone: there "for every x" and the quantifier of the predicate are the same.
/// \param hypotheses of the problem; none may speak of x
/// \throws NotHandled for other predicates, several variables, and sets that are not all reals or an interval for each
/// entry
Statement unfolded(Elaborator& elaborator, const Statement& predicate, const std::vector<Given>& givens,
                   const std::vector<Statement>& hypotheses, std::vector<Given>& second, SyntaxId id);

/// For `differentiable` and `continuous`: values of function variables replaced by what has the same regularity there,
/// f(u) by f(u) + c (u - v), with v equal to u and standing still. The new variables are added to `second`.
/// \throws NotHandled where a function variable has not that regularity by its class
Expr regular_form(Elaborator& elaborator, const Expr& e, const std::vector<Expr>& over, bool differentiable,
                  const std::vector<FunctionVariable>& functions, std::vector<Given>& second);

/// Made of polynomials alone, so that it has a value and a gradient everywhere.
/// \param squared_norms  whether a norm may be read by its square, whose derivative may be written with a quotient
bool is_polynomial(const Expr& e, bool squared_norms = true);

/// Whether what an expression asks for is derivatives, and that what they are taken of is defined, which each of them
/// says itself.
bool asks_for_derivatives_alone(const Records& asked);

}  // namespace nabla
