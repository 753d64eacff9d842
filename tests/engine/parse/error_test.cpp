// What is said about mistakes.
#include <doctest/doctest.h>

#include <string>

#include "reading.hpp"

using reading::contains;
using reading::expression;
using reading::mistake;
using reading::set;
using reading::statement;

TEST_CASE("a missing operand is rendered with caret and expectation") {
  CHECK(mistake(statement, "a + ) == b").render() ==
        "t:1:5: error: unexpected `)`\n"
        "  a + ) == b\n"
        "      ^\n"
        "expected an operand: a number, a name, `(`, `[` or `-`\n");
}

TEST_CASE("the end of a text is a place too") {
  const auto error = mistake(statement, "a +");
  CHECK(error.message() == "unexpected end");
  CHECK(error.place() == nabla::Place{1, 4});
  CHECK(mistake(expression, "").place() == nabla::Place{1, 1});
}

TEST_CASE("a bracket that is not closed is named with its place") {
  CHECK(mistake(statement, "f(x,\n g(y)").message() == "`(` of line 1, column 2 is not closed");
  CHECK(mistake(statement, "[1, 2").message() == "`[` of line 1, column 1 is not closed");
  CHECK(mistake(statement, "x[1, 2").message() == "`[` of line 1, column 2 is not closed");
  CHECK(mistake(statement, "sum(i in 1..n: x").message() == "`(` of line 1, column 4 is not closed");
  CHECK(mistake(set, "{1, 2").message() == "`{` of line 1, column 1 is not closed");
}

TEST_CASE("something after the end is unexpected") {
  const auto error = mistake(expression, "a b");
  CHECK(error.message() == "unexpected name `b`; a product is written with `*`");
  CHECK(error.expected() == std::vector<std::string>{"an operator", "the end of the expression"});
  CHECK(mistake(expression, "(a))").message() == "unexpected `)`");
  CHECK(contains(mistake(expression, "a 2").message(), "written with `*`"));
}

TEST_CASE("a relation is not an expression") {
  const auto error = mistake(expression, "x == 1");
  CHECK(error.place() == nabla::Place{1, 3});
  CHECK(error.message() == "unexpected `==`; an expression stands here, not a statement");
}

TEST_CASE("frequent confusions get advice") {
  CHECK(contains(mistake(statement, "a = b").message(), "equality is written `==`"));
  CHECK(contains(mistake(statement, "x in R").message(), "in(EXPR, SET)"));
  CHECK(contains(mistake(statement, "+x").message(), "no unary plus"));
  CHECK(contains(mistake(statement, "x == {1}").message(), "a set stands only after `in`"));
  CHECK(contains(mistake(statement, "a < b and c < d").message(), "one statement a line"));
  CHECK(contains(mistake(statement, "a == not b").message(), "parentheses around the statement"));
  CHECK(contains(mistake(statement, "x[1..3]").message(), "no ranges"));
  CHECK(contains(mistake(statement, "x[1:3]").message(), "no ranges"));
  CHECK(contains(mistake(statement, "f(x, [0, 1))").message(), "an interval stands only where a set does"));
  CHECK(contains(mistake(statement, "a + at").message(), "a word of the language"));
}

TEST_CASE("only sum, prod, max and integral bind a variable over a range") {
  CHECK(mistake(statement, "mean(i in 1..n: x[i])").message() == "`mean` does not bind a variable");
  const auto error = mistake(statement, "1 + prud(i in 1..n: x[i])");
  CHECK(error.message() == "`prud` does not bind a variable; did you mean `prod`?");
  CHECK(error.place() == nabla::Place{1, 5});
  CHECK(error.expected().size() == 4);
  CHECK(contains(mistake(statement, "lim(h -> 0: h)").message(), "did you mean `limit`?"));
}

TEST_CASE("a range with a bound variable has both its ends") {
  CHECK(mistake(statement, "sum(i in 1: x)").expected().front() == "`..`");
  CHECK(mistake(statement, "sum(i in 1..n, x)").expected().front() == "`:`");
  CHECK(mistake(statement, "sum(i in ..n: x)").expected().front() == "an operand: a number");
}

TEST_CASE("several expressions in parentheses are only an argument") {
  CHECK(contains(mistake(statement, "(a, b)").message(), "only as a whole argument"));
  CHECK(contains(mistake(statement, "f((a, b) + 1)").message(), "only as a whole argument"));
  CHECK(contains(mistake(statement, "f(1 + (a, b))").message(), "only as a whole argument"));
  CHECK(contains(mistake(statement, "f(((a, b)))").message(), "only as a whole argument"));
}

TEST_CASE("words of the language cannot be declared") {
  CHECK(mistake(statement, "sum(oo in 1..2: 1)").expected().size() > 0);
  CHECK(mistake(statement, "e at in = 1").message() ==
        "`in` is a word of the language and cannot be the name of the variable to replace");
}

TEST_CASE("at replaces a variable by name") {
  CHECK(mistake(statement, "e at 2 = 1").expected().front() == "the name of the variable to replace");
  CHECK(mistake(statement, "e at x == 1").expected().front() == "`=`");
}

TEST_CASE("an unknown set lists the sets") {
  const auto error = mistake(set, "Q");
  CHECK(error.message() == "`Q` is not a set");
  CHECK(error.expected().front() == "`R`");
  CHECK(contains(mistake(set, "simplx[n]").message(), "did you mean `simplex`?"));
  CHECK(contains(mistake(statement, "in(x, 3)").expectation(), "an interval such as `[0, 1)`"));
}

TEST_CASE("malformed sets") {
  CHECK(contains(mistake(set, "simplex").message(), "needs its size"));
  CHECK(contains(mistake(set, "(0)").expectation(), "`,`"));
  CHECK(mistake(set, "(0, 1, 2)").place() == nabla::Place{1, 6});
  CHECK(mistake(set, "{}").message() == "unexpected `}`");
  CHECK(mistake(set, "R[]").message() == "unexpected `]`");
  CHECK(mistake(set, "R[2][3]").message() == "unexpected `[`");
}

TEST_CASE("an empty index and a trailing comma miss an operand") {
  CHECK(mistake(statement, "x[]").message() == "unexpected `]`");
  CHECK(mistake(statement, "f(x,)").message() == "unexpected `)`");
  CHECK(mistake(statement, "[1, 2;]").message() == "unexpected `]`");
}

TEST_CASE("the first mistake of a text is reported, be it of words or of characters") {
  CHECK(mistake(statement, "a + ) \xC3\x97").place() == nabla::Place{1, 5});
  CHECK(contains(mistake(statement, "a + \xC3\x97 )").message(), "U+00D7"));
}

TEST_CASE("a long name is quoted in part") {
  const auto error = mistake(statement, "x " + std::string(100000, 'y'));
  CHECK(std::string(error.what()).size() < 300);
  CHECK(error.render().size() < 500);
}
