// `nabla explain` as a process: a worked example that fits a terminal, and what it writes besides.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "program.hpp"

using namespace program_test;

TEST_CASE("explain reads like a worked example in 80 columns") {
  const Outcome r = run("explain 'log(1+exp(x*y))' --at x=1.5,y=-2");
  CHECK(r.status == 0);
  CHECK(r.output == read(std::string(NABLA_SOURCE_DIR) + "/tests/app/explain.golden"));
  std::istringstream lines(r.output);
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= 80, line);
}

TEST_CASE("the derivatives of explain are those of grad") {
  const auto trace = nlohmann::json::parse(run("explain 'x^y*sin(x)' --at x=2,y=1/3 --digits 30 --json").output);
  const auto grad = nlohmann::json::parse(run("grad 'x^y*sin(x)' --at x=2,y=1/3 --digits 30 --json").output);
  int compared = 0;
  for (const auto& node : trace["nodes"])
    for (const auto& result : grad["results"])
      if (node["op"] == "variable" && result["name"] == "d/d" + node["name"].get<std::string>()) {
        CHECK(node["adjoint"]["30"] == result["value"][0]);
        ++compared;
      }
  CHECK(compared == 2);
}

TEST_CASE("a trace of a recorded program that was saved is shown as the expression is") {
  CHECK(run("explain 'x*sin(y)' --at x=2,y=1/3 --digits 7,30 --json > trace.json").status == 0);
  const std::string text = run("explain 'x*sin(y)' --at x=2,y=1/3 --digits 7,30").output;
  CHECK(run("explain --trace trace.json").output == text);
  CHECK(run("explain --trace trace.json --html trace.html").status == 0);
  CHECK(has(read("trace.html"), "id=\"data\""));
  CHECK(run("explain --trace trace.html 2>&1").status == 3);
  CHECK(run("explain --trace nowhere.json 2>&1").status == 3);
  CHECK(run("explain 'x' --trace trace.json 2>&1").status == 2);
  CHECK(run("explain 2>&1").status == 2);
}

TEST_CASE("many steps are shown by scopes, in the terminal with a notice and in data all of them") {
  std::string sum = "x";
  for (int k = 0; k < 150; ++k) sum = "sin(" + sum + ")*x";
  const Outcome text = run("explain '" + sum + "' --at x=1/2 2>&1");
  CHECK(text.status == 0);
  CHECK(has(text.output, "note: 300 operations are shown as"));
  CHECK(std::ranges::count(text.output, '\n') < 250);  // more than a thousand lines otherwise
  const auto scopes =
      nlohmann::json::parse(run("explain '" + sum + "' --at x=1/2 --json --nodes 200 2>/dev/null").output);
  const auto all = nlohmann::json::parse(run("explain '" + sum + "' --at x=1/2 --json").output);
  CHECK(all["nodes"].size() == 301);
  CHECK(scopes["nodes"].size() < 60);
  CHECK(scopes["nodes"][0]["adjoint"]["16"] == all["nodes"][0]["adjoint"]["16"]);
}

TEST_CASE("explain writes pictures and says what it cannot do") {
  CHECK(run("explain 'x*x' --at x=3 --dot trace.dot").status == 0);
  CHECK(has(read("trace.dot"), "digraph"));
  CHECK(has(run("explain 'x*x' --at x=3 --latex").output, "\\begin{align*}"));
  CHECK(has(run("explain 'x*x' --at x=3 --mode forward").output, "tan"));
  CHECK(has(run("explain 'x*x' --at x=3 --mode forward --json").output, "\"tangent\""));
  CHECK(has(run("explain 'x*x' --at x=3 --json").output, "\"100\""));
  CHECK(run("explain 'x*x' 2>&1").status == 2);
  CHECK(run("explain '[x, x]' --at x=1 2>&1").status == 3);
  CHECK(run("explain '1 + 1' 2>&1").status == 3);
  CHECK(run("explain 'sum(v)' --at 'v=[1,2]' --mode forward 2>&1").status == 3);
}
