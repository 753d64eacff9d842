#pragma once

namespace nabla {

/// The precision of Real and Ball in the present scope of the present thread; restored at the end of the scope.
///
///   { Precision scope(100);  Real x = ...; }   // 100 decimal digits inside
///
/// Inside a scope every operation on Real and on Ball rounds once, to the precision of the scope, whatever precision
/// its operands had. A Real made outside keeps its digits when it is read, but an assignment to it rounds to the
/// precision it was made with: create variables and constants inside the scope.
/// Threads do not inherit a scope. Without one: 50 digits. Scopes are destroyed in the reverse order of their making.
class Precision {
 public:
  static constexpr int default_digits = 50;
  static constexpr int most_digits = 10'000'000;

  /// \throws std::invalid_argument unless 1 <= digits <= most_digits.
  explicit Precision(int digits);
  /// A scope in which Ball has exactly this many bits, and Real the decimal digits that they hold.
  /// \throws std::invalid_argument unless 2 <= bits and the digits are at most most_digits.
  static Precision of_bits(long bits);
  ~Precision();
  Precision(const Precision&) = delete;
  Precision& operator=(const Precision&) = delete;

  /// Decimal digits of Real in this scope.
  static int digits() noexcept;
  /// Bits of the midpoint of a Ball in this scope: what digits() need, and 16 guard bits (50 digits: 183 bits).
  static long bits() noexcept;

 private:
  Precision(int digits, long bits);

  int saved_digits_;
  long saved_bits_;
  unsigned saved_real_digits_;
  signed char saved_real_options_;
};

}  // namespace nabla
