// Taking single tokens, and what is said when they are not there.
#include <algorithm>
#include <utility>

#include <nabla/engine/parse/parser.hpp>
#include <nabla/engine/parse/suggest.hpp>

namespace nabla {

const Token& Parser::token_after() const { return tokens_.list[std::min(next_ + 1, tokens_.list.size() - 1)]; }

std::string_view Parser::spelling(const Token& token) const {
  return syntax_.source().text().substr(token.begin, token.end - token.begin);
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind)) return false;
  ++next_;
  return true;
}

Token Parser::expect(TokenKind kind, Words others) {
  if (at(kind)) return advance();
  std::vector<std::string> expected{std::string(describe(kind))};
  expected.insert(expected.end(), others.begin(), others.end());
  unexpected(std::move(expected));
}

Token Parser::expect_after_operand(TokenKind kind, Words others) {
  if (at(kind)) return advance();
  fail_after_operand(others, kind);
}

void Parser::close(TokenKind kind, const Token& open, Words others) {
  if (accept(kind)) return;
  if (!at(TokenKind::end)) fail_after_operand(others, kind);
  std::vector<std::string> expected(others.begin(), others.end());
  expected.emplace_back(describe(kind));
  expected.emplace_back("an operator");
  fail(std::string(describe(open.kind)) + " of line " + std::to_string(open.place.line) + ", column " +
           std::to_string(open.place.column) + " is not closed",
       std::move(expected));
}

void Parser::finish(const std::string& what, bool after_operand) {
  if (at(TokenKind::end)) return;
  if (!after_operand) unexpected({what});
  fail("unexpected " + seen() + advice_after_operand(), std::vector<std::string>{"an operator", what});
}

SyntaxId Parser::declared_name(std::string_view what) {
  if (at(TokenKind::name)) return leaf(SyntaxKind::name);
  if (token().kind >= TokenKind::word_in) {
    fail(in_backquotes(spelling(token())) + " is a word of the language and cannot be " + std::string(what),
         {"a name"});
  }
  unexpected({std::string(what)});
}

SyntaxId Parser::leaf(SyntaxKind kind) {
  const Token taken = advance();
  return syntax_.add_leaf(kind, {taken.begin, taken.end, taken.place});
}

Syntax::Extent Parser::extent_from(SyntaxId first) const {
  return {syntax_.begin(first), tokens_.list[next_ - 1].end, syntax_.place(first)};
}

Syntax::Extent Parser::extent_from(const Token& first) const {
  return {first.begin, tokens_.list[next_ - 1].end, first.place};
}

std::vector<SyntaxId> Parser::take_scratch(std::size_t from) {
  const auto begin = scratch_.begin() + static_cast<std::ptrdiff_t>(from);
  std::vector<SyntaxId> taken(begin, scratch_.end());
  scratch_.erase(begin, scratch_.end());
  return taken;
}

std::string Parser::seen() const {
  switch (token().kind) {
    case TokenKind::end:
      return "end";
    case TokenKind::number:
      return "number " + in_backquotes(spelling(token()));
    case TokenKind::name:
      return "name " + in_backquotes(spelling(token()));
    default:
      return std::string(describe(token().kind));
  }
}

void Parser::fail(std::string_view message, Words expected) const {
  fail(message, std::vector<std::string>(expected.begin(), expected.end()));
}

void Parser::fail(std::string_view message, std::vector<std::string> expected) const {
  if (at(TokenKind::invalid)) throw *tokens_.error;
  throw SyntaxError(syntax_.source(), token().place, std::string(message), std::move(expected));
}

void Parser::unexpected(std::vector<std::string> expected) const { fail("unexpected " + seen(), std::move(expected)); }

void Parser::fail_at(Place place, std::string_view message, Words expected) const {
  throw SyntaxError(syntax_.source(), place, std::string(message), {expected.begin(), expected.end()});
}

void Parser::fail_after_operand(Words others, TokenKind kind) const {
  std::vector<std::string> expected(others.begin(), others.end());
  expected.emplace_back(describe(kind));
  expected.emplace_back("an operator");
  fail("unexpected " + seen() + advice_after_operand(), std::move(expected));
}

void Parser::fail_callee(SyntaxId callee, std::span<const std::string_view> callees) const {
  const std::string_view name = syntax_.spelling(callee);
  const auto near = did_you_mean(name, callees);
  std::vector<std::string> expected;
  for (const std::string_view candidate : callees) expected.push_back(in_backquotes(candidate));
  throw SyntaxError(
      syntax_.source(), syntax_.anchor(callee),
      in_backquotes(name) + " does not bind a variable" + (near ? "; did you mean " + in_backquotes(*near) + "?" : ""),
      std::move(expected));
}

void Parser::fail_depth() const { fail("this is nested deeper than " + std::to_string(depth_limit) + " levels"); }

void Parser::fail_operand() const {
  std::string advice;
  switch (token().kind) {
    case TokenKind::plus:
      advice = "; there is no unary plus";
      break;
    case TokenKind::open_brace:
      advice = "; a set stands only after `in` or in in(EXPR, SET)";
      break;
    case TokenKind::colon:
      advice = "; `:` stands alone between the commas of an index";
      break;
    case TokenKind::word_in:
    case TokenKind::word_at:
    case TokenKind::word_implies:
      advice = "; it is a word of the language and not a name";
      break;
    default:
      break;
  }
  fail("unexpected " + seen() + advice, {"an operand: a number", "a name", "`(`", "`[`", "`-`"});
}

std::string Parser::advice_after_operand() const {
  switch (token().kind) {
    case TokenKind::assign:
      return "; equality is written `==`";
    case TokenKind::word_in:
      return "; membership is written in(EXPR, SET)";
    case TokenKind::word_not:
      return "; write `!=`, or `not` in front of a statement";
    case TokenKind::number:
      return "; a product is written with `*`";
    case TokenKind::equal:
    case TokenKind::not_equal:
    case TokenKind::less:
    case TokenKind::less_equal:
    case TokenKind::greater:
    case TokenKind::greater_equal:
    case TokenKind::word_implies:
      return "; an expression stands here, not a statement";
    case TokenKind::name: {
      const std::string_view word = spelling(token());
      if (word == "and" || word == "or") return "; write one statement a line, or where(...) for cases";
      if (word == "mod" || word == "div") return "; there is no such operator";
      if (word == "for" || word == "if" || word == "when") return "; hypotheses are lines of their own";
      return "; a product is written with `*`";
    }
    default:
      return {};
  }
}

}  // namespace nabla
