#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nabla/engine/parse/syntax.hpp>
#include <nabla/engine/parse/token.hpp>

namespace nabla {

/// Reads expressions, statements and sets from a slice of a source, one after the other, into a Syntax. Also the
/// reader of what surrounds them: accept() and expect() take single tokens. Time and memory are linear in the slice;
/// the C++ stack is bounded by `depth_limit`. Every mistake is thrown as a SyntaxError, after which the Parser is
/// spent.
///
/// Precedence, tightest first: index, call, transpose (postfix); ^ .^ (right); unary minus; * / .* ./ (left);
/// + - (left); at (left); relations (chains); not; implies (right).
class Parser {
 public:
  /// Texts that are built only when an error is thrown: functions that recurse keep small frames that way.
  using Words = std::initializer_list<std::string_view>;

  /// Levels of brackets, prefix operators, right operands of ^ and implies, each inside the other.
  static constexpr std::size_t depth_limit = 1000;

  /// Reads the bytes [begin, end) of syntax.source(). The Syntax must outlive the Parser.
  Parser(Syntax& syntax, std::size_t begin, std::size_t end);

  /// An expression: everything that binds tighter than a relation, `EXPR at x = EXPR` included.
  SyntaxId expression();
  /// An expression without `at` on its outside: the end of a range, the value after `at x =`.
  SyntaxId term();
  /// An expression or a relation, with not and implies.
  SyntaxId statement();
  /// R, (a, b), [a, b), {a, b, c}, simplex, onehot, sym, spd; with its shape.
  SyntaxId set();
  /// A name that is being declared. \param what how messages call it: "the name of a variable"
  SyntaxId declared_name(std::string_view what);
  /// `item` once or more, with commas in between.
  template <typename Item>
  void comma_separated(Item item) {
    do {
      item();
    } while (accept(TokenKind::comma));
  }

  const Token& token() const { return tokens_.list[next_]; }
  /// The token after the next; the last one again at the end.
  const Token& token_after() const;
  bool at(TokenKind kind) const { return token().kind == kind; }
  bool at_word(std::string_view word) const { return at(TokenKind::name) && spelling(token()) == word; }
  bool accept(TokenKind kind);
  /// Takes a token. \throws SyntaxError with the expected list {the token, `others`...}
  Token expect(TokenKind kind, Words others = {});
  /// Takes a token that may follow an expression, so that "an operator" is expected as well.
  Token expect_after_operand(TokenKind kind, Words others = {});
  /// \throws SyntaxError when something is left. \param what how messages call the end: "the end of the line"
  /// \param after_operand whether an operator could follow
  void finish(const std::string& what, bool after_operand = true);
  std::string_view spelling(const Token& token) const;

  /// Throws at the next token; where that is unreadable, its own message takes precedence.
  [[noreturn]] void fail(std::string_view message, Words expected = {}) const;
  [[noreturn]] void fail(std::string_view message, std::vector<std::string> expected) const;
  /// The same with the message "unexpected ...".
  [[noreturn]] void unexpected(std::vector<std::string> expected) const;

 private:
  enum class Level : std::uint8_t { implication, negation, relation, at, sum, product, sign, power };
  static Level level_of(BinaryOperator op);
  static Level next_tighter(Level level);

  SyntaxId climb(Level least);
  SyntaxId negate();
  SyntaxId negation(Level least);
  SyntaxId implication(SyntaxId left);
  SyntaxId power(SyntaxId left, BinaryOperator op);
  SyntaxId postfix();
  SyntaxId primary();
  SyntaxId transpose(SyntaxId operand);
  SyntaxId group();
  SyntaxId brackets();
  SyntaxId membership();
  SyntaxId call(SyntaxId callee);
  SyntaxId index(SyntaxId base);
  SyntaxId comprehension(SyntaxId callee, const Token& open);
  SyntaxId limit(SyntaxId callee, const Token& open);
  SyntaxId binary(SyntaxId left, BinaryOperator op, Level right);
  SyntaxId substitution(SyntaxId left);
  SyntaxId relation(SyntaxId left);
  SyntaxId interval();
  SyntaxId finite_set();
  SyntaxId named_set();

  void enter() {
    if (++depth_ > depth_limit) fail_depth();
  }
  void leave() { --depth_; }
  Token advance() { return tokens_.list[next_++]; }
  void close(TokenKind kind, const Token& open, Words others);
  Syntax::Extent extent_from(SyntaxId first) const;
  Syntax::Extent extent_from(const Token& first) const;
  SyntaxId leaf(SyntaxKind kind);
  std::vector<SyntaxId> take_scratch(std::size_t from);
  [[noreturn]] void fail_at(Place place, std::string_view message, Words expected = {}) const;
  [[noreturn]] void fail_operand() const;
  [[noreturn]] void fail_depth() const;
  [[noreturn]] void fail_callee(SyntaxId callee, std::span<const std::string_view> callees) const;
  [[noreturn]] void fail_after_operand(Words others, TokenKind kind) const;
  std::string advice_after_operand() const;
  std::string seen() const;

  Syntax& syntax_;
  Tokens tokens_;
  std::size_t next_ = 0;
  std::size_t depth_ = 0;
  std::size_t argument_ = static_cast<std::size_t>(-1);  // the token with which the innermost argument begins
  std::vector<SyntaxId> scratch_;                        // children of unfinished nodes, as a stack
};

}  // namespace nabla
