#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <nabla/engine/parse/token.hpp>

using nabla::Place;
using nabla::Source;
using nabla::tokenize;
using nabla::TokenKind;

namespace {

std::vector<TokenKind> kinds(const std::string& text) {
  std::vector<TokenKind> out;
  for (const auto& token : tokenize(Source("t", text), 0, text.size()).list) out.push_back(token.kind);
  return out;
}

std::string message(const std::string& text) {
  const auto tokens = tokenize(Source("t", text), 0, text.size());
  REQUIRE(tokens.error.has_value());
  REQUIRE(tokens.list.back().kind == TokenKind::invalid);
  return tokens.error->what();
}

}  // namespace

TEST_CASE("every symbol is one token") {
  CHECK(kinds("+ - * / ^ .* ./ .^ '") ==
        std::vector{TokenKind::plus, TokenKind::minus, TokenKind::star, TokenKind::slash, TokenKind::caret,
                    TokenKind::dot_star, TokenKind::dot_slash, TokenKind::dot_caret, TokenKind::prime, TokenKind::end});
  CHECK(kinds("()[]{},;:") == std::vector{TokenKind::open_paren, TokenKind::close_paren, TokenKind::open_bracket,
                                          TokenKind::close_bracket, TokenKind::open_brace, TokenKind::close_brace,
                                          TokenKind::comma, TokenKind::semicolon, TokenKind::colon, TokenKind::end});
  CHECK(kinds("..=->==!=<<=>>=") == std::vector{TokenKind::range, TokenKind::assign, TokenKind::arrow, TokenKind::equal,
                                                TokenKind::not_equal, TokenKind::less, TokenKind::less_equal,
                                                TokenKind::greater, TokenKind::greater_equal, TokenKind::end});
}

TEST_CASE("words of the language are not names, names that begin like them are") {
  CHECK(kinds("in at not implies oo") == std::vector{TokenKind::word_in, TokenKind::word_at, TokenKind::word_not,
                                                     TokenKind::word_implies, TokenKind::word_infinity,
                                                     TokenKind::end});
  CHECK(kinds("inv attention nothing ooo _1 x_2 In") ==
        std::vector<TokenKind>{TokenKind::name, TokenKind::name, TokenKind::name, TokenKind::name, TokenKind::name,
                               TokenKind::name, TokenKind::name, TokenKind::end});
}

TEST_CASE("1..6 is a range because a number has a digit on both sides of its point") {
  CHECK(kinds("1..6") == std::vector{TokenKind::number, TokenKind::range, TokenKind::number, TokenKind::end});
  CHECK(kinds("1.5..6") == std::vector{TokenKind::number, TokenKind::range, TokenKind::number, TokenKind::end});
}

TEST_CASE("a point before an operator belongs to the operator") {
  CHECK(kinds("1.*x") == std::vector{TokenKind::number, TokenKind::dot_star, TokenKind::name, TokenKind::end});
  CHECK(kinds("2.^x") == std::vector{TokenKind::number, TokenKind::dot_caret, TokenKind::name, TokenKind::end});
  CHECK(kinds("1./x") == std::vector{TokenKind::number, TokenKind::dot_slash, TokenKind::name, TokenKind::end});
}

TEST_CASE("numbers may have a point and an exponent") {
  for (const char* number : {"0", "007", "12", "0.1", "3.140", "1e-3", "1E+6", "2.5e10", "1e9999", "1e00000000012"}) {
    CAPTURE(number);
    CHECK(kinds(number) == std::vector{TokenKind::number, TokenKind::end});
  }
}

TEST_CASE("half a decimal number is an error that says what a number is") {
  CHECK(message("x + .5") ==
        "t:1:5: error: U+002E `.` is not in the language; a number has a digit on both sides of its point (0.5, 5.0)");
  CHECK(message("5. + x").find("digit on both sides") != std::string::npos);
  CHECK(message("1...6").find("digit on both sides") != std::string::npos);
}

TEST_CASE("an exponent of more than four digits is refused") {
  CHECK(message("1e10000") ==
        "t:1:1: error: the exponent of this number has more than 4 digits; write a power instead");
}

