#pragma once

#include <nabla/ops/elimination.hpp>
#include <nabla/ops/exponential.hpp>
#include <nabla/ops/linear.hpp>
#include <nabla/ops/powers.hpp>

/// Determinants, inverses, linear systems and the Cholesky factor of square matrices.
namespace nabla {

namespace detail {

/// \throws ShapeError
std::int64_t square_order(std::string_view operation, std::span<const Shape> x);

template <class V>
std::vector<V> entries_of(View<const V> x) {
  return std::vector<V>(x.data, x.data + x.size());
}

/// Cofactors as polynomials in the entries.
template <class R>
std::vector<R> cofactors_without_division(const std::vector<R>& a, std::int64_t n) {
  std::vector<R> result;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      std::vector<R> minor;
      for (std::int64_t k = 0; k < n * n; ++k)
        if (k / n != i && k % n != j) minor.push_back(a[static_cast<std::size_t>(k)]);
      const R value = determinant_without_division(minor, n - 1);
      result.push_back((i + j) % 2 == 0 ? value : R(-value));
    }
  return result;
}

/// The solution of A X = B for B of n rows: the adjugate times B over the determinant (Cramer's rule).
template <class V>
std::vector<V> solution_by_cofactors(const std::vector<V>& a, std::int64_t n, const std::vector<V>& b,
                                     std::int64_t columns) {
  const std::vector<V> c = cofactors_without_division(a, n);
  const V det = determinant_without_division(a, n);
  std::vector<V> x;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t column = 0; column < columns; ++column) {
      V total(0);
      for (std::int64_t k = 0; k < n; ++k)
        total = total + c[static_cast<std::size_t>(k * n + i)] * b[static_cast<std::size_t>(k * columns + column)];
      x.push_back(total / det);
    }
  return x;
}

}  // namespace detail

struct Det : Structured<1> {
  static constexpr std::string_view name = "det";
  static constexpr Facts facts{.summary = "the determinant of a square matrix; 1 of the empty one",
                               .source =
                                   "DLMF 1.3(i); Giles 2008, 2.2.4, with cofactors in place of the inverse, so that "
                                   "it holds for singular matrices too",
                               .notation = {.latex = "\\det\\left({0}\\right)"}};
  static Shape shape(Attributes, std::span<const Shape> x) {
    detail::square_order(name, x);
    return {};
  }
  template <Field V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    y[0] = detail::determinant(detail::entries_of(x[0]), (*x[0].shape)[0]);
  }
  template <Field V>
  static void definition(Attributes, std::span<const View<const V>> x, View<V> y) {
    y[0] = detail::determinant_without_division(detail::entries_of(x[0]), (*x[0].shape)[0]);
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
    return {adjoint * cofactor(x[0])};
  }
};

/// Operands: A, and k directions G_1, ..., G_k of its shape, at most `most_directions`. The k-th derivative of the
/// cofactors is linear and symmetric in the directions, so the derivatives of this operator are itself again.
struct Cofactor : Structured<variadic> {
  static constexpr std::string_view name = "cofactor";
  static constexpr std::size_t most_directions = 12;
  static constexpr Facts facts{.summary =
                                   "the gradient of det, the matrix of cofactors; given more matrices, its "
                                   "derivative along each of them",
                               .source = "DLMF 1.3.5; Magnus & Neudecker, Matrix Differential Calculus, 8.3"};
  static Shape shape(Attributes, std::span<const Shape> x);
  template <Field V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = (*y.shape)[0];
    const std::size_t directions = x.size() - 1;
    if (directions == 0) {
      const std::vector<V> c = detail::cofactors(detail::entries_of(x[0]), n);
      for (std::size_t i = 0; i < c.size(); ++i) y[static_cast<std::int64_t>(i)] = c[i];
      return;
    }
    std::vector<detail::Multilinear<V>> moved;
    for (std::int64_t i = 0; i < y.size(); ++i) {
      std::vector<V> parts(std::size_t{1} << directions, V(0));
      parts[0] = x[0][i];
      for (std::size_t k = 0; k < directions; ++k) parts[std::size_t{1} << k] = x[k + 1][i];
      moved.emplace_back(std::move(parts));
    }
    const std::vector<detail::Multilinear<V>> c = detail::cofactors(moved, n);
    for (std::size_t i = 0; i < c.size(); ++i) y[static_cast<std::int64_t>(i)] = c[i].top(directions);
  }
  template <Field V>
  static void definition(Attributes, std::span<const View<const V>> x, View<V> y) {
    std::vector<detail::Multilinear<V>> moved;
    for (std::int64_t i = 0; i < y.size(); ++i) {
      std::vector<V> parts(std::size_t{1} << (x.size() - 1), V(0));
      for (std::size_t k = 0; k < x.size(); ++k) parts[k == 0 ? 0 : std::size_t{1} << (k - 1)] = x[k][i];
      moved.emplace_back(std::move(parts));
    }
    const std::vector<detail::Multilinear<V>> c = detail::cofactors_without_division(moved, (*y.shape)[0]);
    for (std::size_t i = 0; i < c.size(); ++i) y[static_cast<std::int64_t>(i)] = c[i].top(x.size() - 1);
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x);
};

