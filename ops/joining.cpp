#include <nabla/ops/joining.hpp>

namespace nabla {

Shape Concat::shape(Attributes attributes, std::span<const Shape> x) {
  if (x.empty()) throw ShapeError(name, "needs at least one operand", {});
  if (attributes.size() > 1) throw ShapeError(name, "takes one axis", {x.begin(), x.end()});
  if (x[0].is_scalar())
    throw ShapeError(name, "scalars have no axis to be joined along; stack makes a vector of them", {x[0]});
  const std::size_t axis = axis_of(attributes, x[0]);
  std::int64_t extent = 0;
  for (const Shape& part : x) {
    if (part.rank() != x[0].rank() || detail::with_extent(part, axis, x[0][axis]) != x[0])
      throw ShapeError(name, "the shapes may differ in axis " + std::to_string(axis) + " only", {x[0], part});
    if (__builtin_add_overflow(extent, part[axis], &extent))
      throw ShapeError(name, "the result has more entries than fit in memory", {x[0], part});
  }
  const Shape result = detail::with_extent(x[0], axis, extent);
  return detail::stated_shape(name, result.extents(), x);
}

Shape Stack::shape(Attributes attributes, std::span<const Shape> x) {
  if (x.empty()) throw ShapeError(name, "needs at least one operand", {});
  if (attributes.size() > 1) throw ShapeError(name, "takes one axis", {x.begin(), x.end()});
  for (const Shape& part : x)
    if (part != x[0]) throw ShapeError(name, "the shapes must be equal", {x[0], part});
  const Shape in_front = detail::with_axis(x[0], 0, static_cast<std::int64_t>(x.size()));
  const std::size_t axis = axis_of(attributes, in_front);
  const Shape result = detail::with_axis(x[0], axis, static_cast<std::int64_t>(x.size()));
  return detail::stated_shape(name, result.extents(), x);
}

}  // namespace nabla
