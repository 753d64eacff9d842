#pragma once

#include <nabla/engine/parse/syntax.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// Expressions, statements and sets of the claim language in mathematical notation: native MathML (MathML Core), made
/// from the syntax tree, so that it shows what was written and not what became of it. How an operator is written
/// comes from its record (Facts::notation); a name without a notation is written as a function.
namespace nabla {

/// The names that a block declares. A declared name hides a registered one.
using DeclaredNames = std::set<std::string, std::less<>>;

/// The content of a <math> element, without that element. Nothing when the tree is too big or too deep to be read by
/// anybody (more than `mathml_nodes` nodes, deeper than `mathml_depth`): show the source instead.
std::optional<std::string> to_mathml(const Syntax& syntax, SyntaxId id, const DeclaredNames& declared);

/// The same cut into pieces, each the content of a <math> element of its own, between which a line may be broken: in
/// front of relations, of arrows, of the terms of a long sum, and of the words of a predicate.
std::optional<std::vector<std::string>> to_mathml_lines(const Syntax& syntax, SyntaxId id,
                                                        const DeclaredNames& declared);

/// A name: theta as a Greek letter, W_1 and W1 with a subscript, rate upright. \pre name holds no markup
std::string name_mathml(std::string_view name);

inline constexpr std::size_t mathml_nodes = 3000;
inline constexpr std::size_t mathml_depth = 300;

}  // namespace nabla
