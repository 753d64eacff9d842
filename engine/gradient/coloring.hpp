#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Which columns of a sparse matrix one derivative sweep can compute together. Source: Gebremedhin, Manne, Pothen, What
/// Color Is Your Jacobian?, SIAM Review 47(4), 2005.
namespace nabla {

/// Where a matrix can have entries other than zero, row by row (CSR); columns increase in every row.
struct SparsityPattern {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<std::size_t> row_starts{0};
  std::vector<std::uint32_t> column_indices;

  std::size_t nonzeros() const { return column_indices.size(); }
  std::span<const std::uint32_t> row(std::size_t i) const {
    return {column_indices.data() + row_starts[i], column_indices.data() + row_starts[i + 1]};
  }
  bool contains(std::size_t i, std::size_t j) const;
  /// Adds a row at the end. \pre increasing, below `columns`
  void push_row(std::span<const std::uint32_t> indices);
  friend bool operator==(const SparsityPattern&, const SparsityPattern&) = default;
};

SparsityPattern transpose(const SparsityPattern& pattern);
/// The entries that both have. \pre equal extents
SparsityPattern intersection(const SparsityPattern& a, const SparsityPattern& b);

/// A color for each column, from 0.
struct Coloring {
  std::vector<std::uint32_t> color;
  std::uint32_t count = 0;
};

/// Columns of one color have no row in common, so that their sum shows every entry of each (a distance-2 coloring of
/// the bipartite graph, greedy, most entries first: Boost.Graph's sequential_vertex_coloring on the implicit
/// intersection graph of the columns). Time: the sum of the squared lengths of the rows; no memory beyond the pattern.
Coloring color_columns(const SparsityPattern& pattern);

/// For a symmetric matrix: neighbours differ, and no path of four vertices has two colors only (a star coloring,
/// greedy), so that every entry or its mirror image can be read off the sums of columns of one color. Never needs more
/// colors than color_columns in the same order, and for an arrow 2 in place of n.
/// \pre the pattern is square and symmetric
Coloring star_coloring(const SparsityPattern& pattern);

}  // namespace nabla
