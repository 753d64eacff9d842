#pragma once

#include <nabla/ops/reductions.hpp>

/// Products of vectors and matrices, and what moves between them. Every rule here is polynomial: no division.
namespace nabla {

namespace detail {

/// The shape of a product under NumPy's rules, and how it is computed: operands as stacks of matrices.
struct Product {
  Shape left, right;  // with rank 2 or more: a vector on the left is a row, on the right a column
  Shape stacked;      // of the product of these
  Shape result;       // without the axes that were added to vectors
  std::vector<std::int64_t> left_strides, right_strides;  // of the leading axes of `stacked`, in matrices
  std::int64_t rows = 0, inner = 0, columns = 0;
};
/// \throws ShapeError
Product product(const Shape& left, const Shape& right);

}  // namespace detail

struct MatMul : Structured<2> {
  static constexpr std::string_view name = "matmul";
  static constexpr Facts facts{
      .summary =
          "the product of matrices, of matrix and vector (which stays a vector), of two "
          "vectors (a scalar), of stacks of matrices",
      .source = "NumPy reference, numpy.matmul; Giles 2008, 2.2.1",
      .notation = {.symbol = "*", .precedence = 6, .latex = "{0} {1}", .cpp = "matmul({0}, {1})"}};
  static Shape shape(Attributes, std::span<const Shape> x) { return detail::product(x[0], x[1]).result; }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const detail::Product p = detail::product(*x[0].shape, *x[1].shape);
    const Shape stack(std::vector<std::int64_t>(p.stacked.extents().begin(), p.stacked.extents().end() - 2));
    std::vector<std::int64_t> right_at;
    detail::for_each_index(stack, p.right_strides, [&](std::int64_t, std::int64_t at) { right_at.push_back(at); });
    detail::for_each_index(stack, p.left_strides, [&](std::int64_t i, std::int64_t left_at) {
      const V* a = x[0].data + left_at * p.rows * p.inner;
      const V* b = x[1].data + right_at[static_cast<std::size_t>(i)] * p.inner * p.columns;
      V* c = y.data + i * p.rows * p.columns;
      for (std::int64_t row = 0; row < p.rows; ++row)
        for (std::int64_t column = 0; column < p.columns; ++column) {
          V total(0);
          for (std::int64_t k = 0; k < p.inner; ++k) total = total + a[row * p.inner + k] * b[k * p.columns + column];
          c[row * p.columns + column] = total;
        }
    });
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x);
};

struct Dot : Structured<2> {
  static constexpr std::string_view name = "dot";
  static constexpr Facts facts{.summary = "the inner product of two vectors",
                               .notation = {.latex = "\\left\\langle {0}, {1} \\right\\rangle"}};
  static Shape shape(Attributes, std::span<const Shape> x) {
    if (x[0].rank() != 1 || x[1].rank() != 1 || x[0] != x[1])
      throw ShapeError(name, "takes two vectors of one length", {x[0], x[1]});
    return {};
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    V total(0);
    for (std::int64_t i = 0; i < x[0].size(); ++i) total = total + x[0][i] * x[1][i];
    y[0] = total;
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
    return {adjoint * x[1], adjoint * x[0]};
  }
};

struct Outer : Structured<2> {
  static constexpr std::string_view name = "outer";
  static constexpr Facts facts{.summary = "the matrix of products x_i * y_j of two vectors",
                               .notation = {.latex = "{0} \\otimes {1}"}};
  static Shape shape(Attributes, std::span<const Shape> x) {
    if (x[0].rank() != 1 || x[1].rank() != 1) throw ShapeError(name, "takes two vectors", {x[0], x[1]});
    return detail::stated_shape(name, std::vector<std::int64_t>{x[0][0], x[1][0]}, x);
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t columns = x[1].size();
    for (std::int64_t i = 0; i < x[0].size(); ++i)
      for (std::int64_t j = 0; j < columns; ++j) y[i * columns + j] = x[0][i] * x[1][j];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
    return {matmul(adjoint, x[1]), matmul(x[0], adjoint)};
  }
};

struct Diag : Structured<1> {
  static constexpr std::string_view name = "diag";
  static constexpr Facts facts{.summary = "the square matrix with a vector on its diagonal and zeros elsewhere",
                               .curvature = Curvature::affine};
  static Shape shape(Attributes, std::span<const Shape> x) {
    if (x[0].rank() != 1) throw ShapeError(name, "takes a vector; diagonal takes one out of a matrix", {x[0]});
    return detail::stated_shape(name, std::vector<std::int64_t>{x[0][0], x[0][0]}, x);
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = x[0].size();
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
    for (std::int64_t i = 0; i < n; ++i) y[i * (n + 1)] = x[0][i];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T>) {
    return {diagonal(adjoint)};
  }
};

