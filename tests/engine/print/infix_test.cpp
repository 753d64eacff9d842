#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/engine/parse/parse.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/ops/joining.hpp>
#include <nabla/ops/linear.hpp>
#include <sstream>

using nabla::Constant;
using nabla::Expr;
using nabla::opcode;
using nabla::Range;
using nabla::Shape;
using nabla::to_string;
using nabla::variable;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A raw node, past the folding of constants.
template <class Op>
Expr raw(const Expr& a, const Expr& b) {
  const auto w = a.ref().is_node() ? a.workspace() : b.workspace();
  const nabla::Ref refs[] = {a.ref(), b.ref()};
  return {w, w->node(opcode<Op>, refs)};
}

}  // namespace

TEST_CASE("print infix: parentheses stand where the grammar needs them and nowhere else") {
  const Expr a = variable("a");
  const Expr b = variable("b");
  const Expr c = variable("c");
  CHECK(to_string(a + b + c) == "a + b + c");
  CHECK(to_string(a + (b + c)) == "a + (b + c)");
  CHECK(to_string(a - b - c) == "a - b - c");
  CHECK(to_string(a - (b - c)) == "a - (b - c)");
  CHECK(to_string(a - b * c) == "a - b * c");
  CHECK(to_string((a - b) * c) == "(a - b) * c");
  CHECK(to_string(a / b / c) == "a / b / c");
  CHECK(to_string(a / (b / c)) == "a / (b / c)");
  CHECK(to_string(a / (b * c)) == "a / (b * c)");
  CHECK(to_string(a * b / c) == "a * b / c");
  CHECK(to_string(a * (b / c)) == "a * (b / c)");
}

TEST_CASE("print infix: signs and powers") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  CHECK(to_string(-powi(x, 2)) == "-x^2");
  CHECK(to_string(powi(-x, 2)) == "(-x)^2");
  CHECK(to_string(powi(x, -1)) == "x^-1");
  CHECK(to_string(powi(powi(x, 2), 3)) == "(x^2)^3");
  CHECK(to_string(pow(Expr(2), -x)) == "2^-x");
  CHECK(to_string(pow(x, pow(y, x))) == "x^y^x");
  CHECK(to_string(pow(pow(x, y), x)) == "(x^y)^x");
  CHECK(to_string(pow(x, y + 1)) == "x^(y + 1)");
  CHECK(to_string(pow(x, nabla::ratio<Expr>(1, 3))) == "x^(1/3)");
  CHECK(to_string(-(x * y)) == "-(x * y)");
  CHECK(to_string(-x * y) == "-x * y");
  CHECK(to_string(x * -y) == "x * (-y)");
  CHECK(to_string(x - -y) == "x - (-y)");
  CHECK(to_string(-x - y) == "-x - y");
  CHECK(to_string(-(x + y)) == "-(x + y)");
  CHECK(to_string(powi(exp(x), 2)) == "exp(x)^2");
}

TEST_CASE("print infix: a real power with an integer exponent is not taken for an integer power") {
  const Expr x = variable("x");
  CHECK(to_string(raw<nabla::Pow>(x, Expr(2))) == "pow(x, 2)");
  CHECK(to_string(powi(x, 2)) == "x^2");
}

TEST_CASE("print infix: constants are exact and bind as they must") {
  const Expr x = variable("x");
  CHECK(to_string(nabla::ratio<Expr>(1, 3) * x) == "1/3 * x");
  CHECK(to_string(x * nabla::ratio<Expr>(1, 3)) == "x * (1/3)");
  CHECK(to_string(x / nabla::ratio<Expr>(1, 3)) == "x / (1/3)");
  CHECK(to_string(x - nabla::ratio<Expr>(1, 3)) == "x - 1/3");
  CHECK(to_string(x - Expr(-3)) == "x - (-3)");
  CHECK(to_string(x * Expr(-3)) == "x * (-3)");
  CHECK(to_string(Expr(-3) * x) == "-3 * x");
  CHECK(to_string(pow(Expr(-3), x)) == "(-3)^x");
  CHECK(to_string(pow(nabla::ratio<Expr>(1, 2), x)) == "(1/2)^x");
  CHECK(to_string(pow(x, Expr(Constant::pi()))) == "x^pi");
  CHECK(to_string(Expr(Constant::text("-1/123456789012345678901234567890"))) == "-1/123456789012345678901234567890");
}

