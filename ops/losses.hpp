#pragma once

#include <nabla/ops/comparison.hpp>
#include <nabla/ops/softmax.hpp>

/// Losses: how far predictions are from targets, as one number.
namespace nabla {

namespace detail {

/// adjoint * partial where the partial may be infinite or undefined: an adjoint that is exactly zero gives exactly
/// zero. A kind that can tell whether that can happen at all says how (Number<T>::chain).
template <Tensor T>
T chained(const T& adjoint, const T& partial) {
  if constexpr (requires { Number<T>::chain(adjoint, partial); }) {
    return Number<T>::chain(adjoint, partial);
  } else {
    return masked(adjoint, partial);
  }
}

/// \throws ShapeError
inline void check_same_shape(std::string_view operation, std::span<const Shape> x) {
  if (x[0] != x[1]) throw ShapeError(operation, "prediction and target must have one shape", {x[0], x[1]});
}

}  // namespace detail

/// Operands: the prediction y, the target t of its shape, and perhaps the base of the logarithm, a scalar.
struct CrossEntropy : Structured<variadic> {
  static constexpr std::string_view name = "cross_entropy";
  static constexpr Facts facts{.summary =
                                   "-sum(t * log(y)), with a base as third operand divided by its logarithm; y must be "
                                   "positive also where t is 0",
                               .source = "Goodfellow, Bengio, Courville, Deep Learning, 3.13",
                               .domain = positive};
  static Shape shape(Attributes, std::span<const Shape> x) {
    if (x.size() != 2 && x.size() != 3)
      throw ShapeError(name,
                       "takes a prediction, a target and perhaps a base, not " + std::to_string(x.size()) + " operands",
                       {x.begin(), x.end()});
    detail::check_same_shape(name, x);
    if (x.size() == 3 && !x[2].is_scalar()) throw ShapeError(name, "the base is a scalar", {x[2]});
    return {};
  }
  template <Elementary V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    V total(0);
    for (std::int64_t i = 0; i < x[0].size(); ++i) total = total - x[1][i] * nabla::log(V(x[0][i]));
    y[0] = x.size() == 3 ? V(total / nabla::log(V(x[2][0]))) : total;
  }
  template <Tensor T>
  requires Elementary<T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x) {
    if (x.size() == 2) return {-detail::chained(adjoint, T(x[1] / x[0])), -detail::chained(adjoint, T(log(x[0])))};
    const T scale = log(x[2]);
    return {-detail::chained(adjoint, T(x[1] / (x[0] * scale))), -detail::chained(adjoint, T(log(x[0]) / scale)),
            -detail::chained(adjoint, T(y / (x[2] * scale)))};
  }
  /// 1 for every entry of y (and the base) that has a logarithm to divide by.
  template <Tensor T>
  requires Ordered<T>
  static T defined(Attributes, std::span<const T> x) {
    const T inside = lt(T(0), x[0]);
    return x.size() == 2 ? inside : inside * (lt(T(0), x[2]) * ne(x[2], T(1)));
  }
};

struct SquaredError : Structured<2> {
  static constexpr std::string_view name = "squared_error";
  static constexpr Facts facts{.summary = "sum((a - t)^2) / 2", .range = nonnegative};
  static Shape shape(Attributes, std::span<const Shape> x) {
    detail::check_same_shape(name, x);
    return {};
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    V total(0);
    for (std::int64_t i = 0; i < x[0].size(); ++i) total = total + nabla::powi(V(x[0][i] - x[1][i]), 2);
    y[0] = total * ratio<V>(1, 2);
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
    const T step = adjoint * (x[0] - x[1]);
    return {step, -step};
  }
};

/// cross_entropy(softmax(z), t) in one step, which neither overflows nor takes the logarithm of a rounded 0.
struct SoftmaxCrossEntropy : Structured<2> {
  static constexpr std::string_view name = "softmax_cross_entropy";
  static constexpr Facts facts{.summary = "-sum(t * log_softmax(z)): over rows, logsumexp(z) * sum(t) - dot(t, z)",
                               .source = "Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.3"};
  static Shape shape(Attributes, std::span<const Shape> x) {
    detail::check_same_shape(name, x);
    detail::rows_shape(name, x[0]);
    return {};
  }
  template <Elementary V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = detail::row_length(*x[0].shape);
    std::vector<V> row(static_cast<std::size_t>(n), V(0));
    V total(0);
    for (std::int64_t first = 0; first < x[0].size(); first += n) {
      detail::log_softmax_row(x[0].data + first, n, row.data());
      for (std::int64_t i = 0; i < n; ++i) total = total - x[1][first + i] * row[static_cast<std::size_t>(i)];
    }
    y[0] = total;
  }
  template <Elementary V>
  static void definition(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = detail::row_length(*x[0].shape);
    y[0] = V(0);
    for (std::int64_t i = 0; i < x[0].size(); ++i)
      y[0] = y[0] - x[1][i] * (x[0][i] - nabla::log(detail::sum_of_exponentials(x[0].data + i / n * n, n)));
  }
  template <Tensor T>
  requires Elementary<T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
    return {adjoint * (softmax(x[0]) * sum(x[1], -1, true) - x[1]), -(adjoint * log_softmax(x[0]))};
  }
};

/// -sum(t * log(y)), a scalar. \throws ShapeError when the shapes differ
template <Tensor T>
T cross_entropy(const T& y, const T& t, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<CrossEntropy, T>(where, {}, {y, t});
}
/// -sum(t * log(y)) / log(base), a scalar. \throws ShapeError when the shapes differ or the base is not a scalar
template <Tensor T>
T cross_entropy(const T& y, const T& t, const T& base, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<CrossEntropy, T>(where, {}, {y, t, base});
}
/// sum((a - t)^2) / 2, a scalar. \throws ShapeError when the shapes differ
template <Tensor T>
T squared_error(const T& a, const T& t, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<SquaredError, T>(where, {}, {a, t});
}
/// -sum(t * log_softmax(z)) over all rows, a scalar. \throws ShapeError when the shapes differ or are scalar
template <Tensor T>
T softmax_cross_entropy(const T& z, const T& t, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<SoftmaxCrossEntropy, T>(where, {}, {z, t});
}

using LossOperators = Operators<CrossEntropy, SquaredError, SoftmaxCrossEntropy>;

}  // namespace nabla
