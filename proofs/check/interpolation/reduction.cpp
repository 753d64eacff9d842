#include <algorithm>
#include <nabla/proofs/check/interpolation/reduction.hpp>

namespace nabla::interpolation {

namespace {

/// Which signs a monomial enters with.
struct Signs {
  bool positive = false, negative = false;
  void see(double c) { (c > 0 ? positive : negative) = true; }
};

SquareBlock without(const SquareBlock& block, const std::vector<char>& gone) {
  SquareBlock left;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < block.parts.size(); ++i)
    if (gone[i] == 0) kept.push_back(i);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    left.parts.push_back(block.parts[kept[i]]);
    for (std::size_t j = 0; j <= i; ++j) left.products.push_back(block.product(kept[i], kept[j]));
  }
  return left;
}

}  // namespace

bool leave_out_one_sided(const LeastSquares::Sparse& goal, std::size_t monomials, std::vector<LinearColumn>& columns,
                         std::vector<SquareBlock>& blocks) {
  std::vector<double> wanted(monomials, 0);
  for (const auto& [row, c] : goal) wanted[row] = c;
  for (bool again = true; again;) {
    again = false;
    std::vector<Signs> signs(monomials);
    for (const LinearColumn& column : columns)
      if (column.numbers != nullptr)
        for (const auto& [row, c] : *column.numbers) {
          signs[row].see(c);
          if (column.both) signs[row].see(-c);
        }
    for (const SquareBlock& block : blocks)
      for (std::size_t i = 0; i < block.parts.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j) {
          const LeastSquares::Sparse* p = block.product(i, j);
          if (p == nullptr) continue;
          for (const auto& [row, c] : *p) {
            signs[row].see(c);
            if (i != j) signs[row].see(-c);  // the coefficient of a mixed product may have either sign
          }
        }
    for (const auto& [row, c] : goal)
      if (c > 0 ? !signs[row].positive : !signs[row].negative) return false;
    const auto is_one_sided = [&](const LeastSquares::Sparse& p) {
      return std::ranges::any_of(p, [&](const auto& entry) {
        const Signs& s = signs[entry.first];
        return wanted[entry.first] == 0 && s.positive != s.negative;
      });
    };
    for (LinearColumn& column : columns)
      if (column.numbers != nullptr && is_one_sided(*column.numbers)) column.numbers = nullptr, again = true;
    for (SquareBlock& block : blocks) {
      std::vector<char> gone(block.parts.size(), 0);
      for (std::size_t i = 0; i < gone.size(); ++i) {
        const LeastSquares::Sparse* square = block.product(i, i);
        gone[i] = square == nullptr || is_one_sided(*square) ? 1 : 0;
      }
      if (std::ranges::find(gone, 1) == gone.end()) continue;
      block = without(block, gone);
      again = true;
    }
  }
  return true;
}

}  // namespace nabla::interpolation
