// Formulas as MathML.
#include <doctest/doctest.h>

#include <nabla/engine/parse/parse.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/report/mathml.hpp>
#include <nabla/proofs/report/mathml_piece.hpp>

#include "well_formed.hpp"

using namespace nabla;

namespace {

/// The text of a formula without its tags: what a reader sees, in a line.
std::string seen(const std::string& mathml) {
  std::string out;
  bool in_tag = false;
  for (const char c : mathml) {
    if (c == '<') in_tag = true;
    if (!in_tag) out += c;
    if (c == '>') in_tag = false;
  }
  for (const std::string_view invisible : {"\u2061", "\u2062", "\u2009"})
    for (std::size_t at = 0; (at = out.find(invisible)) != std::string::npos;) out.erase(at, invisible.size());
  return out;
}

std::string shown(const std::string& text) {
  const Syntax syntax = parse_statement(Source("test", text));
  const auto out = to_mathml(syntax, syntax.root(), {});
  REQUIRE(out);
  CHECK_MESSAGE(report_test::malformed(*out) == "", *out);
  const auto lines = to_mathml_lines(syntax, syntax.root(), {});
  REQUIRE(lines);
  std::string joined;
  for (const std::string& line : *lines) {
    CHECK_MESSAGE(report_test::malformed(line) == "", line);
    joined += line;
  }
  CHECK(seen(joined) == seen(*out));
  return *out;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("formulas read as they are written on paper") {
  CHECK(seen(shown("grad(p, x) == p * (1 - p)")) == "∇xp=p⋅(1−p)");
  CHECK(seen(shown("x^2 - 2*x*y >= 0")) == "x2−2x⋅y≥0");
  CHECK(seen(shown("jacobian(softmax(z), z)[i, j] == delta(i, j)")) == "Jz(softmax(z))i,j=δi,j");
  CHECK(seen(shown("sum(i in 1..n: x[i]) <= norm(x)")) == "∑i=1nxi≤‖x‖");
  CHECK(seen(shown("integral(t in 0..1: t^2) == 1/3")) == "∫01t2dt=13");
  CHECK(seen(shown("limit(h -> 0: sin(h) / h) == 1")) == "limh→0sin(h)h=1");
  CHECK(seen(shown("inv(A)' * b != [1, 2; 3, 4] * x")) == "(A−1)⊤⋅b≠[1234]⋅x");
  CHECK(seen(shown("smooth(f(x), x, L)")) == "f(x)is L-smoothinx");
  CHECK(seen(shown("convex(x^2, x) implies not concave(x^2, x)")) == "x2is convexinx⟹notx2is concaveinx");
  CHECK(seen(shown("in(p, simplex[n])")) == "p∈simplexn");
  CHECK(seen(shown("in(A, [-3, oo)[m, n])")) == "A∈[−3,∞)m×n");
  CHECK(seen(shown("hessian(f)(x) == eye(2)")) == "∇2f(x)=I2");
  CHECK(seen(shown("abs(theta_1) + log(alpha) == sqrt(2)")) == "|θ1|+log(α)=2");
}

TEST_CASE("structure is kept: fractions, roots, scripts") {
  CHECK(has(shown("a / (b + c) == 1"),
            "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac>"));
  CHECK(has(shown("sqrt(x) == 1"), "<msqrt>"));
  CHECK(has(shown("exp(x)^2 == 1"), "<msup><mrow><mrow><mo form=\"prefix\" fence=\"true\" stretchy=\"true\">("));
  CHECK(has(shown("(-2)^2 == 4"), ">(</mo>"));
  CHECK(has(shown("a - (b - c) == 0"), ">(</mo>"));
  CHECK(!has(shown("(a - b) - c == 0"), ">(</mo>"));
}

TEST_CASE("a declared name hides an operator, and then reads as a function") {
  const Syntax syntax = parse_statement(Source("test", "abs(x) == 1"));
  CHECK(has(*to_mathml(syntax, syntax.root(), {}), ">|</mo>"));
  CHECK(has(*to_mathml(syntax, syntax.root(), {"abs"}), "<mi>abs</mi>"));
}

TEST_CASE("the notation of every operator can be shown") {
  for (std::size_t code = 0; code < operator_count(); ++code) {
    const OperatorInfo& info = operator_info(static_cast<Opcode>(code));
    const std::string_view latex = info.facts.notation.latex;
    if (latex.empty() || info.arity <= 0) continue;
    CAPTURE(info.name);
    bool found = false;
    for (std::size_t n = 1; n <= 4 && !found; ++n) {
      const std::vector<mathml::Piece> operands(n, mathml::Piece{.text = "<mi>x</mi>"});
      const auto piece = mathml::fill_template(latex, operands);
      if (!piece) continue;
      found = true;
      CHECK_MESSAGE(report_test::malformed(piece->text) == "", piece->text);
    }
    CHECK_MESSAGE(found, "mathml_template.cpp does not know a part of " << latex);
  }
  CHECK(!mathml::fill_template("\\unknown{{{0}}}", std::vector<mathml::Piece>(1)));
}

TEST_CASE("what nobody could read is left to its source") {
  std::string sum = "1";
  for (int i = 0; i < 5000; ++i) sum += "+x";
  const Syntax wide = parse_statement(Source("test", sum + " == 0"));
  CHECK(!to_mathml(wide, wide.root(), {}));
  std::string power = "x";
  for (int i = 0; i < 400; ++i) power = "x^" + power;
  const Syntax deep = parse_statement(Source("test", power + " == 0"));
  CHECK(!to_mathml(deep, deep.root(), {}));
}