struct Inv : Structured<1> {
  static constexpr std::string_view name = "inv";
  static constexpr Facts facts{.summary = "the inverse of a square matrix",
                               .source = "Giles 2008, 2.2.3",
                               .notation = {.latex = "\\left({0}\\right)^{{-1}}"}};
  static Shape shape(Attributes, std::span<const Shape> x) {
    detail::square_order(name, x);
    return x[0];
  }
  template <Field V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = (*y.shape)[0];
    const std::vector<V> inverse = detail::solution(name, detail::entries_of(x[0]), n, detail::identity<V>(n), n);
    for (std::size_t i = 0; i < inverse.size(); ++i) y[static_cast<std::int64_t>(i)] = inverse[i];
  }
  template <Field V>
  static void definition(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = (*y.shape)[0];
    const std::vector<V> inverse =
        detail::solution_by_cofactors(detail::entries_of(x[0]), n, detail::identity<V>(n), n);
    for (std::size_t i = 0; i < inverse.size(); ++i) y[static_cast<std::int64_t>(i)] = inverse[i];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T>) {
    const T transposed = transpose(y);
    return {-matmul(matmul(transposed, adjoint), transposed)};
  }
  template <Tensor T>
  requires Ordered<T>
  static T defined(Attributes, std::span<const T> x) { return ne(det(x[0]), T(0)); }
};

struct Solve : Structured<2> {
  static constexpr std::string_view name = "solve";
  static constexpr Facts facts{.summary = "the solution x of A x = b for a square matrix A and a vector or matrix b",
                               .source = "Giles 2008, 2.3.1",
                               .notation = {.latex = "\\left({0}\\right)^{{-1}} {1}"}};
  static Shape shape(Attributes, std::span<const Shape> x);
  template <Field V>
  requires detail::Inspectable<V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = (*x[0].shape)[0];
    const std::int64_t columns = y.shape->rank() == 1 ? 1 : (*y.shape)[1];
    const std::vector<V> found = detail::solution(name, detail::entries_of(x[0]), n, detail::entries_of(x[1]), columns);
    for (std::size_t i = 0; i < found.size(); ++i) y[static_cast<std::int64_t>(i)] = found[i];
  }
  template <Field V>
  static void definition(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = (*x[0].shape)[0];
    const std::int64_t columns = y.shape->rank() == 1 ? 1 : (*y.shape)[1];
    const std::vector<V> found =
        detail::solution_by_cofactors(detail::entries_of(x[0]), n, detail::entries_of(x[1]), columns);
    for (std::size_t i = 0; i < found.size(); ++i) y[static_cast<std::int64_t>(i)] = found[i];
  }
  template <Tensor T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x);
  template <Tensor T>
  requires Ordered<T>
  static T defined(Attributes, std::span<const T> x) { return ne(det(x[0]), T(0)); }
};

struct Cholesky : Structured<1> {
  static constexpr std::string_view name = "cholesky";
  static constexpr Facts facts{.summary =
                                   "the lower triangular L with positive diagonal and L L' = (A + A')/2, which must "
                                   "be positive definite",
                               .source = "Golub & Van Loan, Matrix Computations, 4.2; Murray 2016, arXiv:1602.07527"};
  static Shape shape(Attributes, std::span<const Shape> x) {
    detail::square_order(name, x);
    return x[0];
  }
  template <Elementary V>
  static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y) {
    const std::int64_t n = (*y.shape)[0];
    const V half = ratio<V>(1, 2);
    for (std::int64_t i = 0; i < n; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        if (j > i) {
          y[i * n + j] = V(0);
          continue;
        }
        V rest = i == j ? V(x[0][i * n + j]) : V(half * (x[0][i * n + j] + x[0][j * n + i]));
        for (std::int64_t k = 0; k < j; ++k)
          rest = rest - (i == j ? nabla::powi(V(y[i * n + k]), 2) : V(y[i * n + k] * y[j * n + k]));
        y[i * n + j] = i == j ? V(nabla::sqrt(rest)) : V(rest / y[j * n + j]);
      }
    }
  }
  template <Tensor T>
  requires Elementary<T>
  static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x);
  /// Sylvester's criterion: the leading minors of the symmetric part are positive.
  template <Tensor T>
  requires Ordered<T>
  static T defined(Attributes, std::span<const T> x);
};

