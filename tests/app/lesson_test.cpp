// The lesson page as a file; what its script does is looked at in a browser.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <nabla/app/lesson/lesson.hpp>
#include <nabla/nabla.hpp>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace nabla;
using program_test::has;

namespace {

EvaluationTrace chain(int operations) {
  return explain(record(
                     [operations](auto x, auto y) {
                       auto f = x * y;
                       for (int k = 0; k < operations - 1; ++k) f = k % 3 == 0 ? sin(f) : k % 3 == 1 ? f * x : f + y;
                       return f;
                     },
                     0.75, -1.5),
                 {.digits = {7, 16}});
}

nlohmann::json data_of(const std::string& html) {
  const std::string mark = "id=\"data\">";
  const std::size_t begin = html.find(mark) + mark.size();
  return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

}  // namespace

TEST_CASE("a lesson is one small file that asks for nothing") {
  const EvaluationTrace trace = chain(48);
  const std::string html = app::lesson_html(trace, {.cpp = "</script><!--", .latex = "x < y"});
  CHECK(html.size() <= 150'000);
  CHECK(html == app::lesson_html(chain(48), {.cpp = "</script><!--", .latex = "x < y"}));
  for (const char* outside : {"src=", "@import", "fetch(", "XMLHttpRequest", "url(http", "<link"})
    CHECK_FALSE(has(html, outside));
  const auto data = data_of(html);
  CHECK(data["cpp"] == "</script><!--");
  CHECK(data["steps"].size() == trace.steps.size());
  // Without script: every value and adjoint in the table, the final picture, all steps.
  for (const TraceNode& n : trace.nodes)
    if (n.op != "constant") CHECK(has(html, "<td class=\"adjoint\">" + n.adjoint.at(16)[0] + "</td>"));
  CHECK(has(html, "<svg id=\"graph\""));
  CHECK(has(html, "<details id=\"all-steps\">"));
}

TEST_CASE("a page of a recorded program shows its lines, each linked with what it computes") {
  EvaluationTrace trace = chain(12);
  REQUIRE(trace.sources.size() == 1);
  const auto product = std::ranges::find(trace.nodes, "mul", &TraceNode::op);
  trace.sources[0].first_line = product->origin.line - 1;
  trace.sources[0].lines = {"// a < b", "auto f = x * y;"};
  const std::string html = app::lesson_html(trace, {});
  CHECK(has(html, "<span class=\"file\">lesson_test.cpp</span>"));
  CHECK(has(html, "// a &lt; b\n"));
  CHECK(has(html, "auto f = x * y;</span>"));
  const std::size_t line = html.find("auto f = x * y;");
  const std::string nodes = html.substr(html.rfind("data-nodes=", line), line - html.rfind("data-nodes=", line));
  CHECK(has(nodes, "\"" + std::to_string(product - trace.nodes.begin()) + "\""));
}

TEST_CASE("however long the program, its page is small, with a notice") {
  for (const int operations : {150, 1000, 4000}) {
    const auto begin = std::chrono::steady_clock::now();
    const EvaluationTrace trace = chain(operations);
    const std::string html = app::lesson_html(trace, {.cpp = {}, .latex = to_latex(trace)});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    MESSAGE(operations << " operations: " << html.size() << " bytes, " << took.count() << " s");
    CHECK(has(html, "id=\"notice\"") == (operations > 200));
    CHECK(html.size() <= (operations > 200 ? 150'000U : 400'000U));
    if (operations > 200) CHECK(has(html, std::to_string(operations) + " operations are shown as"));
    CHECK(data_of(html)["steps"].size() == trace.steps.size());
  }
}

TEST_CASE("the page of forward mode has a sweep for each input") {
  const Expr x = variable("x"), y = variable("y");
  const Expr at[] = {Expr(2), Expr(3)};
  const std::string html = app::lesson_html(explain(Function(x * y + x, {x, y}), at, {.forward = true}), {});
  const auto data = data_of(html);
  CHECK(data["mode"] == "forward");
  CHECK_FALSE(data.contains("wrong"));
  CHECK(has(html, "Forward mode took 2 sweeps"));
  CHECK(has(html, "<dt>df / dx</dt><dd class=\"digits\">4</dd><dt>df / dy</dt><dd class=\"digits\">2</dd>"));
}

TEST_CASE("the wrong order counts twice what was sent twice") {
  const Expr a = variable("a");
  const Expr b = a + a;
  const Expr at[] = {Expr(1)};
  const auto data = data_of(app::lesson_html(explain(Function(b + b, {a}), at), {}));
  CHECK(data["wrong"]["results"][0][0] == "a");
  CHECK(data["wrong"]["results"][0][1] == "6");  // 2 from the first part, 4 from the whole sent again
  CHECK(data["nodes"][0]["adjoint"][0] == "4");
  // 2^150 sendings are not shown.
  Expr c = a;
  for (int k = 0; k < 150; ++k) c = c + c;
  CHECK_FALSE(data_of(app::lesson_html(explain(Function(c, {a}), at), {})).contains("wrong"));
}

TEST_CASE("cancellation, kinks and domains are pointed out") {
  const Expr x = variable("x");
  const auto page = [&](const Expr& f, const Expr& value) {
    return app::lesson_html(explain(Function(f, {x}), std::span<const Expr>(&value, 1)), {});
  };
  CHECK(has(page((1 + x) - 1, lit<Expr>("1e-9")), "about 9 leading digits are lost"));
  CHECK(has(page(relu(x), Expr(0)), "is at a kink"));
  CHECK(has(page(log(x), Expr(-1)), "outside the domain of log"));
  CHECK_FALSE(has(page(x * x, Expr(2)), "Look here"));
}
