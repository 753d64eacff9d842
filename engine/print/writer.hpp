#pragma once

#include <nabla/engine/print/layout.hpp>
#include <nabla/engine/print/print.hpp>

/// Expressions become text by a stack of pieces: each piece is text, or an operand that is replaced by its own pieces.
namespace nabla::detail {

/// Levels of binding, the loosest first; facts use the same numbers (see Notation::precedence).
struct Binding {
  static constexpr int relation = 3, sum = 5, product = 6, sign = 7, power = 8, postfix = 9, atom = 10;
};

/// Text, or an operand together with what its place asks of it.
struct Piece {
  std::string text{};
  Ref ref{};
  /// Put into parentheses when it binds less tightly.
  int need = 0;
  /// Put into parentheses when it begins with a sign, since something stands before it.
  bool unsigned_only = false;
  /// Read as a condition, not as a number.
  bool condition = false;
  /// Written without the sign that it begins with, which is written elsewhere.
  bool without_sign = false;
};

struct Form {
  int precedence = Binding::atom;
  bool begins_with_sign = false;
  std::vector<Piece> pieces{};
};

/// A way of writing.
class Dialect {
 public:
  virtual ~Dialect() = default;
  /// What stands for the operand of a piece: a constant or a node, one level of it.
  virtual Form form(const Graph& graph, const Piece& piece) const = 0;
  /// A name read as a condition.
  virtual Form condition_on(const std::string& name) const = 0;
  virtual std::string parenthesis(bool open) const = 0;
  /// The name of a named subexpression.
  virtual std::string name(std::size_t number, bool names_of_variables_clash) const = 0;
  /// The whole, from named subexpressions in order and the expression over them; `left_out` definitions are missing
  /// after the last one.
  struct Definition {
    std::string name, text;
  };
  virtual std::string document(const std::vector<Definition>& definitions, std::size_t left_out,
                               const std::string& result) const = 0;
};

/// \throws std::invalid_argument for an empty expression
std::string write(const Expr& e, const Dialect& dialect, const PrintOptions& options);

/// A template of the facts ("\\frac{{{0}}}{{{1}}}"): doubled braces are braces, {k} is a place. A place between
/// delimiters (brackets, commas, the ends of a group) needs no parentheses; any other asks for them as the precedence
/// of the operator says.
struct TemplatePart {
  std::string text{};
  int place = -1;
  bool delimited = false;
};
std::vector<TemplatePart> parse_template(std::string_view text);

}  // namespace nabla::detail
