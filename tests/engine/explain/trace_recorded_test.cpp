// Recorded C++ programs explained: their lines, their names, and scopes in place of very many steps.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <nabla/engine/explain/trace.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/nabla.hpp>

using namespace nabla;

namespace {

template <class T>
T layer(const T& a, const T& b, int turns) {
  T y = a * b;
  for (int k = 0; k < turns; ++k) {
    y = sin(y) + a;
    y = y * b;
  }
  return y;
}

template <class T>
T network(const T& x, const T& y, int turns) {
  const T h = layer(x, y, turns), g = layer(h, x, turns);
  return layer(g, h, turns);
}

Recording long_program(int turns) {
  return record([turns](auto x, auto y) { return network(x, y, turns); }, 0.75, 1.5);
}

const TraceNode& input(const EvaluationTrace& trace, const std::string& name) {
  for (const TraceNode& n : trace.nodes)
    if (n.name == name) return n;
  throw std::out_of_range(name);
}

/// before + contribution = after, and the adjoints are the last sums: within units of the last digit.
void check_sums(const EvaluationTrace& trace) {
  const int digits = trace.digits.back();
  const auto number = [](const std::string& text) { return std::strtod(text.c_str(), nullptr); };
  int checked = 0;
  for (const TraceStep& s : trace.steps) {
    if (s.direction != TraceStep::Direction::backward) continue;
    for (std::size_t i = 0; i < s.after.at(digits).size(); ++i) {
      const double before = number(s.before.at(digits)[i]), sent = number(s.contribution.at(digits)[i]);
      const double after = number(s.after.at(digits)[i]);
      CHECK(std::abs(before + sent - after) <= 1e-13 * (std::abs(before) + std::abs(sent) + std::abs(after)));
      ++checked;
    }
    if (!s.local.empty()) {
      const double adjoint = number(trace.nodes[s.node].adjoint.at(digits)[0]);
      const double sent = number(s.contribution.at(digits)[0]);
      CHECK(std::abs(adjoint * number(s.local.at(digits)[0]) - sent) <= 1e-13 * std::abs(sent));
    }
    if (s.part == s.parts) CHECK(s.after == trace.nodes[s.to].adjoint);
  }
  CHECK(checked > 0);
}

}  // namespace

TEST_CASE("the trace of a recorded program has its lines, in the terminal and as data") {
  const int line = __LINE__ + 3;
  const Recording recording = record(
      [](auto x, auto y) {
        const auto product = named(x * y, "product");
        return exp(product) + x;
      },
      0.5, 3.0);
  const EvaluationTrace trace = explain(recording);
  CHECK(input(trace, "product").origin.line == static_cast<std::uint32_t>(line));
  CHECK(trace.nodes.back().origin.line == static_cast<std::uint32_t>(line) + 1);
  REQUIRE(trace.sources.size() == 1);
  CHECK(trace.sources[0].file.ends_with("trace_recorded_test.cpp"));
  const std::string text = to_text(trace), json = to_json(trace);
  const std::string place = "\n  trace_recorded_test.cpp:" + std::to_string(line);
  CHECK(json.find("\"line\": " + std::to_string(line + 1)) != std::string::npos);
  CHECK(json.find("\"first_line\": " + std::to_string(line - 2)) != std::string::npos);
  // Compilers may write the name of this file relative to a folder that is not the present one.
  if (std::ifstream(trace.sources[0].file)) {
    REQUIRE(trace.sources[0].line(static_cast<std::uint32_t>(line)) != nullptr);
    CHECK(text.find(place + ":  const auto product = named(x * y, \"product\");\n") != std::string::npos);
  } else {
    CHECK(trace.sources[0].lines.empty());
    CHECK(text.find(place + "\n") != std::string::npos);
  }
}

TEST_CASE("a name that is given in a loop, or taken, or no identifier is made one") {
  const Recording recording = record(
      [](Recorded x) {
        Recorded y = named(x, "a b");
        for (int k = 0; k < 3; ++k) y = named(y * y, "x2");
        return named(y + 1, "7th");
      },
      1.5);
  const EvaluationTrace trace = explain(recording);
  std::vector<std::string> names;
  for (const TraceNode& n : trace.nodes)
    if (n.op != "constant") names.push_back(n.name);
  CHECK(names == std::vector<std::string>{"a_b", "x2", "x2_2", "x2_3", "_7th"});
}

