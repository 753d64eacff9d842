#include <algorithm>
#include <nabla/ops/axes.hpp>
#include <numeric>

namespace nabla::detail {

std::vector<std::size_t> distinct_axes(std::string_view operation, Attributes axes, const Shape& x) {
  std::vector<std::size_t> result;
  if (axes.empty()) {
    result.resize(x.rank());
    std::iota(result.begin(), result.end(), std::size_t{0});
    return result;
  }
  for (const std::int64_t axis : axes) result.push_back(normalise_axis(operation, axis, x));
  std::ranges::sort(result);
  if (const auto twice = std::ranges::adjacent_find(result); twice != result.end())
    throw ShapeError(operation, "axis " + std::to_string(*twice) + " is given twice", {x});
  return result;
}

std::vector<std::int64_t> canonical_axes(const Axes& axes, const Shape& x) {
  const auto rank = static_cast<std::int64_t>(x.rank());
  std::vector<std::int64_t> result = axes.values();
  for (std::int64_t& axis : result) {
    if (axis < -rank || axis >= rank) return axes.values();
    if (axis < 0) axis += rank;
  }
  std::ranges::sort(result);
  if (std::ranges::adjacent_find(result) != result.end()) return axes.values();
  if (result.size() == x.rank()) result.clear();
  return result;
}

Reduction reduction(std::string_view operation, Attributes attributes, const Shape& x) {
  const bool keepdims = !attributes.empty() && attributes[0] != 0;
  Reduction r;
  r.axes = distinct_axes(operation, attributes.empty() ? attributes : attributes.subspan(1), x);
  std::vector<std::int64_t> kept(x.extents().begin(), x.extents().end());
  std::vector<std::int64_t> reduced;
  for (const std::size_t axis : r.axes) {
    reduced.push_back(kept[axis]);
    kept[axis] = 1;
  }
  r.count = Shape(std::move(reduced)).size();
  std::vector<std::int64_t> result;
  for (std::size_t axis = 0; axis < kept.size(); ++axis)
    if (keepdims || !std::ranges::binary_search(r.axes, axis)) result.push_back(kept[axis]);
  r.kept = Shape(std::move(kept));
  r.result = Shape(std::move(result));
  return r;
}

Reduction reduction_of_some(std::string_view operation, std::string_view what, Attributes attributes, const Shape& x) {
  Reduction r = reduction(operation, attributes, x);
  if (r.count == 0) throw ShapeError(operation, std::string(what) + " of nothing has no value", {x});
  return r;
}

std::vector<std::int64_t> reduction_attributes(const Axes& axes, bool keepdims, const Shape& x) {
  const std::vector<std::int64_t> canonical = canonical_axes(axes, x);
  if (canonical.empty() && !keepdims) return {};
  std::vector<std::int64_t> attributes{keepdims ? 1 : 0};
  attributes.insert(attributes.end(), canonical.begin(), canonical.end());
  return attributes;
}

std::vector<std::int64_t> reduced_last(const Reduction& r, const Shape& x) {
  std::vector<std::int64_t> order;
  for (std::size_t axis = 0; axis < x.rank(); ++axis)
    if (!std::ranges::binary_search(r.axes, axis)) order.push_back(static_cast<std::int64_t>(axis));
  for (const std::size_t axis : r.axes) order.push_back(static_cast<std::int64_t>(axis));
  return order;
}

Blocks blocks_along(const Shape& shape, std::size_t axis) {
  Blocks b;
  for (std::size_t i = 0; i < shape.rank(); ++i) (i < axis ? b.outer : i == axis ? b.extent : b.inner) *= shape[i];
  return b;
}

Shape with_extent(const Shape& shape, std::size_t axis, std::int64_t extent) {
  std::vector<std::int64_t> extents(shape.extents().begin(), shape.extents().end());
  extents[axis] = extent;
  return Shape(std::move(extents));
}

Shape with_axis(const Shape& shape, std::size_t axis, std::int64_t extent) {
  std::vector<std::int64_t> extents(shape.extents().begin(), shape.extents().end());
  extents.insert(extents.begin() + static_cast<std::ptrdiff_t>(axis), extent);
  return Shape(std::move(extents));
}

Shape without_axis(const Shape& shape, std::size_t axis) {
  std::vector<std::int64_t> extents(shape.extents().begin(), shape.extents().end());
  extents.erase(extents.begin() + static_cast<std::ptrdiff_t>(axis));
  return Shape(std::move(extents));
}

std::int64_t axis_from_front(std::int64_t axis, std::size_t rank) {
  const auto r = static_cast<std::int64_t>(rank);
  return -r <= axis && axis < 0 ? axis + r : axis;
}

std::size_t one_axis(std::string_view operation, Attributes attributes, const Shape& x) {
  if (attributes.size() > 1)
    throw ShapeError(operation, "takes one axis, not " + std::to_string(attributes.size()), {x});
  if (attributes.empty() && x.rank() != 1)
    throw ShapeError(operation, "needs an axis: only a vector can do without", {x});
  return attributes.empty() ? 0 : normalise_axis(operation, attributes[0], x);
}

Shape stated_shape(std::string_view operation, Attributes extents, std::span<const Shape> operands) {
  const std::vector<Shape> shown(operands.begin(), operands.end());
  for (const std::int64_t extent : extents)
    if (extent < 0) throw ShapeError(operation, "an extent of " + std::to_string(extent) + " is negative", shown);
  Shape shape(std::vector<std::int64_t>(extents.begin(), extents.end()));
  try {
    shape.size();
  } catch (const std::length_error& error) {
    throw ShapeError(operation, error.what(), shown);
  }
  return shape;
}

}  // namespace nabla::detail
