#pragma once

#include <nabla/graph/arena.hpp>
#include <optional>
#include <vector>

namespace nabla::detail {

/// How a node is written where mathematics has brackets for it and not a call.
struct Layout {
  enum class Kind : std::uint8_t {
    plain,       // by the operator's notation
    entry,       // x[1], A[2, :]: subscripts
    vector,      // [a, b]
    matrix,      // [a, b; c, d]: columns
    transposed,  // A'
    filled,      // a constant in every entry of a tensor
    stretched,   // a scalar in every entry of a tensor
  };
  Kind kind = Kind::plain;
  /// Whatever is written inside: the operands, or what is found behind an operand that the brackets make invisible.
  std::vector<Ref> shown{};
  /// Of an entry: 1-based, or nothing for all of an axis.
  std::vector<std::optional<std::int64_t>> subscripts{};
  /// Of a matrix.
  std::int64_t columns = 0;
};

Layout layout(const Graph& graph, NodeId id);

}  // namespace nabla::detail
