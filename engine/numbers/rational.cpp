#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/round_constant.hpp>
#include <stdexcept>

namespace nabla {

namespace {

mpq_ptr raw(Rational& x) { return x.backend().data(); }
mpq_srcptr raw(const Rational& x) { return x.backend().data(); }

/// The longest numerator or denominator, in decimal digits, that a text or an exponent may ask for.
constexpr std::int64_t most_digits = Number<Rational>::most_bits / 4;

bool all_digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Sets z to the digits. \pre all_digits(digits), and at most most_digits of them.
void set_digits(mpz_ptr z, std::string_view digits) { mpz_set_str(z, std::string(digits).c_str(), 10); }

/// Where a text is refused.
std::nullopt_t refuse(std::string* error, std::string reason) {
  if (error != nullptr) *error = std::move(reason);
  return std::nullopt;
}

std::optional<Rational> parse_fraction(std::string_view p, std::string_view q, std::string* error) {
  if (!all_digits(p) || !all_digits(q)) return refuse(error, "expected an integer on both sides of '/'");
  Rational r;
  set_digits(mpq_numref(raw(r)), p);
  set_digits(mpq_denref(raw(r)), q);
  if (mpz_sgn(mpq_denref(raw(r))) == 0) {
    mpz_set_ui(mpq_denref(raw(r)), 1);
    return refuse(error, "the denominator is zero");
  }
  mpq_canonicalize(raw(r));
  return r;
}

std::optional<Rational> parse_decimal(std::string_view body, std::string* error) {
  std::int64_t exponent = 0;
  const auto e = body.find_first_of("eE");
  if (e != std::string_view::npos) {
    std::string_view tail = body.substr(e + 1);
    if (tail.starts_with('+') && !tail.starts_with("+-")) tail.remove_prefix(1);  // from_chars takes no '+'
    const auto [end, status] = std::from_chars(tail.data(), tail.data() + tail.size(), exponent);
    if (status == std::errc::result_out_of_range) return refuse(error, "the exponent is too large");
    if (status != std::errc{} || end != tail.data() + tail.size())
      return refuse(error, "expected an exponent after 'e'");
    body = body.substr(0, e);
  }
  const auto point = body.find('.');
  std::string digits(body.substr(0, point));
  if (point != std::string_view::npos) {
    const std::string_view fraction = body.substr(point + 1);
    if (digits.empty() || fraction.empty()) return refuse(error, "expected a digit on both sides of the point");
    digits += fraction;
    if (exponent < std::numeric_limits<std::int64_t>::min() / 2) return refuse(error, "the exponent is too large");
    exponent -= static_cast<std::int64_t>(fraction.size());
  }
  if (!all_digits(digits)) return refuse(error, "expected a number: digits, a decimal or a fraction p/q");
  if (exponent > most_digits || exponent < -most_digits) return refuse(error, "the exponent is too large");
  Rational r;
  set_digits(mpq_numref(raw(r)), digits);
  if (r.is_zero()) return r;
  mpz_t scale;
  mpz_init(scale);
  mpz_ui_pow_ui(scale, 10, static_cast<unsigned long>(std::llabs(exponent)));
  if (exponent >= 0) {
    mpz_mul(mpq_numref(raw(r)), mpq_numref(raw(r)), scale);
  } else {
    mpz_set(mpq_denref(raw(r)), scale);
    mpq_canonicalize(raw(r));
  }
  mpz_clear(scale);
  return r;
}

}  // namespace

namespace rational {

void throw_division_by_zero(const Rational& numerator) {
  std::string p = numerator.str();
  if (p.size() > 40) p = p.substr(0, 37) + "...";
  throw UndefinedError("(" + p + ") / 0 has no value in rational numbers");
}

}  // namespace rational

std::optional<Rational> parse_rational(std::string_view text, std::string* error) {
  if (static_cast<std::int64_t>(text.size()) > most_digits) return refuse(error, "the number has too many digits");
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto slash = text.find('/');
  std::optional<Rational> r = slash == std::string_view::npos
                                  ? parse_decimal(text, error)
                                  : parse_fraction(text.substr(0, slash), text.substr(slash + 1), error);
  if (r && negative) r->backend().negate();
  return r;
}

Constant to_constant(const Rational& x) {
  if (mpz_fits_slong_p(mpq_numref(raw(x))) != 0 && mpz_fits_slong_p(mpq_denref(raw(x))) != 0) {
    const long p = mpz_get_si(mpq_numref(raw(x)));
    const long q = mpz_get_si(mpq_denref(raw(x)));
    if (p != std::numeric_limits<long>::min()) return Constant::ratio(p, q);
  }
  return Constant::text(x.str());
}

Rational Number<Rational>::of(const Constant& c) {
  if (!is_rational(c)) {
    const bool dyadic = c.kind() == Constant::Kind::dyadic;
    throw UndefinedError(c.to_string() + (dyadic ? " has no value" : " has no exact value") + " in rational numbers");
  }
  Rational r;
  set_exact(raw(r), c);
  return r;
}

Rational Number<Rational>::powi(const Rational& x, std::int64_t n) {
  if (n == 0) return Rational(1);
  if (x.is_zero()) {
    if (n < 0) throw UndefinedError("0^" + std::to_string(n) + " has no value in rational numbers");
    return Rational(0);
  }
  const bool unit = mpz_cmpabs_ui(mpq_numref(raw(x)), 1) == 0 && mpz_cmp_ui(mpq_denref(raw(x)), 1) == 0;
  if (unit) return x.sign() < 0 && n % 2 == 0 ? Rational(1) : x;
  const auto bits = static_cast<std::uint64_t>(
      std::max(mpz_sizeinbase(mpq_numref(raw(x)), 2), mpz_sizeinbase(mpq_denref(raw(x)), 2)));
  const std::uint64_t k = n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  if (k > static_cast<std::uint64_t>(most_bits) / bits) {
    throw std::length_error("the power ^" + std::to_string(n) + " of a rational number needs more than " +
                            std::to_string(most_bits) + " bits");
  }
  Rational r;
  mpz_pow_ui(mpq_numref(raw(r)), mpq_numref(raw(x)), k);
  mpz_pow_ui(mpq_denref(raw(r)), mpq_denref(raw(x)), k);
  if (n < 0) mpq_inv(raw(r), raw(r));
  return r;
}

Rational Number<Rational>::floor(const Rational& x) {
  Rational r;
  mpz_fdiv_q(mpq_numref(raw(r)), mpq_numref(raw(x)), mpq_denref(raw(x)));
  return r;
}

std::string Number<Rational>::to_text(const Rational& x, int) { return x.str(); }

}  // namespace nabla
