#include <nabla/proofs/check/definedness_rows.hpp>
#include <nabla/proofs/check/sign_bounds.hpp>

namespace nabla::wellposed {

template <>
const Row<Bounds>& row<Bounds>(Opcode code) {
  static const std::array<Row<Bounds>, builtin_count> rows = detail_rows::make_rows<Bounds>();
  return rows[code];
}

}  // namespace nabla::wellposed
