#pragma once

#include <nabla/ops/comparison.hpp>
#include <nabla/ops/joining.hpp>
#include <nabla/ops/powers.hpp>
#include <nabla/ops/primal.hpp>

/// Entries combined along axes. Attributes of all but cumsum: nothing (all axes, dropped), or keepdims (0 or 1)
/// followed by the axes (none: all).
namespace nabla {

namespace detail {

/// Calls visit(entry of the result, entry of x) for every entry of x, in order.
template <class V, class Visit>
void for_each_reduced(const Reduction& r, View<const V> x, Visit&& visit) {
  for_each_index(*x.shape, broadcast_strides(r.kept, *x.shape), [&](std::int64_t i, std::int64_t at) { visit(at, i); });
}

/// One of each group of entries by repeated choice. \pre no group is empty
template <class V, class Choose>
void choose_reduced(const Reduction& r, View<const V> x, View<V> y, Choose&& choose) {
  std::vector<bool> begun(static_cast<std::size_t>(y.size()), false);
  for_each_reduced(r, x, [&](std::int64_t at, std::int64_t i) {
    y[at] = begun[static_cast<std::size_t>(at)] ? choose(y[at], x[i]) : x[i];
    begun[static_cast<std::size_t>(at)] = true;
  });
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

/// The largest or the smallest of the entries. Among n equal ones each gets 1/n of the adjoint.
struct Amax : Structured<1> {
  static constexpr std::string_view name = "amax";
  static constexpr Facts facts{.summary = "the largest entry along axes, of all by default",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::convex,
                               .regularity = Regularity::continuous,
                               .kinks = "where the largest entries are equal; they share the adjoint equally",
                               .notation = {.latex = "\\max\\left({0}\\right)"}};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction_of_some(name, "the max", attributes, x[0]).result;
  }
  template <Ordered V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    detail::choose_reduced(detail::reduction(name, attributes, *x[0].shape), x[0], y,
                           [](const V& a, const V& b) { return nabla::max(a, b); });
  }
  template <Tensor T>
    requires Ordered<T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
  template <Tensor T>
    requires Ordered<T>
  static T kink(Attributes attributes, std::span<const T> x);
};

struct Amin : Structured<1> {
  static constexpr std::string_view name = "amin";
  static constexpr Facts facts{.summary = "the smallest entry along axes, of all by default",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave,
                               .regularity = Regularity::continuous,
                               .kinks = "where the smallest entries are equal; they share the adjoint equally",
                               .notation = {.latex = "\\min\\left({0}\\right)"}};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction_of_some(name, "the min", attributes, x[0]).result;
  }
  template <Ordered V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    detail::choose_reduced(detail::reduction(name, attributes, *x[0].shape), x[0], y,
                           [](const V& a, const V& b) { return nabla::min(a, b); });
  }
  template <Tensor T>
    requires Ordered<T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
  template <Tensor T>
    requires Ordered<T>
  static T kink(Attributes attributes, std::span<const T> x);
};

struct Norm : Structured<1> {
  static constexpr std::string_view name = "norm";
  static constexpr Facts facts{.summary = "the Euclidean norm of the entries along axes; of all by default, which for a "
                                          "matrix is the Frobenius norm",
                               .source = "DLMF 1.2.45; Golub & Van Loan, Matrix Computations, 2.3.1",
                               .range = nonnegative,
                               .parity = Parity::even,
                               .curvature = Curvature::convex,
                               .regularity = Regularity::continuous,
                               .kinks = "where all entries are 0; the adjoint is 0 there",
                               .notation = {.latex = "\\left\\|{0}\\right\\|"}};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction(name, attributes, x[0]).result;
  }
  template <Elementary V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y);
  template <Tensor T>
    requires Elementary<T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
  template <Tensor T>
    requires Elementary<T>
  static T kink(Attributes attributes, std::span<const T> x);
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

/// The sum of the entries along `axes` (none: all), which are dropped or kept with extent 1. Likewise the next five.
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
template <Tensor T>
T amax(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Amax>(x, axes, keepdims, where);
}
template <Tensor T>
T amin(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Amin>(x, axes, keepdims, where);
}
template <Tensor T>
T norm(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Norm>(x, axes, keepdims, where);
}

