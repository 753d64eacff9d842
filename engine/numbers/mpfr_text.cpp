#include <algorithm>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/mpfr_text.hpp>

namespace nabla {

DecimalDigits decimal_digits(mpfr_srcptr x, int count, mpfr_rnd_t direction) {
  DecimalDigits out;
  mpfr_exp_t point = 0;
  char* text = mpfr_get_str(nullptr, &point, 10, static_cast<std::size_t>(std::max(count, 0)), x, direction);
  out.negative = *text == '-';
  out.digits = text + (out.negative ? 1 : 0);
  out.point = point;
  mpfr_free_str(text);
  return out;
}

std::string mpfr_text(mpfr_srcptr x, int count, mpfr_rnd_t direction) {
  if (mpfr_nan_p(x)) return "nan";
  if (mpfr_inf_p(x)) return mpfr_sgn(x) < 0 ? "-inf" : "inf";
  if (mpfr_zero_p(x)) return "0";
  const DecimalDigits d = decimal_digits(x, count, direction);
  const long plain_below = count > 0 ? count : std::max(16L, static_cast<long>(d.digits.size()));
  return layout_decimal(d.negative, without_trailing_zeros(d.digits), d.point - 1, plain_below);
}

}  // namespace nabla
