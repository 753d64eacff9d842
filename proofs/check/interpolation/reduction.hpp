#pragma once

#include <nabla/proofs/check/interpolation/least_squares.hpp>

namespace nabla::interpolation {

/// Products of pairs of vectors, which enter a combination with a positive semidefinite matrix of coefficients.
struct SquareBlock {
  std::vector<std::size_t> parts;
  /// By place i >= j in `parts`, at i * (i + 1) / 2 + j; null: not allowed.
  std::vector<const LeastSquares::Sparse*> products;
  const LeastSquares::Sparse* product(std::size_t i, std::size_t j) const {
    return i >= j ? products[i * (i + 1) / 2 + j] : products[j * (j + 1) / 2 + i];
  }
};

/// A column of coefficients by number of monomial; `both`: its negative is one too.
struct LinearColumn {
  const LeastSquares::Sparse* numbers = nullptr;  ///< null: left out
  bool both = false;
};

/// Leaves out what no combination can have: where a monomial that the goal does not have enters with one sign alone,
/// everything that has it is 0, and where the diagonal of a positive semidefinite matrix is 0, its row is.
/// \param goal     its coefficients by number of monomial
/// \return whether a combination may be left
bool leave_out_one_sided(const LeastSquares::Sparse& goal, std::size_t monomials, std::vector<LinearColumn>& columns,
                         std::vector<SquareBlock>& blocks);

}  // namespace nabla::interpolation
