// The lines of a claim, row by row of the table in the description of the language.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nabla/proofs/claim/block.hpp>

using namespace nabla;

namespace {

struct Reading {
  std::optional<Claim> claim;
  std::vector<SyntaxError> errors;
};

Reading read(const std::string& text) {
  Reading out;
  const Source source("t", text);
  out.claim = parse_block(source, {"id", {1, 1}}, 1, source.line_count(), out.errors);
  return out;
}

// A block of one line, made whole by a line `show`.
Claim with(const std::string& line) {
  Reading reading = read(line + "\nshow 1 == 1");
  for (const SyntaxError& error : reading.errors) MESSAGE(error.render());
  REQUIRE(reading.claim.has_value());
  return std::move(*reading.claim);
}

template <typename Line>
Line first(const Claim& claim) {
  REQUIRE(!claim.lines.empty());
  REQUIRE(std::holds_alternative<Line>(claim.lines.front()));
  return std::get<Line>(claim.lines.front());
}

std::string sexpr(const Claim& claim, SyntaxId id) { return to_sexpr(claim.syntax, id); }

std::vector<std::string> sexprs(const Claim& claim, const std::vector<SyntaxId>& ids) {
  std::vector<std::string> out;
  for (const SyntaxId id : ids) out.push_back(sexpr(claim, id));
  return out;
}

// The only mistake of a block of one line (and a line `show`).
SyntaxError mistake(const std::string& line) {
  const Reading reading = read(line + "\nshow 1 == 1");
  CHECK_FALSE(reading.claim.has_value());
  REQUIRE(reading.errors.size() == 1);
  return reading.errors.front();
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("for with a finite list") {
  const Claim claim = with("for m in {1, 2, 5}");
  const auto line = first<ForLine>(claim);
  CHECK_FALSE(line.all);
  CHECK(line.values == ForLine::Values::list);
  CHECK(sexprs(claim, line.names) == Strings{"m"});
  CHECK(sexprs(claim, line.bounds) == Strings{"1", "2", "5"});
}

TEST_CASE("for with a range") {
  const Claim claim = with("for m in 1..6");
  const auto line = first<ForLine>(claim);
  CHECK(line.values == ForLine::Values::range);
  CHECK(sexprs(claim, line.bounds) == Strings{"1", "6"});
}

TEST_CASE("for all with a least value") {
  const Claim claim = with("for all m >= 1");
  const auto line = first<ForLine>(claim);
  CHECK(line.all);
  CHECK(line.values == ForLine::Values::at_least);
  CHECK(sexprs(claim, line.bounds) == Strings{"1"});
}

TEST_CASE("for all over a range that ends with an earlier name") {
  const Claim claim = with("for all i in 1..m + 1");
  const auto line = first<ForLine>(claim);
  CHECK(line.all);
  CHECK(line.values == ForLine::Values::range);
  CHECK(sexprs(claim, line.bounds) == Strings{"1", "(+ m 1)"});
}

TEST_CASE("a dimension may be called all") {
  CHECK(sexprs(with("for all in 1..2"), first<ForLine>(with("for all in 1..2")).names) == Strings{"all"});
}

TEST_CASE("for with several names") {
  const Claim claim = with("for m, n in 1..2");
  CHECK(sexprs(claim, first<ForLine>(claim).names) == Strings{"m", "n"});
}

TEST_CASE("given declares variables in a set") {
  const Claim claim = with("given x, y in (0, 1][m]");
  const auto line = first<GivenLine>(claim);
  CHECK(sexprs(claim, line.names) == Strings{"x", "y"});
  CHECK(sexpr(claim, line.set) == "(shaped (interval ( 0 1 ]) m)");
}

TEST_CASE("given declares functions of classes") {
  const Claim claim = with("given f: R[n] -> R is convex, smooth(2 * L)");
  const auto line = first<GivenFunctionLine>(claim);
  CHECK(sexprs(claim, line.names) == Strings{"f"});
  CHECK(sexpr(claim, line.domain) == "(shaped R n)");
  CHECK(sexpr(claim, line.codomain) == "R");
  REQUIRE(line.classes.size() == 2);
  CHECK(line.classes[0].function_class == FunctionClass::convex);
  CHECK_FALSE(line.classes[0].constant.has_value());
  CHECK(line.classes[0].place == Place{1, 23});
  CHECK(line.classes[1].function_class == FunctionClass::smooth);
  CHECK(sexpr(claim, line.classes[1].constant.value()) == "(* 2 L)");
}

TEST_CASE("every class of functions is known by its name") {
  for (const char* name :
       {"any", "continuous", "differentiable", "convex", "smooth(L)", "strongly_convex(mu)", "linear"}) {
    CAPTURE(name);
    const auto line = first<GivenFunctionLine>(with(std::string("given f: R -> R is ") + name));
    REQUIRE(line.classes.size() == 1);
    CHECK(std::string(name).starts_with(spelling(line.classes[0].function_class)));
  }
}

TEST_CASE("let abbreviates an expression") {
  const Claim claim = with("let p = sigmoid(x) at x = 1");
  const auto line = first<LetLine>(claim);
  CHECK(sexpr(claim, line.name) == "p");
  CHECK(line.parameters.empty());
  CHECK(sexpr(claim, line.value) == "(at (call sigmoid x) x 1)");
}

TEST_CASE("let defines functions, with or without sets") {
  const Claim claim = with("let f(u, v in R[n]) = dot(u, v)");
  const auto line = first<LetLine>(claim);
  REQUIRE(line.parameters.size() == 2);
  CHECK(sexpr(claim, line.parameters[0].name) == "u");
  CHECK_FALSE(line.parameters[0].set.has_value());
  CHECK(sexpr(claim, line.parameters[1].name) == "v");
  CHECK(sexpr(claim, line.parameters[1].set.value()) == "(shaped R n)");
  CHECK(sexpr(claim, line.value) == "(call dot u v)");
}

TEST_CASE("assume takes a statement") {
  const Claim claim = with("assume not x == 0 implies y > 1");
  CHECK(sexpr(claim, first<AssumeLine>(claim).condition) == "(implies (not (== x 0)) (> y 1))");
}

TEST_CASE("convention names an operator, a point and a value") {
  const Claim claim = with("convention relu'(0) = 1/2");
  const auto line = first<ConventionLine>(claim);
  CHECK(sexpr(claim, line.name) == "relu");
  CHECK(sexprs(claim, line.point) == Strings{"0"});
  CHECK(sexpr(claim, line.value) == "(/ 1 2)");
  const Claim tie = with("convention max'(0, 0) = 0");
  CHECK(sexprs(tie, first<ConventionLine>(tie).point) == Strings{"0", "0"});
}

TEST_CASE("several lines show must all hold") {
  const auto reading = read("show a == b\nshow c <= d <= e");
  REQUIRE(reading.claim.has_value());
  REQUIRE(reading.claim->lines.size() == 2);
  const auto line = std::get<ShowLine>(reading.claim->lines[1]);
  CHECK(sexpr(*reading.claim, line.statement) == "(chain c <= d <= e)");
  CHECK(reading.claim->syntax.text(line.statement) == "c <= d <= e");
}

TEST_CASE("every verdict can be expected") {
  for (const char* verdict : {"proved", "supported", "refuted", "ill-posed", "undecided"}) {
    CAPTURE(verdict);
    const auto reading = read(std::string("show 1 == 1\nexpect ") + verdict + " # so it is");
    REQUIRE(reading.claim.has_value());
    REQUIRE(reading.claim->expects.has_value());
    CHECK(reading.claim->expects->verdict == verdict);
    CHECK(reading.claim->expects->place == Place{2, 1});
  }
}

TEST_CASE("no line expect, no expectation") { CHECK_FALSE(read("show 1 == 1").claim->expects.has_value()); }

TEST_CASE("outside carries its reason and no statement") {
  const auto reading = read("# why\n\noutside needs a measure, \xC3\x97 and all  # note\n");
  REQUIRE(reading.claim.has_value());
  REQUIRE(reading.claim->outside.has_value());
  CHECK(reading.claim->outside->reason == "needs a measure, \xC3\x97 and all");
  CHECK(reading.claim->lines.empty());
}

TEST_CASE("comments and empty lines are passed over") {
  const auto reading = read("# a comment: \xC3\x97\n\n   \t\n  show 1 == 1# another\n#");
  REQUIRE(reading.claim.has_value());
  CHECK(reading.claim->lines.size() == 1);
}

TEST_CASE("lines keep their order, place and extent") {
  const std::string text = "  let c = 1 # one\ngiven x in R\nshow x == c";
  const auto reading = read(text);
  REQUIRE(reading.claim.has_value());
  REQUIRE(reading.claim->lines.size() == 3);
  const auto let = std::get<LetLine>(reading.claim->lines[0]);
  CHECK(let.place == Place{1, 3});
  CHECK(text.substr(let.begin, let.end - let.begin) == "let c = 1");
  CHECK(std::holds_alternative<GivenLine>(reading.claim->lines[1]));
  CHECK(std::get<ShowLine>(reading.claim->lines[2]).place == Place{3, 1});
}

TEST_CASE("a line of an unknown kind is named with a suggestion") {
  const auto error = mistake("shwo x == 1");
  CHECK(error.message() == "a line cannot begin with `shwo`; did you mean `show`?");
  CHECK(error.place() == Place{1, 1});
  CHECK(contains(error.expectation(), "`for`, `given`, `let`, `assume`, `convention`, `show`, `expect` or `outside`"));
  CHECK(contains(mistake("Given x in R").message(), "did you mean `given`?"));
  CHECK(contains(mistake("  == 3").message(), "does not begin with a word"));
}

TEST_CASE("an unknown verdict is named with a suggestion") {
  const auto error = mistake("expect ill posed");
  CHECK(error.message() == "`ill posed` is not a verdict; did you mean `ill-posed`?");
  CHECK(error.place() == Place{1, 8});
  CHECK(error.expected().size() == 5);
  CHECK(mistake("expect").message() == "the verdict is missing");
}

TEST_CASE("a second expect names the first") {
  const auto reading = read("show 1 == 1\nexpect proved\nexpect refuted");
  REQUIRE(reading.errors.size() == 1);
  CHECK(reading.errors[0].message() == "a second `expect`; the first is in line 2");
}

TEST_CASE("outside is the only line") {
  CHECK(contains(read("outside reason\nshow 1 == 1").errors.at(0).message(), "here is another"));
  CHECK(contains(read("show 1 == 1\noutside reason").errors.at(0).message(), "others stand before it"));
  CHECK(contains(read("expect undecided\noutside reason").errors.at(0).message(), "others stand before it"));
  CHECK(contains(read("outside reason\nexpect undecided").errors.at(0).message(), "here is another"));
  CHECK(contains(read("outside a\noutside b").errors.at(0).message(), "here is another"));
  CHECK(read("outside  # no reason").errors.at(0).message() == "the reason is missing");
}

TEST_CASE("a block without a statement claims nothing") {
  for (const char* text : {"", "# only a comment", "given x in R", "expect proved"}) {
    CAPTURE(text);
    const auto reading = read(text);
    CHECK_FALSE(reading.claim.has_value());
    REQUIRE(reading.errors.size() == 1);
    CHECK(contains(reading.errors[0].message(), "claims nothing"));
  }
}

TEST_CASE("every mistake of a block is reported, in order") {
  const auto reading = read("fro m in 1..2\ngiven x in Q\nlet c = \nshow 1 == 1\nshow (2");
  REQUIRE(reading.errors.size() == 4);
  CHECK(reading.errors[0].place() == Place{1, 1});
  CHECK(reading.errors[1].place() == Place{2, 12});
  CHECK(reading.errors[2].place() == Place{3, 8});
  CHECK(reading.errors[3].place() == Place{5, 8});
}

TEST_CASE("a block of nothing but mistakes is given up") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "nonsense\n";
  const auto reading = read(text);
  CHECK(reading.errors.size() == 11);
  CHECK(contains(reading.errors.back().message(), "too many mistakes"));
}

TEST_CASE("malformed for lines") {
  CHECK(contains(mistake("for m >= 1").message(), "write `for all m >= 1`"));
  CHECK(mistake("for m").expected().front() == "`in`");
  CHECK(mistake("for m in 1").expected().front() == "`..`");
  CHECK(contains(mistake("for m in [1, 2]").expectation(), "`{1, 2, 5}` or `1..6`"));
  CHECK(mistake("for m in {}").message() == "unexpected `}`");
  CHECK(mistake("for m in {1, 2} n").expectation() == "expected the end of the line");
  CHECK(mistake("for 3 in 1..2").expected().front() == "the name of a dimension or index");
  CHECK(contains(mistake("for in in 1..2").message(), "`in` is a word of the language"));
}

TEST_CASE("malformed given lines") {
  CHECK(mistake("given").expected().front() == "the name of a variable");
  CHECK(contains(mistake("given x").expectation(), "`in`"));
  CHECK(contains(mistake("given x in R, y in R").message(), "a line `given` of its own"));
  CHECK(contains(mistake("given f: R -> R").expectation(), "`is`"));
  CHECK(mistake("given f: R is convex").expected().front() == "`->`");
  CHECK(contains(mistake("given f: R -> R is convx").message(), "did you mean `convex`?"));
  CHECK(contains(mistake("given f: R -> R is smooth").message(), "needs its constant: smooth(L)"));
  CHECK(contains(mistake("given f: R -> R is convex(2)").message(), "takes no constant"));
  CHECK(contains(mistake("given f: R -> R is").expectation(), "`differentiable`"));
  CHECK(contains(mistake("given x' in R").expectation(), "`in`"));
}

TEST_CASE("malformed let lines") {
  CHECK(mistake("let = 1").expected().front() == "the name of an abbreviation or function");
  CHECK(contains(mistake("let c == 1").expectation(), "`=`"));
  CHECK(mistake("let f() = 1").expected().front() == "the name of a parameter");
  CHECK(mistake("let f(u = 1").expected().front() == "`)`");
  CHECK(contains(mistake("let c = x == 1").message(), "an expression stands here"));
}

TEST_CASE("malformed conventions") {
  CHECK(mistake("convention relu(0) = 0").expected().front() == "`'`");
  CHECK(mistake("convention relu'() = 0").message() == "unexpected `)`");
  CHECK(mistake("convention relu'(0) == 0").expected().front() == "`=`");
}

TEST_CASE("a statement ends with its line") { CHECK(read("show 1 ==\n2").errors.at(0).place() == Place{1, 10}); }
