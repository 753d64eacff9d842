#include <doctest/doctest.h>

#include <algorithm>
#include <nabla/engine/print/print.hpp>
#include <nabla/engine/print/writer.hpp>
#include <nabla/ops/joining.hpp>
#include <nabla/ops/linear.hpp>

using nabla::Expr;
using nabla::to_latex;
using nabla::variable;

namespace {

std::ptrdiff_t count(const std::string& text, const std::string& part) {
  std::ptrdiff_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

}  // namespace

TEST_CASE("print LaTeX: fractions, powers, roots and functions") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  CHECK(to_latex(x / y) == "\\frac{x}{y}");
  CHECK(to_latex((x + 1) / (y - 1)) == "\\frac{x + 1}{y - 1}");
  CHECK(to_latex(powi(x + y, 2)) == "\\left(x + y\\right)^{2}");
  CHECK(to_latex(pow(x, y + 1)) == "x^{y + 1}");
  CHECK(to_latex(powi(x / y, 3)) == "\\left(\\frac{x}{y}\\right)^{3}");
  CHECK(to_latex(square(x + 1)) == "\\left(x + 1\\right)^{2}");
  CHECK(to_latex(sqrt(x + y)) == "\\sqrt{x + y}");
  CHECK(to_latex(log(x + y)) == "\\log\\left(x + y\\right)");
  CHECK(to_latex(exp(-x / 2)) == "e^{\\frac{-x}{2}}");
  CHECK(to_latex(abs(x + y)) == "\\left|x + y\\right|");
  CHECK(to_latex(powi(sin(x), 2)) == "\\left(\\sin\\left(x\\right)\\right)^{2}");
  CHECK(to_latex(max(x + 1, y)) == "\\max\\left(x + 1, y\\right)");
}

TEST_CASE("print LaTeX: products stand side by side, with a dot before digits") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  CHECK(to_latex(2 * x) == "2 x");
  CHECK(to_latex(x * 2) == "x \\cdot 2");
  CHECK(to_latex(x * (2 * y)) == "x \\cdot 2 y");
  CHECK(to_latex(x * pow(Expr(2), y)) == "x \\cdot 2^{y}");
  CHECK(to_latex((x + 1) * (y - 1)) == "\\left(x + 1\\right) \\left(y - 1\\right)");
  CHECK(to_latex(x * (y / 2)) == "x \\frac{y}{2}");
  CHECK(to_latex(x * -y) == "x \\left(-y\\right)");
}

TEST_CASE("print LaTeX: a negated term makes a difference") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  CHECK(to_latex(x + -y) == "x - y");
  CHECK(to_latex(x - -y) == "x + y");
  CHECK(to_latex(x + Expr(-3)) == "x - 3");
  CHECK(to_latex(x - nabla::ratio<Expr>(-1, 3)) == "x + \\frac{1}{3}");
  CHECK(to_latex(x + -(y - 1)) == "x - \\left(y - 1\\right)");
  CHECK(to_latex(x - (y + 1)) == "x - \\left(y + 1\\right)");
  CHECK(to_latex(-(x + y)) == "-\\left(x + y\\right)");
  CHECK(to_latex(x + -y * x) == "x - y x");
  CHECK(to_latex(x - (-(y + 1)) * x) == "x + \\left(y + 1\\right) x");
  CHECK(to_latex(x + Expr(-2) * y) == "x - 2 y");
  CHECK(to_latex(x * ((-y) * x)) == "x \\left(-y\\right) x");
}

TEST_CASE("print LaTeX: a name stands for its sign as well") {
  const Expr x = variable("x");
  const Expr negative = -sin(x);
  CHECK(to_latex((x + negative) * exp(negative), {.tree_limit = 5}) ==
        "\\begin{aligned}\nt_{1} &= -\\sin\\left(x\\right) \\\\\n"
        "&\\phantom{{}={}} \\left(x - \\sin\\left(x\\right)\\right) e^{t_{1}}\n\\end{aligned}");
}

TEST_CASE("print LaTeX: constants are exact") {
  CHECK(to_latex(nabla::ratio<Expr>(-1, 3)) == "-\\frac{1}{3}");
  CHECK(to_latex(Expr(nabla::Constant::pi())) == "\\pi");
  CHECK(to_latex(Expr(0.25)) == "0.25");
  CHECK(to_latex(Expr(0.1)) == "\\frac{3602879701896397}{2^{55}}");
}

