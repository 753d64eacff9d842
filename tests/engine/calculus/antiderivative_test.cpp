#include <doctest/doctest.h>

#include <cmath>
#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>

using namespace nabla;

namespace {

struct Example {
  const char* name;
  Expr (*integrand)(const Expr& t, const Expr& a);
};

const Example examples[] = {
    {"1", [](const Expr&, const Expr&) { return Expr(1); }},
    {"t^3 - 2 t", [](const Expr& t, const Expr&) { return powi(t, 3) - Expr(2) * t; }},
    {"(a + 3 t)^2", [](const Expr& t, const Expr& a) { return powi(a + Expr(3) * t, 2); }},
    {"exp(a t)", [](const Expr& t, const Expr& a) { return exp(a * t); }},
    {"t^2 exp(2 t)", [](const Expr& t, const Expr&) { return powi(t, 2) * exp(Expr(2) * t); }},
    {"t sin(a t + 1)", [](const Expr& t, const Expr& a) { return t * sin(a * t + Expr(1)); }},
    {"cos", [](const Expr& t, const Expr&) { return cos(t); }},
    {"sinh(2 t) + cosh(t)", [](const Expr& t, const Expr&) { return sinh(Expr(2) * t) + cosh(t); }},
    {"1 / (t + 2)", [](const Expr& t, const Expr&) { return Expr(1) / (t + Expr(2)); }},
    {"1 / (t + 2)^2", [](const Expr& t, const Expr&) { return Expr(1) / powi(t + Expr(2), 2); }},
    {"1 / (1 + t^2)", [](const Expr& t, const Expr&) { return Expr(1) / (Expr(1) + powi(t, 2)); }},
    {"2 t / (1 + t^2)", [](const Expr& t, const Expr&) { return Expr(2) * t / (Expr(1) + powi(t, 2)); }},
    {"sqrt(t + 1)", [](const Expr& t, const Expr&) { return sqrt(t + Expr(1)); }},
    {"1 / sqrt(t + 1)", [](const Expr& t, const Expr&) { return Expr(1) / sqrt(t + Expr(1)); }},
    {"log(t)", [](const Expr& t, const Expr&) { return log(t); }},
    {"abs(t - 1/2)", [](const Expr& t, const Expr&) { return abs(t - ratio<Expr>(1, 2)); }},
    {"relu(3 t - 1)", [](const Expr& t, const Expr&) { return relu(Expr(3) * t - Expr(1)); }},
    {"tanh(t)", [](const Expr& t, const Expr&) { return tanh(t); }},
    {"sigmoid(a t)", [](const Expr& t, const Expr& a) { return sigmoid(a * t); }},
    {"exp(-t^2)", [](const Expr& t, const Expr&) { return exp(-powi(t, 2)); }},
    {"t exp(t^2)", [](const Expr& t, const Expr&) { return t * exp(powi(t, 2)); }},
    {"max(a, 2 t - 1)", [](const Expr& t, const Expr& a) { return max(a, Expr(2) * t - Expr(1)); }},
    {"min(t, 1/2)", [](const Expr& t, const Expr&) { return min(t, ratio<Expr>(1, 2)); }},
    {"expm1(2 t)", [](const Expr& t, const Expr&) { return expm1(Expr(2) * t); }},
    {"log1p(t / 3)", [](const Expr& t, const Expr&) { return log1p(t / Expr(3)); }},
    {"tan(t / 2)", [](const Expr& t, const Expr&) { return tan(t / Expr(2)); }},
    {"atan(a t)", [](const Expr& t, const Expr& a) { return atan(a * t); }},
    {"asin(t / 2)", [](const Expr& t, const Expr&) { return asin(t / Expr(2)); }},
    {"acos(t / 2)", [](const Expr& t, const Expr&) { return acos(t / Expr(2)); }},
    {"asinh(3 t)", [](const Expr& t, const Expr&) { return asinh(Expr(3) * t); }},
    {"erf(2 t - 1)", [](const Expr& t, const Expr&) { return erf(Expr(2) * t - Expr(1)); }},
    {"sin(a t)^2", [](const Expr& t, const Expr& a) { return powi(sin(a * t), 2); }},
    {"cos(3 t)^2", [](const Expr& t, const Expr&) { return square(cos(Expr(3) * t)); }},
    {"tan(t / 2)^2", [](const Expr& t, const Expr&) { return powi(tan(t / Expr(2)), 2); }},
    {"sinh(t)^2 + cosh(t)^2", [](const Expr& t, const Expr&) { return powi(sinh(t), 2) + powi(cosh(t), 2); }},
    {"tanh(2 t)^2", [](const Expr& t, const Expr&) { return powi(tanh(Expr(2) * t), 2); }},
    {"sigmoid(t) (1 - sigmoid(t))", [](const Expr& t, const Expr&) { return sigmoid(t) * (Expr(1) - sigmoid(t)); }},
    {"relu(t - 1/2)^2", [](const Expr& t, const Expr&) { return powi(relu(t - ratio<Expr>(1, 2)), 2); }},
    {"abs(t - 1/2)^2", [](const Expr& t, const Expr&) { return powi(abs(t - ratio<Expr>(1, 2)), 2); }},
    {"1 / cosh(t)^2", [](const Expr& t, const Expr&) { return Expr(1) / powi(cosh(t), 2); }},
    {"1 / cos(t / 2)^2", [](const Expr& t, const Expr&) { return Expr(1) / powi(cos(t / Expr(2)), 2); }},
    {"1 / sin(t)^2", [](const Expr& t, const Expr&) { return Expr(1) / powi(sin(t), 2); }},
    {"sqrt(3 - t^2)", [](const Expr& t, const Expr&) { return sqrt(Expr(3) - powi(t, 2)); }},
    {"1 / sqrt(9 - 2 t^2)", [](const Expr& t, const Expr&) { return Expr(1) / sqrt(Expr(9) - Expr(2) * powi(t, 2)); }},
    {"sqrt(1 + 4 t^2)", [](const Expr& t, const Expr&) { return sqrt(Expr(1) + Expr(4) * powi(t, 2)); }},
    {"1 / sqrt(2 + t^2)", [](const Expr& t, const Expr&) { return Expr(1) / sqrt(Expr(2) + powi(t, 2)); }},
    {"a exp(t) - t / a", [](const Expr& t, const Expr& a) { return a * exp(t) - t / a; }},
};

}  // namespace

