#pragma once

#include <nabla/graph/arena.hpp>
#include <optional>
#include <variant>
#include <vector>

/// A graph on paper: what the saved forms (text, JSON) have in common. Files name operators and hold constants exactly.
namespace nabla {

/// A saved graph that cannot be read: where, and what is wrong there.
class GraphFormatError : public std::runtime_error {
 public:
  /// \param line, column counted from 1; 0 when only `place` ("nodes[3]") is known
  GraphFormatError(std::string place, std::uint32_t line, std::uint32_t column, const std::string& message);
  /// "nabla graph text" or the path inside a JSON document.
  const std::string& place() const { return place_; }
  std::uint32_t line() const { return line_; }
  std::uint32_t column() const { return column_; }
  const std::string& message() const { return message_; }

 private:
  std::string place_;
  std::uint32_t line_, column_;
  std::string message_;
};

/// A node as a file states it, before anything about it is known to be true.
struct SavedNode {
  std::string operation{};
  /// Of a variable, and of nothing else.
  std::optional<std::string> name{};
  /// Of a literal, and of nothing else.
  std::optional<Constant> value{};
  std::vector<std::variant<std::uint64_t, Constant>> operands{};
  std::vector<std::int64_t> attributes{};
  std::vector<std::int64_t> extents{};
  Origin origin{};
};

/// The node as it would be saved; without its origin unless asked for.
SavedNode saved_node(const Graph& graph, NodeId id, bool with_origin);

/// Checks everything that a file can get wrong, then appends the node.
/// \throws std::invalid_argument for an unknown operator, an operand that is not an earlier node, attributes or shapes
/// that the operator refuses, a stated shape that is not the one that follows; the message has no place.
NodeId append_saved(Graph& graph, const SavedNode& node);

/// A constant in a form that loses nothing: "3", "-1/2", "pi", "oo"; a double that was recorded is a hexadecimal
/// floating-point literal ("0x1.8p+1", "-0x0p+0"), "inf", "-inf", or "nan(7ff8000000000000)" with its bits.
std::string exact_text(const Constant& value);
/// The constant of such a text. \throws std::invalid_argument
Constant constant_from_exact_text(std::string_view text);

}  // namespace nabla
