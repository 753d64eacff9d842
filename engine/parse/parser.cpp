#include <nabla/engine/parse/parser.hpp>

#include <array>
#include <optional>
#include <utility>

namespace nabla {

namespace {

std::optional<BinaryOperator> as_binary(TokenKind kind) {
  switch (kind) {
    case TokenKind::plus:
      return BinaryOperator::add;
    case TokenKind::minus:
      return BinaryOperator::subtract;
    case TokenKind::star:
      return BinaryOperator::multiply;
    case TokenKind::slash:
      return BinaryOperator::divide;
    case TokenKind::caret:
      return BinaryOperator::power;
    case TokenKind::dot_star:
      return BinaryOperator::elementwise_multiply;
    case TokenKind::dot_slash:
      return BinaryOperator::elementwise_divide;
    case TokenKind::dot_caret:
      return BinaryOperator::elementwise_power;
    default:
      return std::nullopt;
  }
}

std::optional<Relation> as_relation(TokenKind kind) {
  switch (kind) {
    case TokenKind::equal:
      return Relation::equal;
    case TokenKind::not_equal:
      return Relation::not_equal;
    case TokenKind::less:
      return Relation::less;
    case TokenKind::less_equal:
      return Relation::less_equal;
    case TokenKind::greater:
      return Relation::greater;
    case TokenKind::greater_equal:
      return Relation::greater_equal;
    default:
      return std::nullopt;
  }
}

}  // namespace

Parser::Level Parser::level_of(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::add:
    case BinaryOperator::subtract:
      return Level::sum;
    case BinaryOperator::power:
    case BinaryOperator::elementwise_power:
      return Level::power;
    default:
      return Level::product;
  }
}

Parser::Level Parser::next_tighter(Level level) { return level == Level::sum ? Level::product : Level::sign; }

Parser::Parser(Syntax& syntax, std::size_t begin, std::size_t end)
    : syntax_(syntax), tokens_(tokenize(syntax.source(), begin, end)) {}

SyntaxId Parser::expression() { return climb(Level::at); }
SyntaxId Parser::term() { return climb(Level::sum); }
SyntaxId Parser::statement() { return climb(Level::implication); }

// ---- precedence ----

// The functions below recurse in each other, up to depth_limit: their frames are kept small.

SyntaxId Parser::climb(Level least) {
  SyntaxId left = at(TokenKind::minus) ? negate() : at(TokenKind::word_not) ? negation(least) : postfix();
  for (;;) {
    const TokenKind kind = token().kind;
    if (const auto op = as_binary(kind)) {
      const Level level = level_of(*op);
      if (level < least) return left;
      left = level == Level::power ? power(left, *op) : binary(left, *op, next_tighter(level));
    } else if (kind == TokenKind::word_at && least <= Level::at) {
      left = substitution(left);
    } else if (as_relation(kind) && least <= Level::relation) {
      left = relation(left);
    } else if (kind == TokenKind::word_implies && least == Level::implication) {
      left = implication(left);
    } else {
      return left;
    }
  }
}

SyntaxId Parser::negate() {
  enter();
  const Token sign = advance();
  const SyntaxId operand = climb(Level::sign);
  leave();
  return syntax_.add(SyntaxKind::negate, extent_from(sign), sign.place, {operand});
}

SyntaxId Parser::negation(Level least) {
  if (least > Level::negation) {
    fail("`not` begins a statement, and an operand stands here; put parentheses around the statement");
  }
  enter();
  const Token word = advance();
  const SyntaxId operand = climb(Level::negation);
  leave();
  return syntax_.add(SyntaxKind::negation, extent_from(word), word.place, {operand});
}

SyntaxId Parser::implication(SyntaxId left) {
  enter();
  const Place place = advance().place;
  const SyntaxId right = climb(Level::implication);
  leave();
  return syntax_.add(SyntaxKind::implication, extent_from(left), place, {left, right});
}

SyntaxId Parser::power(SyntaxId left, BinaryOperator op) {
  enter();
  const SyntaxId result = binary(left, op, Level::sign);  // 2^-3^2 is 2^(-(3^2))
  leave();
  return result;
}

