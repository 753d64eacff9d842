#pragma once

#include <Eigen/Core>
#include <nabla/engine/kernels/block_product.hpp>

/// The product as Eigen has it under the flags of whoever includes this: a source with flags of its own calls Eigen by
/// another name, defined before, so that the linker never mixes the two.
namespace nabla::detail {

/// \tparam Machine  a type of the including file's own, so that this template is its own too
template <class Machine, class V>
void multiply_with_eigen(const BlockProduct<V>& p) {
  using Matrix = Eigen::Matrix<V, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Strided = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>;
  Eigen::Map<Matrix> c(p.c, p.rows, p.columns);
  const auto times_right = [&](const auto& left) {
    const Eigen::OuterStride<> stride(p.b_stride);
    if (p.b_transposed) {
      c.noalias() = left * Strided(p.b, p.columns, p.inner, stride).transpose();
    } else {
      c.noalias() = left * Strided(p.b, p.inner, p.columns, stride);
    }
  };
  const Eigen::OuterStride<> stride(p.a_stride);
  if (p.a_transposed) {
    times_right(Strided(p.a, p.inner, p.rows, stride).transpose());
  } else {
    times_right(Strided(p.a, p.rows, p.inner, stride));
  }
}

}  // namespace nabla::detail