TEST_CASE("print infix: a recorded double is the exact number that it is") {
  CHECK(to_string(Expr(0.5)) == "0.5");
  CHECK(to_string(Expr(-0.0)) == "0");
  CHECK(to_string(Expr(3.0)) == "3");
  CHECK(to_string(Expr(-1234.0625)) == "-1234.0625");
  CHECK(to_string(Expr(0.1)) == "3602879701896397/36028797018963968");
  CHECK(to_string(Expr(1e300)) == "1681218273811815 * 2^946");
  CHECK(to_string(Expr(std::ldexp(1.0, -1074))) == "1 * 2^-1074");
  CHECK(to_string(Expr(std::ldexp(1.0, 40))) == "1099511627776");
  const Expr x = variable("x");
  CHECK(to_string(x * Expr(0.1)) == "x * (3602879701896397/36028797018963968)");
  CHECK(to_string(powi(x, 2) / Expr(1e300)) == "x^2 / (1681218273811815 * 2^946)");
  CHECK(to_string(pow(Expr(0.5), x)) == "0.5^x");
}

TEST_CASE("print infix: conditions are relations where they choose and indicators where they count") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  CHECK(to_string(where(lt(x, y), x + 1, -y)) == "where(x < y, x + 1, -y)");
  CHECK(to_string(where(le(x, Expr(0)), x, y)) == "where(x <= 0, x, y)");
  CHECK(to_string(where(ne(x, y), x, y)) == "where(x != y, x, y)");
  CHECK(to_string(where(Expr(1) - lt(x, y), x, y)) == "where(not x < y, x, y)");
  CHECK(to_string(where(x, x, y)) == "where(x != 0, x, y)");
  CHECK(to_string(lt(x, y) * eq(x, y)) == "indicator(x < y) * indicator(x == y)");
  const Expr v = variable("v", {3});
  CHECK(to_string(lt(v, Expr(0))) == "lt(v, 0)");
}

TEST_CASE("print infix: products, quotients and powers of tensors entry by entry have a dot") {
  const Expr s = variable("s");
  const Expr v = variable("v", {3});
  const Expr w = variable("w", {3});
  CHECK(to_string(s * v) == "s * v");
  CHECK(to_string(v * s) == "v * s");
  CHECK(to_string(v * w) == "v .* w");
  CHECK(to_string(v / s) == "v / s");
  CHECK(to_string(s / v) == "s ./ v");
  CHECK(to_string(v / w) == "v ./ w");
  CHECK(to_string(powi(v, 2)) == "v.^2");
  CHECK(to_string(pow(v, s)) == "v.^s");
  CHECK(to_string(pow(s, v)) == "s.^v");
  CHECK(to_string(v + s) == "v + s");
}

TEST_CASE("print infix: matrices, entries, rows and columns") {
  const Expr a = variable("A", {2, 3});
  const Expr b = variable("B", {3, 2});
  const Expr x = variable("x", {3});
  const Expr s = variable("s");
  CHECK(to_string(matmul(a, x)) == "A * x");
  CHECK(to_string(matmul(a, matmul(b, a))) == "A * (B * A)");
  CHECK(to_string(matmul(x, x)) == "matmul(x, x)");
  CHECK(to_string(transpose(a)) == "A'");
  CHECK(to_string(transpose(a + a)) == "(A + A)'");
  CHECK(to_string(element(x, {1})) == "x[2]");
  CHECK(to_string(element(a, {1, 2})) == "A[2, 3]");
  CHECK(to_string(take(a, 0)) == "A[1, :]");
  CHECK(to_string(take(a, 2, 1)) == "A[:, 3]");
  CHECK(to_string(element(transpose(a), {0, 1})) == "A'[1, 2]");
  CHECK(to_string(element(variable("u", {1}), {0})) == "u[1]");
  CHECK(to_string(slice(x, {Range{0, 2}})) == "slice(x, {0, 2, 1})");
  CHECK(to_string(reshape(a, {3, 2})) == "reshape(A, 3, 2)");
  CHECK(to_string(stack(std::vector<Expr>{s, Expr(1), s + 1})) == "[s, 1, s + 1]");
  CHECK(to_string(reshape(stack(std::vector<Expr>{s, 1, 2, s}), {2, 2})) == "[s, 1; 2, s]");
  CHECK(to_string(stack(std::vector<Expr>{x, x})) == "stack(x, x)");
  CHECK(to_string(sum(x)) == "sum(x)");
  CHECK(to_string(sum(a, 0)) == "sum(A, {0, 0})");
  CHECK(to_string(polygamma(2, s)) == "polygamma(2, s)");
}

