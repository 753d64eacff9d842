#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/parse/elaborate_expression.hpp>
#include <nabla/engine/run/function.hpp>
#include <numbers>
#include <string>
#include <vector>

using namespace nabla;

namespace {

using Values = std::map<std::string, std::vector<double>>;
using Shapes = std::map<std::string, Shape>;

ElaboratedExpression read(const std::string& text, const Shapes& shapes = {}) {
  return elaborate_expression(Source("t", text), shapes);
}

Shape shape_of(const std::string& text, const Shapes& shapes = {}) { return read(text, shapes).value.shape(); }

std::vector<double> entries(const std::string& text, const Values& values = {}, const Shapes& shapes = {}) {
  const ElaboratedExpression e = read(text, shapes);
  std::vector<Entries<double>> at;
  for (const Expr& x : e.variables) at.push_back(values.at(x.graph().variable_name(x.ref().id())));
  const Function function(std::span<const Expr>(&e.value, 1), e.variables);
  return function(std::span<const Entries<double>>(at))[0];
}

double number(const std::string& text, const Values& values = {}, const Shapes& shapes = {}) {
  const std::vector<double> all = entries(text, values, shapes);
  REQUIRE(all.size() == 1);
  return all[0];
}

std::string constant(const std::string& text) {
  const ElaboratedExpression e = read(text);
  return e.value.constant() == nullptr ? "not constant" : e.value.constant()->to_string();
}

TypeError type_error(const std::string& text, const Shapes& shapes = {}) {
  try {
    read(text, shapes);
  } catch (const TypeError& error) {
    return error;
  }
  throw std::logic_error("no mistake was found in: " + text);
}

bool mentions(const std::exception& error, const std::string& part) {
  return std::string(error.what()).find(part) != std::string::npos;
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}

const Shapes linear{{"A", Shape{2, 3}}, {"B", Shape{3, 2}}, {"M", Shape{2, 2}}, {"u", Shape{2}},
                    {"v", Shape{3}},    {"r", Shape{1, 3}}, {"c", Shape{3, 1}}, {"one", Shape{1, 1}}};

}  // namespace

TEST_CASE("literals are exact") {
  CHECK(constant("0.1") == "1/10");
  CHECK(constant("1/3") == "1/3");
  CHECK(constant("1e-3") == "1/1000");
  CHECK(constant("0.1 + 0.2 - 0.3") == "0");
  CHECK(constant("123456789012345678901234567890.5").find('/') != std::string::npos);
  CHECK(read("pi").value.constant()->kind() == Constant::Kind::pi);
}

TEST_CASE("operators bind as the grammar says") {
  CHECK(constant("-2^2") == "-4");
  CHECK(constant("2^-1") == "1/2");
  CHECK(constant("2^3^2") == "512");
  CHECK(constant("7 - 2 - 1") == "4");
  CHECK(constant("12 / 2 / 3") == "2");
  CHECK(constant("0^0") == "1");
}

TEST_CASE("free names are variables, in the order of their appearance") {
  const ElaboratedExpression e = read("y * sin(x) + y + sum(k in 1..3: k * z)");
  REQUIRE(e.variables.size() == 3);
  const auto name = [&](std::size_t k) { return e.value.graph().variable_name(e.variables[k].ref().id()); };
  CHECK(name(0) == "y");
  CHECK(name(1) == "x");
  CHECK(name(2) == "z");
  CHECK(number("y * x", {{"x", {3}}, {"y", {2}}}) == 6);
}

TEST_CASE("a listed name hides what it means otherwise") {
  CHECK(number("gamma * 2", {{"gamma", {5}}}, {{"gamma", Shape{}}}) == 10);
}

TEST_CASE("unknown functions are named, with the one that was meant") {
  try {
    read("sigmod(x)");
    FAIL("accepted");
  } catch (const UnknownName& error) {
    CHECK(mentions(error, "`sigmoid`"));
    CHECK(error.place() == Place{1, 1});
  }
}

