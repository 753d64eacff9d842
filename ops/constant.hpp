#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <numbers>
#include <string>

namespace nabla {

/// A constant of a computation, exact until a kind of number rounds it.
///
/// - integer, ratio: num / den in lowest terms, den > 0;
/// - dyadic: the exact value of a double that the user recorded (never produced by parsing text);
/// - text: a decimal or a ratio "p/q" of big integers in canonical form, for what int64 cannot hold;
/// - pi, infinity: as named (infinity only as an end of a set or a pole, never as a value of a proof).
class Constant {
 public:
  enum class Kind : std::uint8_t { ratio, dyadic, text, pi, infinity };

  Constant() = default;
  static Constant integer(std::int64_t n) { return ratio(n, 1); }
  /// num / den, reduced. \pre den != 0 and neither is the smallest int64.
  static Constant ratio(std::int64_t num, std::int64_t den);
  /// The exact value of a finite double; infinities and NaN keep their payload and compare unequal to ratios.
  static Constant dyadic(double x);
  static Constant pi();
  static Constant infinity();
  /// Canonical text "p/q" or "p" (lowest terms, '-' only in front), digits only; used when int64 is too small.
  static Constant text(std::string canonical);

  Kind kind() const { return kind_; }
  std::int64_t num() const { return num_; }
  std::int64_t den() const { return den_; }
  double as_dyadic() const { return dyadic_; }
  const std::string& as_text() const { return text_; }

  bool is_integer() const { return kind_ == Kind::ratio && den_ == 1; }
  bool is(std::int64_t n) const { return is_integer() && num_ == n; }

  /// How it prints in the language of expressions: "3", "-1/2", "pi"; a dyadic prints as its shortest round-trip
  /// decimal followed by nothing (the printer of exact forms asks kind() first).
  std::string to_string() const;

  friend bool operator==(const Constant& a, const Constant& b);

 private:
  Kind kind_ = Kind::ratio;
  std::int64_t num_ = 0;
  std::int64_t den_ = 1;
  double dyadic_ = 0;
  std::string text_;
};

}  // namespace nabla
