#include <nabla/ops/movement.hpp>

namespace nabla {

Shape Reshape::shape(Attributes attributes, std::span<const Shape> x) {
  std::vector<std::int64_t> extents(attributes.begin(), attributes.end());
  const auto open = std::ranges::find(extents, -1);
  if (open == extents.end()) {
    const Shape target = detail::stated_shape(name, extents, x);
    if (target.size() != x[0].size()) throw ShapeError(name, "the numbers of entries differ", {x[0], target});
    return target;
  }
  *open = 1;
  const std::int64_t others = detail::stated_shape(name, extents, x).size();
  if (others == 0 || x[0].size() % others != 0) {
    *open = -1;
    throw ShapeError(name, "no extent in the place of -1 gives as many entries", {x[0], Shape(extents)});
  }
  *open = x[0].size() / others;
  return Shape(std::move(extents));
}

std::vector<std::size_t> Transpose::order(Attributes attributes, const Shape& x) {
  std::vector<std::size_t> result(x.rank());
  if (attributes.empty()) {
    for (std::size_t i = 0; i < x.rank(); ++i) result[i] = x.rank() - 1 - i;
    return result;
  }
  if (attributes.size() != x.rank())
    throw ShapeError(
        name,
        "an order of " + std::to_string(attributes.size()) + " axes for a tensor of rank " + std::to_string(x.rank()),
        {x});
  for (std::size_t i = 0; i < x.rank(); ++i) result[i] = normalise_axis(name, attributes[i], x);
  detail::distinct_axes(name, attributes, x);  // throws when an axis is given twice
  return result;
}

void detail::state_in_full(std::vector<std::int64_t>& extents, const Shape& from) {
  const auto open = std::ranges::find(extents, -1);
  if (open == extents.end()) return;
  std::int64_t others = 1;
  for (auto extent = extents.begin(); extent != extents.end(); ++extent)
    if (extent != open && (*extent <= 0 || __builtin_mul_overflow(others, *extent, &others))) return;
  if (from.size() % others == 0) *open = from.size() / others;
}

Shape Transpose::shape(Attributes attributes, std::span<const Shape> x) {
  std::vector<std::int64_t> extents;
  for (const std::size_t axis : order(attributes, x[0])) extents.push_back(x[0][axis]);
  return Shape(std::move(extents));
}

}  // namespace nabla
