#pragma once

#include <nabla/engine/kernels/eigen.hpp>
#include <nabla/engine/kernels/elementwise.hpp>
#include <nabla/ops/registry.hpp>

namespace nabla {

/// A tensor of values that owns them: what a structured rule's pullback runs on when the numbers are numbers. Its
/// members stay out of line because the rules of a hundred operators, in each kind of number, make and drop arrays at
/// every step.
template <class V>
class Array {
 public:
  Array() = default;
  [[gnu::noinline]] Array(int n) : Array(Shape{}, {V(n)}) {}
  [[gnu::noinline]] Array(Shape shape, std::vector<V> values)
      : shape_(std::move(shape)), values_(std::move(values)), empty_(false) {}
  [[gnu::noinline]] explicit Array(View<const V> view)
      : Array(*view.shape, std::vector<V>(view.data, view.data + view.size())) {}
  [[gnu::noinline]] Array(const Array& other) : shape_(other.shape_), values_(other.values_), empty_(other.empty_) {}
  [[gnu::noinline]] Array(Array&& other) noexcept
      : shape_(std::move(other.shape_)), values_(std::move(other.values_)), empty_(other.empty_) {}
  [[gnu::noinline]] Array& operator=(const Array& other) {
    shape_ = other.shape_, values_ = other.values_, empty_ = other.empty_;
    return *this;
  }
  [[gnu::noinline]] Array& operator=(Array&& other) noexcept {
    shape_ = std::move(other.shape_), values_ = std::move(other.values_), empty_ = other.empty_;
    return *this;
  }
  [[gnu::noinline]] ~Array() {}

  bool empty() const { return empty_; }
  explicit operator bool() const { return !empty_; }
  const Shape& shape() const { return shape_; }
  const std::vector<V>& values() const { return values_; }
  View<const V> view() const { return {values_.data(), &shape_}; }
  View<V> view() { return {values_.data(), &shape_}; }

 private:
  Shape shape_;
  std::vector<V> values_;
  bool empty_ = true;
};

template <class V>
struct Number<Array<V>> {
  using T = Array<V>;
  static constexpr std::string_view kind = Number<V>::kind;
  static constexpr Level level = Number<V>::level;
  static constexpr bool lifts = true;
  static constexpr bool own_infix = false;
  static constexpr bool encloses = Number<V>::encloses;
  static constexpr bool exact = Number<V>::exact;
  static T of(const Constant& value) { return T(Shape{}, {Number<V>::of(value)}); }
  static const Shape& shape_of(const T& x) { return x.shape(); }

  template <class Op, class... A>
  static T apply(std::source_location, const A&... a) {
    const T operands[] = {T(a)...};
    return elementwise(Op::name, {}, operands, detail::elementwise_value<Op, V>);
  }
  template <class Op>
  static T apply_indexed(std::source_location, std::int64_t n, const T& x) {
    return elementwise(Op::name, {&n, 1}, {&x, 1}, detail::elementwise_value<Op, V>);
  }
  template <class Op>
  static T apply_structured(std::source_location, Attributes attributes, std::span<const T> x) {
    return structured(Op::shape, attributes, x, [](Attributes a, std::span<const View<const V>> views, View<V> y) {
      if constexpr (HasFused<Op, V>) {
        Fused<Op, V>::value({.attributes = a, .operands = views, .result = y, .operand_adjoints = {}});
      } else {
        Op::template evaluate<V>(a, views, y);
      }
    });
  }

 private:
  using Compute = void(Attributes, std::span<const View<const V>>, View<V>);

  static std::vector<Shape> shapes(std::span<const T> x) {
    std::vector<Shape> result;
    for (const T& a : x) result.push_back(a.shape());
    return result;
  }
  static T run(Shape shape, Attributes attributes, std::span<const T> x, Compute* compute) {
    T y(shape, std::vector<V>(static_cast<std::size_t>(shape.size())));
    std::vector<View<const V>> views;
    for (const T& a : x) views.push_back(a.view());
    compute(attributes, std::span<const View<const V>>(views), y.view());
    return y;
  }
  [[gnu::noinline]] static T elementwise(std::string_view name, Attributes attributes, std::span<const T> x,
                                         Compute* compute) {
    return run(broadcast(name, shapes(x)), attributes, x, compute);
  }
  [[gnu::noinline]] static T structured(Shape (*shape)(Attributes, std::span<const Shape>), Attributes attributes,
                                        std::span<const T> x, Compute* compute) {
    return run(shape(attributes, shapes(x)), attributes, x, compute);
  }
};

}  // namespace nabla
