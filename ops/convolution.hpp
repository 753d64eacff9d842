#pragma once

#include <nabla/ops/axes.hpp>
#include <nabla/ops/broadcast.hpp>

/// Convolution as deep learning has it (cross-correlation): y[o, i] = sum over c, j of k[o, c, j] x[c, i * stride + j -
/// padding], with zeros outside x. Three operators for each number of dimensions share one sum of triple products
/// x * k * y over matching entries; each adds it up over one of the three, so that the derivatives of each are the
/// others.
///
/// Shapes, D spatial axes: x [c_in, n...] or with a batch in front [b, c_in, n...]; k [c_out, c_in, w...];
/// y [c_out, m...] or [b, c_out, m...] with m = (n + 2 padding - w) / stride + 1, rounded down.
namespace nabla {

namespace detail {

struct ConvolutionSizes {
  std::int64_t batch = 1, c_in = 0, c_out = 0;
  bool batched = false;
  std::vector<std::int64_t> n, w, m, stride, padding;

  Shape input() const { return feature_map(c_in, n); }
  Shape output() const { return feature_map(c_out, m); }
  Shape kernel() const;

 private:
  Shape feature_map(std::int64_t channels, const std::vector<std::int64_t>& spatial) const;
};

/// Attributes: strides (D), paddings (D); nothing: 1 and 0. \throws ShapeError
ConvolutionSizes convolution_sizes(std::string_view operation, std::size_t d, Attributes attributes, const Shape& x,
                                   const Shape& kernel);
/// Attributes: strides, paddings, n. Operands: y-shaped, k-shaped. \throws ShapeError
ConvolutionSizes transposed_sizes(std::string_view operation, std::size_t d, Attributes attributes, const Shape& y,
                                  const Shape& kernel);
/// Attributes: strides, paddings, w. Operands: x-shaped, y-shaped. \throws ShapeError
ConvolutionSizes kernel_sizes(std::string_view operation, std::size_t d, Attributes attributes, const Shape& x,
                              const Shape& y);

/// Calls visit(entry of x, entry of k, entry of y) for every triple that meets.
template <class Visit>
void for_each_tap(const ConvolutionSizes& s, Visit&& visit) {
  const Shape outputs(s.m), window(s.w);
  const std::vector<std::int64_t> strides = row_major_strides(Shape(s.n));
  const std::int64_t inputs = Shape(s.n).size();
  const std::int64_t steps = outputs.size();
  const std::int64_t taps = window.size();
  // Where each spatial output position and tap meet in x, once for all channels.
  struct Meeting {
    std::int64_t step, tap, input;
  };
  std::vector<Meeting> meetings;
  for (std::int64_t step = 0; step < steps; ++step)
    for (std::int64_t tap = 0; tap < taps; ++tap) {
      std::int64_t input = 0, rest_step = step, rest_tap = tap;
      bool inside = true;
      for (std::size_t axis = s.n.size(); axis-- > 0;) {
        const std::int64_t at = rest_step % s.m[axis] * s.stride[axis] + rest_tap % s.w[axis] - s.padding[axis];
        rest_step /= s.m[axis];
        rest_tap /= s.w[axis];
        inside = inside && 0 <= at && at < s.n[axis];
        input += at * strides[axis];
      }
      if (inside) meetings.push_back({step, tap, input});
    }
  for (std::int64_t b = 0; b < s.batch; ++b)
    for (std::int64_t o = 0; o < s.c_out; ++o)
      for (std::int64_t c = 0; c < s.c_in; ++c)
        for (const Meeting& at : meetings)
          visit((b * s.c_in + c) * inputs + at.input, (o * s.c_in + c) * taps + at.tap,
                (b * s.c_out + o) * steps + at.step);
}

template <std::size_t D>
std::vector<std::int64_t> convolution_attributes(std::span<const std::int64_t> stride_padding, const Shape& sized) {
  std::vector<std::int64_t> attributes(stride_padding.begin(), stride_padding.end());
  if (attributes.empty()) {
    attributes.assign(D, 1);
    attributes.resize(2 * D, 0);
  }
  attributes.resize(2 * D);
  for (std::size_t axis = sized.rank() - D; axis < sized.rank(); ++axis) attributes.push_back(sized[axis]);
  return attributes;
}

}  // namespace detail

/// Attributes: strides (D), paddings (D); nothing: strides 1, paddings 0. Operands: x, k.
template <std::size_t D>
struct Convolution : Structured<2> {
  static constexpr std::string_view name = D == 1 ? "conv1d" : "conv2d";
  static constexpr Facts facts{.summary = "the cross-correlation of a feature map x with the kernels k",
                               .source = "Dumoulin & Visin 2016, arXiv:1603.07285"};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::convolution_sizes(name, D, attributes, x[0], x[1]).output();
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    detail::for_each_tap(detail::convolution_sizes(name, D, attributes, *x[0].shape, *x[1].shape),
                         [&](std::int64_t i, std::int64_t k, std::int64_t o) { y[o] = y[o] + x[0][i] * x[1][k]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: strides (D), paddings (D), spatial extents n (D) of the result. Operands: shaped like y, and k.
template <std::size_t D>
struct TransposedConvolution : Structured<2> {
  static constexpr std::string_view name = D == 1 ? "conv1d_transpose" : "conv2d_transpose";
  static constexpr Facts facts{.summary = "the adjoint of a convolution with the kernels k, seen as a function of x",
                               .source = "Dumoulin & Visin 2016, arXiv:1603.07285, chapter 4"};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::transposed_sizes(name, D, attributes, x[0], x[1]).input();
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    detail::for_each_tap(detail::transposed_sizes(name, D, attributes, *x[0].shape, *x[1].shape),
                         [&](std::int64_t i, std::int64_t k, std::int64_t o) { y[i] = y[i] + x[0][o] * x[1][k]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Attributes: strides (D), paddings (D), window w (D) of the result. Operands: x, and one shaped like y.
template <std::size_t D>
struct KernelCorrelation : Structured<2> {
  static constexpr std::string_view name = D == 1 ? "conv1d_kernel" : "conv2d_kernel";
  static constexpr Facts facts{.summary = "the adjoint of a convolution of x, seen as a function of the kernels",
                               .source = "Dumoulin & Visin 2016, arXiv:1603.07285"};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::kernel_sizes(name, D, attributes, x[0], x[1]).kernel();
  }
  template <Field V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    detail::for_each_tap(detail::kernel_sizes(name, D, attributes, *x[0].shape, *x[1].shape),
                         [&](std::int64_t i, std::int64_t k, std::int64_t o) { y[k] = y[k] + x[0][i] * x[1][o]; });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

template <std::size_t D>
template <Tensor T>
std::vector<T> Convolution<D>::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
  return {detail::apply_structured<TransposedConvolution<D>, T>(
              {}, detail::convolution_attributes<D>(attributes, nabla::shape(x[0])), {adjoint, x[1]}),
          detail::apply_structured<KernelCorrelation<D>, T>(
              {}, detail::convolution_attributes<D>(attributes, nabla::shape(x[1])), {x[0], adjoint})};
}

template <std::size_t D>
template <Tensor T>
std::vector<T> TransposedConvolution<D>::pullback(Attributes attributes, const T& adjoint, const T&,
                                                  std::span<const T> x) {
  return {detail::apply_structured<Convolution<D>, T>({}, attributes.first(2 * D), {adjoint, x[1]}),
          detail::apply_structured<KernelCorrelation<D>, T>(
              {}, detail::convolution_attributes<D>(attributes, nabla::shape(x[1])), {adjoint, x[0]})};
}

template <std::size_t D>
template <Tensor T>
std::vector<T> KernelCorrelation<D>::pullback(Attributes attributes, const T& adjoint, const T&, std::span<const T> x) {
  return {detail::apply_structured<TransposedConvolution<D>, T>(
              {}, detail::convolution_attributes<D>(attributes, nabla::shape(x[0])), {x[1], adjoint}),
          detail::apply_structured<Convolution<D>, T>({}, attributes.first(2 * D), {x[0], adjoint})};
}

/// x [c_in, n] or [b, c_in, n] with kernels k [c_out, c_in, w]: [c_out, m] or [b, c_out, m],
/// m = (n + 2 padding - w) / stride + 1 rounded down. \throws ShapeError
template <Tensor T>
T conv1d(const T& x, const T& kernels, std::int64_t stride = 1, std::int64_t padding = 0,
         std::source_location where = std::source_location::current()) {
  const std::array<std::int64_t, 2> attributes{stride, padding};
  return detail::apply_structured<Convolution<1>, T>(where, attributes, {x, kernels});
}
/// x [c_in, n, m] or [b, c_in, n, m] with kernels k [c_out, c_in, v, w], likewise along both spatial axes.
/// \throws ShapeError
template <Tensor T>
T conv2d(const T& x, const T& kernels, std::array<std::int64_t, 2> stride = {1, 1},
         std::array<std::int64_t, 2> padding = {0, 0}, std::source_location where = std::source_location::current()) {
  const std::array<std::int64_t, 4> attributes{stride[0], stride[1], padding[0], padding[1]};
  return detail::apply_structured<Convolution<2>, T>(where, attributes, {x, kernels});
}

using ConvolutionOperators = Operators<Convolution<1>, TransposedConvolution<1>, KernelCorrelation<1>, Convolution<2>,
                                       TransposedConvolution<2>, KernelCorrelation<2>>;

}  // namespace nabla
