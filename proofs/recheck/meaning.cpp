#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/recheck/meaning.hpp>

namespace nabla::rederive {

Expr meaning(Opcode code, Attributes attributes, std::span<const Expr> x) {
  const Expr& u = x[0];
  if (code == opcode<Expm1>) return exp(u) - 1;
  if (code == opcode<Log1p>) return log(u + 1);
  if (code == opcode<Log2>) return log(u) / log(Expr(2));
  if (code == opcode<Log10>) return log(u) / (log(Expr(2)) + log(Expr(5)));
  if (code == opcode<LogAddExp>) return log(exp(x[1]) + exp(u));
  if (code == opcode<Softplus>) return log(exp(u) + 1);
  if (code == opcode<Sinh>) return (exp(2 * u) - 1) / (2 * exp(u));
  if (code == opcode<Cosh>) return (exp(2 * u) + 1) / (2 * exp(u));
  if (code == opcode<Tanh>) return 1 - 2 / (exp(2 * u) + 1);
  if (code == opcode<Asinh>) return log(sqrt(u * u + 1) + u);
  if (code == opcode<Acosh>) return log(sqrt(u * u - 1) + u);
  if (code == opcode<Atanh>) return (log(1 + u) - log(1 - u)) / 2;
  if (code == opcode<Tan>) return sin(u) / cos(u);
  if (code == opcode<Erfc>) return 1 - erf(u);
  if (code == opcode<Hypot>) return sqrt(u * u + x[1] * x[1]);
  if (code == opcode<Max>) return where(le(x[1], u), u, x[1]);
  if (code == opcode<Min>) return where(le(u, x[1]), u, x[1]);
  if (code == opcode<Abs>) return where(le(0, u), u, -u);
  if (code == opcode<Sign>) return where(lt(0, u), Expr(1), where(lt(u, 0), Expr(-1), Expr(0)));
  return algebraic_form(code, attributes, x);
}

}  // namespace nabla::rederive
