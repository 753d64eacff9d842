#pragma once

#include <nabla/ops/arithmetic.hpp>

/// Stretching and its adjoint, from which every elementwise derivative un-broadcasts, in one place.
namespace nabla {

/// A tensor that operators apply to as a whole (Expr, Recorded, Array<V>).
template <class T>
concept Tensor = Lifted<T> && requires(const T& x) {
  { Number<T>::shape_of(x) } -> std::convertible_to<Shape>;
};

/// The shape of a tensor expression.
template <Tensor T>
Shape shape(const T& x) {
  return Number<T>::shape_of(x);
}

namespace detail {

template <class Op, Tensor T>
T apply_structured(std::source_location where, Attributes attributes, std::initializer_list<T> operands) {
  return Number<T>::template apply_structured<Op>(where, attributes,
                                                  std::span<const T>(operands.begin(), operands.size()));
}

/// Walks a row-major index space, keeping the flat index into one strided operand.
template <class Visit>
void for_each_index(const Shape& shape, std::span<const std::int64_t> strides, Visit&& visit) {
  const std::int64_t n = shape.size();
  std::vector<std::int64_t> index(shape.rank(), 0);
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < n; ++i) {
    visit(i, at);
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
      at += strides[axis];
      if (++index[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace detail

/// Attributes: the target extents.
struct BroadcastTo : Structured<1> {
  static constexpr std::string_view name = "broadcast_to";
  static constexpr Facts facts{.summary = "x stretched to a shape by NumPy's rule", .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    Shape target(std::vector<std::int64_t>(attributes.begin(), attributes.end()));
    const Shape both[] = {x[0], target};
    if (broadcast(name, both) != target)
      throw ShapeError(name, "the operand does not stretch to the shape", {x[0], target});
    return target;
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    detail::for_each_index(*y.shape, broadcast_strides(*x[0].shape, *y.shape),
                           [&](std::int64_t i, std::int64_t at) { y[i] = x[0][at]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: the target extents. Entries that stretching would copy are added up.
struct SumTo : Structured<1> {
  static constexpr std::string_view name = "sum_to";
  static constexpr Facts facts{.summary = "entries added up to a shape: the adjoint of broadcast_to",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    Shape target(std::vector<std::int64_t>(attributes.begin(), attributes.end()));
    const Shape both[] = {target, x[0]};
    if (broadcast(name, both) != x[0])
      throw ShapeError(name, "the shape does not stretch to the operand", {x[0], target});
    return target;
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    detail::for_each_index(*x[0].shape, broadcast_strides(*y.shape, *x[0].shape),
                           [&](std::int64_t i, std::int64_t at) { y[at] = y[at] + x[0][i]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// x stretched to `target`; x itself when it has that shape. \throws ShapeError
template <Tensor T>
T broadcast_to(const T& x, const Shape& target, std::source_location where = std::source_location::current()) {
  if (shape(x) == target) return x;
  return detail::apply_structured<BroadcastTo, T>(where, target.extents(), {x});
}
/// The entries of x added up to `target`, from which stretching would give the shape of x. \throws ShapeError
template <Tensor T>
T sum_to(const T& x, const Shape& target, std::source_location where = std::source_location::current()) {
  if (shape(x) == target) return x;
  return detail::apply_structured<SumTo, T>(where, target.extents(), {x});
}

template <Tensor T>
std::vector<T> BroadcastTo::pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
  return {sum_to(adjoint, nabla::shape(x[0]))};
}
template <Tensor T>
std::vector<T> SumTo::pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
  return {broadcast_to(adjoint, nabla::shape(x[0]))};
}

using BroadcastOperators = Operators<BroadcastTo, SumTo>;

}  // namespace nabla
