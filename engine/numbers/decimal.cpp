#include <nabla/engine/numbers/decimal.hpp>

namespace nabla {

std::string_view without_trailing_zeros(std::string_view digits) {
  const auto last = digits.find_last_not_of('0');
  return last == std::string_view::npos ? digits.substr(0, 1) : digits.substr(0, last + 1);
}

std::string layout_decimal(bool negative, std::string_view digits, long exponent, long plain_below) {
  std::string out = negative ? "-" : "";
  const long count = static_cast<long>(digits.size());
  if (exponent < -5 || exponent >= plain_below) {
    out += digits.front();
    if (count > 1) out.append(".").append(digits.substr(1));
    return out.append("e").append(std::to_string(exponent));
  }
  if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else if (count <= exponent + 1) {
    out.append(digits).append(static_cast<std::size_t>(exponent + 1 - count), '0');
  } else {
    const auto point = static_cast<std::size_t>(exponent + 1);
    out.append(digits.substr(0, point)).append(".").append(digits.substr(point));
  }
  return out;
}

}  // namespace nabla
