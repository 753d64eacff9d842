#include <algorithm>
#include <nabla/ops/shape.hpp>

namespace nabla {

std::int64_t Shape::size() const {
  std::int64_t n = 1;
  bool overflow = false;
  for (const std::int64_t e : extents_) {
    if (e == 0) return 0;
    if (n > (std::int64_t{1} << 62) / e) overflow = true;
    if (!overflow) n *= e;
  }
  if (overflow) throw std::length_error("a tensor of shape " + to_string() + " has more entries than fit in memory");
  return n;
}

std::string Shape::to_string() const {
  std::string text = "[";
  for (std::size_t i = 0; i < extents_.size(); ++i) text += (i ? ", " : "") + std::to_string(extents_[i]);
  return text + "]";
}

namespace {

std::string describe(std::string_view operation, const std::string& reason, const std::vector<Shape>& shapes) {
  std::string text = std::string(operation) + ": " + reason;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    text += (i == 0 ? " (shapes " : i + 1 == shapes.size() ? " and " : ", ") + shapes[i].to_string();
  return shapes.empty() ? text : text + ")";
}

}  // namespace

ShapeError::ShapeError(std::string_view operation, std::string reason, std::vector<Shape> shapes)
    : std::invalid_argument(describe(operation, reason, shapes)),
      operation_(operation),
      reason_(std::move(reason)),
      shapes_(std::move(shapes)) {}

Shape broadcast(std::string_view operation, std::span<const Shape> shapes) {
  std::size_t rank = 0;
  for (const Shape& s : shapes) rank = std::max(rank, s.rank());
  std::vector<std::int64_t> out(rank, 1);
  for (const Shape& s : shapes) {
    const std::size_t lead = rank - s.rank();
    for (std::size_t i = 0; i < s.rank(); ++i) {
      std::int64_t& extent = out[lead + i];
      if (s[i] == extent || s[i] == 1) continue;
      if (extent != 1)
        throw ShapeError(operation, "the shapes do not broadcast: aligned at the last axis, extents must be equal or 1",
                         {shapes.begin(), shapes.end()});
      extent = s[i];
    }
  }
  return Shape(std::move(out));
}

std::vector<std::int64_t> row_major_strides(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.rank(), 1);
  for (std::size_t i = shape.rank(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

std::vector<std::int64_t> broadcast_strides(const Shape& operand, const Shape& out) {
  const std::vector<std::int64_t> own = row_major_strides(operand);
  std::vector<std::int64_t> strides(out.rank(), 0);
  const std::size_t lead = out.rank() - operand.rank();
  for (std::size_t i = 0; i < operand.rank(); ++i)
    if (operand[i] != 1) strides[lead + i] = own[i];
  return strides;
}

std::size_t normalise_axis(std::string_view operation, std::int64_t axis, const Shape& shape) {
  const auto rank = static_cast<std::int64_t>(shape.rank());
  if (axis < -rank || axis >= rank)
    throw ShapeError(operation, "axis " + std::to_string(axis) + " is out of range for rank " + std::to_string(rank),
                     {shape});
  return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

}  // namespace nabla
