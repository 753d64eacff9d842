#include <doctest/doctest.h>

#include <nabla/engine/explain/trace.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/nabla.hpp>
#include <nlohmann/json.hpp>

using namespace nabla;

namespace {

/// Decimal text as an exact fraction.
Rational exact(const std::string& text) {
  const std::size_t e = text.find('e');
  std::string digits = text.substr(0, e);
  int exponent = e == std::string::npos ? 0 : std::stoi(text.substr(e + 1));
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  Rational x = *parse_rational(digits);
  for (; exponent > 0; --exponent) x *= 10;
  for (; exponent < 0; ++exponent) x /= 10;
  return x;
}

Rational size_of(const Rational& x) { return x.sign() < 0 ? Rational(-x) : x; }

/// Every step back is after = before + adjoint * local, in the decimals that the JSON shows, up to their last digits.
void check_sweep(const EvaluationTrace& trace) {
  const auto j = nlohmann::json::parse(to_json(trace));
  CHECK(j["schema"] == "nabla.trace/1");
  const int digits = trace.digits.back();
  const std::string d = std::to_string(digits);
  Rational unit = 1;
  for (int k = 1; k < digits; ++k) unit /= 10;
  std::size_t checked = 0;
  for (const auto& step : j["steps"]) {
    if (step["dir"] != "backward" || !step.contains("local")) continue;
    const auto& from = j["nodes"][step["node"].get<std::size_t>()];
    const Rational adjoint = exact(from["adjoint"][d]), local = exact(step["local"][d]);
    const Rational before = exact(step["before"][d]), after = exact(step["after"][d]);
    const Rational error = size_of(before + adjoint * local - after);
    const Rational scale = size_of(before) + 2 * size_of(adjoint * local) + size_of(after);
    CHECK(error <= unit * scale);
    ++checked;
  }
  CHECK(checked > 0);
}

EvaluationTrace at(const Expr& f, std::initializer_list<Expr> inputs, std::initializer_list<Expr> values,
                   ExplainOptions options = {}) {
  return explain(Function(f, inputs), std::span<const Expr>(values.begin(), values.size()), options);
}

const TraceNode& named(const EvaluationTrace& trace, const std::string& name) {
  for (const TraceNode& n : trace.nodes)
    if (n.name == name) return n;
  throw std::out_of_range(name);
}

}  // namespace

TEST_CASE("a trace has the values, local derivatives and adjoints of the sweep") {
  const Expr x = variable("x"), y = variable("y");
  const EvaluationTrace trace =
      at(log(1 + exp(x * y)), {x, y}, {ratio<Expr>(3, 2), Expr(-2)}, {.digits = {50, 7, 7}, .source = "f"});
  CHECK(trace.digits == std::vector<int>{7, 50});
  CHECK(named(trace, "v1").formula == "x * y");
  CHECK(named(trace, "v1").numbers == "1.5 * (-2)");
  CHECK(named(trace, "v1").value.at(7)[0] == "-3");
  CHECK(named(trace, "x").adjoint.at(7)[0] == "-0.09485175");  // -2 / (1 + e^3)
  // 1.5 / (1 + e^3) in Python's decimal arithmetic
  CHECK(named(trace, "y").adjoint.at(50)[0] == "0.071138809766350171318272227657628302079269148630914");
  CHECK(trace.steps.back().after == named(trace, "y").adjoint);
  check_sweep(trace);
}

TEST_CASE("a value that is read twice gets its adjoint in parts") {
  const Expr x = variable("x");
  const EvaluationTrace square_of = at(x * x, {x}, {Expr(3)});
  int parts = 0;
  for (const TraceStep& s : square_of.steps)
    if (s.direction == TraceStep::Direction::backward) {
      CHECK(s.parts == 2);
      CHECK(s.part == ++parts);
      CHECK(s.local.at(7)[0] == "3");
    }
  CHECK(parts == 2);
  CHECK(named(square_of, "x").adjoint.at(7)[0] == "6");
  // b = a + a; c = b + b: whoever does not wait for the second part gets it wrong.
  const Expr b = x + x;
  const EvaluationTrace doubled = at(b + b, {x}, {Expr(1)});
  CHECK(named(doubled, "x").adjoint.at(7)[0] == "4");
  check_sweep(doubled);
}