/// The determinant of a matrix [n, n], a scalar. \throws ShapeError
template <Tensor T>
T det(const T& a, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Det, T>(where, {}, {a});
}
/// The matrix [n, n] of cofactors of a matrix, which is the gradient of det, or its derivative along `directions`.
/// \throws ShapeError
template <Tensor T>
T cofactor(const T& a, const std::vector<T>& directions = {},
           std::source_location where = std::source_location::current()) {
  std::vector<T> operands{a};
  operands.insert(operands.end(), directions.begin(), directions.end());
  return detail::apply_structured<Cofactor, T>(where, {}, std::span<const T>(operands));
}
/// The inverse of a matrix [n, n]. A singular one gives NaN, an indeterminate enclosure, or in exact kinds
/// UndefinedError. \throws ShapeError
template <Tensor T>
T inv(const T& a, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Inv, T>(where, {}, {a});
}
/// x with A x = b, for A [n, n] and b [n] or [n, k], of the shape of b. Singular A as for inv. \throws ShapeError
template <Tensor T>
T solve(const T& a, const T& b, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Solve, T>(where, {}, {a, b});
}
/// The lower triangular factor L [n, n] of the symmetric part of a matrix, L L' = (A + A')/2; NaN or an indeterminate
/// enclosure where that is not positive definite. \throws ShapeError
template <Tensor T>
T cholesky(const T& a, std::source_location where = std::source_location::current()) {
  return detail::apply_structured<Cholesky, T>(where, {}, {a});
}

template <Tensor T>
std::vector<T> Cofactor::pullback(Attributes, const T& adjoint, const T&, std::span<const T> x) {
  std::vector<T> directions(x.begin() + 1, x.end());
  directions.push_back(adjoint);
  // As many factors as directions leave nothing of A in a cofactor, which has n - 1.
  const bool constant = static_cast<std::int64_t>(directions.size()) >= nabla::shape(x[0])[0];
  std::vector<T> contributions{constant ? T() : cofactor(x[0], directions)};
  for (std::size_t k = 0; k + 1 < directions.size(); ++k) {
    std::vector<T> others = directions;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
    contributions.push_back(cofactor(x[0], others));
  }
  return contributions;
}

template <Tensor T>
std::vector<T> Solve::pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x) {
  const T to_b = solve(transpose(x[0]), adjoint);
  return {nabla::shape(y).rank() == 1 ? -outer(to_b, y) : -matmul(to_b, transpose(y)), to_b};
}

template <Tensor T>
requires Elementary<T> std::vector<T> Cholesky::pullback(Attributes, const T& adjoint, const T& y, std::span<const T>) {
  const T half = ratio<T>(1, 2);
  const T transposed = transpose(y);
  const T product = tril(matmul(transposed, adjoint));
  const T halved = product - half * diag(diagonal(product));
  // inv(L') halved inv(L), made symmetric; the triangle above the diagonal of the adjoint never counts.
  const T once = solve(transposed, halved);
  const T twice = transpose(solve(transposed, transpose(once)));
  return {half * (twice + transpose(twice))};
}

template <Tensor T>
requires Ordered<T> T Cholesky::defined(Attributes, std::span<const T> x) {
  const T symmetric = ratio<T>(1, 2) * (x[0] + transpose(x[0]));
  const std::int64_t n = nabla::shape(x[0])[0];
  if (n == 0) return T(1);
  std::vector<T> minors;
  for (std::int64_t k = 1; k <= n; ++k) minors.push_back(det(slice(symmetric, {Range{0, k}, Range{0, k}})));
  return lt(T(0), stack(minors));
}

using FactorisationOperators = Operators<Det, Cofactor, Inv, Solve, Cholesky>;

}  // namespace nabla
