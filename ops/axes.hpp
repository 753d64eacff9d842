#pragma once

#include <initializer_list>
#include <nabla/ops/shape.hpp>
#include <vector>

/// Which axes an operator works along: how a user states it, how a node's attributes hold it.
namespace nabla {

/// Axes of a tensor, counted from the end when negative; none means all of them.
class Axes {
 public:
  Axes() = default;
  Axes(std::int64_t axis) : values_{axis} {}
  Axes(std::initializer_list<std::int64_t> axes) : values_(axes) {}
  Axes(std::vector<std::int64_t> axes) : values_(std::move(axes)) {}
  const std::vector<std::int64_t>& values() const { return values_; }

 private:
  std::vector<std::int64_t> values_;
};

namespace detail {

/// Axes in increasing order, each once; all of them when none is given.
/// \throws ShapeError for an axis out of range or given twice
std::vector<std::size_t> distinct_axes(std::string_view operation, Attributes axes, const Shape& x);

/// The one way of writing axes that mean the same: increasing, and nothing where they are all. Axes that do not exist
/// come back unchanged, so that the operator reports them with its place.
std::vector<std::int64_t> canonical_axes(const Axes& axes, const Shape& x);

/// What a reduction of a tensor does to its shape. Attributes: nothing (all axes, dropped), or keepdims (0 or 1)
/// followed by the axes (none: all).
struct Reduction {
  std::vector<std::size_t> axes;
  /// The shape of the operand with extent 1 at each reduced axis; broadcasting stretches it back.
  Shape kept;
  /// The shape of the result: `kept`, or without the reduced axes.
  Shape result;
  /// How many entries make one entry of the result.
  std::int64_t count = 1;
};
/// \throws ShapeError
Reduction reduction(std::string_view operation, Attributes attributes, const Shape& x);
/// As `reduction`, for what has no value on no entries ("max of nothing").
Reduction reduction_of_some(std::string_view operation, std::string_view what, Attributes attributes, const Shape& x);
std::vector<std::int64_t> reduction_attributes(const Axes& axes, bool keepdims, const Shape& x);

/// The permutation that brings the reduced axes last, the others keeping their order.
std::vector<std::int64_t> reduced_last(const Reduction& r, const Shape& x);

/// A tensor as seen along one axis: `outer` blocks of `extent` slices of `inner` consecutive entries.
struct Blocks {
  std::int64_t outer = 1, extent = 1, inner = 1;
};
Blocks blocks_along(const Shape& shape, std::size_t axis);

/// The shape with another extent at one axis.
Shape with_extent(const Shape& shape, std::size_t axis, std::int64_t extent);
/// The shape with an axis of the given extent put in before `axis`.
Shape with_axis(const Shape& shape, std::size_t axis, std::int64_t extent);
Shape without_axis(const Shape& shape, std::size_t axis);

/// An axis counted from the front where it exists; unchanged where not, for the operator to report.
std::int64_t axis_from_front(std::int64_t axis, std::size_t rank);

/// An attribute that is one axis; where none is given, the only axis of a vector. \throws ShapeError
std::size_t one_axis(std::string_view operation, Attributes attributes, const Shape& x);

/// Extents stated by a user. \throws ShapeError when one is negative or their product does not fit
Shape stated_shape(std::string_view operation, Attributes extents, std::span<const Shape> operands);

}  // namespace detail
}  // namespace nabla
