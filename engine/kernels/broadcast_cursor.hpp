#pragma once

#include <array>
#include <nabla/ops/shape.hpp>
#include <span>
#include <vector>

namespace nabla::detail {

/// The part of BroadcastCursor that is the same for all numbers of operands.
class AnyBroadcastCursor {
 protected:
  static constexpr std::size_t most = 4;

  AnyBroadcastCursor(const Shape& out, const Shape* const* operands, std::size_t count);
  void advance();

  std::array<std::int64_t, most> at_{};
  /// 1 where the operand has the shape of the result, 0 where it has one entry; of no meaning unless simple_.
  std::array<std::int64_t, most> step_{};
  bool simple_ = true;

 private:
  const Shape& out_;
  std::size_t count_;
  std::vector<std::int64_t> index_;
  std::array<std::vector<std::int64_t>, most> strides_;
};

/// Steps through the entries of a broadcast operation of N operands: next() moves the flat index of every operand.
/// Operands of the result's shape or of one entry, nearly all, need no index; the rest is out of line.
template <std::size_t N>
class BroadcastCursor : AnyBroadcastCursor {
  static_assert(N <= most);

 public:
  /// out outlives the cursor.
  template <class V>
  BroadcastCursor(const Shape& out, std::span<const View<const V>> operands)
      : AnyBroadcastCursor(out, shapes(operands).data(), N) {}

  std::int64_t at(std::size_t k) const { return at_[k]; }
  void next() {
    if (!simple_) return advance();
    for (std::size_t k = 0; k < N; ++k) at_[k] += step_[k];
  }

 private:
  template <class V>
  static std::array<const Shape*, N> shapes(std::span<const View<const V>> operands) {
    std::array<const Shape*, N> result;
    for (std::size_t k = 0; k < N; ++k) result[k] = operands[k].shape;
    return result;
  }
};

}  // namespace nabla::detail
