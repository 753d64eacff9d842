#pragma once

#include <cstddef>

#include <nabla/engine/parse/source.hpp>
#include <nabla/engine/parse/syntax.hpp>

namespace nabla {

/// The whole text of a source as one tree, at root(). Line endings count as blanks. Nesting past
/// Parser::depth_limit, and every other mistake, is a SyntaxError; nothing else is thrown but std::bad_alloc.
Syntax parse_expression(const Source& source);
/// The same; also accepts relations, `not` and `implies` on the outside.
Syntax parse_statement(const Source& source);
Syntax parse_set(const Source& source);

/// The same for the bytes [begin, end) of syntax.source(), appended to a Syntax; the result is the new root.
SyntaxId parse_expression(Syntax& syntax, std::size_t begin, std::size_t end);
SyntaxId parse_statement(Syntax& syntax, std::size_t begin, std::size_t end);
SyntaxId parse_set(Syntax& syntax, std::size_t begin, std::size_t end);

}  // namespace nabla
