#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nabla {

/// The extents of a tensor, outermost first; rank 0 is a scalar. Storage is row-major everywhere.
class Shape {
 public:
  Shape() = default;
  Shape(std::initializer_list<std::int64_t> extents) : extents_(extents) {}
  explicit Shape(std::vector<std::int64_t> extents) : extents_(std::move(extents)) {}

  std::size_t rank() const { return extents_.size(); }
  bool is_scalar() const { return extents_.empty(); }
  std::int64_t operator[](std::size_t axis) const { return extents_[axis]; }
  std::span<const std::int64_t> extents() const { return extents_; }
  /// Number of entries; 1 for a scalar, 0 when an extent is 0.
  /// \throws std::length_error when it does not fit 62 bits.
  std::int64_t size() const;
  /// "[3, 1]"; "[]" for a scalar.
  std::string to_string() const;

  friend bool operator==(const Shape&, const Shape&) = default;

 private:
  std::vector<std::int64_t> extents_;
};

/// Integer attributes of a node (axes, bounds, an exponent); what they mean is stated by each operator.
using Attributes = std::span<const std::int64_t>;

/// Operands whose shapes an operator cannot take: the user's mistake. The engine adds the source line.
class ShapeError : public std::invalid_argument {
 public:
  ShapeError(std::string_view operation, std::string what, std::vector<Shape> shapes);
  const std::string& operation() const { return operation_; }
  const std::vector<Shape>& shapes() const { return shapes_; }
  /// The reason alone, without operator and shapes.
  const std::string& reason() const { return reason_; }

 private:
  std::string operation_, reason_;
  std::vector<Shape> shapes_;
};

/// The common shape of operands under NumPy's broadcasting rule: aligned at the last axis, an extent 1 stretches.
/// \throws ShapeError naming `operation` and the two shapes.
Shape broadcast(std::string_view operation, std::span<const Shape> shapes);

/// Maps a flat row-major index of `out` to the flat index of an operand broadcast to it: one stride per axis of
/// `out`, 0 where the operand is stretched.
std::vector<std::int64_t> broadcast_strides(const Shape& operand, const Shape& out);

/// Row-major strides in elements.
std::vector<std::int64_t> row_major_strides(const Shape& shape);

/// An axis counted from the end when negative. \throws ShapeError when out of range.
std::size_t normalise_axis(std::string_view operation, std::int64_t axis, const Shape& shape);

/// Entries of a tensor that somebody else owns.
template <class V>
struct View {
  V* data;
  const Shape* shape;
  std::int64_t size() const { return shape->size(); }
  V& operator[](std::int64_t i) const { return data[i]; }
};

}  // namespace nabla