TEST_CASE("print LaTeX: names of variables") {
  CHECK(to_latex(variable("theta")) == "\\theta");
  CHECK(to_latex(variable("x1")) == "x_{1}");
  CHECK(to_latex(variable("rate")) == "\\mathit{rate}");
  CHECK(to_latex(variable("x_max")) == "x_{\\mathit{max}}");
  CHECK(to_latex(variable("lambda_2")) == "\\lambda_{2}");
  CHECK(to_latex(variable("_")) == "\\_");
  CHECK(to_latex(variable("50%")) == "\\mathit{50\\%}");
}

TEST_CASE("print LaTeX: vectors, matrices, entries") {
  const Expr a = variable("A", {2, 2});
  const Expr s = variable("s");
  CHECK(to_latex(stack(std::vector<Expr>{s, Expr(1)})) == "\\begin{pmatrix} s \\\\ 1 \\end{pmatrix}");
  CHECK(to_latex(reshape(stack(std::vector<Expr>{s, 1, 2, s}), {2, 2})) ==
        "\\begin{pmatrix} s & 1 \\\\ 2 & s \\end{pmatrix}");
  CHECK(to_latex(element(a, {0, 1})) == "A_{1, 2}");
  CHECK(to_latex(element(variable("x1", {3}), {1})) == "{x_{1}}_{2}");
  CHECK(to_latex(matmul(a, a + a)) == "A \\left(A + A\\right)");
  CHECK(to_latex(a * a) == "A \\odot A");
  CHECK(to_latex(s * a) == "s A");
  CHECK(to_latex(transpose(a + a)) == "\\left(A + A\\right)^{\\top}");
  CHECK(to_latex(broadcast_to(s, nabla::Shape{2, 3}) + broadcast_to(Expr(-2), nabla::Shape{3})) ==
        "s \\cdot 1_{2 \\times 3} + \\left(-2\\right)_{3}");
}

TEST_CASE("print LaTeX: choices are cases, conditions that count are in brackets") {
  const Expr x = variable("x");
  CHECK(to_latex(where(lt(x, Expr(0)), -x, x)) == "\\begin{cases} -x & x < 0 \\\\ x & \\text{otherwise}\\end{cases}");
  CHECK(to_latex(where(x, x + 1, x)) == "\\begin{cases} x + 1 & x \\ne 0 \\\\ x & \\text{otherwise}\\end{cases}");
  CHECK(to_latex(le(x, Expr(1)) * x) == "\\left[x \\le 1\\right] x");
}

TEST_CASE("print LaTeX: every operator's form has balanced braces, delimiters and environments") {
  for (nabla::Opcode code = 0; code < nabla::builtin_count; ++code) {
    const nabla::OperatorInfo& info = nabla::operator_info(code);
    if (info.family == nabla::Family::leaf) continue;
    for (const nabla::Shape& shape : {nabla::Shape{}, nabla::Shape{2}, nabla::Shape{2, 2}}) {
      const Expr x = variable("x", shape);
      std::vector<nabla::Ref> refs(info.arity == nabla::variadic ? 2 : static_cast<std::size_t>(info.arity), x.ref());
      const std::int64_t order[] = {2};
      try {
        const Expr e(x.workspace(), x.workspace()->node(code, refs, info.indexed ? order : nabla::Attributes{}));
        const std::string text = to_latex(e);
        CAPTURE(info.name);
        CAPTURE(text);
        CHECK(std::ranges::count(text, '{') == std::ranges::count(text, '}'));
        CHECK(count(text, "\\left") - count(text, "\\leftarrow") == count(text, "\\right"));
        CHECK(count(text, "\\begin{") == count(text, "\\end{"));
        CHECK(text.find("{0}") == std::string::npos);
        CHECK(text.find('x') != std::string::npos);
      } catch (const nabla::ShapeError&) {
      }
    }
  }
}

TEST_CASE("print LaTeX: long expressions become aligned definitions, deep ones are cut") {
  Expr e = variable("x");
  for (int i = 0; i < 30; ++i) e = e * e + 1;
  const std::string text = to_latex(e);
  CHECK(text.starts_with("\\begin{aligned}\nt_{1} &= x x + 1 \\\\\n"));
  CHECK(text.ends_with("\\end{aligned}"));
  for (int i = 0; i < 300'000; ++i) e = sin(e) + 1;
  CHECK(to_latex(e, {.tree_limit = 100, .limit = 1000}).size() < 5000);
}

TEST_CASE("print templates: braces, places and delimiters") {
  const auto parts = nabla::detail::parse_template("\\frac{{{0}}}{{{1}}} + {2}");
  REQUIRE(parts.size() == 6);
  CHECK(parts[0].text == "\\frac{");
  CHECK(parts[1].place == 0);
  CHECK(parts[1].delimited);
  CHECK(parts[2].text == "}{");
  CHECK(parts[4].text == "} + ");
  CHECK(parts[5].place == 2);
  CHECK_FALSE(parts[5].delimited);
}
