#pragma once

#include <limits>
#include <nabla/ops/movement.hpp>

/// Parts of tensors, and what puts parts back: each is the adjoint of its neighbour here.
namespace nabla {

/// The entries start, start + step, ... below stop along one axis. A negative start or stop counts from the end.
struct Range {
  static constexpr std::int64_t end = std::numeric_limits<std::int64_t>::max();
  std::int64_t start = 0;
  std::int64_t stop = end;
  std::int64_t step = 1;
};

/// Attributes: start, stop, step for each axis, 0 <= start <= stop <= extent, step >= 1.
struct Slice : Structured<1> {
  static constexpr std::string_view name = "slice";
  static constexpr Facts facts{.summary = "a regular part of x: start, stop and step along each axis",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    std::vector<std::int64_t> strides = row_major_strides(*x[0].shape);
    std::int64_t first = 0;
    for (std::size_t axis = 0; axis < strides.size(); ++axis) {
      first += strides[axis] * attributes[3 * axis];
      strides[axis] *= attributes[3 * axis + 2];
    }
    detail::for_each_index(*y.shape, strides, [&](std::int64_t i, std::int64_t at) { y[i] = x[0][first + at]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: extent, start, step for each axis of the result.
struct Embed : Structured<1> {
  static constexpr std::string_view name = "embed";
  static constexpr Facts facts{.summary = "x put at a start and with a step into zeros: the adjoint of slice",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    std::vector<std::int64_t> strides = row_major_strides(*y.shape);
    std::int64_t first = 0;
    for (std::size_t axis = 0; axis < strides.size(); ++axis) {
      first += strides[axis] * attributes[3 * axis + 1];
      strides[axis] *= attributes[3 * axis + 2];
    }
    detail::for_each_index(*x[0].shape, strides, [&](std::int64_t i, std::int64_t at) { y[first + at] = x[0][i]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: the axis, then the indices in [0, extent), which may repeat.
struct Gather : Structured<1> {
  static constexpr std::string_view name = "gather";
  static constexpr Facts facts{.summary = "slices of x along an axis, by a list of indices",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const detail::Blocks from = detail::blocks_along(*x[0].shape, normalise_axis(name, attributes[0], *x[0].shape));
    std::int64_t next = 0;
    for (std::int64_t o = 0; o < from.outer; ++o)
      for (const std::int64_t k : attributes.subspan(1))
        for (std::int64_t i = 0; i < from.inner; ++i) y[next++] = x[0][(o * from.extent + k) * from.inner + i];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: the axis, its extent in the result, then for each slice of x the index it is added at.
struct ScatterAdd : Structured<1> {
  static constexpr std::string_view name = "scatter_add";
  static constexpr Facts facts{.summary = "slices of x added into zeros at a list of indices: the adjoint of gather",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes attributes, std::span<const Shape> x);
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    const detail::Blocks to = detail::blocks_along(*y.shape, normalise_axis(name, attributes[0], *y.shape));
    std::int64_t next = 0;
    for (std::int64_t o = 0; o < to.outer; ++o)
      for (const std::int64_t k : attributes.subspan(2))
        for (std::int64_t i = 0; i < to.inner; ++i) {
          V& entry = y[(o * to.extent + k) * to.inner + i];
          entry = entry + x[0][next++];
        }
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

namespace detail {

/// Ends counted from the front and cut at `end`, the stop no further than needed; what lies outside stays for the
/// operator to report.
Range counted_from_front(Range range, std::int64_t extent);

/// The range of one index, negative from the end.
Range one_entry(std::int64_t index, std::int64_t extent);

/// \pre the ranges are counted from the front, one for each axis; others are reported
template <Tensor T>
T sliced(const T& x, const std::vector<Range>& ranges, std::source_location where) {
  const Shape from = nabla::shape(x);
  std::vector<std::int64_t> attributes;
  bool whole = ranges.size() == from.rank();
  for (std::size_t axis = 0; axis < ranges.size(); ++axis) {
    const Range& r = ranges[axis];
    whole = whole && r.start == 0 && r.stop == from[axis] && r.step == 1;
    attributes.insert(attributes.end(), {r.start, r.stop, r.step});
  }
  return whole ? x : apply_structured<Slice, T>(where, attributes, {x});
}

}  // namespace detail

/// The part of x within a range for each of its leading axes; axes without one are whole. \throws ShapeError
template <Tensor T>
T slice(const T& x, std::vector<Range> ranges, std::source_location where = std::source_location::current()) {
  const Shape from = shape(x);
  ranges.resize(std::max(from.rank(), ranges.size()));
  for (std::size_t axis = 0; axis < from.rank(); ++axis)
    ranges[axis] = detail::counted_from_front(ranges[axis], from[axis]);
  return detail::sliced(x, ranges, where);
}

/// The part of x within a range along one axis. \throws ShapeError
template <Tensor T>
T slice_axis(const T& x, std::size_t axis, const Range& range,
             std::source_location where = std::source_location::current()) {
  std::vector<Range> ranges(axis + 1);
  ranges[axis] = range;
  return slice(x, ranges, where);
}

/// The slice of x at an index (0-based, negative from the end) along an axis, which is dropped. \throws ShapeError
template <Tensor T>
T take(const T& x, std::int64_t index, std::int64_t axis = 0,
       std::source_location where = std::source_location::current()) {
  const Shape from = shape(x);
  const std::size_t along = normalise_axis("take", axis, from);
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < from.rank(); ++i)
    ranges.push_back(i == along ? detail::one_entry(index, from[i]) : Range{0, from[i]});
  return reshape(detail::sliced(x, ranges, where), detail::without_axis(from, along), where);
}

/// One entry of x, a scalar, by its index (0-based, negative from the end) along every axis. \throws ShapeError
template <Tensor T>
T element(const T& x, const std::vector<std::int64_t>& index,
          std::source_location where = std::source_location::current()) {
  const Shape from = shape(x);
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < index.size(); ++i)
    ranges.push_back(detail::one_entry(index[i], i < from.rank() ? from[i] : 0));
  return reshape(detail::sliced(x, ranges, where), {}, where);
}

/// x put into zeros of the shape `target`: its entry i stands at start + i * step along each axis. \throws ShapeError
template <Tensor T>
T embed(const T& x, const Shape& target, const std::vector<std::int64_t>& start,
        const std::vector<std::int64_t>& step = {}, std::source_location where = std::source_location::current()) {
  std::vector<std::int64_t> attributes;
  for (std::size_t axis = 0; axis < target.rank(); ++axis) {
    attributes.push_back(target[axis]);
    attributes.push_back(axis < start.size() ? start[axis] : 0);
    attributes.push_back(axis < step.size() ? step[axis] : 1);
  }
  const bool at_start = std::ranges::all_of(start, [](std::int64_t s) { return s == 0; });
  if (at_start && target == shape(x)) return x;
  return detail::apply_structured<Embed, T>(where, attributes, {x});
}

/// The slices of x with the given 0-based indices along an axis; indices may repeat, negative ones count from the end.
/// \throws ShapeError
template <Tensor T>
T gather(const T& x, const std::vector<std::int64_t>& indices, std::int64_t axis = 0,
         std::source_location where = std::source_location::current()) {
  const Shape from = shape(x);
  const auto rank = static_cast<std::int64_t>(from.rank());
  std::vector<std::int64_t> attributes{detail::axis_from_front(axis, from.rank())};
  const std::int64_t extent =
      attributes[0] >= 0 && attributes[0] < rank ? from[static_cast<std::size_t>(attributes[0])] : 0;
  for (const std::int64_t index : indices) attributes.push_back(index < 0 ? index + extent : index);
  return detail::apply_structured<Gather, T>(where, attributes, {x});
}

/// Zeros with `extent` slices along an axis, to which slice k of x is added at indices[k]. \throws ShapeError
template <Tensor T>
T scatter_add(const T& x, std::int64_t extent, const std::vector<std::int64_t>& indices, std::int64_t axis = 0,
              std::source_location where = std::source_location::current()) {
  std::vector<std::int64_t> attributes{detail::axis_from_front(axis, shape(x).rank()), extent};
  attributes.insert(attributes.end(), indices.begin(), indices.end());
  return detail::apply_structured<ScatterAdd, T>(where, attributes, {x});
}

template <Tensor T>
std::vector<T> Slice::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
  std::vector<std::int64_t> start, step;
  for (std::size_t at = 0; at < attributes.size(); at += 3) {
    start.push_back(attributes[at]);
    step.push_back(attributes[at + 2]);
  }
  return {embed(adjoint, nabla::shape(x[0]), start, step)};
}

template <Tensor T>
std::vector<T> Embed::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
  const Shape from = nabla::shape(x[0]);
  std::vector<Range> ranges;
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    const std::int64_t start = attributes[3 * axis + 1];
    const std::int64_t step = attributes[3 * axis + 2];
    ranges.push_back({start, from[axis] == 0 ? start : start + (from[axis] - 1) * step + 1, step});
  }
  return {slice(adjoint, ranges)};
}

template <Tensor T>
std::vector<T> Gather::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
  const Shape from = nabla::shape(x[0]);
  const std::size_t axis = normalise_axis(name, attributes[0], from);
  const Attributes indices = attributes.subspan(1);
  return {scatter_add(adjoint, from[axis], std::vector<std::int64_t>(indices.begin(), indices.end()), attributes[0])};
}

template <Tensor T>
std::vector<T> ScatterAdd::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T>) {
  const Attributes indices = attributes.subspan(2);
  return {gather(adjoint, std::vector<std::int64_t>(indices.begin(), indices.end()), attributes[0])};
}

using IndexingOperators = Operators<Slice, Embed, Gather, ScatterAdd>;

}  // namespace nabla
