#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>
#include <nabla/ops/constant.hpp>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace nabla {

namespace {

/// |n| without the overflow that the smallest int64 has.
std::uint64_t magnitude(std::int64_t n) {
  return n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
}

constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_leading_zeros(std::string_view s) {
  const auto first = s.find_first_not_of('0');
  return first == std::string_view::npos ? s.substr(s.size() - 1) : s.substr(first);
}

/// The value of decimal digits, or false when int64 cannot hold it.
bool small(std::string_view digits, std::int64_t& out) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return error == std::errc{} && end == digits.data() + digits.size();
}

}  // namespace

Constant Constant::ratio(std::int64_t num, std::int64_t den) {
  if (den == 0) throw std::invalid_argument("constant " + std::to_string(num) + "/0: the denominator is zero");
  const bool negative = (num < 0) != (den < 0) && num != 0;
  std::uint64_t p = magnitude(num);
  std::uint64_t q = magnitude(den);
  const std::uint64_t common = std::gcd(p, q);
  p /= common;
  q /= common;
  Constant c;
  if (p > largest || q > largest) {  // 2^63 was given and did not cancel: one past what int64 holds
    c.kind_ = Kind::text;
    c.text_ = (negative ? "-" : "") + std::to_string(p) + (q == 1 ? "" : "/" + std::to_string(q));
    return c;
  }
  c.num_ = negative ? -static_cast<std::int64_t>(p) : static_cast<std::int64_t>(p);
  c.den_ = static_cast<std::int64_t>(q);
  return c;
}

Constant Constant::dyadic(double x) {
  Constant c;
  c.kind_ = Kind::dyadic;
  c.dyadic_ = x;
  return c;
}

Constant Constant::pi() {
  Constant c;
  c.kind_ = Kind::pi;
  return c;
}

Constant Constant::infinity() {
  Constant c;
  c.kind_ = Kind::infinity;
  return c;
}

Constant Constant::text(std::string canonical) {
  const std::string_view whole = canonical;
  const bool negative = whole.starts_with('-');
  const std::string_view body = whole.substr(negative ? 1 : 0);
  const auto slash = body.find('/');
  const bool has_denominator = slash != std::string_view::npos;
  const std::string_view p = body.substr(0, slash);
  const std::string_view q = has_denominator ? body.substr(slash + 1) : std::string_view("1");
  if (!all_digits(p) || !all_digits(q)) {
    throw std::invalid_argument("constant '" + canonical + "': expected \"p\" or \"p/q\" in decimal digits");
  }
  const std::string_view num = without_leading_zeros(p);
  const std::string_view den = without_leading_zeros(q);
  if (den == "0") throw std::invalid_argument("constant '" + canonical + "': the denominator is zero");
  // One value has one representation, so what int64 holds never stays text.
  std::int64_t n = 0;
  std::int64_t d = 1;
  if (small(num, n) && small(den, d)) return ratio(negative ? -n : n, d);
  if (num == "0") return integer(0);
  Constant c;
  c.kind_ = Kind::text;
  c.text_ = negative ? "-" : "";
  c.text_ += num;
  if (den != "1") c.text_.append("/").append(den);
  return c;
}

std::string Constant::to_string() const {
  switch (kind_) {
    case Kind::ratio:
      return den_ == 1 ? std::to_string(num_) : std::to_string(num_) + "/" + std::to_string(den_);
    case Kind::dyadic: {
      char buffer[40];  // the shortest round-trip text of a double has at most 24 characters
      const auto end = std::to_chars(buffer, buffer + sizeof buffer, dyadic_).ptr;
      return std::string(buffer, end);
    }
    case Kind::text:
      return text_;
    case Kind::pi:
      return "pi";
    case Kind::infinity:
      return "oo";
  }
  return {};
}

bool operator==(const Constant& a, const Constant& b) {
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case Constant::Kind::ratio:
      return a.num_ == b.num_ && a.den_ == b.den_;
    // By bits: NaN equals itself and -0 differs from 0, as interning a recorded constant needs.
    case Constant::Kind::dyadic:
      return std::bit_cast<std::uint64_t>(a.dyadic_) == std::bit_cast<std::uint64_t>(b.dyadic_);
    case Constant::Kind::text:
      return a.text_ == b.text_;
    case Constant::Kind::pi:
    case Constant::Kind::infinity:
      return true;
  }
  return false;
}

}  // namespace nabla
