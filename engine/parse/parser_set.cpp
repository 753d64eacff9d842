// The sets of the language.
#include <array>

#include <nabla/engine/parse/parser.hpp>
#include <nabla/engine/parse/suggest.hpp>

namespace nabla {

namespace {

struct NamedSet {
  std::string_view name;
  SyntaxKind kind;
  bool needs_shape;
};

constexpr NamedSet named_sets[] = {
    {"R", SyntaxKind::set_reals, false},      {"simplex", SyntaxKind::set_simplex, true},
    {"onehot", SyntaxKind::set_onehot, true}, {"sym", SyntaxKind::set_symmetric, true},
    {"spd", SyntaxKind::set_spd, true},
};

std::vector<std::string> expected_sets() {
  return {
      "`R`",     "an interval such as `[0, 1)`", "values such as `{0, 1}`", "`simplex[n]`", "`onehot[n]`", "`sym[n]`",
      "`spd[n]`"};
}

}  // namespace

SyntaxId Parser::set() {
  const Token first = token();
  bool needs_shape = false;
  SyntaxId result = 0;
  switch (first.kind) {
    case TokenKind::open_paren:
    case TokenKind::open_bracket:
      result = interval();
      break;
    case TokenKind::open_brace:
      result = finite_set();
      break;
    default:
      result = named_set();
      needs_shape = syntax_.kind(result) != SyntaxKind::set_reals;
  }
  if (!at(TokenKind::open_bracket)) {
    if (needs_shape) fail("this set needs its size, as in simplex[n]", {"`[`"});
    return result;
  }
  const Token open = advance();
  const std::size_t from = scratch_.size();
  scratch_.push_back(result);
  comma_separated([&] {
    const SyntaxId dimension = expression();
    scratch_.push_back(dimension);
  });
  close(TokenKind::close_bracket, open, {"`,`"});
  return syntax_.add(SyntaxKind::set_shaped, extent_from(first), first.place, take_scratch(from));
}

SyntaxId Parser::interval() {
  const Token open = advance();
  const SyntaxId lower = expression();
  expect_after_operand(TokenKind::comma);
  const SyntaxId upper = expression();
  const bool closed_above = at(TokenKind::close_bracket);
  if (!closed_above && !at(TokenKind::close_paren)) close(TokenKind::close_bracket, open, {"`)`"});
  advance();
  const auto closed = (open.kind == TokenKind::open_bracket ? 1u : 0u) | (closed_above ? 2u : 0u);
  return syntax_.add(SyntaxKind::set_interval, extent_from(open), open.place, {lower, upper},
                     static_cast<std::uint8_t>(closed));
}

SyntaxId Parser::finite_set() {
  const Token open = advance();
  const std::size_t from = scratch_.size();
  comma_separated([&] {
    const SyntaxId element = expression();
    scratch_.push_back(element);
  });
  close(TokenKind::close_brace, open, {"`,`"});
  return syntax_.add(SyntaxKind::set_finite, extent_from(open), open.place, take_scratch(from));
}

SyntaxId Parser::named_set() {
  const std::vector<std::string> sets = {
      "`R`",     "an interval such as `[0, 1)`", "values such as `{0, 1}`", "`simplex[n]`", "`onehot[n]`", "`sym[n]`",
      "`spd[n]`"};
  if (!at(TokenKind::name)) unexpected(sets);
  const std::string_view name = spelling(token());
  std::array<std::string_view, std::size(named_sets)> names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (named_sets[i].name == name) return leaf(named_sets[i].kind);
    names[i] = named_sets[i].name;
  }
  const auto near = did_you_mean(name, names);
  fail(in_backquotes(name) + " is not a set" + (near ? "; did you mean " + in_backquotes(*near) + "?" : ""),
       expected_sets());
}

}  // namespace nabla
