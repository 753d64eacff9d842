#pragma once

#include <nabla/engine/record/expr.hpp>
#include <vector>

/// Derivatives and values of expressions that read integrals.
namespace nabla {

/// value == the integral of density by `inside` from 0 to 1; value and inside are scalar variables. A density may read
/// values of integrals before it.
struct ParametricIntegral {
  Expr value, density, inside;
};

/// Integrals as variables, and what becomes of expressions that read them. Every member appends to the workspace; new
/// integrals are closed by a primitive function where there is one, else they are further variables. The same questions
/// in the same order give the same expressions.
class IntegralCalculus {
 public:
  IntegralCalculus(std::shared_ptr<Workspace> workspace, std::vector<ParametricIntegral> integrals)
      : workspace_(std::move(workspace)), integrals_(std::move(integrals)) {}

  const std::vector<ParametricIntegral>& integrals() const { return integrals_; }
  /// Whether some integral is read.
  bool reads(const Expr& e) const;
  /// Those that are read, and those that their densities read.
  std::vector<std::size_t> read_by(const Expr& e) const;

  /// The derivative of a scalar expression by a scalar variable: under the integral sign, and by the ends where these
  /// move (Leibniz). It is that where e and the densities are differentiable by x with a derivative that is continuous,
  /// ends of the range included, which is for the caller to see to.
  Expr derivative(const Expr& e, const Expr& x);
  /// e where a variable has another value.
  Expr at(const Expr& e, const Expr& x, const Expr& value);

 private:
  struct Ends;
  bool moves(std::size_t integral, const Expr& x) const;
  Expr derivative_of(std::size_t integral, const Expr& x);
  Expr integral(const Expr& density, const Expr& inside);

  std::shared_ptr<Workspace> workspace_;
  std::vector<ParametricIntegral> integrals_;
};

/// The integral of a density by `inside` from 0 to 1, where a primitive function is found.
Expr closed_integral(const Expr& density, const Expr& inside);

}  // namespace nabla