SyntaxId Parser::binary(SyntaxId left, BinaryOperator op, Level right_level) {
  const Place place = advance().place;
  const SyntaxId right = climb(right_level);
  return syntax_.add(SyntaxKind::binary, extent_from(left), place, {left, right}, static_cast<std::uint8_t>(op));
}

SyntaxId Parser::substitution(SyntaxId left) {
  const Place place = advance().place;
  const SyntaxId name = declared_name("the name of the variable to replace");
  expect(TokenKind::assign);
  const SyntaxId value = climb(Level::sum);
  return syntax_.add(SyntaxKind::at, extent_from(left), place, {left, name, value});
}

SyntaxId Parser::relation(SyntaxId left) {
  const std::size_t from = scratch_.size();
  std::vector<RelationLink> links;
  scratch_.push_back(left);
  while (const auto op = as_relation(token().kind)) {
    links.push_back({*op, advance().place});
    const SyntaxId operand = climb(Level::at);
    scratch_.push_back(operand);
  }
  return syntax_.add_relation(extent_from(left), take_scratch(from), links);
}

// ---- operands ----

SyntaxId Parser::postfix() {
  SyntaxId result = primary();
  for (;;) {
    if (at(TokenKind::open_paren)) {
      enter();
      result = call(result);
      leave();
    } else if (at(TokenKind::open_bracket)) {
      enter();
      result = index(result);
      leave();
    } else if (at(TokenKind::prime)) {
      result = transpose(result);
    } else {
      return result;
    }
  }
}

SyntaxId Parser::primary() {
  if (at(TokenKind::number)) return leaf(SyntaxKind::number);
  if (at(TokenKind::name)) return leaf(SyntaxKind::name);
  if (at(TokenKind::word_infinity)) return leaf(SyntaxKind::infinity);
  const bool is_group = at(TokenKind::open_paren);
  const bool is_membership = at(TokenKind::word_in) && token_after().kind == TokenKind::open_paren;
  if (!is_group && !is_membership && !at(TokenKind::open_bracket)) fail_operand();
  enter();
  const SyntaxId result = is_group ? group() : is_membership ? membership() : brackets();
  leave();
  return result;
}

SyntaxId Parser::transpose(SyntaxId operand) {
  const Place place = advance().place;
  return syntax_.add(SyntaxKind::transpose, extent_from(operand), place, {operand});
}

SyntaxId Parser::group() {
  const bool is_argument = next_ == argument_;
  const Token open = advance();
  const SyntaxId first = statement();
  if (!at(TokenKind::comma)) {
    close(TokenKind::close_paren, open, {});
    syntax_.widen(first, extent_from(open));
    return first;
  }
  const std::size_t from = scratch_.size();
  scratch_.push_back(first);
  while (accept(TokenKind::comma)) {
    const SyntaxId item = expression();
    scratch_.push_back(item);
  }
  close(TokenKind::close_paren, open, {"`,`"});
  if (!is_argument || (!at(TokenKind::comma) && !at(TokenKind::close_paren))) {
    fail_at(open.place,
            "several expressions in parentheses stand only as a whole argument, as in convex(E, (x, y)); a vector is "
            "written [a, b]");
  }
  return syntax_.add(SyntaxKind::tuple, extent_from(open), open.place, take_scratch(from));
}

SyntaxId Parser::brackets() {
  const Token open = advance();
  const std::size_t outer = scratch_.size();  // finished rows
  std::size_t from = outer;                   // entries of the present row
  Token row_begin = token();
  const auto end_row = [&] {
    const SyntaxId row = syntax_.add(SyntaxKind::row, extent_from(row_begin), row_begin.place, take_scratch(from));
    scratch_.push_back(row);
    from = scratch_.size();
  };
  if (at(TokenKind::close_bracket)) {
    advance();
    return syntax_.add(SyntaxKind::vector, extent_from(open), open.place, {});
  }
  for (;;) {
    const SyntaxId entry = expression();
    scratch_.push_back(entry);
    if (accept(TokenKind::comma)) continue;
    if (!at(TokenKind::semicolon)) break;
    end_row();
    advance();
    row_begin = token();
  }
  if (at(TokenKind::close_paren)) {
    fail("`[` is closed with `)`: an interval stands only where a set does, as in `given x in [0, 1)`", {"`]`"});
  }
  const bool is_matrix = from != outer;
  if (is_matrix) end_row();
  close(TokenKind::close_bracket, open, {"`,`", "`;`"});
  const SyntaxKind kind = is_matrix ? SyntaxKind::matrix : SyntaxKind::vector;
  return syntax_.add(kind, extent_from(open), open.place, take_scratch(outer));
}

