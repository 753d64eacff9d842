#pragma once

#include <cstdint>
#include <nabla/engine/gradient/coloring.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <vector>

/// Derivatives most of whose entries are zero for every input: which ones can be nonzero follows from the graph, and
/// few sweeps then compute them all (Griewank and Walther 2008, chapters 7 and 8).
namespace nabla {

/// A matrix by its nonzero entries, in rows (CSR): those of row i are entries row_starts[i] to row_starts[i + 1] of the
/// lists, with increasing columns.
template <class V>
struct SparseMatrix {
  SparsityPattern pattern;
  std::vector<V> values;
  /// Derivative sweeps that were made for it.
  std::size_t sweeps = 0;

  /// All entries, row by row.
  std::vector<V> dense() const {
    std::vector<V> all(pattern.rows * pattern.columns, V(0));
    for (std::size_t i = 0; i < pattern.rows; ++i)
      for (std::size_t k = pattern.row_starts[i]; k < pattern.row_starts[i + 1]; ++k)
        all[i * pattern.columns + pattern.column_indices[k]] = values[k];
    return all;
  }
};

/// The entries that d outputs / d inputs can have: rows are the entries of the first `output_count` outputs of the
/// plan, one output after the other, columns those of the inputs. Contains every entry that is nonzero anywhere;
/// derivatives that are zero by an operator's rule (of conditions, of x^0, of a product with the constant 0) are not in
/// it. \param inputs  variables of the plan's graph; an empty Ref is an input that no output depends on \param sizes
/// entries of each input
SparsityPattern jacobian_pattern(const std::shared_ptr<const Plan>& plan, std::size_t output_count,
                                 std::span<const Ref> inputs, std::span<const std::size_t> sizes);

/// The same for the second derivatives of the plan's first output, a scalar; symmetric.
SparsityPattern hessian_pattern(const std::shared_ptr<const Plan>& plan, std::span<const Ref> inputs,
                                std::span<const std::size_t> sizes);

/// How a Jacobian is computed: by columns (forward sweeps) or by rows (reverse sweeps), one sweep per color.
struct JacobianCompression {
  SparsityPattern pattern;
  Coloring columns;
  Coloring rows;
  bool by_columns() const { return columns.count <= rows.count; }
};
JacobianCompression compress_jacobian(SparsityPattern pattern);

/// How a Hessian is computed: one Hessian-vector product per color.
struct HessianCompression {
  SparsityPattern pattern;
  Coloring colors;
};
HessianCompression compress_hessian(SparsityPattern pattern);

/// Where each entry of a compressed Hessian is read: entry k of the pattern is entry `row` of the product with the sum
/// of the unit vectors of color `color`.
struct HessianEntry {
  std::size_t row = 0;
  std::uint32_t color = 0;
};
std::vector<HessianEntry> hessian_entries(const HessianCompression& compression);

}  // namespace nabla
