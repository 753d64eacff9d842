#include <doctest/doctest.h>

#include <string>

#include <nabla/engine/parse/source.hpp>

using nabla::Place;
using nabla::Source;
using nabla::SyntaxError;

TEST_CASE("a place counts lines and code points from 1") {
  const Source source("f", "ab\ncde");
  CHECK(source.place(0) == Place{1, 1});
  CHECK(source.place(1) == Place{1, 2});
  CHECK(source.place(3) == Place{2, 1});
  CHECK(source.place(6) == Place{2, 4});
}

TEST_CASE("a place past the end is the end") { CHECK(Source("f", "ab").place(99) == Place{1, 3}); }

TEST_CASE("a code point of several bytes is one column") {
  const Source source("f", "\xC3\xA9\xE2\x89\xA4\xF0\x9D\x94\xB8x");  // 2, 3, 4 bytes, then x
  CHECK(source.place(9) == Place{1, 4});
}

TEST_CASE("each byte of ill-formed UTF-8 is one column") {
  CHECK(Source("f", "\xFF\xC0\xAFx").place(3) == Place{1, 4});          // never valid; overlong
  CHECK(Source("f", "\xED\xA0\x80x").place(3) == Place{1, 4});          // a surrogate
  CHECK(Source("f", "\xE2\x89x").place(2) == Place{1, 3});              // cut short
  CHECK(Source("f", "\xF4\x90\x80\x80x").place(4) == Place{1, 5});      // past U+10FFFF
  CHECK(Source("f", std::string("\xE2\x89")).place(2) == Place{1, 3});  // cut by the end of the text
}

TEST_CASE("lines end with LF, CRLF or CR") {
  const Source source("f", "a\nb\r\nc\rd");
  REQUIRE(source.line_count() == 4);
  CHECK(source.line(1) == "a");
  CHECK(source.line(2) == "b");
  CHECK(source.line(3) == "c");
  CHECK(source.line(4) == "d");
  CHECK(source.line_begin(3) == 5);
}

TEST_CASE("a text that ends with a line ending has an empty last line") {
  const Source source("f", "a\n");
  CHECK(source.line_count() == 2);
  CHECK(source.line(2).empty());
}

TEST_CASE("lines that do not exist are empty") {
  const Source source("f", "a");
  CHECK(source.line(0).empty());
  CHECK(source.line(2).empty());
  CHECK(source.line_begin(9) == 1);
}

TEST_CASE("an empty text has one empty line") {
  CHECK(Source().line_count() == 1);
  CHECK(Source("f", "").place(0) == Place{1, 1});
}

TEST_CASE("a text beyond the limit is one error that names the limit") {
  CHECK_THROWS_WITH_AS(Source("f", std::string(Source::size_limit + 1, 'x')),
                       "f:1:1: error: the text is longer than 64 MiB; split it", SyntaxError);
}

TEST_CASE("an error renders as heading, line, caret and expectation") {
  const Source source("notes.md", "first\nshow f(x\nlast");
  const SyntaxError error(source, {2, 9}, "`(` is not closed", {"`,`", "`)`", "an operator"});
  CHECK(error.render() ==
        "notes.md:2:9: error: `(` is not closed\n"
        "  show f(x\n"
        "          ^\n"
        "expected `,`, `)` or an operator\n");
  CHECK(std::string(error.what()) == "notes.md:2:9: error: `(` is not closed; expected `,`, `)` or an operator");
}

TEST_CASE("an error without expectation has no such line") {
  CHECK(SyntaxError(Source("f", "ab"), {1, 2}, "no").render() == "f:1:2: error: no\n  ab\n   ^\n");
}

TEST_CASE("the caret stands under the column where the line has wide code points and tabs") {
  CHECK(nabla::excerpt(Source("f", "\t\xC3\xA9 !"), {1, 4}) == "   \xC3\xA9 !\n     ^\n");
}

TEST_CASE("a long line is clipped around the caret") {
  const std::string line = std::string(300, 'a') + "!" + std::string(300, 'b');
  const std::string shown = nabla::excerpt(Source("f", line), {1, 301});
  CHECK(shown == "  ..." + std::string(50, 'a') + "!" + std::string(49, 'b') + "...\n" + std::string(55, ' ') + "^\n");
}

TEST_CASE("what would disturb a terminal is not shown") {
  CHECK(nabla::printable(std::string("a\x1B[31m\0\xFF", 8)) == "a\xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(nabla::printable("abcdef", 3) == "abc...");
}

TEST_CASE("a copy of an error outlives its source") {
  auto copy = [] { return SyntaxError(Source("f", "text"), {1, 1}, "no"); }();
  CHECK(copy.source().line(1) == "text");
}
