#pragma once

#include <nabla/engine/compile/vector_plan.hpp>

namespace nabla {

/// Where the factors of a sum of products stand: entry j of row i, of an access of rows * terms entries.
struct Factor {
  enum class Kind : std::uint8_t {
    matrix,  ///< base + i * row + j * column
    shared,  ///< places[j], the same in every row
    table    ///< places[i * terms + j]
  };
  Kind kind = Kind::table;
  bool is_constant = false;
  std::size_t base = 0, row = 0, column = 0;
  std::vector<std::uint32_t> places;

  /// \pre a has rows * terms entries, terms > 1
  static Factor of(const Access& a, std::size_t rows, std::size_t terms);
  /// The same in every row.
  bool is_shared() const { return kind == Kind::shared || (kind == Kind::matrix && row == 0); }
  /// Entries of a row that stand one after the other, so that they can be used in place.
  bool is_in_place() const { return kind == Kind::matrix && column == 1; }
  std::size_t place(std::size_t i, std::size_t j, std::size_t terms) const {
    if (kind == Kind::matrix) return base + i * row + j * column;
    return places[kind == Kind::shared ? j : i * terms + j];
  }
};

}  // namespace nabla
