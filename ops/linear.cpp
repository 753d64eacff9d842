#include <nabla/ops/linear.hpp>

namespace nabla {

namespace {

Shape leading(const Shape& x) { return Shape(std::vector<std::int64_t>(x.extents().begin(), x.extents().end() - 2)); }

/// Strides of the leading axes, counted in matrices.
std::vector<std::int64_t> matrix_strides(const Shape& operand, const Shape& stack) {
  return broadcast_strides(leading(operand), stack);
}

}  // namespace

detail::Product detail::product(const Shape& left, const Shape& right) {
  constexpr std::string_view name = MatMul::name;
  if (left.is_scalar() || right.is_scalar())
    throw ShapeError(name, "a scalar is no matrix or vector; multiply by it with *", {left, right});
  Product p;
  p.left = left.rank() == 1 ? with_axis(left, 0, 1) : left;
  p.right = right.rank() == 1 ? with_axis(right, 1, 1) : right;
  p.rows = p.left[p.left.rank() - 2];
  p.inner = p.left[p.left.rank() - 1];
  p.columns = p.right[p.right.rank() - 1];
  if (p.inner != p.right[p.right.rank() - 2])
    throw ShapeError(name,
                     "the left operand has " + std::to_string(p.inner) + " columns, the right one " +
                         std::to_string(p.right[p.right.rank() - 2]) + " rows",
                     {left, right});
  constexpr std::int64_t short_extent = std::int64_t{1} << 30;
  if (left.rank() <= 2 && right.rank() <= 2 && p.rows < short_extent && p.columns < short_extent) {
    // Without leading axes, as most often; asked for each time that a product is computed.
    p.stacked = {p.rows, p.columns};
    if (left.rank() == 2) p.result = right.rank() == 2 ? p.stacked : Shape{p.rows};
    if (left.rank() == 1 && right.rank() == 2) p.result = {p.columns};
    return p;
  }
  const Shape stacks[] = {leading(p.left), leading(p.right)};
  Shape stack;
  try {
    stack = broadcast(name, stacks);
  } catch (const ShapeError&) {
    throw ShapeError(name, "the leading axes do not broadcast", {left, right});
  }
  p.left_strides = matrix_strides(p.left, stack);
  p.right_strides = matrix_strides(p.right, stack);
  std::vector<std::int64_t> extents(stack.extents().begin(), stack.extents().end());
  std::vector<std::int64_t> result = extents;
  extents.insert(extents.end(), {p.rows, p.columns});
  if (left.rank() != 1) result.push_back(p.rows);
  if (right.rank() != 1) result.push_back(p.columns);
  const Shape both[] = {left, right};
  p.stacked = stated_shape(name, extents, both);
  p.result = Shape(std::move(result));
  return p;
}

}  // namespace nabla
