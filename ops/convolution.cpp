#include <nabla/ops/convolution.hpp>

namespace nabla::detail {

Shape ConvolutionSizes::feature_map(std::int64_t channels, const std::vector<std::int64_t>& spatial) const {
  std::vector<std::int64_t> extents;
  if (batched) extents.push_back(batch);
  extents.push_back(channels);
  extents.insert(extents.end(), spatial.begin(), spatial.end());
  return Shape(std::move(extents));
}

Shape ConvolutionSizes::kernel() const {
  std::vector<std::int64_t> extents{c_out, c_in};
  extents.insert(extents.end(), w.begin(), w.end());
  return Shape(std::move(extents));
}

namespace {

/// Larger steps and paddings could not be told from a mistake, and their products would overflow.
constexpr std::int64_t most = std::int64_t{1} << 30;

class Reader {
 public:
  Reader(std::string_view operation, std::size_t d, Attributes attributes, const Shape& first, const Shape& second)
      : operation_(operation), d_(d), attributes_(attributes), first_(first), second_(second) {}

  [[noreturn]] void fail(const std::string& why) const { throw ShapeError(operation_, why, {first_, second_}); }

  /// Strides and paddings, and `more` further numbers for each axis.
  void steps(ConvolutionSizes& s, std::size_t more) const {
    if (attributes_.empty() && more == 0) {
      s.stride.assign(d_, 1);
      s.padding.assign(d_, 0);
      return;
    }
    if (attributes_.size() != (2 + more) * d_) fail("takes a stride and a padding for each spatial axis");
    for (std::size_t axis = 0; axis < d_; ++axis) {
      s.stride.push_back(attributes_[axis]);
      s.padding.push_back(attributes_[d_ + axis]);
      if (s.stride[axis] < 1 || s.stride[axis] > most) fail("a stride must be positive");
      if (s.padding[axis] < 0 || s.padding[axis] > most) fail("a padding must not be negative");
    }
  }
  std::vector<std::int64_t> extra() const {
    std::vector<std::int64_t> extents(attributes_.begin() + static_cast<std::ptrdiff_t>(2 * d_), attributes_.end());
    const Shape both[] = {first_, second_};
    stated_shape(operation_, extents, both);
    return extents;
  }
  /// Batch, channels and spatial extents of a feature map.
  std::int64_t feature_map(const Shape& x, std::string_view what, ConvolutionSizes& s,
                           std::vector<std::int64_t>& spatial) const {
    if (x.rank() != d_ + 1 && x.rank() != d_ + 2)
      fail(std::string(what) + " has " + std::to_string(d_ + 1) + " axes, channels first, or a batch axis before them");
    s.batched = x.rank() == d_ + 2;
    s.batch = s.batched ? x[0] : 1;
    spatial = tail(x);
    return x[x.rank() - d_ - 1];
  }
  void kernel(const Shape& k, ConvolutionSizes& s) const {
    if (k.rank() != d_ + 2) fail("the kernels have " + std::to_string(d_ + 2) + " axes: [c_out, c_in, window]");
    s.c_out = k[0];
    s.c_in = k[1];
    s.w = tail(k);
  }
  /// Fills m from n, w and the steps.
  void outputs(ConvolutionSizes& s) const {
    for (std::size_t axis = 0; axis < d_; ++axis) {
      if (s.w[axis] < 1) fail("the window is empty");
      if (s.n[axis] > most * 64) fail("an extent is too large");
      const std::int64_t room = s.n[axis] + 2 * s.padding[axis] - s.w[axis];
      if (room < 0) fail("the window is larger than the padded input");
      s.m.push_back(room / s.stride[axis] + 1);
    }
  }
  void check(const Shape& stated, const Shape& needed, std::string_view what) const {
    if (stated != needed) fail(std::string(what) + " should have the shape " + needed.to_string());
  }
  std::vector<std::int64_t> tail(const Shape& x) const {
    return {x.extents().end() - static_cast<std::ptrdiff_t>(d_), x.extents().end()};
  }

 private:
  std::string_view operation_;
  std::size_t d_;
  Attributes attributes_;
  const Shape& first_;
  const Shape& second_;
};

}  // namespace

ConvolutionSizes convolution_sizes(std::string_view operation, std::size_t d, Attributes attributes, const Shape& x,
                                   const Shape& kernel) {
  const Reader reader(operation, d, attributes, x, kernel);
  ConvolutionSizes s;
  reader.steps(s, 0);
  reader.kernel(kernel, s);
  const std::int64_t channels = reader.feature_map(x, "the input", s, s.n);
  if (channels != s.c_in)
    reader.fail("the input has " + std::to_string(channels) + " channels, the kernels take " + std::to_string(s.c_in));
  reader.outputs(s);
  const Shape both[] = {x, kernel};
  stated_shape(operation, s.output().extents(), both);
  return s;
}

ConvolutionSizes transposed_sizes(std::string_view operation, std::size_t d, Attributes attributes, const Shape& y,
                                  const Shape& kernel) {
  const Reader reader(operation, d, attributes, y, kernel);
  ConvolutionSizes s;
  reader.steps(s, 1);
  reader.kernel(kernel, s);
  s.n = reader.extra();
  std::vector<std::int64_t> spatial;
  reader.feature_map(y, "the first operand", s, spatial);
  reader.outputs(s);
  reader.check(y, s.output(), "the first operand");
  const Shape both[] = {y, kernel};
  stated_shape(operation, s.input().extents(), both);
  return s;
}

ConvolutionSizes kernel_sizes(std::string_view operation, std::size_t d, Attributes attributes, const Shape& x,
                              const Shape& y) {
  const Reader reader(operation, d, attributes, x, y);
  ConvolutionSizes s;
  reader.steps(s, 1);
  s.w = reader.extra();
  std::vector<std::int64_t> spatial;
  s.c_out = reader.feature_map(y, "the second operand", s, spatial);
  s.c_in = reader.feature_map(x, "the first operand", s, s.n);
  reader.outputs(s);
  reader.check(y, s.output(), "the second operand");
  const Shape both[] = {x, y};
  stated_shape(operation, s.kernel().extents(), both);
  return s;
}

}  // namespace nabla::detail
