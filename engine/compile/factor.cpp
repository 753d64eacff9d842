#include <nabla/engine/compile/factor.hpp>

namespace nabla {

Factor Factor::of(const Access& a, std::size_t rows, std::size_t terms) {
  Factor made;
  made.is_constant = a.is_constant;
  std::vector<std::uint32_t>& at = made.places;
  at.reserve(rows * terms);
  a.stretches(0, rows * terms, [&](std::size_t place, std::size_t length) {
    for (std::size_t p = place; p < place + length; ++p) at.push_back(static_cast<std::uint32_t>(p));
  });
  // Strides modulo 2^64: a matrix may be read backwards.
  made.base = at[0];
  made.column = std::size_t{at[1]} - at[0];
  made.row = rows > 1 ? std::size_t{at[terms]} - at[0] : 0;
  bool is_matrix = true, is_shared = true;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < terms; ++j) {
      is_matrix = is_matrix && at[i * terms + j] == made.base + i * made.row + j * made.column;
      is_shared = is_shared && at[i * terms + j] == at[j];
    }
  if (is_matrix) {
    made.kind = Kind::matrix;
    at.clear();
  } else if (is_shared) {
    made.kind = Kind::shared;
    at.resize(terms);
  }
  return made;
}

}  // namespace nabla
