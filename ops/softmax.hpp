#pragma once

#include <nabla/ops/exponential.hpp>
#include <nabla/ops/inspect.hpp>
#include <nabla/ops/reductions.hpp>

/// Sums of exponentials, and distributions made of them.
///
/// Numbers are shifted by the largest entry, so that nothing overflows. Enclosures are not: in the forms used for them
/// a variable that occurs several times pulls every time in one direction, so that the result on a box is the exact
/// range.
namespace nabla {

namespace detail {

/// Where the largest of n entries is, the first of equal ones.
template <Ordered V>
requires Inspectable<V> std::int64_t largest_of(const V* x, std::int64_t n) {
  std::int64_t top = 0;
  for (std::int64_t i = 1; i < n; ++i)
    if (certainly_less(x[top], x[i])) top = i;
  return top;
}

/// sum over j != i of exp(x_j - x_i): softmax_i is 1 / (1 + this), log_softmax_i is -log(1 + this).
template <Elementary V>
V others_relative_to(const V* x, std::int64_t n, std::int64_t i) {
  V total(0);
  for (std::int64_t j = 0; j < n; ++j)
    if (j != i) total = total + nabla::exp(V(x[j] - x[i]));
  return total;
}

/// log(sum exp) of n entries. \pre n > 0
template <Elementary V>
requires Inspectable<V> V log_sum_exp(const V* x, std::int64_t n) {
  if constexpr (Number<V>::encloses) {
    V total(0);
    for (std::int64_t i = 0; i < n; ++i) total = total + nabla::exp(V(x[i]));
    return nabla::log(total);
  } else {
    const std::int64_t top = largest_of(x, n);
    const V largest = x[top];
    if constexpr (!Lifted<V>) {
      if (!Number<V>::is_zero(largest - largest)) return largest;  // infinite or NaN
    }
    return largest + nabla::log1p(others_relative_to(x, n, top));
  }
}

template <Elementary V>
requires Inspectable<V>
void log_softmax_row(const V* x, std::int64_t n, V* y) {
  if constexpr (Number<V>::encloses) {
    for (std::int64_t i = 0; i < n; ++i) y[i] = -nabla::log1p(others_relative_to(x, n, i));
  } else {
    if (n == 0) return;
    const std::int64_t top = largest_of(x, n);
    // Not x_i minus the log-sum-exp: that is the difference of two numbers as large as the entries.
    const V excess = nabla::log1p(others_relative_to(x, n, top));
    for (std::int64_t i = 0; i < n; ++i) y[i] = i == top ? V(-excess) : V((x[i] - x[top]) - excess);
  }
}

/// sum of exp(x_j), as definitions state it. \pre n > 0
template <Elementary V>
V sum_of_exponentials(const V* x, std::int64_t n) {
  V total = nabla::exp(x[0]);
  for (std::int64_t j = 1; j < n; ++j) total = total + nabla::exp(x[j]);
  return total;
}

/// \throws ShapeError when x is a scalar
inline Shape rows_shape(std::string_view operation, const Shape& x) {
  if (x.is_scalar()) throw ShapeError(operation, "works on vectors and on the rows of a matrix, not on a scalar", {x});
  return x;
}
inline std::int64_t row_length(const Shape& x) { return x[x.rank() - 1]; }

}  // namespace detail

struct Softmax : Structured<1> {
  static constexpr std::string_view name = "softmax";
  static constexpr Facts facts{.summary = "exp(x_i) / sum_j exp(x_j), of a vector or of each row (the last axis)",
                               .source = "Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.3; DLMF 4.2.19",
                               .range = {.lo = 0, .hi = 1, .hi_closed = true}};
  static Shape shape(Attributes, std::span<const Shape> x) { return detail::rows_shape(name, x[0]); }
  template <Elementary V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = detail::row_length(*y.shape);
    for (std::int64_t row = 0; row < y.size(); row += n) {
      const V* from = x[0].data + row;
      V* to = y.data + row;
      if constexpr (Number<V>::encloses) {
        for (std::int64_t i = 0; i < n; ++i) to[i] = V(1) / (V(1) + detail::others_relative_to(from, n, i));
      } else {
        const std::int64_t top = detail::largest_of(from, n);
        V total(0);
        for (std::int64_t i = 0; i < n; ++i) {
          to[i] = i == top ? V(1) : V(nabla::exp(V(from[i] - from[top])));
          total = total + to[i];
        }
        for (std::int64_t i = 0; i < n; ++i) to[i] = to[i] / total;
      }
    }
  }
  template <Elementary V>
  static void definition(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = detail::row_length(*y.shape);
    for (std::int64_t i = 0; i < y.size(); ++i)
      y[i] = nabla::exp(x[0][i]) / detail::sum_of_exponentials(x[0].data + i / n * n, n);
  }
  template <Tensor T>
  requires Elementary<T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T>) {
    const T weighted = y * adjoint;
    return {weighted - y * sum(weighted, -1, true)};
  }
};

