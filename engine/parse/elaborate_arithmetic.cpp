// + - * / ^ and their elementwise forms, by the strict rules of the claim language.
#include <limits>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/broadcast.hpp>
#include <nabla/ops/powers.hpp>

namespace nabla {

namespace {

std::string operator_text(BinaryOperator op) { return "`" + std::string(spelling(op)) + "`"; }

void check_scalar_or_equal(BinaryOperator op, const Expr& a, const Expr& b, Place where) {
  if (a.shape() == b.shape() || a.shape().is_scalar() || b.shape().is_scalar()) return;
  throw TypeError(where, operator_text(op) + " needs equal shapes, or a scalar on one side", {a.shape(), b.shape()});
}

/// The exponent that powers by repeated multiplication; nothing when the exponent is not an exact integer.
std::optional<std::int64_t> integer_exponent(const Expr& exponent) {
  const Constant* c = exponent.constant();
  if (c == nullptr || !c->is_integer() || !exponent.shape().is_scalar()) return std::nullopt;
  return c->num();
}

}  // namespace

Expr Elaborator::binary(SyntaxId id, const Expr& a, const Expr& b) {
  const Place where = syntax_.anchor(id);
  const BinaryOperator op = syntax_.binary_operator(id);
  switch (op) {
    case BinaryOperator::add:
      check_scalar_or_equal(op, a, b, where);
      return a + b;
    case BinaryOperator::subtract:
      check_scalar_or_equal(op, a, b, where);
      return a - b;
    case BinaryOperator::multiply:
      return product(id, a, b);
    case BinaryOperator::divide:
      if (!b.shape().is_scalar())
        throw TypeError(where, "`/` divides by a scalar; `./` divides entry by entry, and inv(A) inverts a matrix",
                        {a.shape(), b.shape()});
      return a / b;
    case BinaryOperator::power:
      return power(id, a, b);
    case BinaryOperator::elementwise_multiply:
      check_scalar_or_equal(op, a, b, where);
      return a * b;
    case BinaryOperator::elementwise_divide:
      check_scalar_or_equal(op, a, b, where);
      return a / b;
    case BinaryOperator::elementwise_power:
      check_scalar_or_equal(op, a, b, where);
      return elementwise_power(id, a, b);
  }
  return {};
}

Expr Elaborator::product(SyntaxId id, const Expr& a, const Expr& b) {
  const std::size_t left = a.shape().rank();
  const std::size_t right = b.shape().rank();
  if (left == 0 || right == 0) return a * b;
  const Place where = syntax_.anchor(id);
  const auto fail = [&](const std::string& message) { throw TypeError(where, message, {a.shape(), b.shape()}); };
  if (left == 1 && right == 1)
    fail(
        "`*` of two vectors is not defined: dot(a, b) is their inner product, outer(a, b) the matrix of all products, "
        "a .* b the products entry by entry");
  if (left > 2 || right > 2) fail("`*` multiplies scalars, vectors and matrices; this operand has more than two axes");
  if (a.shape()[left - 1] != b.shape()[0])
    fail(left == 1    ? "`*` needs as many rows in the matrix as the vector has entries"
         : right == 1 ? "`*` needs as many columns in the matrix as the vector has entries"
                      : "`*` needs as many columns in the left matrix as there are rows in the right one");
  return apply("matmul", {a, b});
}

Expr Elaborator::power(SyntaxId id, const Expr& a, const Expr& b) {
  const Place where = syntax_.anchor(id);
  if (!b.shape().is_scalar())
    throw TypeError(where, "the exponent of `^` is a scalar; `.^` raises entry by entry", {a.shape(), b.shape()});
  if (a.shape().is_scalar()) return scalar_power(a, b, id);
  if (a.shape().rank() != 2 || a.shape()[0] != a.shape()[1])
    throw TypeError(where, "`^` raises a scalar or a square matrix; `.^` raises entry by entry",
                    {a.shape(), b.shape()});
  const auto n = integer_exponent(b);
  if (!n)
    throw TypeError(where, "the power of a matrix is an exact integer that is known here", {a.shape(), b.shape()});
  return matrix_power(a, *n, id);
}

Expr Elaborator::scalar_power(const Expr& base, const Expr& exponent, SyntaxId id) {
  if (const auto n = integer_exponent(exponent)) return powi(base, *n);
  const Constant* c = exponent.constant();
  if (c != nullptr && c->kind() == Constant::Kind::text && c->as_text().find('/') == std::string::npos)
    throw Unsupported(syntax_.anchor(id), "an integer exponent with more than 18 digits");
  return pow(base, exponent);
}

Expr Elaborator::matrix_power(const Expr& base, std::int64_t exponent, SyntaxId id) {
  if (exponent == std::numeric_limits<std::int64_t>::min())
    throw Unsupported(syntax_.anchor(id), "an exponent with more than 18 digits");
  Expr square = base;
  if (exponent < 0) {
    const Expr operands[] = {base};
    square = apply_registered("inv", operands, id);
    exponent = -exponent;
  }
  Expr result;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = result.empty() ? square : apply("matmul", {result, square});
    if (exponent > 1) square = apply("matmul", {square, square});
  }
  if (!result.empty()) return result;
  records_.add(Requirement{base, guards_});
  const Expr dimension[] = {Expr(base.shape()[0])};
  return filled("eye", dimension, id);
}

Expr Elaborator::elementwise_power(SyntaxId id, const Expr& a, const Expr& b) {
  if (b.shape().is_scalar()) return scalar_power(a, b, id);
  if (const Constant* c = b.constant()) {
    const Expr exponent(*c);
    return scalar_power(broadcast_to(a, b.shape()), exponent, id);
  }
  // Entries that are exact integers are powers by an integer, which take any base.
  const auto known = b.ref().is_node() ? constant_tensors_.find(b.ref().id()) : constant_tensors_.end();
  if (known == constant_tensors_.end()) return pow(a, b);
  const std::vector<Expr> exponents = known->second;
  const Expr base = reshape(broadcast_to(a, b.shape()), Shape{b.shape().size()});
  std::vector<Expr> entries;
  for (std::size_t i = 0; i < exponents.size(); ++i)
    entries.push_back(scalar_power(element(base, {static_cast<std::int64_t>(i)}), exponents[i], id));
  return joined(entries, b.shape(), id);
}

}  // namespace nabla
