#pragma once

#include <algorithm>
#include <nabla/ops/axes.hpp>
#include <nabla/ops/broadcast.hpp>

/// Entries put in another order, without arithmetic. Each of these is linear, and the adjoint of another of them.
namespace nabla {

namespace detail {

template <class Op, Tensor T>
T apply_structured(std::source_location where, Attributes attributes, std::span<const T> operands) {
  return Number<T>::template apply_structured<Op>(where, attributes, operands);
}

/// Puts the number that -1 stands for in its place, so that equal results are one node; leaves what the operator will
/// report.
void state_in_full(std::vector<std::int64_t>& extents, const Shape& from);

}  // namespace detail

/// Attributes: the target extents; one of them may be -1, which stands for what is left.
struct Reshape : Structured<1> {
  static constexpr std::string_view name = "reshape";
  static constexpr Facts facts{.summary = "the entries of x, row by row, in another shape",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = x[0][i];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: for each axis of the result the axis of x that it is; nothing reverses the axes.
struct Transpose : Structured<1> {
  static constexpr std::string_view name = "transpose";
  static constexpr Facts facts{.summary = "x with its axes permuted; reversed when no order is given",
                               .curvature = Curvature::affine,
                               .notation = {.latex = "{0}^{{\\top}}"}};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  /// The permutation stated by attributes. \throws ShapeError when they are none
  static std::vector<std::size_t> order(Attributes attributes, const Shape& x);
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const std::vector<std::int64_t> own = row_major_strides(*x[0].shape);
    std::vector<std::int64_t> strides;
    for (const std::size_t axis : order(attributes, *x[0].shape)) strides.push_back(own[axis]);
    detail::for_each_index(*y.shape, strides, [&](std::int64_t i, std::int64_t at) { y[i] = x[0][at]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: the axes to reverse; nothing reverses all of them.
struct Flip : Structured<1> {
  static constexpr std::string_view name = "flip";
  static constexpr Facts facts{.summary = "x read backwards along some axes", .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    detail::distinct_axes(name, attributes, x[0]);
    return x[0];
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const Shape& shape = *x[0].shape;
    std::vector<std::int64_t> strides = row_major_strides(shape);
    std::int64_t first = 0;
    for (const std::size_t axis : detail::distinct_axes(name, attributes, shape)) {
      first += strides[axis] * (shape[axis] - 1);
      strides[axis] = -strides[axis];
    }
    detail::for_each_index(shape, strides, [&](std::int64_t i, std::int64_t at) { y[i] = x[0][first + at]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// x in another shape with as many entries; one extent may be -1. x itself when it has that shape. \throws ShapeError
template <Tensor T>
T reshape(const T& x, const Shape& target, std::source_location where = std::source_location::current()) {
  std::vector<std::int64_t> extents(target.extents().begin(), target.extents().end());
  const Shape from = shape(x);
  detail::state_in_full(extents, from);
  if (Shape(extents) == from) return x;
  return detail::apply_structured<Reshape, T>(where, extents, {x});
}

/// x with its axes in another order: `order` names for each axis of the result the one of x; none reverses them.
/// \throws ShapeError
template <Tensor T>
T transpose(const T& x, const Axes& order = {}, std::source_location where = std::source_location::current()) {
  const auto rank = static_cast<std::int64_t>(shape(x).rank());
  std::vector<std::int64_t> axes = order.values();
  if (axes.empty())
    for (std::int64_t axis = rank; axis-- > 0;) axes.push_back(axis);
  for (std::int64_t& axis : axes) axis = detail::axis_from_front(axis, static_cast<std::size_t>(rank));
  if (static_cast<std::int64_t>(axes.size()) == rank && std::ranges::is_sorted(axes) &&
      (axes.empty() ||
       (axes.front() == 0 && axes.back() == rank - 1 && std::ranges::adjacent_find(axes) == axes.end())))
    return x;
  return detail::apply_structured<Transpose, T>(where, axes, {x});
}

/// x read backwards along the axes. \throws ShapeError
template <Tensor T>
T flip(const T& x, const Axes& axes = {}, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Flip, T>(where, detail::canonical_axes(axes, shape(x)), {x});
}

template <Tensor T>
std::vector<T> Reshape::pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
  return {reshape(adjoint, nabla::shape(x[0]))};
}

template <Tensor T>
std::vector<T> Transpose::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
  const std::vector<std::size_t> forward = order(attributes, nabla::shape(x[0]));
  std::vector<std::int64_t> back(forward.size());
  for (std::size_t i = 0; i < forward.size(); ++i) back[forward[i]] = static_cast<std::int64_t>(i);
  return {back.empty() ? adjoint : transpose(adjoint, back)};
}

template <Tensor T>
std::vector<T> Flip::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T>) {
  return {flip(adjoint, std::vector<std::int64_t>(attributes.begin(), attributes.end()))};
}

using MovementOperators = Operators<Reshape, Transpose, Flip>;

}  // namespace nabla