TEST_CASE("the product knows scalars, matrices and vectors") {
  CHECK(shape_of("A * B", linear) == Shape{2, 2});
  CHECK(shape_of("A * v", linear) == Shape{2});
  CHECK(shape_of("u * A", linear) == Shape{3});
  CHECK(shape_of("2 * A", linear) == Shape{2, 3});
  CHECK(shape_of("v * 2", linear) == Shape{3});
  CHECK(shape_of("r * c", linear) == Shape{1, 1});
  CHECK(entries("u * A", {{"u", {1, 10}}, {"A", {1, 2, 3, 4, 5, 6}}}, linear) == std::vector<double>{41, 52, 63});
  CHECK(entries("A * v", {{"v", {1, 0, 2}}, {"A", {1, 2, 3, 4, 5, 6}}}, linear) == std::vector<double>{7, 16});
}

TEST_CASE("a product of two vectors is an error that names the three products") {
  const TypeError error = type_error("v * v", linear);
  CHECK(mentions(error, "dot"));
  CHECK(mentions(error, "outer"));
  CHECK(mentions(error, ".*"));
  CHECK(error.place == Place{1, 3});
  REQUIRE(error.shapes.size() == 2);
  CHECK(error.shapes[0] == Shape{3});
}

TEST_CASE("only a scalar broadcasts") {
  CHECK(shape_of("A + 1", linear) == Shape{2, 3});
  CHECK(shape_of("1 ./ v", linear) == Shape{3});
  CHECK(shape_of("v .^ 2", linear) == Shape{3});
  for (const char* text :
       {"A + v", "A + u", "v + r", "v + c", "r + c", "v .* r", "v - one", "v + one", "A .^ v", "max(v, u)"})
    CHECK_MESSAGE(type_error(text, linear).shapes.size() == 2, text);
}

TEST_CASE("division is by a scalar") {
  CHECK(shape_of("A / 2", linear) == Shape{2, 3});
  CHECK(mentions(type_error("2 / A", linear), "./"));
  CHECK(mentions(type_error("u / one", linear), "./"));
}

TEST_CASE("powers of scalars, of matrices and entry by entry") {
  CHECK(number("x^3", {{"x", {-2}}}) == -8);
  CHECK(number("x^(1/2)", {{"x", {9}}}) == 3);
  CHECK(number("x^(2/2)", {{"x", {-4}}}) == -4);
  CHECK(entries("M^3", {{"M", {1, 1, 0, 1}}}, linear) == std::vector<double>{1, 3, 0, 1});
  CHECK(entries("M^0", {{"M", {5, 6, 7, 8}}}, linear) == std::vector<double>{1, 0, 0, 1});
  CHECK(entries("M^-1", {{"M", {2, 0, 0, 4}}}, linear) == std::vector<double>{0.5, 0, 0, 0.25});
  CHECK(entries("u .^ [2, 3]", {{"u", {-3, -2}}}, linear) == std::vector<double>{9, -8});
  CHECK(entries("2 .^ u", {{"u", {3, 4}}}, linear) == std::vector<double>{8, 16});
  CHECK(mentions(type_error("u ^ 2", linear), ".^"));
  CHECK(mentions(type_error("A ^ 2", linear), "square"));
  CHECK(mentions(type_error("M ^ x", linear), "integer"));
  CHECK(mentions(type_error("2 ^ u", linear), ".^"));
}

TEST_CASE("transposes are of matrices") {
  CHECK(shape_of("A'", linear) == Shape{3, 2});
  CHECK(number("A'[3, 1]", {{"A", {1, 2, 3, 4, 5, 6}}}, linear) == 3);
  CHECK(mentions(type_error("v'", linear), "neither row nor column"));
  CHECK_THROWS_AS(read("x'"), TypeError);
}