/// The sums of the first 1, 2, ... entries along an axis. \throws ShapeError
template <Tensor T>
T cumsum(const T& x, std::int64_t axis = 0, std::source_location where = std::source_location::current()) {
  if (axis < 0) axis += static_cast<std::int64_t>(shape(x).rank());
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
    if (n % 2 != 0) next = concat(std::vector<T>{next, slice_axis(level, last, {n - 1, n})}, static_cast<std::int64_t>(last));
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

/// The adjoint of what an extreme entry is: its share for every entry that equals it.
template <Tensor T>
T shared_among_equals(const T& adjoint, const T& y, const Reduction& r, const T& x) {
  const Shape from = nabla::shape(x);
  const T equal = eq(x, stretched(y, r, from));
  const std::vector<std::int64_t> axes(r.axes.begin(), r.axes.end());
  // At least one is equal, which an enclosure that cannot tell does not see.
  const T count = from.is_scalar() ? T(1) : max(reshape(sum(equal, axes), r.result), T(1));
  return stretched(T(adjoint / count), r, from) * equal;
}

/// 1 where more than one entry is the extreme one.
template <Tensor T>
T several_equal(const T& y, const Reduction& r, const T& x) {
  const Shape from = nabla::shape(x);
  if (from.is_scalar()) return T(0);
  return lt(T(1), sum(eq(x, stretched(y, r, from)), std::vector<std::int64_t>(r.axes.begin(), r.axes.end())));
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
  requires Ordered<T>
std::vector<T> Amax::pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x) {
  return {detail::shared_among_equals(adjoint, y, detail::reduction(name, attributes, nabla::shape(x[0])), x[0])};
}
template <Tensor T>
  requires Ordered<T>
T Amax::kink(Attributes attributes, std::span<const T> x) {
  const T y = detail::apply_structured<Amax, T>({}, attributes, x);
  return detail::several_equal(y, detail::reduction(name, attributes, nabla::shape(x[0])), x[0]);
}
template <Tensor T>
  requires Ordered<T>
std::vector<T> Amin::pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x) {
  return {detail::shared_among_equals(adjoint, y, detail::reduction(name, attributes, nabla::shape(x[0])), x[0])};
}
template <Tensor T>
  requires Ordered<T>
T Amin::kink(Attributes attributes, std::span<const T> x) {
  const T y = detail::apply_structured<Amin, T>({}, attributes, x);
  return detail::several_equal(y, detail::reduction(name, attributes, nabla::shape(x[0])), x[0]);
}

template <Elementary V>
void Norm::evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
  const detail::Reduction r = detail::reduction(name, attributes, *x[0].shape);
  for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
  detail::for_each_reduced(
      r, x[0], [&](std::int64_t at, std::int64_t i) { y[at] = y[at] + nabla::powi(x[0][i], 2); });
  if constexpr (!Number<V>::encloses && !Lifted<V>) {
    // Squares that overflow, or lose digits near the smallest number, are taken again of entries scaled by the largest.
    const V small = Number<V>::of(Constant::dyadic(0x1p-100));
    std::vector<V> largest(static_cast<std::size_t>(y.size()), V(0)), squares = largest;
    const auto poor = [&](std::int64_t at) { return detail::certainly_less(y[at], small) || !Number<V>::is_zero(y[at] - y[at]); };
    bool any = false;
    for (std::int64_t i = 0; i < y.size(); ++i) any = any || poor(i);
    if (any) {
      detail::for_each_reduced(r, x[0], [&](std::int64_t at, std::int64_t i) {
        V& m = largest[static_cast<std::size_t>(at)];
        m = nabla::max(m, nabla::abs(x[0][i]));
      });
      detail::for_each_reduced(r, x[0], [&](std::int64_t at, std::int64_t i) {
        const V& m = largest[static_cast<std::size_t>(at)];
        V& s = squares[static_cast<std::size_t>(at)];
        if (!Number<V>::is_zero(m) && Number<V>::is_zero(m - m)) s = s + nabla::powi(V(x[0][i] / m), 2);
      });
    }
    for (std::int64_t i = 0; i < y.size(); ++i) {
      const V& m = largest[static_cast<std::size_t>(i)];
      if (!any || !poor(i)) {
        y[i] = nabla::sqrt(y[i]);
      } else if (Number<V>::is_zero(m) || !Number<V>::is_zero(m - m)) {
        y[i] = m;
      } else {
        y[i] = m * nabla::sqrt(squares[static_cast<std::size_t>(i)]);
      }
    }
  } else {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = nabla::sqrt(y[i]);
  }
}

template <Tensor T>
  requires Elementary<T>
std::vector<T> Norm::pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x) {
  const Shape from = nabla::shape(x[0]);
  const detail::Reduction r = detail::reduction(name, attributes, from);
  const T nonzero = where(eq(y, T(0)), T(1), y);  // at the kink every entry of x is 0, and so is x / 1
  return {detail::stretched(adjoint, r, from) * (x[0] / detail::stretched(nonzero, r, from))};
}
template <Tensor T>
  requires Elementary<T>
T Norm::kink(Attributes attributes, std::span<const T> x) {
  return eq(detail::apply_structured<Norm, T>({}, attributes, x), T(0));
}

template <Tensor T>
std::vector<T> CumSum::pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T>) {
  const auto axis = static_cast<std::int64_t>(detail::one_axis(name, attributes, nabla::shape(y)));
  return {flip(cumsum(flip(adjoint, axis), axis), axis)};
}

using ReductionOperators = Operators<Sum, Mean, Prod, Amax, Amin, Norm, CumSum>;

}  // namespace nabla
