#pragma once

#include <nabla/ops/indexing.hpp>

/// Tensors put together; the adjoint takes them apart again.
namespace nabla {

/// Attributes: the axis (nothing: the first).
struct Concat : Structured<variadic> {
  static constexpr std::string_view name = "concat";
  static constexpr Facts facts{.summary = "tensors joined along one of their axes, the first by default",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  static std::size_t axis_of(Attributes attributes, const Shape& x) {
    return normalise_axis(name, attributes.empty() ? 0 : attributes[0], x);
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const std::size_t axis = axis_of(attributes, *y.shape);
    const detail::Blocks whole = detail::blocks_along(*y.shape, axis);
    std::int64_t offset = 0;
    for (const View<const V>& part : x) {
      const std::int64_t run = (*part.shape)[axis] * whole.inner;
      for (std::int64_t o = 0; o < whole.outer; ++o)
        for (std::int64_t i = 0; i < run; ++i) y[o * whole.extent * whole.inner + offset + i] = part[o * run + i];
      offset += run;
    }
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: where the new axis goes (nothing: in front).
struct Stack : Structured<variadic> {
  static constexpr std::string_view name = "stack";
  static constexpr Facts facts{.summary = "tensors of one shape as slices along a new axis, in front by default",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  /// \pre y is the shape of the result
  static std::size_t axis_of(Attributes attributes, const Shape& y) {
    return normalise_axis(name, attributes.empty() ? 0 : attributes[0], y);
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const detail::Blocks whole = detail::blocks_along(*y.shape, axis_of(attributes, *y.shape));
    for (std::int64_t k = 0; k < whole.extent; ++k)
      for (std::int64_t o = 0; o < whole.outer; ++o)
        for (std::int64_t i = 0; i < whole.inner; ++i)
          y[(o * whole.extent + k) * whole.inner + i] = x[static_cast<std::size_t>(k)][o * whole.inner + i];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Tensors joined along an axis, in which alone their shapes may differ. \throws ShapeError
template <Tensor T>
T concat(const std::vector<T>& parts, std::int64_t axis = 0,
         std::source_location where = std::source_location::current()) {
  if (!parts.empty()) axis = detail::axis_from_front(axis, shape(parts[0]).rank());
  return detail::apply_structured<Concat, T>(where, Attributes(&axis, 1), std::span<const T>(parts));
}

/// Tensors of one shape as slices along a new axis; scalars make a vector. \throws ShapeError
template <Tensor T>
T stack(const std::vector<T>& parts, std::int64_t axis = 0,
        std::source_location where = std::source_location::current()) {
  if (!parts.empty()) axis = detail::axis_from_front(axis, shape(parts[0]).rank() + 1);
  return detail::apply_structured<Stack, T>(where, Attributes(&axis, 1), std::span<const T>(parts));
}

template <Tensor T>
std::vector<T> Concat::pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x) {
  const std::size_t axis = axis_of(attributes, nabla::shape(y));
  std::vector<T> contributions;
  std::int64_t from = 0;
  for (const T& part : x) {
    const std::int64_t to = from + nabla::shape(part)[axis];
    contributions.push_back(slice_axis(adjoint, axis, {from, to}));
    from = to;
  }
  return contributions;
}

template <Tensor T>
std::vector<T> Stack::pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x) {
  const std::size_t axis = axis_of(attributes, nabla::shape(y));
  std::vector<T> contributions;
  for (std::size_t k = 0; k < x.size(); ++k)
    contributions.push_back(take(adjoint, static_cast<std::int64_t>(k), static_cast<std::int64_t>(axis)));
  return contributions;
}

using JoiningOperators = Operators<Concat, Stack>;

}  // namespace nabla
