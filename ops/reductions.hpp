#pragma once

#include <nabla/ops/joining.hpp>

/// Entries added up or multiplied along axes. Attributes of all but cumsum: nothing (all axes, dropped), or keepdims
/// (0 or 1) followed by the axes (none: all).
namespace nabla {

namespace detail {

/// Calls visit(entry of the result, entry of x) for every entry of x, in order.
template <class V, class Visit>
void for_each_reduced(const Reduction& r, View<const V> x, Visit&& visit) {
  for_each_index(*x.shape, broadcast_strides(r.kept, *x.shape), [&](std::int64_t i, std::int64_t at) { visit(at, i); });
}

/// A result of a reduction stretched back over the entries it was made from.
template <Tensor T>
T stretched(const T& reduced, const Reduction& r, const Shape& x) {
  return broadcast_to(r.result.is_scalar() ? reduced : reshape(reduced, r.kept), x);
}

/// x as rows to be reduced along one last axis, and back.
template <Tensor T>
T as_rows(const T& x, const Reduction& r) {
  const Shape from = nabla::shape(x);
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 0; axis < from.rank(); ++axis)
    if (!std::ranges::binary_search(r.axes, axis)) extents.push_back(from[axis]);
  extents.push_back(r.count);
  return reshape(from.is_scalar() ? x : transpose(x, reduced_last(r, from)), Shape(std::move(extents)));
}
template <Tensor T>
T from_rows(const T& rows, const Reduction& r, const Shape& x) {
  if (x.is_scalar()) return reshape(rows, x);
  const std::vector<std::int64_t> order = reduced_last(r, x);
  std::vector<std::int64_t> extents, back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    extents.push_back(x[static_cast<std::size_t>(order[i])]);
    back[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  }
  return transpose(reshape(rows, Shape(std::move(extents))), back);
}

template <class Op, Tensor T>
T reduce(const T& x, const Axes& axes, bool keepdims, std::source_location where) {
  return apply_structured<Op, T>(where, reduction_attributes(axes, keepdims, nabla::shape(x)), {x});
}

}  // namespace detail

