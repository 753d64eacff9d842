#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nabla/engine/parse/source.hpp>

namespace nabla {

enum class TokenKind : std::uint8_t {
  end,      // of the slice that was read
  invalid,  // what no token begins with; see Tokens::error
  number,
  name,
  plus,
  minus,
  star,
  slash,
  caret,
  dot_star,
  dot_slash,
  dot_caret,
  prime,
  open_paren,
  close_paren,
  open_bracket,
  close_bracket,
  open_brace,
  close_brace,
  comma,
  semicolon,
  colon,
  range,  // ..
  assign,
  arrow,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  // words of the language, which no declaration may take as a name
  word_in,
  word_at,
  word_not,
  word_implies,
  word_infinity,  // oo
};

/// How a token is called in messages: "a number", "`<=`".
std::string_view describe(TokenKind kind);

struct Token {
  TokenKind kind = TokenKind::end;
  std::uint32_t begin = 0;  // byte offsets into the source
  std::uint32_t end = 0;
  Place place;
};

/// The tokens of a slice, closed by one of kind `end` or, where the text stops being readable, `invalid`.
struct Tokens {
  std::vector<Token> list;
  std::optional<SyntaxError> error;  // what is wrong at the token `invalid`; set exactly when the list ends with one
};

/// Splits the bytes [begin, end) of a source. Blanks, line endings and comments (# to the end of the line) separate
/// tokens and are dropped. Numbers: digits, a point with digits on both sides, an exponent (1e-3, at most 4 digits).
/// Does not throw for what it reads: an unreadable place is reported in the result, because a reader that finds a
/// mistake in front of it reports that one.
Tokens tokenize(const Source& source, std::size_t begin, std::size_t end);

}  // namespace nabla
