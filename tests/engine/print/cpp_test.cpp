#include <doctest/doctest.h>

#include <limits>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/ops/reductions.hpp>

using nabla::CppOptions;
using nabla::Expr;
using nabla::to_cpp;
using nabla::variable;

namespace {

std::string code(const Expr& e, const CppOptions& options = {}) { return to_cpp({&e, 1}, options); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string complaint(const std::vector<Expr>& outputs, const CppOptions& options = {}) {
  try {
    to_cpp(outputs, options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("print C++: one line a node, shared ones once") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  const Expr p = exp(x) * y;
  CHECK(code(p + p / 3) ==
        "#include <cmath>\n"
        "\n"
        "double f(double x, double y) {\n"
        "  const double t1 = std::exp(x);\n"
        "  const double t2 = t1 * y;\n"
        "  const double t3 = t2 / 3.0;\n"
        "  const double t4 = t2 + t3;\n"
        "  return t4;\n"
        "}\n");
}

TEST_CASE("print C++: several outputs make an array, parameters may be stated") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  const Expr outputs[] = {-x, Expr(2)};
  CHECK(to_cpp(outputs, {.name = "g", .number = "float", .parameters = {y, x}}) ==
        "#include <array>\n"
        "#include <cmath>\n"
        "\n"
        "std::array<float, 2> g(float y, float x) {\n"
        "  const float t1 = -x;\n"
        "  return {t1, 2.0f};\n"
        "}\n");
}

TEST_CASE("print C++: constants are literals that C++ reads as meant") {
  const Expr x = variable("x");
  CHECK(contains(code(x * nabla::ratio<Expr>(-1, 3)), "x * (-1.0 / 3.0);"));
  CHECK(contains(code(x * Expr(0.1)), "x * 0.1;"));
  CHECK(contains(code(x * Expr(-2.0)), "x * (-2.0);"));
  CHECK(contains(code(x * Expr(1e300)), "x * 1e+300;"));
  CHECK(contains(code(x * Expr(std::numeric_limits<double>::infinity())), "std::numeric_limits<double>::infinity()"));
  CHECK(contains(code(x * Expr(0.1), {.number = "long double"}), "x * 0x1.999999999999ap-4L;"));
  CHECK(contains(code(x * Expr(nabla::Constant::pi())), "x * 3.14159265358979"));
  const std::string digits(400, '7');
  CHECK(contains(code(x * Expr(nabla::Constant::text(digits + "/" + digits + "1"))),
                 "x * (7.777777777777777777777777777777e-1 / 7.777777777777777777777777777777);"));
}

TEST_CASE("print C++: powers, choices and conditions") {
  const Expr x = variable("x");
  CHECK(contains(code(powi(x, 3)), "std::pow(x, 3);"));
  const Expr below = lt(x, Expr(0));
  const Expr negated = -x;
  const Expr larger = max(x, Expr(1));
  const std::string text = code(where(below, negated, larger));
  CHECK(contains(text, "const double t1 = x < 0.0;"));
  CHECK(contains(text, "std::max(x, 1.0);"));
  CHECK(contains(text, "(t1 != 0 ? t2 : t3);"));
  CHECK(contains(text, "#include <algorithm>"));
}

TEST_CASE("print C++: operators with a definition are written out, also inside definitions") {
  const Expr x = variable("x");
  const std::string text = code(silu(x) + gelu(x));
  CHECK_FALSE(contains(text, "silu"));
  CHECK_FALSE(contains(text, "sigmoid"));
  CHECK_FALSE(contains(text, "gelu"));
  CHECK(contains(text, "std::exp("));
}

TEST_CASE("print C++: digamma and polygamma are Boost's") {
  const Expr x = variable("x");
  const std::string text = code(digamma(x) + polygamma(2, x));
  CHECK(contains(text, "#include <boost/math/special_functions/digamma.hpp>"));
  CHECK(contains(text, "boost::math::polygamma(2, x)"));
}

TEST_CASE("print C++: names that C++ cannot have are changed, with a comment") {
  const Expr a = variable("double");
  const Expr b = variable("x'\n");
  const Expr c = variable("t1");
  const Expr d = variable("\xC3\xA9");
  const Expr e = variable("x");
  const std::string text = code(a + b + c + d + e);
  CHECK(contains(text, "double f(double double_v, double x, double t1_v, double x_2, double x_3)"));
  CHECK(contains(text, "// double_v stands for double\n"));
  CHECK(contains(text, "// x stands for x'?\n"));
  CHECK(contains(text, "const double t1 = double_v + x;"));
}

TEST_CASE("print C++: what cannot be written is refused by name") {
  const Expr x = variable("x", {3});
  const Expr s = variable("s");
  CHECK(contains(complaint({sum(x)}), "'x' has the shape [3]"));
  CHECK(contains(complaint({s + 1}, {.parameters = {s, s}}), "given twice"));
  const Expr other = variable("other");
  CHECK(contains(complaint({s + 1}, {.parameters = {other}}), "'s', which is not among the parameters"));
  CHECK(contains(complaint({s + 1}, {.number = "half"}), "half"));
  CHECK(contains(complaint({}), "at least one output"));
  CHECK(contains(complaint({Expr()}), "refers to nothing"));
}

TEST_CASE("print C++: printing leaves the expression's own graph as it was") {
  const Expr x = variable("x");
  const Expr e = gelu(x);
  const std::size_t before = e.graph().size();
  code(e);
  CHECK(e.graph().size() == before);
}

TEST_CASE("print C++: a chain of a hundred thousand nodes is written whole") {
  Expr e = variable("x");
  for (int i = 0; i < 50'000; ++i) e = sin(e) + 1;
  CHECK(contains(code(e), "t100000 = t99999 + 1.0;\n  return t100000;\n"));
}