TEST_CASE("a name right after a number is a forgotten product") {
  CHECK(message("3 + 2x") ==
        "t:1:6: error: a number ends here and a name begins; a product is written with `*`: 2 * x");
  CHECK(message("2oo").find("2 * oo") != std::string::npos);
  CHECK(message("1e").find("1 * e") != std::string::npos);
}

TEST_CASE("a foreign character is named by code point with what to write instead") {
  CHECK(message("a \xC3\x97 b") == "t:1:3: error: U+00D7 MULTIPLICATION SIGN is not in the language; write `*`");
  CHECK(message("a \xE2\x88\x92 b") == "t:1:3: error: U+2212 MINUS SIGN is not in the language; write `-`");
  CHECK(message("a \xE2\x89\xA4 b") == "t:1:3: error: U+2264 LESS-THAN OR EQUAL TO is not in the language; write `<=`");
  CHECK(message("a\xC2\xA0") == "t:1:2: error: U+00A0 NO-BREAK SPACE is not in the language; write a blank");
  CHECK(message("\xCF\x80") == "t:1:1: error: U+03C0 GREEK SMALL LETTER PI is not in the language; write `pi`");
  CHECK(message("\xCE\xBB") == "t:1:1: error: U+03BB GREEK SMALL LETTER LAMDA is not in the language; write `lambda`");
  CHECK(message("\xCF\x89") == "t:1:1: error: U+03C9 GREEK SMALL LETTER OMEGA is not in the language; write `omega`");
  CHECK(message("\xCE\x93") == "t:1:1: error: U+0393 GREEK CAPITAL LETTER GAMMA is not in the language; write `Gamma`");
  CHECK(message("na\xC3\xAFve") ==
        "t:1:3: error: U+00EF is not in the language; names are ASCII letters, digits and underscores");
  CHECK(message("\xF0\x9F\x98\x80").find("U+1F600") != std::string::npos);
}

TEST_CASE("spellings of other languages are named") {
  CHECK(message("a ** b") == "t:1:3: error: `**` is not in the language; a power is written `^`");
  CHECK(message("a => b") == "t:1:3: error: `=>` is not in the language; write `implies`, or `>=`");
  CHECK(message("a =< b").find("`<=`") != std::string::npos);
  CHECK(message("a <> b").find("`!=`") != std::string::npos);
  CHECK(message("a && b").find("U+0026 `&&`") != std::string::npos);
  CHECK(message("a && b").find("two statements") != std::string::npos);
  CHECK(message("|x|").find("abs(x) or norm(x)") != std::string::npos);
  CHECK(message("\\alpha").find("LaTeX") != std::string::npos);
  CHECK(message("a @ b") == "t:1:3: error: U+0040 `@` is not in the language");
}

TEST_CASE("ill-formed UTF-8 and control characters are named by number") {
  CHECK(message("x \xFF") == "t:1:3: error: the byte 0xFF is not well-formed UTF-8");
  CHECK(message(std::string("x\0y", 3)) == "t:1:2: error: U+0000 is not in the language");
}

TEST_CASE("blanks, line endings and comments separate tokens") {
  const std::string text = "a\t# \xC3\x97 any thing\n b\r\nc\rd";
  const auto tokens = tokenize(Source("t", text), 0, text.size());
  REQUIRE(tokens.list.size() == 5);
  CHECK(tokens.list[1].place == Place{2, 2});
  CHECK(tokens.list[2].place == Place{3, 1});
  CHECK(tokens.list[3].place == Place{4, 1});
}

TEST_CASE("a slice is read with the places of the whole") {
  const Source source("t", "\xC3\xA9 aa\nxx + yy rest");
  const auto tokens = tokenize(source, 9, 13);
  REQUIRE(tokens.list.size() == 3);
  CHECK(tokens.list[0].kind == TokenKind::plus);
  CHECK(tokens.list[0].place == Place{2, 4});
  CHECK(tokens.list[1].begin == 11);
  CHECK(tokens.list[1].end == 13);
}
