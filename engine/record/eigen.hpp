#pragma once

#include <Eigen/Core>
#include <limits>
#include <nabla/engine/record/recorded.hpp>
#include <vector>

// Brings in Eigen: include it only where matrices of recorded or symbolic numbers are made.

/// Eigen's matrices over Recorded and over Expr, so that ordinary C++ functions on Eigen::Matrix<T, ...> can be
/// recorded and built symbolically.
///
/// Over Recorded everything works that Eigen can do with a user's scalar: products, norms, decompositions. What Eigen
/// decides by comparing (pivots) is recorded as guards, so a replay that would choose another pivot is a GuardError.
/// Over Expr there are no comparisons: products, sums, dot, norm, determinant and inverse up to 4 x 4. Decompositions
/// do not compile; nabla::solve, nabla::inv and nabla::cholesky on tensors do that. Mixing with matrices of double
/// takes a .cast<T>(), whose entries become the exact dyadics that they are.
namespace Eigen {

namespace internal {

/// What Eigen asks about a number that is recorded: a double, dearer to copy and to multiply.
template <class T>
struct NablaTraits : GenericNumTraits<T> {
  using Real = T;
  using NonInteger = T;
  using Nested = T;
  using Literal = T;
  enum {
    IsComplex = 0,
    IsInteger = 0,
    IsSigned = 1,
    RequireInitialization = 1,
    ReadCost = 1,
    AddCost = 4,
    MulCost = 4
  };
  static T epsilon() { return T(std::numeric_limits<double>::epsilon()); }
  static T dummy_precision() { return T(NumTraits<double>::dummy_precision()); }
  static T highest() { return T(std::numeric_limits<double>::max()); }
  static T lowest() { return T(std::numeric_limits<double>::lowest()); }
  static int digits10() { return std::numeric_limits<double>::digits10; }
};

/// The imaginary part of a symbolic number, which Eigen asks to be equal to zero; symbols cannot be compared.
struct NoImaginaryPart {
  friend bool operator==(NoImaginaryPart, const nabla::Expr&) { return true; }
};
template <>
struct imag_retval<nabla::Expr> {
  using type = NoImaginaryPart;
};
template <>
struct imag_impl<nabla::Expr> {
  static NoImaginaryPart run(const nabla::Expr&) { return {}; }
};

}  // namespace internal

template <>
struct NumTraits<nabla::Recorded> : internal::NablaTraits<nabla::Recorded> {};
template <>
struct NumTraits<nabla::Expr> : internal::NablaTraits<nabla::Expr> {};

}  // namespace Eigen

namespace nabla {

/// The matrix or vector of the entries of a tensor of rank 1 (one column) or 2, each a scalar expression.
/// \throws ShapeError
inline Eigen::Matrix<Expr, Eigen::Dynamic, Eigen::Dynamic> eigen_matrix(const Expr& tensor) {
  const Shape shape = tensor.shape();
  if (shape.rank() != 1 && shape.rank() != 2) throw ShapeError("eigen_matrix", "takes a vector or a matrix", {shape});
  const std::int64_t columns = shape.rank() == 2 ? shape[1] : 1;
  Eigen::Matrix<Expr, Eigen::Dynamic, Eigen::Dynamic> entries(shape[0], columns);
  for (std::int64_t i = 0; i < shape[0]; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      std::vector<Range> at{{i, i + 1}};
      if (shape.rank() == 2) at.push_back({j, j + 1});
      entries(i, j) = reshape(slice(tensor, at), Shape{});
    }
  return entries;
}

/// The tensor of shape [rows, columns] of a matrix of scalar expressions; of a vector (one column known when it is
/// compiled) of shape [rows]. \throws ShapeError when an entry is not a scalar
template <class Derived>
requires std::same_as<typename Derived::Scalar, Expr> Expr tensor(const Eigen::MatrixBase<Derived>& matrix) {
  const Shape shape = Derived::ColsAtCompileTime == 1 ? Shape{matrix.rows()} : Shape{matrix.rows(), matrix.cols()};
  if (matrix.size() == 0) {
    const std::shared_ptr<Workspace> workspace = Workspace::current();
    return {workspace, workspace->literal(Constant::integer(0), shape)};
  }
  std::vector<Expr> entries;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) entries.push_back(matrix(i, j));
  return reshape(stack(entries), shape);
}

/// Calls f with a matrix of Recorded numbers in place of `at` and records what it does. f returns a Recorded or a
/// matrix of them. Inputs and outputs are scalars, row by row.
template <class F, class Derived>
requires std::same_as<typename Derived::Scalar, double> Recording record_eigen(F&& f,
                                                                               const Eigen::MatrixBase<Derived>& at) {
  using Matrix = Eigen::Matrix<Recorded, Derived::RowsAtCompileTime, Derived::ColsAtCompileTime>;
  const Eigen::Index rows = at.rows(), columns = at.cols();
  std::vector<double> values;
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j) values.push_back(at(i, j));
  return record(
      [&](const std::vector<Recorded>& entries) {
        Matrix x(rows, columns);
        for (Eigen::Index i = 0; i < rows; ++i)
          for (Eigen::Index j = 0; j < columns; ++j) x(i, j) = entries[static_cast<std::size_t>(i * columns + j)];
        std::vector<Recorded> outputs;
        if constexpr (std::convertible_to<decltype(f(x)), Recorded>) {
          outputs.push_back(f(x));
        } else {
          const auto y = f(x).eval();
          for (Eigen::Index i = 0; i < y.rows(); ++i)
            for (Eigen::Index j = 0; j < y.cols(); ++j) outputs.push_back(y(i, j));
        }
        return outputs;
      },
      std::span<const double>(values));
}

}  // namespace nabla
