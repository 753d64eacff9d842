#pragma once

#include <cstddef>

namespace nabla {

/// c = a b, c [rows, columns] without gaps. a and b are matrices by rows with so many entries from one row to the next;
/// a transposed one stands as its transpose. \pre c overlaps neither; no extent is 0
template <class V>
struct BlockProduct {
  V* c;
  const V* a;
  const V* b;
  std::ptrdiff_t rows, inner, columns;
  std::ptrdiff_t a_stride, b_stride;
  bool a_transposed, b_transposed;
};

/// Eigen's product by blocks, with the widest vectors and the fused multiplications that this machine has: bits depend
/// on it, on nothing else. V = double, float.
template <class V>
void multiply_by_blocks(const BlockProduct<V>& product);

}  // namespace nabla
