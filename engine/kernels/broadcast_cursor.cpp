#include <nabla/engine/kernels/broadcast_cursor.hpp>

namespace nabla::detail {

AnyBroadcastCursor::AnyBroadcastCursor(const Shape& out, const Shape* const* operands, std::size_t count)
    : out_(out), count_(count) {
  for (std::size_t k = 0; k < count; ++k) {
    step_[k] = *operands[k] == out ? 1 : 0;
    simple_ = simple_ && (step_[k] == 1 || operands[k]->size() == 1);
  }
  if (simple_) return;
  index_.assign(out.rank(), 0);
  for (std::size_t k = 0; k < count; ++k) strides_[k] = broadcast_strides(*operands[k], out);
}

void AnyBroadcastCursor::advance() {
  for (std::size_t axis = out_.rank(); axis-- > 0;) {
    for (std::size_t k = 0; k < count_; ++k) at_[k] += strides_[k][axis];
    if (++index_[axis] < out_[axis]) return;
    for (std::size_t k = 0; k < count_; ++k) at_[k] -= strides_[k][axis] * out_[axis];
    index_[axis] = 0;
  }
}

}  // namespace nabla::detail
