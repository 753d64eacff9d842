// Inputs that are made to break a reader.
#include <doctest/doctest.h>

#include <string>

#include <nabla/engine/parse/parser.hpp>
#include "reading.hpp"

using nabla::Parser;
using nabla::Source;
using nabla::Syntax;
using reading::mistake;
using reading::repeated;
using reading::statement;

namespace {

std::size_t nodes(const std::string& text) { return nabla::parse_statement(Source("t", text)).size(); }

const std::string too_deep = "this is nested deeper than 1000 levels";

}  // namespace

TEST_CASE("nesting up to the limit is read") {
  const std::size_t n = Parser::depth_limit;
  CHECK(statement(repeated("(", n) + "x" + repeated(")", n)) == "x");
  CHECK(nodes(repeated("-", n) + "x") == n + 1);
  CHECK(nodes(repeated("2^", n) + "x") == 2 * n + 1);
  CHECK(nodes(repeated("not ", n) + "x") == n + 1);
  CHECK(nodes(repeated("a implies ", n) + "b") == 2 * n + 1);
  CHECK(nodes(repeated("f(", n) + "x" + repeated(")", n)) == 2 * n + 1);
}

TEST_CASE("nesting past the limit is one error that names the limit and the place") {
  const std::size_t n = Parser::depth_limit + 1;
  CHECK(mistake(statement, repeated("(", n) + "x" + repeated(")", n)).message() == too_deep);
  CHECK(mistake(statement, repeated("(", n)).place() == nabla::Place{1, 1001});
  CHECK(mistake(statement, repeated("-", n) + "x").message() == too_deep);
  CHECK(mistake(statement, repeated("2^", n) + "x").message() == too_deep);
  CHECK(mistake(statement, repeated("not ", n) + "x").message() == too_deep);
  CHECK(mistake(statement, repeated("a implies ", n) + "b").message() == too_deep);
  CHECK(mistake(statement, repeated("[", n)).message() == too_deep);
  CHECK(mistake(statement, repeated("x[", n)).message() == too_deep);
  CHECK(mistake(statement, repeated("f(", n)).message() == too_deep);
  CHECK(mistake(statement, repeated("in(", n)).message() == too_deep);
  CHECK(mistake(statement, repeated("in(x, {", n)).message() == too_deep);
  CHECK(mistake(statement, repeated("sum(i in ", n)).message() == too_deep);
}

TEST_CASE("the stack holds where every level of precedence takes part in the nesting") {
  const std::size_t n = Parser::depth_limit;
  const std::string level = "a implies b == c at x = 1 + 2 * f(";  // two levels: implies and the call
  CHECK(nodes(repeated(level, n / 2) + "1" + repeated(")", n / 2)) > n);
  CHECK(mistake(statement, repeated(level, 100000)).message() == too_deep);
}

TEST_CASE("long flat inputs are read without nesting") {
  const std::size_t n = 100000;
  CHECK(nodes("1" + repeated("+1", n)) == 2 * n + 1);
  CHECK(nodes("1" + repeated("*1", n)) == 2 * n + 1);
  CHECK(nodes("x" + repeated("'", n)) == n + 1);
  CHECK(nodes("x" + repeated("[1]", n)) == 2 * n + 1);
  CHECK(nodes("x" + repeated("(1)", n)) == 2 * n + 1);
  CHECK(nodes("x" + repeated(" at x = 1", n)) == 3 * n + 1);
  CHECK(nodes("x" + repeated(" < x", n)) == n + 2);
  CHECK(nodes("f(x" + repeated(",x", n) + ")") == n + 3);
  CHECK(nodes("[x" + repeated(";x", n) + "]") == 2 * n + 3);
}

TEST_CASE("a tree as deep as its text is long prints") {
  const std::string sexpr = statement("1" + repeated("+1", 100000));
  CHECK(sexpr.starts_with("(+ (+ (+ "));
  CHECK(sexpr.ends_with(" 1) 1) 1)"));
}

TEST_CASE("a long literal is kept as text") {
  const std::string digits(100000, '7');
  CHECK(statement(digits + "." + digits) == digits + "." + digits);
}

TEST_CASE("places stay right on a long line") {
  const Syntax syntax = nabla::parse_statement(Source("t", "1" + repeated("+1", 100000) + " == 1"));
  CHECK(syntax.anchor(syntax.root()) == nabla::Place{1, 200003});
}

TEST_CASE("arbitrary bytes are an error with a place") {
  CHECK(mistake(statement, std::string("\0\0\0", 3)).place() == nabla::Place{1, 1});
  CHECK(mistake(statement, "\xFF\xFE\xFD").place() == nabla::Place{1, 1});
  CHECK(mistake(statement, "   \n\r\n\r# nothing").message() == "unexpected end");
  CHECK(mistake(statement, "x + \x1B[31m").render().find('\x1B') == std::string::npos);
}