TEST_CASE("indices begin at 1 and rows are vectors") {
  const Values values{{"A", {1, 2, 3, 4, 5, 6}}, {"v", {7, 8, 9}}};
  CHECK(number("v[1]", values, linear) == 7);
  CHECK(number("A[2, 3]", values, linear) == 6);
  CHECK(entries("A[2, :]", values, linear) == std::vector<double>{4, 5, 6});
  CHECK(entries("A[:, 2]", values, linear) == std::vector<double>{2, 5});
  CHECK(shape_of("A[1, :]", linear) == Shape{3});
  CHECK(shape_of("A[:, :]", linear) == Shape{2, 3});
  CHECK(number("inv(M)[1, 2]", {{"M", {1, 2, 0, 1}}}, linear) == -2);
}

TEST_CASE("an index out of range, of the wrong number or not exact is an error with its place") {
  const TypeError error = type_error("1 + v[4]", linear);
  CHECK(error.place == Place{1, 7});
  CHECK(mentions(error, "1 to 3"));
  CHECK(mentions(type_error("v[0]", linear), "out of range"));
  CHECK(mentions(type_error("A[1]", linear), "2 indices"));
  CHECK(mentions(type_error("x[1]"), "scalar has no index"));
  CHECK(mentions(type_error("v[x]", linear), "exact integer"));
  CHECK(mentions(type_error("v[1/2]", linear), "exact integer"));
}

TEST_CASE("vectors and matrices are written out") {
  CHECK(entries("[1, x; 3, 4]", {{"x", {2}}}) == std::vector<double>{1, 2, 3, 4});
  CHECK(shape_of("[1, 2, 3]") == Shape{3});
  CHECK(shape_of("[]") == Shape{0});
  CHECK(shape_of("[1, 2; 3, 4]") == Shape{2, 2});
  CHECK(constant("[5, 6, 7][2]") == "6");
  CHECK(mentions(type_error("[1, 2; 3]"), "equally many"));
  CHECK(mentions(type_error("[v, v]", linear), "concat"));
}

TEST_CASE("scalar functions act on each entry, softmax on each row, reductions on everything") {
  CHECK(shape_of("exp(A)", linear) == Shape{2, 3});
  CHECK(shape_of("softmax(A)", linear) == Shape{2, 3});
  for (const char* text : {"sum(A)", "mean(A)", "norm(A)", "max(A)", "min(A)", "prod(A)", "logsumexp(A)"})
    CHECK_MESSAGE(shape_of(text, linear).is_scalar(), text);
  CHECK(number("max(v)", {{"v", {1, 5, 3}}}, linear) == 5);
  CHECK(number("norm(v)", {{"v", {1, 2, 2}}}, linear) == 3);
  CHECK(number("max(2, x)", {{"x", {7}}}) == 7);
  const std::vector<double> rows = entries("softmax(A)", {{"A", {0, 0, 0, 1, 1, 1}}}, linear);
  CHECK(rows[0] == doctest::Approx(1.0 / 3));
  CHECK(rows[5] == doctest::Approx(1.0 / 3));
}

TEST_CASE("functions of the language have their shapes") {
  CHECK(number("dot([1, 2], [3, 4])") == 11);
  CHECK(entries("outer([1, 2], [3, 4])") == std::vector<double>{3, 4, 6, 8});
  CHECK(entries("diag([1, 2])") == std::vector<double>{1, 0, 0, 2});
  CHECK(number("trace([1, 2; 3, 4])") == 5);
  CHECK(number("det([1, 2; 3, 4])") == doctest::Approx(-2));
  CHECK(entries("eye(2)") == std::vector<double>{1, 0, 0, 1});
  CHECK(entries("ones(2)") == std::vector<double>{1, 1});
  CHECK(shape_of("zeros(2, 3)") == Shape{2, 3});
  CHECK(entries("onehot(2, 3)") == std::vector<double>{0, 1, 0});
  CHECK(entries("concat([1], [2, 3])") == std::vector<double>{1, 2, 3});
  CHECK(shape_of("stack([1, 2], [3, 4])") == Shape{2, 2});
  CHECK(shape_of("reshape([1, 2, 3, 4], 2, 2)") == Shape{2, 2});
  CHECK(shape_of("reshape([1, 2, 3, 4], [4, 1])") == Shape{4, 1});
  CHECK(number("squared_error([1, 2], [3, 5])") == 6.5);
  CHECK(number("cross_entropy([1/2, 1/2], [1, 0])") == doctest::Approx(std::numbers::ln2));
  CHECK(number("cross_entropy([1/2, 1/2], [1, 0], 2)") == doctest::Approx(1));
  CHECK(constant("delta(2, 2)") == "1");
  CHECK(constant("delta(2, 3)") == "0");
  CHECK_THROWS_AS(read("onehot(4, 3)"), TypeError);
  CHECK_THROWS_AS(read("dot([1, 2], [1])"), TypeError);
  CHECK_THROWS_AS(read("trace(A)", linear), TypeError);
  CHECK_THROWS_AS(read("max([])"), TypeError);
  CHECK(mentions(type_error("exp(1, 2)"), "1 argument"));
}

