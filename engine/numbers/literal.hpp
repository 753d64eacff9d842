#pragma once

#include <nabla/ops/number.hpp>
#include <optional>
#include <string_view>

namespace nabla {

/// The exact constant that a text denotes: "3", "-1/2", "0.125", "1e-3", "pi", "-2.5". Nothing for any other text, and
/// decimals whose exact value would not fit in memory.
std::optional<Constant> parse_constant(std::string_view text);

/// The same. \throws std::invalid_argument that says what may stand there.
Constant exact_constant(std::string_view text);

/// An exact constant in a kind of number, rounded only by the kind: lit<Expr>("0.1") is one tenth, and so is
/// lit<Recorded>("0.1") whenever it is replayed. \throws std::invalid_argument
template <Kind T>
T lit(std::string_view text) {
  return Number<T>::of(exact_constant(text));
}

}  // namespace nabla
