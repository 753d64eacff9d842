#pragma once

#include <iosfwd>
#include <nabla/app/command.hpp>
#include <nabla/engine/record/expr.hpp>
#include <optional>

/// What the commands on expressions are asked: an expression, its free variables, and their values.
namespace nabla::app {

struct Asked {
  std::string name;
  Expr variable;
  std::optional<Expr> value;  ///< a constant expression
};

struct Question {
  Expr expression;
  std::vector<Asked> variables;  ///< in the order of --at, then as they occur
  bool has_values() const;
  std::string missing() const;  ///< names without a value, for messages
};

/// Reads an expression and the values of its variables ("x=1/3,y=pi,v=[1,2,3]"); a variable without a value is a
/// scalar. \throws SyntaxError, InputError (with the place), UsageError for values that are not constants
Question ask(const NamedText& expression, const std::string& at);

/// Says on `out` where the expression meets a kink at the given values, and what convention decided.
void report_kinks(const Question& question, std::ostream& out);

}  // namespace nabla::app
