#include <nabla/proofs/check/wellposed/definedness_rows.hpp>
#include <nabla/proofs/check/wellposed/regularity_germ.hpp>

namespace nabla::wellposed {

template <>
const Row<Germ>& row<Germ>(Opcode code) {
  static const std::array<Row<Germ>, builtin_count> rows = detail_rows::make_rows<Germ>();
  return rows[code];
}

}  // namespace nabla::wellposed
