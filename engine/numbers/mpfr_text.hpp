#pragma once

#include <mpfr.h>

#include <string>

namespace nabla {

/// Significant decimal digits of a number: value = +-0.digits * 10^point, before any layout.
struct DecimalDigits {
  bool negative = false;
  std::string digits;
  long point = 0;
};

/// x rounded in direction `direction` to `count` significant digits (count <= 0: as many as read back as x).
/// Correctly rounded. \pre x is finite and not zero.
DecimalDigits decimal_digits(mpfr_srcptr x, int count, mpfr_rnd_t direction);

/// x as text, laid out by layout_decimal, without trailing zeros; "0", "nan", "inf", "-inf" where they apply.
std::string mpfr_text(mpfr_srcptr x, int count, mpfr_rnd_t direction);

}  // namespace nabla
