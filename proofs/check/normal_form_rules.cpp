#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/check/normal_form.hpp>

namespace nabla::normal_form {

// Rows: an operator, and what it equals on its whole domain. An operator without a row is still handled, as a function
// of which nothing is known but its parity and range.
Expr rewritten(Opcode code, Attributes attributes, std::span<const Expr> x) {
  // DLMF 4.2.19, 4.2(ii)
  if (code == opcode<Expm1>) return nabla::exp(x[0]) - 1;
  if (code == opcode<Log1p>) return nabla::log(1 + x[0]);
  if (code == opcode<Log2>) return nabla::log(x[0]) / nabla::log(Expr(2));
  if (code == opcode<Log10>) return nabla::log(x[0]) / nabla::log(Expr(10));
  if (code == opcode<LogAddExp>) return nabla::log(nabla::exp(x[0]) + nabla::exp(x[1]));
  if (code == opcode<Softplus>) return nabla::log(1 + nabla::exp(x[0]));
  // DLMF 4.28
  if (code == opcode<Sinh>) return (nabla::exp(x[0]) - nabla::exp(-x[0])) / 2;
  if (code == opcode<Cosh>) return (nabla::exp(x[0]) + nabla::exp(-x[0])) / 2;
  if (code == opcode<Tanh>) return (nabla::exp(2 * x[0]) - 1) / (nabla::exp(2 * x[0]) + 1);
  // DLMF 4.37(iv)
  if (code == opcode<Asinh>) return nabla::log(x[0] + nabla::sqrt(powi(x[0], 2) + 1));
  if (code == opcode<Acosh>) return nabla::log(x[0] + nabla::sqrt(powi(x[0], 2) - 1));
  if (code == opcode<Atanh>) return (nabla::log(1 + x[0]) - nabla::log(1 - x[0])) / 2;
  // DLMF 4.14, 7.2.2
  if (code == opcode<Tan>) return nabla::sin(x[0]) / nabla::cos(x[0]);
  if (code == opcode<Erfc>) return 1 - nabla::erf(x[0]);
  if (code == opcode<Hypot>) return nabla::sqrt(powi(x[0], 2) + powi(x[1], 2));
  // Choices between values that agree where the condition changes.
  if (code == opcode<Max>) return nabla::where(nabla::lt(x[0], x[1]), x[1], x[0]);
  if (code == opcode<Min>) return nabla::where(nabla::lt(x[1], x[0]), x[1], x[0]);
  if (code == opcode<Abs>) return nabla::where(nabla::lt(x[0], 0), -x[0], x[0]);
  if (code == opcode<Sign>) return nabla::lt(0, x[0]) - nabla::lt(x[0], 0);
  return expand_definition(code, attributes, x);
}

}  // namespace nabla::normal_form
