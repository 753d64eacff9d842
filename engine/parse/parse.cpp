#include <nabla/engine/parse/parse.hpp>

#include <nabla/engine/parse/parser.hpp>

namespace nabla {

namespace {

SyntaxId parse_all(Syntax& syntax, std::size_t begin, std::size_t end, SyntaxId (Parser::*part)(), const char* what) {
  Parser parser(syntax, begin, end);
  const SyntaxId id = (parser.*part)();
  parser.finish(what);
  syntax.set_root(id);
  return id;
}

}  // namespace

SyntaxId parse_expression(Syntax& syntax, std::size_t begin, std::size_t end) {
  return parse_all(syntax, begin, end, &Parser::expression, "the end of the expression");
}

SyntaxId parse_statement(Syntax& syntax, std::size_t begin, std::size_t end) {
  return parse_all(syntax, begin, end, &Parser::statement, "the end of the statement");
}

SyntaxId parse_set(Syntax& syntax, std::size_t begin, std::size_t end) {
  return parse_all(syntax, begin, end, &Parser::set, "the end of the set");
}

Syntax parse_expression(const Source& source) {
  Syntax syntax(source);
  parse_expression(syntax, 0, source.text().size());
  return syntax;
}

Syntax parse_statement(const Source& source) {
  Syntax syntax(source);
  parse_statement(syntax, 0, source.text().size());
  return syntax;
}

Syntax parse_set(const Source& source) {
  Syntax syntax(source);
  parse_set(syntax, 0, source.text().size());
  return syntax;
}

}  // namespace nabla