TEST_CASE("dense adds the bias to each row") {
  const Shapes shapes{{"Y", Shape{2, 2}}, {"W", Shape{1, 2}}, {"b", Shape{1}}};
  CHECK(entries("dense(Y, W, b)", {{"Y", {1, 2, 3, 4}}, {"W", {1, 1}}, {"b", {10}}}, shapes) ==
        std::vector<double>{13, 17});
  CHECK(entries("dense([1, 2], W, b)", {{"W", {1, 1}}, {"b", {10}}}, shapes) == std::vector<double>{13});
  CHECK_THROWS_AS(read("dense([1, 2, 3], W, b)", shapes), TypeError);
}

TEST_CASE("conditions choose") {
  CHECK(number("where(x > 0, 1, -1)", {{"x", {2}}}) == 1);
  CHECK(number("where(x > 0, 1, -1)", {{"x", {0}}}) == -1);
  CHECK(number("indicator(0 <= x < 1)", {{"x", {0.5}}}) == 1);
  CHECK(number("indicator(not (0 <= x < 1))", {{"x", {0.5}}}) == 0);
  CHECK(number("indicator(x != 1 implies x > 1)", {{"x", {0.5}}}) == 0);
  CHECK(constant("where(2 == 3, 1, 5)") == "5");
  CHECK(number("indicator([1, x] < 2)", {{"x", {1.5}}}) == 1);  // every entry
  CHECK(number("indicator([1, x] != [1, 2])", {{"x", {3}}}) == 1);
  CHECK(mentions(type_error("(x > 0) + 1"), "indicator"));
  CHECK(mentions(type_error("where(x, 1, 2)"), "condition"));
  CHECK(type_error("where(x > 0, [1, 2], 3)").shapes.size() == 2);
  CHECK(type_error("indicator([1, 2] == 1)").shapes.size() == 2);
  CHECK(read("x > 0").is_condition);
}

TEST_CASE("what a known condition does not choose is only looked at for its shape") {
  CHECK(number("sum(i in 1..3: where(i == 1, v[1], v[i] - v[i - 1]))", {{"v", {3, 5, 9}}}, linear) == 9);
  CHECK(constant("where(1 == 2, [1, 2][3], 4)") == "4");
  CHECK_THROWS_AS(read("where(1 == 2, sum(v) * v, 4)", linear), TypeError);
}

TEST_CASE("comprehensions are written out") {
  CHECK(constant("sum(i in 1..100: i)") == "5050");
  CHECK(constant("prod(i in 1..5: i)") == "120");
  CHECK(constant("sum(i in 1..0: 1/0)") == "0");
  CHECK(constant("prod(i in 3..2: i)") == "1");
  CHECK(constant("max(i in 1..4: i * (5 - i))") == "6");
  CHECK(constant("sum(i in 1..3: sum(j in i..3: 1))") == "6");
  CHECK(entries("sum(i in 1..2: A[i, :])", {{"A", {1, 2, 3, 4, 5, 6}}}, linear) == std::vector<double>{5, 7, 9});
  CHECK(shape_of("sum(i in 1..0: A[i, :])", linear) == Shape{3});
  CHECK(mentions(type_error("max(i in 1..0: i)"), "maximum of nothing"));
  CHECK(mentions(type_error("sum(i in 1..x: i)"), "exact integer"));
  CHECK(type_error("sum(i in 1..2: v[i] * ones(i))", linear).shapes.size() == 2);
}

