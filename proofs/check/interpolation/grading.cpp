#include <nabla/proofs/check/interpolation/grading.hpp>

namespace nabla::interpolation {

Grading::Weight operator+(const Grading::Weight& a, const Grading::Weight& b) {
  Grading::Weight sum = a;
  for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += b[k];
  return sum;
}

Grading::Grading(std::size_t symbols, const std::vector<const Polynomial*>& homogeneous) {
  // Row echelon form of "all monomials of a polynomial weigh the same"; the kernel are the gradings.
  std::vector<std::vector<Rational>> rows;
  std::vector<std::size_t> pivots;
  const auto reduce = [&](std::vector<Rational>& row) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const Rational factor = row[pivots[r]];
      if (factor.is_zero()) continue;
      for (std::size_t c = 0; c < symbols; ++c) row[c] -= factor * rows[r][c];
    }
  };
  for (const Polynomial* p : homogeneous) {
    if (p->is_zero()) continue;
    const Monomial& first = p->terms().begin()->first;
    for (const auto& [m, c] : p->terms()) {
      std::vector<Rational> row(symbols, Rational(0));
      for (const auto& [s, e] : m) row[s] += e;
      for (const auto& [s, e] : first) row[s] -= e;
      reduce(row);
      std::size_t pivot = 0;
      while (pivot < symbols && row[pivot].is_zero()) ++pivot;
      if (pivot == symbols) continue;
      const Rational lead = row[pivot];
      for (Rational& x : row) x /= lead;
      for (auto& other : rows) {
        const Rational factor = other[pivot];
        if (factor.is_zero()) continue;
        for (std::size_t k = 0; k < symbols; ++k) other[k] -= factor * row[k];
      }
      rows.push_back(std::move(row));
      pivots.push_back(pivot);
    }
  }
  of_.assign(symbols, {});
  for (std::size_t free = 0; free < symbols; ++free) {
    bool is_pivot = false;
    for (const std::size_t p : pivots) is_pivot = is_pivot || p == free;
    if (is_pivot) continue;
    ++dimension_;
    for (std::size_t s = 0; s < symbols; ++s) of_[s].push_back(s == free ? Rational(1) : Rational(0));
    for (std::size_t r = 0; r < rows.size(); ++r) of_[pivots[r]].back() = -rows[r][free];
  }
}

Grading::Weight Grading::weight(const Monomial& m) const {
  Weight w(dimension_, Rational(0));
  for (const auto& [s, e] : m)
    for (std::size_t k = 0; k < dimension_; ++k) w[k] += e * of_[s][k];
  return w;
}

std::optional<Grading::Weight> Grading::weight(const Polynomial& p) const {
  const Weight first = weight(p.terms().begin()->first);
  for (const auto& [m, c] : p.terms())
    if (weight(m) != first) return std::nullopt;
  return first;
}

}  // namespace nabla::interpolation