TEST_CASE("a long program is shown by scopes: its functions, each one step, with the same derivative") {
  const Recording recording = long_program(40);
  const EvaluationTrace all = explain(recording, {.most_nodes = 1000}), scopes = explain(recording);
  CHECK(all.scopes == 0);
  CHECK(all.operations == 3 * 121);
  CHECK(scopes.operations == all.operations);
  CHECK(scopes.scopes >= 3);
  CHECK(scopes.nodes.size() <= 60);
  std::size_t operations = 0;
  for (const TraceNode& n : scopes.nodes)
    if (n.op == "scope") {
      operations += n.operations;
      CHECK(n.formula.starts_with("layer("));
      CHECK(n.lines.starts_with("trace_recorded_test.cpp:"));
    }
  CHECK(operations == all.operations);
  for (const char* name : {"x1", "x2"}) {
    CHECK(input(scopes, name).adjoint == input(all, name).adjoint);
    CHECK(input(scopes, name).value == input(all, name).value);
  }
  CHECK(scopes.nodes.back().value == all.nodes.back().value);
  check_sums(scopes);
  CHECK(to_text(scopes).find("note: 363 operations are shown as") != std::string::npos);
  for (const std::string& text : {to_latex(scopes), to_graphviz(scopes)}) CHECK(text.size() < 60'000);
  CHECK_FALSE(scopes.differences.empty());
}

TEST_CASE("scopes of a computation that knows no lines, of tensors, of very many inputs") {
  const Expr x = variable("x"), v = variable("v", Shape{3});
  Expr y = x;
  Expr w = v;
  for (int k = 0; k < 150; ++k) {
    y = sin(y) * x;
    w = w * y + v;
  }
  const Expr at[] = {ratio<Expr>(3, 4), stack(std::vector<Expr>{Expr(1), Expr(2), Expr(3)})};
  const Function f(sum(w), {x, v});
  const EvaluationTrace scopes = explain(f, at), all = explain(f, at, {.most_nodes = 10'000});
  CHECK(scopes.scopes > 3);
  CHECK(input(scopes, "v").adjoint == input(all, "v").adjoint);
  CHECK(input(scopes, "x").adjoint == input(all, "x").adjoint);
  check_sums(scopes);

  std::vector<double> start(1000, 0.5);
  const auto rosenbrock = [](const auto& u) {
    auto total = 0 * u[0];
    for (std::size_t i = 0; i + 1 < u.size(); ++i) {
      const auto a = u[i + 1] - u[i] * u[i], b = 1 - u[i];
      total += 100 * a * a + b * b;
    }
    return total;
  };
  const EvaluationTrace many = explain(record(rosenbrock, std::span<const double>(start)), {.digits = {16}});
  CHECK(many.nodes.size() <= 60);
  CHECK(many.operations == 8 * 999 + 1);
  REQUIRE(many.nodes[0].adjoint.at(16).size() == 1000);
  CHECK(many.nodes[0].name == "x1...x1000");
  CHECK(many.nodes[0].adjoint.at(16)[0] == "-51");   // -400 x (y - x^2) - 2 (1 - x)
  CHECK(many.nodes[0].adjoint.at(16)[500] == "-1");  // and 200 (x - w^2) more
  CHECK(many.nodes[0].adjoint.at(16)[999] == "50");
  check_sums(many);
}

TEST_CASE("a trace comes back from its JSON as it was, and what is no trace is refused") {
  const Expr x = variable("x"), y = variable("y");
  const Expr at[] = {ratio<Expr>(1, 3), Expr(2)};
  const Function f(x * exp(-y) / (1 + x * x), {x, y});
  const EvaluationTrace forward = explain(f, at, {.forward = true, .source = "f"});
  for (const EvaluationTrace& trace : {explain(f, at, {.digits = {7, 30}}), forward, explain(long_program(40))}) {
    const EvaluationTrace again = trace_from_json(to_json(trace));
    CHECK(to_json(again) == to_json(trace));
    CHECK(to_text(again) == to_text(trace));
    CHECK(to_latex(again) == to_latex(trace));
    CHECK(to_graphviz(again) == to_graphviz(trace));
  }
  const std::string good = to_json(forward);
  CHECK_THROWS_AS(trace_from_json(""), std::invalid_argument);
  CHECK_THROWS_AS(trace_from_json("[1]"), std::invalid_argument);
  CHECK_THROWS_AS(trace_from_json("{\"schema\": \"nabla.graph/1\"}"), std::invalid_argument);
  CHECK_THROWS_AS(trace_from_json(good.substr(0, good.size() / 2)), std::invalid_argument);
  std::string beyond = good;
  beyond.replace(beyond.find("\"to\": "), 6, "\"to\": 9");
  CHECK_THROWS_AS(trace_from_json(beyond), std::invalid_argument);
}