TEST_CASE("print infix: constants in every entry") {
  const auto w = nabla::Workspace::current();
  const Expr keep = variable("keep");
  const auto filled = [&](const Constant& c, const Shape& shape) {
    return Expr(keep.workspace(), keep.workspace()->literal(c, shape));
  };
  CHECK(to_string(filled(Constant::integer(0), {2, 3})) == "zeros(2, 3)");
  CHECK(to_string(filled(Constant::integer(1), {3})) == "ones(3)");
  CHECK(to_string(filled(Constant::ratio(-1, 2), {3})) == "-1/2 * ones(3)");
  CHECK(to_string(keep - filled(Constant::integer(2), {3})) == "keep - 2 * ones(3)");
}

TEST_CASE("print infix: what is written is read without complaint by the grammar, for every operator") {
  const std::vector<Shape> shapes = {{}, {2}, {2, 2}};
  for (nabla::Opcode code = 0; code < nabla::builtin_count; ++code) {
    const nabla::OperatorInfo& info = nabla::operator_info(code);
    if (info.family == nabla::Family::leaf) continue;
    for (const Shape& shape : shapes) {
      const Expr x = variable("x", shape);
      std::vector<nabla::Ref> refs(info.arity == nabla::variadic ? 3 : static_cast<std::size_t>(info.arity), x.ref());
      const std::int64_t order[] = {2};
      try {
        const Expr e(x.workspace(), x.workspace()->node(code, refs, info.indexed ? order : nabla::Attributes{}));
        const std::string text = to_string(e) + " == 2 * " + to_string(Expr(e.workspace(), e.ref()));
        CAPTURE(info.name);
        CAPTURE(text);
        CHECK_NOTHROW(nabla::parse_statement(nabla::Source("printed", text)));
      } catch (const nabla::ShapeError&) {
      }
    }
  }
}

TEST_CASE("print infix: beyond the limit of one line, names are given") {
  Expr e = variable("x");
  for (int i = 0; i < 40; ++i) e = e * e + 1;
  const std::string text = to_string(e);
  CHECK(text.starts_with("let t1 = x * x + 1\nlet t2 = t1 * t1 + 1\n"));
  CHECK(text.ends_with("+ 1"));
  CHECK(text.size() < 2000);
}

TEST_CASE("print infix: a condition that occurs twice is named as a number") {
  const Expr x = variable("x");
  const Expr below = lt(x, Expr(0));
  CHECK(to_string(below * sin(below), {.tree_limit = 5}) == "let t1 = indicator(x < 0)\nt1 * sin(t1)");
  CHECK(to_string(below * where(below, x, Expr(1)), {.tree_limit = 5}) ==
        "let t1 = indicator(x < 0)\nt1 * where(t1 != 0, x, 1)");
}

TEST_CASE("print infix: the engine's own stretching and adding up use the language's words") {
  const Expr x = variable("x");
  const Expr v = variable("v", {2, 3});
  CHECK(to_string(broadcast_to(x + 1, Shape{3})) == "(x + 1) * ones(3)");
  CHECK(to_string(broadcast_to(Expr(1), Shape{3, 2})) == "ones(3, 2)");
  CHECK(to_string(sum_to(v, Shape{})) == "sum(v)");
  CHECK(to_string(sum_to(v, Shape{3})) == "sum_to(v, {3})");
}

TEST_CASE("print infix: names do not clash with variables") {
  const Expr t1 = variable("t1");
  const std::string text = to_string((t1 + 1) * (t1 + 1), {.tree_limit = 5});
  CHECK(text == "let t_1_ = t1 + 1\nt_1_ * t_1_");
}

TEST_CASE("print infix: a chain of a million nodes prints within the limit") {
  Expr e = variable("x");
  for (int i = 0; i < 500'000; ++i) e = sin(e) + 1;
  const std::string text = to_string(e, {.tree_limit = 1000, .limit = 5000});
  CHECK(text.size() < 20'000);
  CHECK(contains(text, "# ... and "));
  CHECK(contains(text, "let t2 = "));
}

TEST_CASE("print infix: a call of many operands is cut off, not spelt out") {
  const Expr x = variable("x");
  const std::vector<Expr> entries(100'000, x + 1);
  CHECK(to_string(stack(entries)).ends_with("..."));
}

TEST_CASE("print infix: an empty expression is an error, except in a stream") {
  CHECK_THROWS_AS(to_string(Expr()), std::invalid_argument);
  std::ostringstream out;
  out << Expr() << " " << variable("x") + 1;
  CHECK(out.str() == "(empty) x + 1");
}
