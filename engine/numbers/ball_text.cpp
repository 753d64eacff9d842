#include <algorithm>
#include <limits>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/mpfr_text.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <stdexcept>

namespace nabla {

namespace {

bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Optional sign, digits, optional ".digits", optional exponent: what arb_set_str reads beyond this ("inf", balls in
/// brackets) is not the text of one number.
bool is_decimal(std::string_view s) {
  if (s.starts_with('-') || s.starts_with('+')) s.remove_prefix(1);
  const auto e = s.find_first_of("eE");
  if (e != std::string_view::npos) {
    std::string_view tail = s.substr(e + 1);
    if (tail.starts_with('-') || tail.starts_with('+')) tail.remove_prefix(1);
    if (!all_digits(tail) || tail.size() > 18) return false;  // beyond 10^(10^18) nothing here is meant
    s = s.substr(0, e);
  }
  const auto point = s.find('.');
  if (point == std::string_view::npos) return all_digits(s);
  return all_digits(s.substr(0, point)) && all_digits(s.substr(point + 1));
}

/// x as an MPFR number, exactly; cleared at the end of its scope.
class Exact {
 public:
  explicit Exact(arf_srcptr x) {
    mpfr_init2(value_, std::max<mpfr_prec_t>(MPFR_PREC_MIN, arf_bits(x)));
    arf_get_mpfr(value_, x, MPFR_RNDN);
  }
  ~Exact() { mpfr_clear(value_); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;
  operator mpfr_srcptr() const { return value_; }

 private:
  mpfr_t value_;
};

/// Within what can be written as a decimal: |exponent| up to 2^29, which MPFR has by default.
bool writable(arf_srcptr x) {
  constexpr slong limit = slong{1} << 29;
  return arf_is_special(x) || (fmpz_cmp_si(ARF_EXPREF(x), limit) <= 0 && fmpz_cmp_si(ARF_EXPREF(x), -limit) >= 0);
}

std::string bound_text(arf_srcptr x, int digits, mpfr_rnd_t direction) {
  if (!writable(x)) {
    // 10^161614248 is just below 2^(2^29), and 10^-161614248 just above 2^-(2^29).
    const bool large = fmpz_sgn(ARF_EXPREF(x)) > 0;
    const bool negative = arf_sgn(x) < 0;
    const bool away = direction == (negative ? MPFR_RNDD : MPFR_RNDU);
    const std::string sign = negative ? "-" : "";
    if (large) return sign + (away ? "inf" : "1e161614248");
    return away ? sign + "1e-161614248" : "0";
  }
  return mpfr_text(Exact(x), std::max(digits, 1), direction);
}

/// The decimal digits of x rounded to nearest.
DecimalDigits nearest(arf_srcptr x, int digits) { return decimal_digits(Exact(x), digits, MPFR_RNDN); }

bool same(const DecimalDigits& a, const DecimalDigits& b) {
  return a.negative == b.negative && a.point == b.point && a.digits == b.digits;
}

}  // namespace

Ball Ball::from_text(std::string_view text) {
  Ball r;
  const auto slash = text.find('/');
  bool good = false;
  if (slash == std::string_view::npos) {
    good = is_decimal(text) && arb_set_str(raw(r), std::string(text).c_str(), Precision::bits()) == 0;
  } else {
    std::string_view p = text.substr(0, slash);
    const std::string_view q = text.substr(slash + 1);
    if (p.starts_with('-')) p.remove_prefix(1);
    if (all_digits(p) && all_digits(q) && q.find_first_not_of('0') != std::string_view::npos) {
      fmpq_t fraction;
      fmpq_init(fraction);
      fmpz_set_str(fmpq_numref(fraction), std::string(text.substr(0, slash)).c_str(), 10);
      fmpz_set_str(fmpq_denref(fraction), std::string(q).c_str(), 10);
      arb_set_fmpq(raw(r), fraction, Precision::bits());
      fmpq_clear(fraction);
      good = true;
    }
  }
  if (!good) {
    throw std::invalid_argument("'" + std::string(text.substr(0, 60)) + "' is not a decimal number or a fraction p/q");
  }
  return r;
}

std::optional<std::string> Ball::decimal(int digits) const {
  digits = std::max(digits, 1);
  if (!is_finite()) return std::nullopt;
  if (is_zero()) return "0";
  arb_srcptr x = raw(*this);
  if (is_exact()) {
    if (!writable(arb_midref(x))) return std::nullopt;
    const Exact value(arb_midref(x));
    const DecimalDigits d = decimal_digits(value, digits, MPFR_RNDN);
    const bool short_value = same(decimal_digits(value, digits, MPFR_RNDD), decimal_digits(value, digits, MPFR_RNDU));
    const std::string_view shown = short_value ? without_trailing_zeros(d.digits) : std::string_view(d.digits);
    return layout_decimal(d.negative, shown, d.point - 1, digits);
  }
  if (arb_contains_zero(x) != 0) return std::nullopt;
  // Ends rounded outward: if they round to the same text, so does everything between them.
  arb::TemporaryArf lo;
  arb::TemporaryArf hi;
  arb_get_interval_arf(lo, hi, x, std::max<slong>(arb_bits(x), 4L * digits) + 64);
  if (!writable(lo) || !writable(hi) || arf_is_special(lo.get()) || arf_is_special(hi.get())) return std::nullopt;
  const DecimalDigits d = nearest(lo, digits);
  if (!same(d, nearest(hi, digits))) return std::nullopt;
  return layout_decimal(d.negative, d.digits, d.point - 1, digits);
}

std::string Ball::to_string(int digits) const {
  char* const text = arb_get_str(raw(*this), std::max(digits, 1), 0);
  std::string out = text;
  flint_free(text);
  return out;
}

std::string Ball::lower(int digits) const {
  arb::TemporaryArf t;
  arb_get_lbound_arf(t, raw(*this), 4L * std::max(digits, 1) + 64);
  return bound_text(t, digits, MPFR_RNDD);
}

std::string Ball::upper(int digits) const {
  arb::TemporaryArf t;
  arb_get_ubound_arf(t, raw(*this), 4L * std::max(digits, 1) + 64);
  return bound_text(t, digits, MPFR_RNDU);
}

std::string Ball::mid(int digits) const { return bound_text(arb_midref(raw(*this)), digits, MPFR_RNDN); }

std::string Ball::rad(int digits) const {
  arb::TemporaryArf t;
  arf_set_mag(t, arb_radref(raw(*this)));
  return bound_text(t, digits, MPFR_RNDU);
}

double Ball::approximate() const {
  arf_srcptr m = arb_midref(raw(*this));
  return arf_is_nan(m) ? std::numeric_limits<double>::quiet_NaN() : arf_get_d(m, ARF_RND_NEAR);
}

double Ball::lower_double() const {
  double lo = 0;
  double hi = 0;
  arb::ends(lo, hi, raw(*this));
  return lo;
}

double Ball::upper_double() const {
  double lo = 0;
  double hi = 0;
  arb::ends(lo, hi, raw(*this));
  return hi;
}

std::string Number<Ball>::to_text(const Ball& x, int digits) {
  if (digits <= 0) digits = Precision::digits();
  if (std::optional<std::string> text = x.decimal(digits)) return *std::move(text);
  return x.to_string(digits);
}

namespace arb {

namespace {

constexpr double huge = std::numeric_limits<double>::max();
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double tiny = std::numeric_limits<double>::denorm_min();

/// x rounded to a double in direction `towards` (MPFR_RNDD or MPFR_RNDU).
double directed(arf_srcptr x, mpfr_rnd_t towards) {
  const bool downward = towards == MPFR_RNDD;
  if (arf_is_nan(x)) return downward ? -infinite : infinite;
  if (arf_is_zero(x)) return 0;
  const bool negative = arf_sgn(x) < 0;
  const bool beyond = arf_is_inf(x) || fmpz_cmp_si(ARF_EXPREF(x), 1100) > 0;
  // An exact infinity has no finite double on its far side; the largest is the nearest bound there is.
  if (beyond) return negative ? (downward ? -infinite : -huge) : (downward ? huge : infinite);
  if (fmpz_cmp_si(ARF_EXPREF(x), -1100) < 0) return negative ? (downward ? -tiny : -0.0) : (downward ? 0.0 : tiny);
  return mpfr_get_d(Exact(x), towards);
}

}  // namespace

double down(arf_srcptr x) { return directed(x, MPFR_RNDD); }
double up(arf_srcptr x) { return directed(x, MPFR_RNDU); }

void ends(double& lo, double& hi, arb_srcptr x) {
  if (arb_is_finite(x) == 0) {
    lo = -infinite;
    hi = infinite;
    return;
  }
  TemporaryArf a;
  TemporaryArf b;
  arb_get_interval_arf(a, b, x, 2200);  // a double has its bits within 2098: rounding here costs no tightness
  lo = down(a);
  hi = up(b);
}

}  // namespace arb

}  // namespace nabla
