#include <nabla/ops/indexing.hpp>

namespace nabla {

namespace {

/// How many entries start, start + step, ... lie below stop.
std::int64_t length_of(const Range& r) { return r.start >= r.stop ? 0 : (r.stop - r.start - 1) / r.step + 1; }

std::string at_axis(std::size_t axis) { return " along axis " + std::to_string(axis); }

void check_index(std::string_view operation, std::int64_t index, std::int64_t extent, std::vector<Shape> shapes) {
  if (index < 0 || index >= extent)
    throw ShapeError(operation,
                     "index " + std::to_string(index) + " is out of range for an axis of " + std::to_string(extent),
                     std::move(shapes));
}

}  // namespace

Range detail::counted_from_front(Range range, std::int64_t extent) {
  if (range.start < 0) range.start += extent;
  if (range.stop == Range::end) range.stop = extent;
  if (range.stop < 0) range.stop += extent;
  const bool inside = 0 <= range.start && range.start <= range.stop && range.stop <= extent && range.step >= 1;
  if (!inside) return range;
  const std::int64_t count = length_of(range);
  if (count <= 1) range.step = 1;
  range.stop = count == 0 ? range.start : range.start + (count - 1) * range.step + 1;
  return range;
}

Range detail::one_entry(std::int64_t index, std::int64_t extent) {
  const std::int64_t at = -extent <= index && index < 0 ? index + extent : index;
  return {at, at == Range::end ? at : at + 1};
}

Shape Slice::shape(Attributes attributes, std::span<const Shape> x) {
  if (attributes.size() != 3 * x[0].rank())
    throw ShapeError(name, "takes start, stop and step for each of the " + std::to_string(x[0].rank()) + " axes",
                     {x[0]});
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 0; axis < x[0].rank(); ++axis) {
    const Range r{attributes[3 * axis], attributes[3 * axis + 1], attributes[3 * axis + 2]};
    if (r.step < 1)
      throw ShapeError(name, "the step must be positive" + at_axis(axis) + "; flip reads backwards", {x[0]});
    if (r.start != Range::end && r.stop == r.start + 1 && (r.start < 0 || r.start >= x[0][axis]))
      throw ShapeError(name,
                       "index " + std::to_string(r.start) + " is out of range for the " + std::to_string(x[0][axis]) +
                           " entries" + at_axis(axis),
                       {x[0]});
    if (r.start < 0 || r.start > r.stop || r.stop > x[0][axis])
      throw ShapeError(name,
                       "from " + std::to_string(r.start) + " to " + std::to_string(r.stop) + " is not a part of the " +
                           std::to_string(x[0][axis]) + " entries" + at_axis(axis),
                       {x[0]});
    extents.push_back(length_of(r));
  }
  return Shape(std::move(extents));
}

Shape Embed::shape(Attributes attributes, std::span<const Shape> x) {
  if (attributes.size() != 3 * x[0].rank())
    throw ShapeError(name, "takes extent, start and step for each of the " + std::to_string(x[0].rank()) + " axes",
                     {x[0]});
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 0; axis < x[0].rank(); ++axis) {
    const std::int64_t extent = attributes[3 * axis];
    const std::int64_t start = attributes[3 * axis + 1];
    const std::int64_t step = attributes[3 * axis + 2];
    extents.push_back(extent);
    if (step < 1) throw ShapeError(name, "the step must be positive" + at_axis(axis), {x[0]});
    const std::int64_t last = x[0][axis] - 1;
    if (start < 0 || start > extent || (last >= 0 && (start >= extent || last > (extent - 1 - start) / step)))
      throw ShapeError(name,
                       "the operand does not fit into " + std::to_string(extent) + " entries from " +
                           std::to_string(start) + " with step " + std::to_string(step) + at_axis(axis),
                       {x[0]});
  }
  return detail::stated_shape(name, extents, x);
}

Shape Gather::shape(Attributes attributes, std::span<const Shape> x) {
  if (attributes.empty()) throw ShapeError(name, "needs an axis", {x[0]});
  const std::size_t axis = normalise_axis(name, attributes[0], x[0]);
  for (const std::int64_t index : attributes.subspan(1)) check_index(name, index, x[0][axis], {x[0]});
  const Shape result = detail::with_extent(x[0], axis, static_cast<std::int64_t>(attributes.size()) - 1);
  return detail::stated_shape(name, result.extents(), x);
}

Shape ScatterAdd::shape(Attributes attributes, std::span<const Shape> x) {
  if (attributes.size() < 2) throw ShapeError(name, "needs an axis and its extent", {x[0]});
  const std::size_t axis = normalise_axis(name, attributes[0], x[0]);
  if (static_cast<std::int64_t>(attributes.size()) - 2 != x[0][axis])
    throw ShapeError(name,
                     "takes one index for each of the " + std::to_string(x[0][axis]) + " slices, not " +
                         std::to_string(attributes.size() - 2),
                     {x[0]});
  for (const std::int64_t index : attributes.subspan(2)) check_index(name, index, attributes[1], {x[0]});
  const Shape result = detail::with_extent(x[0], axis, attributes[1]);
  return detail::stated_shape(name, result.extents(), x);
}

}  // namespace nabla
