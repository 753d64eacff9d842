#pragma once

#include <cstddef>

namespace nabla {

/// Products and sums over consecutive entries in a hardware kind V, the same bits on every machine: sums are added in a
/// fixed order, in lanes of 32 bytes where no other is said, and nothing is contracted. V = double, float.
template <class V>
struct DenseKernels {
  /// y_i = sum_j a_ij x_j, a by rows.
  void (*matrix_times_vector)(V* y, const V* a, const V* x, std::size_t rows, std::size_t columns);
  /// y_j = sum_i x_i a_ij, a by rows; the terms are added in the order of i.
  void (*vector_times_matrix)(V* y, const V* x, const V* a, std::size_t rows, std::size_t columns);
  /// y_ij = a_i b_j.
  void (*outer)(V* y, const V* a, const V* b, std::size_t rows, std::size_t columns);
  V (*sum)(const V* x, std::size_t n);
  /// y_j = sum_i a_ij, in the order of i.
  void (*sum_of_rows)(V* y, const V* a, std::size_t rows, std::size_t columns);
  /// y_r += sum_j a_rj b_rj for eight rows r, each added in the order of j.
  void (*add_eight_products)(V* y, const V* const* a, const V* const* b, std::size_t n);
  /// The same with one b for all rows.
  void (*add_eight_products_with)(V* y, const V* const* a, const V* b, std::size_t n);
  /// to_j += t x_j.
  void (*add_scaled)(V* to, V t, const V* x, std::size_t n);
};

/// For this machine: with AVX2 where it has it.
template <class V>
const DenseKernels<V>& dense_kernels();

}  // namespace nabla
