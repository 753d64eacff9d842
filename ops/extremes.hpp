#pragma once

#include <nabla/ops/comparison.hpp>
#include <nabla/ops/reductions.hpp>

/// The largest and the smallest entry along axes. Attributes as of sum.
namespace nabla {

namespace detail {

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

/// Gives a dual or Taylor result the mean of the tangents of all the entries that are equal to it, as the pullback
/// does; choosing two by two would weigh them by their order.
template <Ordered V>
void average_equals(const Reduction& r, View<const V> x, View<V> y) {
  std::vector<V> count(static_cast<std::size_t>(y.size()), V(0)), excess = count;
  for_each_reduced(r, x, [&](std::int64_t at, std::int64_t i) {
    const V equal = nabla::eq(x[i], y[at]);
    V& total = excess[static_cast<std::size_t>(at)];
    total = total + nabla::where(equal, V(x[i] - y[at]), V(0));
    count[static_cast<std::size_t>(at)] = count[static_cast<std::size_t>(at)] + equal;
  });
  for (std::int64_t i = 0; i < y.size(); ++i)
    y[i] = y[i] + excess[static_cast<std::size_t>(i)] / nabla::max(count[static_cast<std::size_t>(i)], V(1));
}

/// What both have in common; Self says which entry of two is chosen. Among n equal ones each gets 1/n of the adjoint.
template <class Self>
struct Extreme : Structured<1> {
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return reduction_of_some(Self::name, Self::what, attributes, x[0]).result;
  }
  template <Ordered V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const Reduction r = reduction(Self::name, attributes, *x[0].shape);
    std::vector<bool> begun(static_cast<std::size_t>(y.size()), false);
    for_each_reduced(r, x[0], [&](std::int64_t at, std::int64_t i) {
      y[at] = begun[static_cast<std::size_t>(at)] ? Self::choose(y[at], x[0][i]) : x[0][i];
      begun[static_cast<std::size_t>(at)] = true;
    });
    // A symbol carries no tangent.
    if constexpr (Lifted<V> && !Number<V>::encloses && !Tensor<V>) average_equals<V>(r, x[0], y);
  }
  template <Tensor T>
  requires Ordered<T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x) {
    return {shared_among_equals(adjoint, y, reduction(Self::name, attributes, nabla::shape(x[0])), x[0])};
  }
  template <Tensor T>
  requires Ordered<T>
  static T kink(Attributes attributes, std::span<const T> x) {
    const T y = apply_structured<Self, T>({}, attributes, x);
    return several_equal(y, reduction(Self::name, attributes, nabla::shape(x[0])), x[0]);
  }
};

}  // namespace detail

struct Amax : detail::Extreme<Amax> {
  static constexpr std::string_view name = "amax";
  static constexpr std::string_view what = "the max";
  static constexpr Facts facts{.summary = "the largest entry along axes, of all by default",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::convex,
                               .regularity = Regularity::continuous,
                               .kinks = "where the largest entries are equal; they share the adjoint equally",
                               .notation = {.latex = "\\max\\left({0}\\right)"}};
  template <Ordered V>
  static V choose(const V& a, const V& b) {
    return nabla::max(a, b);
  }
};

struct Amin : detail::Extreme<Amin> {
  static constexpr std::string_view name = "amin";
  static constexpr std::string_view what = "the min";
  static constexpr Facts facts{.summary = "the smallest entry along axes, of all by default",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::concave,
                               .regularity = Regularity::continuous,
                               .kinks = "where the smallest entries are equal; they share the adjoint equally",
                               .notation = {.latex = "\\min\\left({0}\\right)"}};
  template <Ordered V>
  static V choose(const V& a, const V& b) {
    return nabla::min(a, b);
  }
};

/// The largest entry along `axes` (none: all), which are dropped or kept with extent 1. \throws ShapeError
template <Tensor T>
T amax(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Amax>(x, axes, keepdims, where);
}
/// The smallest, likewise.
template <Tensor T>
T amin(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Amin>(x, axes, keepdims, where);
}

using ExtremeOperators = Operators<Amax, Amin>;

}  // namespace nabla