TEST_CASE("the derivative of a primitive function is the integrand") {
  for (const Example& example : examples) {
    INFO(example.name);
    const auto workspace = std::make_shared<Workspace>();
    const WorkspaceScope scope(workspace);
    const Expr t = variable("t"), a = variable("a");
    const Expr h = example.integrand(t, a);
    const auto primitive = antiderivative(h, t);
    REQUIRE(primitive.has_value());
    const Expr both[] = {jacobian(*primitive, t), h};
    const Expr inputs[] = {t, a};
    const Function function(both, inputs);
    for (const double x : {0.1, 0.4, 0.9, 1.7})
      for (const double slope : {0.7, -1.3}) {
        const std::vector<Entries<double>> at{{x}, {slope}};
        const auto values = function(std::span<const Entries<double>>(at));
        CHECK(values[0][0] == doctest::Approx(values[1][0]).epsilon(1e-10));
      }
  }
}

TEST_CASE("a slope may vanish") {
  const auto workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(workspace);
  const Expr t = variable("t"), a = variable("a");
  const auto primitive = antiderivative(t * exp(a * t), t);
  REQUIRE(primitive.has_value());
  const Expr inputs[] = {t, a};
  const Function function(std::span<const Expr>(&*primitive, 1), inputs);
  CHECK(function.value<double>({3.0, 0.0}) - function.value<double>({1.0, 0.0}) == doctest::Approx(4.0));
}

TEST_CASE("what has no primitive function in closed form is not given one") {
  const auto workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(workspace);
  const Expr t = variable("t"), a = variable("a");
  CHECK_FALSE(antiderivative(exp(sin(t)), t).has_value());
  CHECK_FALSE(antiderivative(exp(powi(t, 2)), t).has_value());
  CHECK_FALSE(antiderivative(sin(t) / t, t).has_value());
  CHECK_FALSE(antiderivative(floor(t), t).has_value());
  CHECK_FALSE(antiderivative(powi(abs(t), 3) * exp(t), t).has_value());
  CHECK_FALSE(antiderivative(Expr(1) / (powi(t, 2) + a), t).has_value());
}

TEST_CASE("polynomials are seen through tensors") {
  const auto workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(workspace);
  const Expr t = variable("t"), x = variable("x", Shape{3}), y = variable("y", Shape{3});
  const auto c = polynomial_in(dot(x + t * y, x + t * y), t);
  REQUIRE(c.has_value());
  CHECK(c->size() == 3);
  CHECK(polynomial_in(powi(norm(x + t * y), 2), t)->size() == 3);
  CHECK_FALSE(polynomial_in(norm(x + t * y), t).has_value());
  CHECK_FALSE(polynomial_in(exp(t), t).has_value());
}