struct Diagonal : Structured<1> {
  static constexpr std::string_view name = "diagonal";
  static constexpr Facts facts{.summary = "the diagonal of a square matrix, a vector", .curvature = Curvature::affine};
  static Shape shape(Attributes, std::span<const Shape> x) {
    if (x[0].rank() != 2 || x[0][0] != x[0][1]) throw ShapeError(name, "takes a square matrix", {x[0]});
    return {x[0][0]};
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = x[0][i * (y.size() + 1)];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T>) {
    return {diag(adjoint)};
  }
};

struct Trace : Structured<1> {
  static constexpr std::string_view name = "trace";
  static constexpr Facts facts{.summary = "the sum of the diagonal of a square matrix",
                               .source = "Giles 2008, 2.2",
                               .curvature = Curvature::affine,
                               .notation = {.latex = "\\operatorname{{tr}}\\left({0}\\right)"}};
  static Shape shape(Attributes, std::span<const Shape> x) {
    if (x[0].rank() != 2 || x[0][0] != x[0][1]) throw ShapeError(name, "takes a square matrix", {x[0]});
    return {};
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = (*x[0].shape)[0];
    y[0] = V(0);
    for (std::int64_t i = 0; i < n; ++i) y[0] = y[0] + x[0][i * (n + 1)];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
    return {diag(broadcast_to(adjoint, Shape{nabla::shape(x[0])[0]}))};
  }
};

struct Tril : Structured<1> {
  static constexpr std::string_view name = "tril";
  static constexpr Facts facts{.summary = "a matrix with zeros above its diagonal", .curvature = Curvature::affine};
  static Shape shape(Attributes, std::span<const Shape> x) {
    if (x[0].rank() != 2) throw ShapeError(name, "takes a matrix", {x[0]});
    return x[0];
  }
  template <Field V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t columns = (*y.shape)[1];
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] = i % columns > i / columns ? V(0) : x[0][i];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T>) {
    return {tril(adjoint)};
  }
};

/// The product of matrices or vectors by NumPy's rules; leading axes are stacks and broadcast. \throws ShapeError
template <Tensor T>
T matmul(const T& x, const T& y, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<MatMul, T>(where, {}, {x, y});
}
/// The inner product of two vectors of one length, a scalar. \throws ShapeError
template <Tensor T>
T dot(const T& x, const T& y, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Dot, T>(where, {}, {x, y});
}
/// The matrix [m, n] of products of the entries of two vectors [m] and [n]. \throws ShapeError
template <Tensor T>
T outer(const T& x, const T& y, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Outer, T>(where, {}, {x, y});
}
/// The matrix [n, n] with a vector [n] on its diagonal. \throws ShapeError
template <Tensor T>
T diag(const T& x, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Diag, T>(where, {}, {x});
}
/// The diagonal [n] of a matrix [n, n]. \throws ShapeError
template <Tensor T>
T diagonal(const T& x, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Diagonal, T>(where, {}, {x});
}
/// The sum of the diagonal of a matrix [n, n]. \throws ShapeError
template <Tensor T>
T trace(const T& x, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Trace, T>(where, {}, {x});
}
/// A matrix with the entries above its diagonal replaced by 0. \throws ShapeError
template <Tensor T>
T tril(const T& x, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Tril, T>(where, {}, {x});
}

namespace detail {

/// Every matrix of a stack transposed.
template <Tensor T>
T transpose_each(const T& x) {
  const auto rank = static_cast<std::int64_t>(nabla::shape(x).rank());
  std::vector<std::int64_t> order;
  for (std::int64_t axis = 0; axis < rank - 2; ++axis) order.push_back(axis);
  order.insert(order.end(), {rank - 1, rank - 2});
  return transpose(x, order);
}

}  // namespace detail

template <Tensor T>
std::vector<T> MatMul::pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
  const Shape a = nabla::shape(x[0]);
  const Shape b = nabla::shape(x[1]);
  if (a.rank() == 1 && b.rank() == 1) return {adjoint * x[1], adjoint * x[0]};
  if (a.rank() == 2 && b.rank() == 1) return {outer(adjoint, x[1]), matmul(adjoint, x[0])};
  if (a.rank() == 1 && b.rank() == 2) return {matmul(x[1], adjoint), outer(x[0], adjoint)};
  const detail::Product p = detail::product(a, b);
  const T whole = reshape(adjoint, p.stacked);
  const T to_left = matmul(whole, detail::transpose_each(reshape(x[1], p.right)));
  const T to_right = matmul(detail::transpose_each(reshape(x[0], p.left)), whole);
  return {reshape(sum_to(to_left, p.left), a), reshape(sum_to(to_right, p.right), b)};
}

using LinearOperators = Operators<MatMul, Dot, Outer, Diag, Diagonal, Trace, Tril>;

}  // namespace nabla