SyntaxId Parser::membership() {
  const Token word = advance();
  const Token open = advance();
  const SyntaxId element = expression();
  expect_after_operand(TokenKind::comma);
  const SyntaxId in_what = set();
  close(TokenKind::close_paren, open, {});
  return syntax_.add(SyntaxKind::membership, extent_from(word), word.place, {element, in_what});
}

SyntaxId Parser::index(SyntaxId base) {
  const Token open = advance();
  const std::size_t from = scratch_.size();
  scratch_.push_back(base);
  comma_separated([&] {
    const SyntaxId subscript = at(TokenKind::colon) ? leaf(SyntaxKind::all) : expression();
    scratch_.push_back(subscript);
    if (at(TokenKind::range) || at(TokenKind::colon)) {
      fail("an index is one number or `:` alone; there are no ranges in it", {"`,`", "`]`"});
    }
  });
  close(TokenKind::close_bracket, open, {"`,`"});
  return syntax_.add(SyntaxKind::index, extent_from(base), open.place, take_scratch(from));
}

SyntaxId Parser::call(SyntaxId callee) {
  const Token open = advance();
  const bool named = syntax_.kind(callee) == SyntaxKind::name;
  if (named && at(TokenKind::name) && token_after().kind == TokenKind::word_in) return comprehension(callee, open);
  if (named && at(TokenKind::name) && token_after().kind == TokenKind::arrow) return limit(callee, open);
  const std::size_t from = scratch_.size();
  scratch_.push_back(callee);
  if (!at(TokenKind::close_paren)) {
    comma_separated([&] {
      argument_ = next_;
      const SyntaxId argument = statement();
      scratch_.push_back(argument);
    });
  }
  if (at(TokenKind::colon)) {
    fail("`:` follows a range in a call, as in sum(i in 1..n: x[i]), or stands alone in an index");
  }
  close(TokenKind::close_paren, open, {"`,`"});
  const Place anchor = named ? syntax_.anchor(callee) : open.place;
  return syntax_.add(SyntaxKind::call, extent_from(callee), anchor, take_scratch(from));
}

// ---- bound variables; the parenthesis is read ----

SyntaxId Parser::comprehension(SyntaxId callee, const Token& open) {
  constexpr std::array<std::string_view, 4> callees = {"sum", "prod", "max", "integral"};
  const std::string_view name = syntax_.spelling(callee);
  std::size_t which = 0;
  while (which < callees.size() && callees[which] != name) ++which;
  if (which == callees.size()) fail_callee(callee, callees);
  const SyntaxId variable = declared_name("the name of the bound variable");
  expect(TokenKind::word_in);
  const SyntaxId from = term();
  expect_after_operand(TokenKind::range);
  const SyntaxId to = term();
  expect_after_operand(TokenKind::colon);
  const SyntaxId body = expression();
  close(TokenKind::close_paren, open, {});
  const SyntaxKind kind = which == 3 ? SyntaxKind::integral : SyntaxKind::comprehension;
  return syntax_.add(kind, extent_from(callee), syntax_.anchor(callee), {variable, from, to, body},
                     which == 3 ? std::uint8_t{0} : static_cast<std::uint8_t>(which));
}

SyntaxId Parser::limit(SyntaxId callee, const Token& open) {
  constexpr std::string_view callees[] = {"limit"};
  if (syntax_.spelling(callee) != callees[0]) fail_callee(callee, callees);
  const SyntaxId variable = declared_name("the name of the bound variable");
  expect(TokenKind::arrow);
  const SyntaxId target = term();
  expect_after_operand(TokenKind::colon);
  const SyntaxId body = expression();
  close(TokenKind::close_paren, open, {});
  return syntax_.add(SyntaxKind::limit, extent_from(callee), syntax_.anchor(callee), {variable, target, body});
}

}  // namespace nabla
