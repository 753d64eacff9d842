#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "program.hpp"

using namespace program_test;

TEST_CASE("grad prints symbols and digits that are all right") {
  const Outcome r = run("grad 'log(1+exp(x*y))' --at x=1,y=2 --digits 50");
  CHECK(r.status == 0);
  // 2 / (1 + e^-2) to 50 digits, from an independent computation with another program
  CHECK(has(r.output, "1.7615941559557648881194582826047935904127685972579"));
  CHECK(has(r.output, "exp(x * y)"));
}

TEST_CASE("a ball prints its radius, a rational its fraction") {
  CHECK(has(run("eval 'exp(1)' --number ball").output, "+/-"));
  CHECK(run("eval 'x^2 / 3' --at x=2/5 --number rational").output == "4/75\n");
}

TEST_CASE("expressions come from files and standard input") {
  write("expression.txt", "x^2 +\n x");
  CHECK(run("eval @expression.txt --at x=3").output == "12\n");
  CHECK(run("eval - --at x=3 < expression.txt").output == "12\n");
}

TEST_CASE("rows of a matrix stand below each other, and what has no value is said") {
  CHECK(has(run("jacobian 'v .* v' --at v=[1,2] --number rational").output, "     = [2, 0;\n        0, 4]"));
  CHECK(has(run("grad 'x * y' --at x=1 2>&1").output, "have no value: y"));
  CHECK(has(run("eval 'log(x)' --at x=-1 2>&1").output, "note: nan"));
  CHECK(!has(run("eval 'x <= 1' --at x=1 2>&1").output, "note"));
  CHECK(has(run("grad 'relu(x)' --at x=0 2>&1").output, "note: relu"));
}

TEST_CASE("mistakes give one clear error and their own exit status") {
  const Outcome syntax = run("eval 'log(1 +' 2>&1");
  CHECK(syntax.status == 3);
  CHECK(has(syntax.output, "argument:1:8"));
  CHECK(has(syntax.output, "^"));
  const Outcome shapes = run("eval 'x .* y' --at 'x=[1,2],y=[1,2,3]' 2>&1");
  CHECK(shapes.status == 3);
  CHECK(has(shapes.output, "[2]"));
  CHECK(has(shapes.output, "[3]"));
  CHECK(run("eval 'tanh(x)' --at x=1/3 --number rational 2>&1").status == 3);
  CHECK(has(run("eval 'tanh(x)' --at x=1/3 --number rational 2>&1").output,
            "tanh has no exact value in rational numbers"));
  CHECK(run("nonsense 2>&1").status == 2);
  CHECK(has(run("verfiy notes.md 2>&1").output, "there is no command 'verfiy'; did you mean 'verify'?"));
  CHECK(run("ops sotfplus 2>&1").status == 2);
  CHECK(has(run("ops sotfplus 2>&1").output, "did you mean 'softplus'"));
  CHECK(run("eval @missing-file 2>&1").status == 3);
  CHECK(run("verify missing-folder/file.md 2>&1").status == 3);
}

TEST_CASE("verify: exit status, JSON and the replay of its certificates") {
  write("good.md",
        "```claim a/true\ngiven x in R\nshow (x + 1)^2 == x^2 + 2*x + 1\n```\n"
        "```claim a/false\ngiven x in R\nshow (x + 1)^2 == x^2 + 1\nexpect refuted\n```\n");
  const Outcome text = run("verify good.md");
  CHECK(text.status == 0);
  CHECK(has(text.output, "proved     a/true"));
  CHECK(has(text.output, "all as expected"));
  const Outcome report = run("verify good.md --json --seed 7");
  const auto j = nlohmann::json::parse(report.output);
  CHECK(j["schema"] == "nabla.verify/1");
  CHECK(j["summary"]["proved"] == 1);
  CHECK(j["summary"]["refuted"] == 1);
  CHECK(j["claims"][1]["witness"]["x"].is_array());
  CHECK(run("verify good.md --json --seed 7 --jobs 3").output == report.output);
  write("report.json", report.output);
  const Outcome again = run("recheck report.json");
  CHECK_MESSAGE(again.status == 0, again.output);
  CHECK(has(again.output, "0 failed, 0 open"));

  // A report that lies is caught: the witness is moved to a point where the claim holds.
  auto lie = j;
  lie["claims"][1]["shows"][0]["links"][0]["certificates"][0]["data"]["evidence"]["witness"]["x"][0] = "0";
  write("lie.json", lie.dump());
  CHECK(run("recheck lie.json").status == 1);

  // Evidence of a kind that nobody replays confirms nothing.
  auto unheard = j;
  unheard["claims"][1]["shows"][0]["links"][0]["certificates"][0]["kind"] = "oracle";
  write("unheard.json", unheard.dump());
  const Outcome passed_over = run("recheck unheard.json");
  CHECK(passed_over.status == 1);
  CHECK(has(passed_over.output, "not replayed"));
}

TEST_CASE("verify: an unexpected verdict is 1, a broken block is 3 and the others are still checked") {
  write("unexpected.md", "```claim b/false\ngiven x in R\nshow x == x + 1\n```\n");
  CHECK(run("verify unexpected.md").status == 1);
  write("broken.md",
        "```claim c/broken\ngiven x in\nshow x == x\n```\n```claim c/unknown\nshow sine(1) == 0\n```\n"
        "```claim c/fine\nshow 1 + 1 == 2\n```\n");
  const Outcome broken = run("verify broken.md 2>&1");
  CHECK(broken.status == 3);
  CHECK(has(broken.output, "broken.md:2"));
  CHECK(has(broken.output, "proved     c/fine"));
  write("empty.md", "");
  CHECK(run("verify empty.md").status == 0);
  write("bytes.md", std::string("\0\xff\xfe\n```claim \xff\n", 16));
  CHECK(run("verify bytes.md 2>&1").status <= 3);
}

TEST_CASE("nesting of 10^5 parentheses is one clear error that names the limit") {
  write("deep.txt", std::string(100000, '(') + "x" + std::string(100000, ')'));
  const Outcome deep = run("eval @deep.txt --at x=1 2>&1");
  CHECK(deep.status == 3);
  CHECK(has(deep.output, "1000"));
}

TEST_CASE("graph writes pictures and data") {
  CHECK(run("graph 'x*x + y' -o picture.dot").status == 0);
  std::ifstream file("picture.dot");
  const std::string dot{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  CHECK(has(dot, "digraph"));
  CHECK(has(run("graph 'x*x + y'").output, "nabla graph"));
  CHECK(run("graph 'x*x' -o picture.xyz 2>&1").status == 2);
}
