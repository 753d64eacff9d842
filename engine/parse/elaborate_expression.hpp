#pragma once

#include <map>
#include <nabla/engine/parse/elaborate.hpp>

namespace nabla {

/// An expression from the command line or a program, with its inputs.
struct ElaboratedExpression {
  std::shared_ptr<Workspace> workspace;
  Expr value;
  /// Whether it is a relation or made of relations; its value is then 1 where it holds, else 0.
  bool is_condition = false;
  /// The free names, in the order of their first appearance; each is named as it is written.
  std::vector<Expr> variables;
  /// Derivatives that were written, and what else must exist for the value to.
  Records records;
};

/// Reads an expression in the language of claims (`grad(x^2 * y, x) at y = 2`). Names that mean nothing else become
/// variables.
/// \param shapes  of variables that are not scalars; a name that is listed here is a variable whatever else it means
/// \throws SyntaxError for the text, UnknownName for a function that is not known, TypeError for types and shapes,
/// Unsupported for what is not computed
ElaboratedExpression elaborate_expression(const Source& source, const std::map<std::string, Shape>& shapes = {},
                                          const SweepOptions& sweep = {});

/// The message of a TypeError or Unsupported in a text: "name:line:column: error: message", the line with a caret, and
/// the shapes that met.
std::string render(const Source& source, const TypeError& error);
std::string render(const Source& source, const Unsupported& error);

}  // namespace nabla