struct LogSoftmax : Structured<1> {
  static constexpr std::string_view name = "log_softmax";
  static constexpr Facts facts{.summary = "x_i - log(sum_j exp(x_j)), of a vector or of each row (the last axis)",
                               .source = "Goodfellow, Bengio, Courville, Deep Learning, 6.2.2.3",
                               .range = {.hi = 0, .hi_closed = true},
                               .curvature = Curvature::concave};
  static Shape shape(Attributes, std::span<const Shape> x) { return detail::rows_shape(name, x[0]); }
  template <Elementary V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = detail::row_length(*y.shape);
    for (std::int64_t row = 0; row < y.size(); row += n) detail::log_softmax_row(x[0].data + row, n, y.data + row);
  }
  template <Elementary V>
  static void definition(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = detail::row_length(*y.shape);
    for (std::int64_t i = 0; i < y.size(); ++i)
      y[i] = x[0][i] - nabla::log(detail::sum_of_exponentials(x[0].data + i / n * n, n));
  }
  template <Tensor T>
  requires Elementary<T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T>) {
    return {adjoint - exp(y) * sum(adjoint, -1, true)};
  }
};

/// Attributes as of sum.
struct LogSumExp : Structured<1> {
  static constexpr std::string_view name = "logsumexp";
  static constexpr Facts facts{.summary = "log(sum exp(x)) of the entries along axes, of all by default",
                               .source = "Boyd & Vandenberghe, Convex Optimization, 3.1.5",
                               .monotone = Monotone::increasing,
                               .curvature = Curvature::convex};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction_of_some(name, "the logarithm of a sum", attributes, x[0]).result;
  }
  template <Elementary V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    const Shape& from = *x[0].shape;
    const detail::Reduction r = detail::reduction(name, attributes, from);
    std::vector<std::vector<V>> groups(static_cast<std::size_t>(y.size()));
    for (std::vector<V>& group : groups) group.reserve(static_cast<std::size_t>(r.count));
    detail::for_each_reduced(
        r, x[0], [&](std::int64_t at, std::int64_t i) { groups[static_cast<std::size_t>(at)].push_back(x[0][i]); });
    for (std::int64_t i = 0; i < y.size(); ++i)
      y[i] = detail::log_sum_exp(groups[static_cast<std::size_t>(i)].data(), r.count);
  }
  template <Elementary V>
  static void definition(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    detail::for_each_reduced(detail::reduction(name, attributes, *x[0].shape), x[0],
                             [&](std::int64_t at, std::int64_t i) { y[at] = y[at] + nabla::exp(x[0][i]); });
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = nabla::log(y[i]);
  }
  template <Tensor T>
  requires Elementary<T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
};

/// Of a vector, or of each row of a matrix (of the last axis). \throws ShapeError for a scalar
template <Tensor T>
T softmax(const T& x, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Softmax, T>(where, {}, {x});
}
/// Of a vector, or of each row of a matrix (of the last axis). \throws ShapeError for a scalar
template <Tensor T>
T log_softmax(const T& x, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<LogSoftmax, T>(where, {}, {x});
}
/// log(sum exp) along `axes` (none: all), which are dropped or kept with extent 1. \throws ShapeError for no entries
template <Tensor T>
T logsumexp(const T& x, const Axes& axes = {}, bool keepdims = false,
            std::source_location where = std::source_location::current()) {
  return detail::reduce<LogSumExp>(x, axes, keepdims, where);
}

template <Tensor T>
requires Elementary<T> std::vector<T> LogSumExp::pullback(Attributes attributes, const T& adjoint, const T&,
                                                          std::span<const T> x) {
  const Shape from = nabla::shape(x[0]);
  const detail::Reduction r = detail::reduction(name, attributes, from);
  const T weights = detail::from_rows(softmax(detail::as_rows(x[0], r)), r, from);
  return {detail::stretched(adjoint, r, from) * weights};
}

using SoftmaxOperators = Operators<Softmax, LogSoftmax, LogSumExp>;

}  // namespace nabla