TEST_CASE("derivatives of expressions have the stated shapes and values") {
  CHECK(number("grad(x^3, x)", {{"x", {2}}}) == 12);
  CHECK(shape_of("grad(sum(A), A)", linear) == Shape{2, 3});
  CHECK(shape_of("jacobian(A * v, v)", linear) == Shape{2, 3});
  CHECK(shape_of("jacobian(A * B, A)", linear) == Shape{2, 2, 2, 3});
  CHECK(shape_of("hessian(dot(v, v), v)", linear) == Shape{3, 3});
  CHECK(entries("hessian(v[1] * v[2], v)", {{"v", {5, 6, 7}}}, linear) ==
        std::vector<double>{0, 1, 0, 1, 0, 0, 0, 0, 0});
  CHECK(entries("jacobian(A * v, v)", {{"A", {1, 2, 3, 4, 5, 6}}, {"v", {0, 0, 0}}}, linear) ==
        std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(number("diff(x^2 * y, x, 3)", {{"x", {2}}, {"y", {5}}}) == 60);
  CHECK(entries("diff(A * v, v, [1, 0, 1])", {{"A", {1, 2, 3, 4, 5, 6}}, {"v", {0, 0, 0}}}, linear) ==
        std::vector<double>{4, 10});
  CHECK(type_error("grad(A * v, v)", linear).shapes.size() == 1);
}

TEST_CASE("a derivative by what the expression does not depend on is zeros") {
  CHECK(entries("grad(x^2, v)", {{"x", {2}}, {"v", {1, 2, 3}}}, linear) == std::vector<double>{0, 0, 0});
  CHECK(constant("grad(7, x)") == "0");
}

TEST_CASE("derivatives by an index or a slice") {
  const Values values{{"A", {1, 2, 3, 4, 5, 6}}, {"v", {7, 8, 9}}};
  CHECK(number("grad(dot(v, v), v[2])", values, linear) == 16);
  CHECK(entries("grad(sum(A .* A), A[2, :])", values, linear) == std::vector<double>{8, 10, 12});
  CHECK(entries("jacobian(A * v, A[1, :])", values, linear) == std::vector<double>{7, 8, 9, 0, 0, 0});
  CHECK(number("hessian(v[1]^2 * v[3], v[1])", values, linear) == 18);
  CHECK(shape_of("hessian(sum(A .* A), A[:, 1])", linear) == Shape{2, 2});
  CHECK(number("diff(sum(A .* A), A[:, 1], [1, 1])", values, linear) == 10);
  CHECK(number("grad(sum(A), A[1, :][3])", values, linear) == 1);
  CHECK_THROWS_AS(read("grad(sum(A), A[3, 1])", linear), TypeError);
}

TEST_CASE("derivatives of functions") {
  CHECK(number("grad(sin)(x)", {{"x", {0}}}) == 1);
  CHECK(number("grad(grad(sin))(x)", {{"x", {std::numbers::pi / 2}}}) == doctest::Approx(-1));
  CHECK(entries("jacobian(softmax)([0, 0])")[0] == doctest::Approx(0.25));
  CHECK(shape_of("hessian(logsumexp)(v)", linear) == Shape{3, 3});
  CHECK_THROWS_AS(read("grad(x)"), TypeError);
  CHECK_THROWS_AS(read("grad(softmax)(v)", linear), TypeError);
  CHECK_THROWS_AS(read("grad(sin)"), TypeError);
}

TEST_CASE("only variables are differentiated by") {
  CHECK_THROWS_AS(read("grad(x^2, x + 1)"), TypeError);
  CHECK_THROWS_AS(read("grad(x^2, 3)"), TypeError);
  CHECK_THROWS_AS(read("sum(i in 1..2: grad(x^i, i))"), TypeError);
}

TEST_CASE("at substitutes after differentiating") {
  CHECK(number("grad(x^2 * y, x) at x = 3", {{"y", {5}}, {"x", {1}}}) == 30);
  CHECK(number("x^2 at x = x + 1", {{"x", {2}}}) == 9);
  CHECK(number("grad(x^y, x) at x = 2 at y = 3", {{"x", {0}}, {"y", {0}}}) == 12);
  CHECK_THROWS_AS(read("v at v = 1", linear), TypeError);
}

TEST_CASE("a written derivative is recorded with the point at which it is read") {
  const ElaboratedExpression e = read("where(y > 0, grad(abs(x), x) at x = 2, 0)");
  REQUIRE(e.records.derivatives().size() == 1);
  const Derivative& d = e.records.derivatives()[0];
  CHECK(d.text == "grad(abs(x), x)");
  CHECK(d.place == Place{1, 14});
  REQUIRE(d.at.size() == 1);
  CHECK(same(d.at[0].first, d.by));
  CHECK(d.at[0].second.is(2));
  CHECK(d.guards.size() == 1);
  CHECK(read("grad(x^2, x) + grad(x^2, x)").records.derivatives().size() == 1);
  CHECK(read("where(1 == 2, grad(abs(x), x), 0)").records.derivatives().empty());
}

TEST_CASE("the derivative of a function is recorded at its argument") {
  const ElaboratedExpression e = read("grad(grad(sin))(x + 1)");
  REQUIRE(e.records.derivatives().size() == 2);
  for (const Derivative& d : e.records.derivatives())
    for (const auto& [variable, value] : d.at) CHECK(depends_on(value, e.variables[0]));
}

TEST_CASE("long chains and deep nesting never overflow the stack") {
  CHECK(constant("0" + repeated(" + 1", 100'000)) == "100000");
  CHECK(number("x" + repeated(" + x", 100'000), {{"x", {1}}}) == 100'001);
  CHECK(number(repeated("-(", 400) + "x" + repeated(")", 400), {{"x", {3}}}) == 3);
  const std::string deep = repeated("sin(", 900) + "x" + repeated(")", 900);
  CHECK_NOTHROW(read(deep));
  CHECK_THROWS_AS(read("x" + repeated(" at x = 1", 100'000)), Unsupported);
  CHECK_THROWS_AS(read("A" + repeated("'", 100'000), linear), Unsupported);
}

TEST_CASE("sizes that are out of reach are refused") {
  CHECK_THROWS_AS(read("ones(100000, 100000)"), Unsupported);
  CHECK_THROWS_AS(read("eye(1000000)"), Unsupported);
  CHECK_THROWS_AS(read("ones(9000000000000000000, 9000000000000000000)"), Unsupported);
  CHECK_THROWS_AS(read("sum(i in 1..10000000: x)"), Unsupported);
  CHECK_THROWS_AS(read("sum(i in 1..2000: sum(j in 1..2000: x))"), Unsupported);
  CHECK_THROWS_AS(read("sum(i in -9000000000000000000..9000000000000000000: x)"), Unsupported);
  CHECK_THROWS_AS(read("x^100000000000000000000000000000"), Unsupported);
  CHECK_THROWS_AS(read("integral(t in 0..1: exp(sin(t)))"), Unsupported);
}

TEST_CASE("an error shows the line, and the shapes that met") {
  const Source source("argument 1", "v + r");
  try {
    elaborate_expression(source, linear);
    FAIL("accepted");
  } catch (const TypeError& error) {
    const std::string text = render(source, error);
    CHECK(text.find("argument 1:1:3: error: ") == 0);
    CHECK(text.find("[3] and [1, 3]") != std::string::npos);
    CHECK(text.find('^') != std::string::npos);
  }
}
