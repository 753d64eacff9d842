#include <algorithm>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <stdexcept>
#include <string>

namespace nabla {

namespace {

constexpr long guard_bits = 16;

/// ceil(digits * log2(10)) and the guard bits; 3.32193 is above log2(10) = 3.321928...
constexpr long bits_for(int digits) {
  return static_cast<long>(static_cast<double>(digits) * 3.32193) + 1 + guard_bits;
}

thread_local int current_digits = Precision::default_digits;
thread_local long current_bits = bits_for(Precision::default_digits);

int checked(int digits) {
  if (digits < 1 || digits > Precision::most_digits) {
    throw std::invalid_argument("a precision of " + std::to_string(digits) + " digits: expected 1 to " +
                                std::to_string(Precision::most_digits));
  }
  return digits;
}

int digits_in(long bits) {
  if (bits < 2 || bits > bits_for(Precision::most_digits)) {
    throw std::invalid_argument("a precision of " + std::to_string(bits) + " bits: expected 2 to " +
                                std::to_string(bits_for(Precision::most_digits)));
  }
  return std::max(1, static_cast<int>(static_cast<double>(bits) * 0.30102));  // just below log10(2)
}

}  // namespace

Precision::Precision(int digits, long bits)
    : saved_digits_(current_digits),
      saved_bits_(current_bits),
      saved_real_digits_(Real::thread_default_precision()),
      saved_real_options_(static_cast<signed char>(Real::thread_default_variable_precision_options())) {
  current_digits = digits;
  current_bits = bits;
  Real::thread_default_precision(static_cast<unsigned>(digits));
  // "Uniform" is the one option under which an operator rounds to the precision of the thread and not to the highest
  // precision among its operands; the precision of a temporary is then never in doubt.
  Real::thread_default_variable_precision_options(
      boost::multiprecision::variable_precision_options::assume_uniform_precision);
}

Precision::Precision(int digits) : Precision(checked(digits), bits_for(digits)) {}

Precision Precision::of_bits(long bits) { return Precision(digits_in(bits), bits); }

Precision::~Precision() {
  current_digits = saved_digits_;
  current_bits = saved_bits_;
  Real::thread_default_precision(saved_real_digits_);
  Real::thread_default_variable_precision_options(
      static_cast<boost::multiprecision::variable_precision_options>(saved_real_options_));
}

int Precision::digits() noexcept { return current_digits; }

long Precision::bits() noexcept { return current_bits; }

}  // namespace nabla
