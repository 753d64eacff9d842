#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <nabla/graph/column.hpp>
#include <nabla/graph/ref.hpp>
#include <nabla/ops/registry.hpp>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace nabla {

/// Where a node came from: the user's source line, or line and column of a claim.
struct Origin {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend bool operator==(const Origin&, const Origin&) = default;
  /// "file:line:column", "line:column" without a file, "" when unknown.
  std::string to_string() const;
};

/// The recorded computation: an append-only arena of operator nodes, structure of arrays.
///
/// A node's operands always have smaller ids, so id order is evaluation order. Values are not in the graph: one graph,
/// many runs. Scalars and tensors are nodes of one graph; shapes are interned and shape 0 is the scalar. Nothing that
/// works on a graph recurses.
class Graph {
 public:
  Graph();
  Graph(const Graph&) = default;
  Graph(Graph&&) noexcept = default;
  Graph& operator=(const Graph&) = default;
  Graph& operator=(Graph&&) noexcept = default;

  // --- building -----------------------------------------------------------------------------------------------

  /// An input. Names need not be unique here; what resolves names sees to that.
  NodeId add_variable(std::string name, const Shape& shape = {});
  /// A node of operator `code`. The shape follows from the operands. \throws ShapeError (with no place: the recorder
  /// knows the user's), std::length_error past 2^31 - 1 nodes.
  NodeId add(Opcode code, std::span<const Ref> operands, Attributes attributes = {});
  NodeId add(Opcode code, std::initializer_list<Ref> operands, Attributes attributes = {}) {
    return add(code, std::span<const Ref>(operands.begin(), operands.size()), attributes);
  }
  /// The hot path of eager recording: one or two scalar operands, no attributes; checks nothing.
  NodeId add_scalar(Opcode code, Ref a, Ref b = {}) {
    if (code_.size() >= Ref::limit) too_many_nodes();
    code_.push_back(code);
    shape_.push_back(0);
    operands_.push_back({a, b});
    extra_.push_back(0);
    const auto id = static_cast<NodeId>(code_.size() - 1);
    keep_origin(id);
    return id;
  }
  /// A constant standing as a node, with every entry of `shape` equal to it.
  NodeId add_literal(const Constant& value, const Shape& shape = {});
  /// A constant of the table, equal ones once.
  Ref constant(const Constant& value);
  /// The exact value of a double; a small cache keeps repeated literals of a loop from filling the table.
  Ref constant(double value);

  // --- reading ------------------------------------------------------------------------------------------------

  std::size_t size() const { return code_.size(); }
  Opcode code(NodeId id) const { return code_[id]; }
  const OperatorInfo& info(NodeId id) const { return operator_info(code_[id]); }
  bool is(NodeId id, Opcode code) const { return code_[id] == code; }
  std::span<const Ref> operands(NodeId id) const;
  Attributes attributes(NodeId id) const;
  std::uint32_t shape_id(NodeId id) const { return shape_[id]; }
  const Shape& shape(NodeId id) const { return shapes_[shape_[id]]; }
  /// Constants are scalars.
  const Shape& shape(Ref ref) const { return ref.is_node() ? shape(ref.id()) : shapes_[0]; }
  const Constant& constant_at(std::uint32_t index) const { return constants_[index]; }
  std::size_t constant_count() const { return constants_.size(); }
  /// The value of a constant operand or of a Literal node; null for anything else.
  const Constant* as_constant(Ref ref) const;

  /// Inputs in the order of their making.
  std::span<const NodeId> variables() const { return variables_; }
  /// \pre the node is a Variable
  const std::string& variable_name(NodeId id) const;
  std::optional<NodeId> find_variable(std::string_view name) const;

  // --- where nodes come from ----------------------------------------------------------------------------------

  /// The origin given to nodes made from now on; 0 is "unknown".
  void set_origin(std::uint32_t origin) { current_origin_ = origin; }
  std::uint32_t current_origin() const { return current_origin_; }
  std::uint32_t intern_origin(const Origin& origin);
  std::uint32_t intern_origin(const std::source_location& where);
  std::uint32_t origin_id(NodeId id) const { return id < origin_.size() ? origin_[id] : 0; }
  const Origin& origin(NodeId id) const { return origins_[origin_id(id)]; }

  /// Bytes held by nodes, constants and tables.
  std::size_t bytes() const;

 private:
  [[noreturn]] static void too_many_nodes();
  std::uint32_t intern_shape(const Shape& shape);
  std::uint32_t intern_attributes(Attributes attributes);
  void keep_origin(NodeId id) {
    if (current_origin_ == 0 && origin_.empty()) return;
    if (origin_.size() != id) fill_origins(id);
    origin_.push_back(current_origin_);
  }
  void fill_origins(NodeId id);
  NodeId append(Opcode code, std::uint32_t shape, std::array<Ref, 2> operands, std::uint32_t extra);

  // One row per node. `operands_` holds up to two operands inline; with more, the first is an index into `many_` and
  // the second a count (see operands()). `extra_` indexes attributes, or the table of variables or constants.
  Column<Opcode> code_;
  Column<std::uint32_t> shape_;
  Column<std::array<Ref, 2>> operands_;
  Column<std::uint32_t> extra_;
  Column<std::uint32_t> origin_;  // only as long as somebody recorded origins

  std::vector<Ref> many_;
  // References handed out (a shape, a constant, a name, an origin) stay valid while the graph grows: deques.
  std::deque<Shape> shapes_;
  std::vector<std::vector<std::int64_t>> attributes_;
  std::deque<Constant> constants_;
  std::vector<NodeId> variables_;
  std::deque<std::string> names_;
  std::deque<Origin> origins_;
  std::uint32_t current_origin_ = 0;

  std::unordered_map<std::string, std::uint32_t> shape_index_;
  std::unordered_map<std::string, std::uint32_t> attribute_index_;
  std::unordered_map<std::string, std::uint32_t> constant_index_;
  std::unordered_map<std::string, std::uint32_t> origin_index_;
  std::unordered_map<std::string, NodeId> variable_index_;
  struct CachedDouble {
    std::uint64_t bits = 0;
    Ref ref;
  };
  std::array<CachedDouble, 64> recent_doubles_{};
};

}  // namespace nabla
