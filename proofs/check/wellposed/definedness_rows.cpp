#include <nabla/proofs/check/wellposed/definedness_point.hpp>
#include <nabla/proofs/check/wellposed/definedness_rows.hpp>

namespace nabla::wellposed {

template <>
const Row<PointValue>& row<PointValue>(Opcode code) {
  static const std::array<Row<PointValue>, builtin_count> rows = detail_rows::make_rows<PointValue>();
  return rows[code];
}

}  // namespace nabla::wellposed
