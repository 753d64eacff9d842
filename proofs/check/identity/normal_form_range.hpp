#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <optional>

/// What is certainly known of a real number: its sign, and an interval with rational ends. Exact; nothing rounds.
namespace nabla::normal_form {

/// The signs that a number may have; several bits when it is not known which.
enum class Signs : std::uint8_t {
  none = 0,
  negative = 1,
  zero = 2,
  nonpositive = 3,
  positive = 4,
  nonzero = 5,
  nonnegative = 6,
  any = 7
};
constexpr Signs operator&(Signs a, Signs b) {
  return static_cast<Signs>(static_cast<unsigned>(a) & static_cast<unsigned>(b));
}
constexpr Signs operator|(Signs a, Signs b) {
  return static_cast<Signs>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool within(Signs a, Signs b) { return (a & b) == a; }
Signs negated(Signs a);
Signs product(Signs a, Signs b);
Signs power(Signs a, std::int64_t n);

/// An interval; an absent end is infinite.
struct Range {
  std::optional<Rational> lo, hi;
  bool lo_closed = false;
  bool hi_closed = false;

  static Range of(const Rational& x) { return {x, x, true, true}; }
  static Range of(Signs s);
  Signs signs() const;
};
Range operator+(const Range& a, const Range& b);
Range operator*(const Range& a, const Range& b);
Range power(const Range& a, std::int64_t n);  ///< \pre n >= 1
/// Both are known to hold the number. An empty result cannot arise from true knowledge; `a` comes back then.
Range intersection(const Range& a, const Range& b);

}  // namespace nabla::normal_form
