#include <nabla/proofs/check/wellposed/definedness_rows.hpp>
#include <nabla/proofs/check/wellposed/sign_bounds.hpp>

namespace nabla::wellposed {

template <>
const Row<Bounds>& row<Bounds>(Opcode code) {
  static const std::array<Row<Bounds>, builtin_count> rows = detail_rows::make_rows<Bounds>();
  return rows[code];
}

}  // namespace nabla::wellposed
