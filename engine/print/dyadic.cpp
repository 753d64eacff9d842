#include <bit>
#include <cmath>
#include <nabla/engine/print/dyadic.hpp>

namespace nabla::detail {

Dyadic decompose(double x) {
  int exponent = 0;
  const double fraction = std::frexp(std::abs(x), &exponent);
  auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  exponent -= 53;
  const int zeros = std::countr_zero(mantissa);
  return {std::signbit(x), mantissa >> zeros, exponent + zeros};
}

std::optional<std::string> short_decimal(const Dyadic& x) {
  constexpr std::uint64_t limit = 100'000'000'000'000'000;  // 10^17
  std::uint64_t digits = x.mantissa;
  if (x.exponent >= 0) {
    if (x.exponent > 57 || digits >= limit >> x.exponent) return std::nullopt;
    return std::to_string(digits << x.exponent);
  }
  // m / 2^k = m * 5^k / 10^k
  const int places = -x.exponent;
  if (places > 24) return std::nullopt;
  for (int i = 0; i < places; ++i) {
    if (digits >= limit / 5) return std::nullopt;
    digits *= 5;
  }
  std::string text = std::to_string(digits);
  const auto point = static_cast<std::size_t>(places);
  if (text.size() <= point) text.insert(0, point + 1 - text.size(), '0');
  text.insert(text.size() - point, ".");
  return text;
}

}  // namespace nabla::detail