struct Sum : Structured<1> {
  static constexpr std::string_view name = "sum";
  static constexpr Facts facts{.summary = "the sum of the entries along axes, of all by default; 0 of nothing",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction(name, attributes, x[0]).result;
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    detail::for_each_reduced(detail::reduction(name, attributes, *x[0].shape), x[0],
                             [&](std::int64_t at, std::int64_t i) { y[at] = y[at] + x[0][i]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
    const Shape from = nabla::shape(x[0]);
    return {detail::stretched(adjoint, detail::reduction(name, attributes, from), from)};
  }
};

struct Mean : Structured<1> {
  static constexpr std::string_view name = "mean";
  static constexpr Facts facts{.summary = "the arithmetic mean of the entries along axes, of all by default",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction_of_some(name, "the mean", attributes, x[0]).result;
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    Sum::evaluate<V>(attributes, x, y);
    const V count = ratio<V>(detail::reduction(name, attributes, *x[0].shape).count, 1);
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = y[i] / count;
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
    const Shape from = nabla::shape(x[0]);
    const detail::Reduction r = detail::reduction(name, attributes, from);
    return {detail::stretched(T(adjoint / ratio<T>(r.count, 1)), r, from)};
  }
};

struct Prod : Structured<1> {
  static constexpr std::string_view name = "prod";
  static constexpr Facts facts{.summary = "the product of the entries along axes, of all by default; 1 of nothing"};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction(name, attributes, x[0]).result;
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(1);
    detail::for_each_reduced(detail::reduction(name, attributes, *x[0].shape), x[0],
                             [&](std::int64_t at, std::int64_t i) { y[at] = y[at] * x[0][i]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: the axis; a vector can do without.
struct CumSum : Structured<1> {
  static constexpr std::string_view name = "cumsum";
  static constexpr Facts facts{.summary = "the sums of the first 1, 2, ... entries along an axis",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    detail::one_axis(name, attributes, x[0]);
    return x[0];
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const detail::Blocks b = detail::blocks_along(*y.shape, detail::one_axis(name, attributes, *y.shape));
    for (std::int64_t i = 0; i < y.size(); ++i) {
      const bool first = i / b.inner % b.extent == 0;
      y[i] = first ? x[0][i] : y[i - b.inner] + x[0][i];
    }
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// The sum of the entries along `axes` (none: all), which are dropped or kept with extent 1. Likewise mean and prod.
/// \throws ShapeError
template <Tensor T>
T sum(const T& x, const Axes& axes = {}, bool keepdims = false,
      std::source_location where = std::source_location::current()) {
  return detail::reduce<Sum>(x, axes, keepdims, where);
}
template <Tensor T>
T mean(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Mean>(x, axes, keepdims, where);
}
template <Tensor T>
T prod(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Prod>(x, axes, keepdims, where);
}
/// The sums of the first 1, 2, ... entries along an axis. \throws ShapeError
template <Tensor T>
T cumsum(const T& x, std::int64_t axis = 0, std::source_location where = std::source_location::current()) {
  axis = detail::axis_from_front(axis, shape(x).rank());
  return detail::apply_structured<CumSum, T>(where, {&axis, 1}, {x});
}

namespace detail {

/// For each entry of a row (the last axis) the product of the row's other entries, by a tree of products: right also
/// where entries are zero, and without a division. \pre the rows have at least two entries
template <Tensor T>
T products_of_others(const T& rows) {
  const std::size_t last = nabla::shape(rows).rank() - 1;
  std::vector<T> levels;
  T level = rows;
  for (std::int64_t n = nabla::shape(level)[last]; n > 1; n = nabla::shape(level)[last]) {
    levels.push_back(level);
    const std::int64_t pairs = n - n % 2;
    T next = slice_axis(level, last, {0, pairs, 2}) * slice_axis(level, last, {1, pairs, 2});
    if (n % 2 != 0)
      next = concat(std::vector<T>{next, slice_axis(level, last, {n - 1, n})}, static_cast<std::int64_t>(last));
    level = next;
  }
  T others;  // of the entries of the level above; empty at the top, where there are none
  for (std::size_t k = levels.size(); k-- > 0;) {
    const Shape at = nabla::shape(levels[k]);
    const std::int64_t n = at[last];
    const std::int64_t pairs = n - n % 2;
    T left = slice_axis(levels[k], last, {1, pairs, 2});
    T right = slice_axis(levels[k], last, {0, pairs, 2});
    if (!others.empty()) {
      const T above = slice_axis(others, last, {0, pairs / 2});
      left = above * left;
      right = above * right;
    }
    const std::vector<T> both{left, right};
    T made = reshape(stack(both, static_cast<std::int64_t>(last) + 1), with_extent(at, last, pairs));
    if (n % 2 != 0)
      made = concat(std::vector<T>{made, slice_axis(others, last, {pairs / 2, pairs / 2 + 1})},
                    static_cast<std::int64_t>(last));
    others = made;
  }
  return others;
}

}  // namespace detail

template <Tensor T>
std::vector<T> Prod::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
  const Shape from = nabla::shape(x[0]);
  const detail::Reduction r = detail::reduction(name, attributes, from);
  const T spread = detail::stretched(adjoint, r, from);
  if (r.count < 2 || from.size() == 0) return {spread};
  return {spread * detail::from_rows(detail::products_of_others(detail::as_rows(x[0], r)), r, from)};
}

template <Tensor T>
std::vector<T> CumSum::pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T>) {
  const auto axis = static_cast<std::int64_t>(detail::one_axis(name, attributes, nabla::shape(y)));
  return {flip(cumsum(flip(adjoint, axis), axis), axis)};
}

using ReductionOperators = Operators<Sum, Mean, Prod, CumSum>;

}  // namespace nabla