TEST_CASE("both modes have the derivative that a run has, for tensors too") {
  const Expr x = variable("x"), y = variable("y");
  const Expr f = sin(x * y) / (1 + square(x)) + atan2(x, y);
  const EvaluationTrace back = at(f, {x, y}, {ratio<Expr>(1, 3), ratio<Expr>(7, 5)});
  const EvaluationTrace forward =
      at(f, {x, y}, {ratio<Expr>(1, 3), ratio<Expr>(7, 5)}, {.digits = {16}, .forward = true});
  CHECK(back.sweeps == 1);
  CHECK(forward.sweeps == 2);
  check_sweep(back);
  CHECK(forward.steps.back().after.at(16) == named(back, "y").adjoint.at(16));

  const Expr z = variable("z", Shape{3});
  const auto vector_of = [](std::vector<Expr> entries) { return stack(entries); };
  const Expr t = vector_of({Expr(1), Expr(0), Expr(0)});
  const EvaluationTrace loss =
      at(cross_entropy(softmax(z), t), {z}, {vector_of({Expr(1), Expr(2), ratio<Expr>(1, 2)})});
  const Function run(cross_entropy(softmax(z), t), {z});
  const Precision scope(40);
  const std::vector<Entries<Ball>> here{{Ball(1), Ball(2), Ball::from_text("1/2")}};
  const auto gradient = run.gradient<Ball>(here)[0];
  for (std::size_t i = 0; i < 3; ++i) CHECK(named(loss, "z").adjoint.at(16)[i] == *gradient[i].decimal(16));
  CHECK_THROWS_AS(at(sum(z), {z}, {vector_of({Expr(1), Expr(2), Expr(3)})}, {.forward = true}), ShapeError);
  CHECK_THROWS_AS(at(z, {z}, {vector_of({Expr(1), Expr(2), Expr(3)})}), ShapeError);
}

TEST_CASE("a recorded program is explained at the inputs that it was recorded at") {
  const Recording recording = record([](auto u, auto v) { return exp(u) * v + u; }, 0.5, 3.0);
  const EvaluationTrace trace = explain(recording);
  check_sweep(trace);
  const std::string text = to_text(trace);
  CHECK(text.find("One sweep back gave all of it") != std::string::npos);
}

TEST_CASE("differences have a V-shaped error, kinks are named, the same input gives the same bytes") {
  const Expr x = variable("x");
  const auto make = [&] { return at(exp(x), {x}, {Expr(1)}); };
  const EvaluationTrace trace = make();
  std::vector<double> errors;
  for (const TraceDifference& d : trace.differences)
    if (d.digits == 16) errors.push_back(std::stod(d.error));
  REQUIRE(errors.size() == 16);
  const auto least = std::ranges::min_element(errors);
  CHECK(*least < 1e-9);
  CHECK(errors.front() > 1000 * *least);
  CHECK(errors.back() > 1000 * *least);
  CHECK(to_json(trace) == to_json(make()));
  const EvaluationTrace kinked = at(relu(x) - relu(-x), {x}, {Expr(0)});
  CHECK(kinked.kinks.size() == 2);
  CHECK(to_text(kinked).find("has no derivative here") != std::string::npos);
}

TEST_CASE("a recorded branch is explained as it was taken, and differences stay on its side") {
  const Recording recording = record([](auto u, auto v) { return u < 1 ? u * v : exp(u); }, 0.999, 2.0);
  const EvaluationTrace trace = explain(recording, {.digits = {12}});
  CHECK(trace.nodes.back().op == "mul");
  const auto of = [&](std::size_t input) {
    return std::ranges::count_if(trace.differences, [&](const TraceDifference& d) { return d.input == input; });
  };
  CHECK(trace.nodes[0].op == "variable");
  CHECK(of(0) < 12);  // 0.999 + 0.1 is on the other side
  CHECK(of(0) >= 8);
  CHECK(of(1) == 12);
}

TEST_CASE("awkward traces") {
  const Expr x = variable("x"), v1 = variable("v1");
  CHECK(named(at(x * v1, {x, v1}, {Expr(1), Expr(2)}), "w1").formula == "x * v1");
  CHECK(named(at(log(x), {x}, {Expr(-1)}), "v1").value.at(7)[0] == "nan");
  const EvaluationTrace input = at(x, {x}, {Expr(2)});
  CHECK(named(input, "x").adjoint.at(7)[0] == "1");
  // Zero by cancellation: no digit of it is certain, and it ends all the same.
  const EvaluationTrace zero = at(sqrt(x) * sqrt(x) - 2, {x}, {Expr(2)});
  CHECK(zero.nodes.back().value.at(7)[0].find("+/-") != std::string::npos);
  for (const std::string& text : {to_text(zero), to_latex(zero), to_graphviz(zero)}) CHECK_FALSE(text.empty());
  CHECK_THROWS_AS(at(x, {x}, {Expr(2)}, {.digits = {}}), std::invalid_argument);
}
