#pragma once

#include <nabla/engine/record/expr.hpp>
#include <string>
#include <vector>

/// Derivatives of symbolic graphs, which are graphs again: one reverse sweep, from which the rest follows.
namespace nabla {

/// The value that an operator's derivative takes at its kink, in place of its own: `relu'(0) = 1`; for min and max the
/// partial of the first operand at a tie, the second gets 1 minus it.
struct KinkConvention {
  std::string operation;
  Constant value;
};

/// What a sweep back is told.
struct SweepOptions {
  std::vector<KinkConvention> conventions;
};

/// The vector-Jacobian product: sum over outputs k of seed[k] contracted with d outputs[k] / d inputs[i].
/// \param outputs, seeds  of equal shapes pairwise
/// \param inputs  nodes of the same workspace (variables, or any intermediate)
/// \return one expression per input, of the input's shape; exactly 0 (stretched to it) where nothing depends on it.
/// Cost: one visit per node that outputs depend on and that depends on an input, whatever the number of inputs.
std::vector<Expr> vjp(std::span<const Expr> outputs, std::span<const Expr> seeds, std::span<const Expr> inputs,
                      const SweepOptions& options = {});

/// The gradient of a scalar; one expression per input, of its shape. \throws ShapeError when y is not scalar.
std::vector<Expr> gradient(const Expr& y, std::span<const Expr> inputs, const SweepOptions& options = {});
Expr gradient(const Expr& y, const Expr& input, const SweepOptions& options = {});

/// The Jacobian-vector product: the directional derivative of y along `tangents` (of the inputs' shapes), by two
/// reverse sweeps (Griewank and Walther 2008, 3.3), so no rule is stated twice. Shape of y.
Expr jvp(const Expr& y, std::span<const Expr> inputs, std::span<const Expr> tangents, const SweepOptions& options = {});

/// shape(y) then shape(x); rows are outputs.
Expr jacobian(const Expr& y, const Expr& x, const SweepOptions& options = {});

/// shape(x) then shape(x); y is scalar.
Expr hessian(const Expr& y, const Expr& x, const SweepOptions& options = {});

}  // namespace nabla
