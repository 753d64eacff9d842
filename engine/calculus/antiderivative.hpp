#pragma once

#include <nabla/engine/record/expr.hpp>
#include <optional>
#include <vector>

/// Integration in closed form.
namespace nabla {

/// The coefficients of 1, t, t^2, ... of an expression (scalar or tensor) that is a polynomial in the scalar variable
/// t, in expressions that do not depend on t; nothing when it is not written as one, or of a degree above 24.
std::optional<std::vector<Expr>> polynomial_in(const Expr& e, const Expr& t);

/// A primitive function of a scalar expression: F with dF/dt = e wherever e is defined, continuous on the closure of
/// every interval on which e is defined, as far as the integral up to there exists. Sums, polynomials, elementary
/// functions of linear functions of t with polynomial factors, quotients by linear and by definite quadratic functions,
/// powers, abs, relu and sign of linear functions, the Gaussian; nothing for anything else. A slope that is not a
/// constant may be 0: the result is a choice (where) between both cases. Steps are bounded; nothing recurses on the
/// graph. Source: DLMF 4.10, 4.26, 4.40, 7.2; each rule follows by differentiation.
std::optional<Expr> antiderivative(const Expr& e, const Expr& t);

}  // namespace nabla
