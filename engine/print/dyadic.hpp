#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace nabla::detail {

/// A finite double other than zero, exactly: (negative ? -1 : 1) * mantissa * 2^exponent, the mantissa odd.
struct Dyadic {
  bool negative = false;
  std::uint64_t mantissa = 0;
  int exponent = 0;
};
/// \pre x is finite and not zero
Dyadic decompose(double x);

/// |x| as an integer or a decimal that is exactly it, when 17 digits are enough: "3", "0.625".
std::optional<std::string> short_decimal(const Dyadic& x);

}  // namespace nabla::detail
