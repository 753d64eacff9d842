#include <flint/fmpq.h>
#include <flint/fmpz_factor.h>
#include <flint/fmpz_mpoly_factor.h>
#include <flint/fmpz_vec.h>
#include <gmp.h>

#include <algorithm>
#include <cmath>
#include <nabla/proofs/check/identity/normal_form_fraction.hpp>

namespace nabla::normal_form {

namespace {

constexpr std::int64_t most_terms = 20'000;
constexpr std::int64_t most_bits = 100'000;
constexpr std::int64_t highest_degree = 1'000'000;
// A polynomial beyond these is taken as one factor.
constexpr double longest_factored = 300;
constexpr std::int64_t highest_degree_factored = 60;

double length(const fmpz_mpoly_struct* p, const Ring& ring) {
  return static_cast<double>(fmpz_mpoly_length(p, ring.context()));
}

/// An fmpq that cleans up after itself.
struct OwnedFmpq {
  fmpq_t q;
  OwnedFmpq() { fmpq_init(q); }
  ~OwnedFmpq() { fmpq_clear(q); }
  OwnedFmpq(const OwnedFmpq&) = delete;
  OwnedFmpq& operator=(const OwnedFmpq&) = delete;
};

std::string take(char* text) {
  std::string copy(text);
  flint_free(text);
  return copy;
}

}  // namespace

Ring::Ring(std::int64_t variables, std::int64_t& steps_left) : variables_(variables), steps_left_(steps_left) {
  fmpz_mpoly_ctx_init(context_, variables, ORD_LEX);
}
Ring::~Ring() { fmpz_mpoly_ctx_clear(context_); }

void Ring::charge(double steps) const {
  if (steps > static_cast<double>(steps_left_)) {
    steps_left_ = 0;
    throw BudgetExceeded("the budget of steps for polynomial arithmetic is spent");
  }
  steps_left_ -= static_cast<std::int64_t>(steps) + 1;
}

Polynomial::Polynomial(const Ring& ring) : ring_(&ring) { fmpz_mpoly_init(p_, ring.context()); }
Polynomial::Polynomial(const Ring& ring, const fmpz_mpoly_struct* p) : Polynomial(ring) {
  fmpz_mpoly_set(p_, p, ring.context());
}
Polynomial::Polynomial(const Polynomial& other) : Polynomial(*other.ring_, other.p_) {}
Polynomial::Polynomial(Polynomial&& other) noexcept : Polynomial(*other.ring_) {
  fmpz_mpoly_swap(p_, other.p_, ring_->context());
}
Polynomial& Polynomial::operator=(Polynomial other) noexcept {
  std::swap(p_[0], other.p_[0]);
  std::swap(ring_, other.ring_);
  return *this;
}
Polynomial::~Polynomial() { fmpz_mpoly_clear(p_, ring_->context()); }

std::vector<Term> terms(const Ring& ring, const fmpz_mpoly_struct* p) {
  std::vector<Term> list;
  std::vector<ulong> exponents(static_cast<std::size_t>(ring.variables()));
  fmpz_t c;
  fmpz_init(c);
  for (slong i = 0; i < fmpz_mpoly_length(p, ring.context()); ++i) {
    Term term;
    fmpz_mpoly_get_term_coeff_fmpz(c, p, i, ring.context());
    term.coefficient = take(fmpz_get_str(nullptr, 10, c));
    fmpz_mpoly_get_term_exp_ui(exponents.data(), p, i, ring.context());
    for (std::size_t k = 0; k < exponents.size(); ++k)
      if (exponents[k] != 0)
        term.powers.emplace_back(static_cast<std::int64_t>(k), static_cast<std::int64_t>(exponents[k]));
    list.push_back(std::move(term));
  }
  fmpz_clear(c);
  return list;
}

std::vector<std::int64_t> degrees(const Ring& ring, const fmpz_mpoly_struct* p) {
  std::vector<slong> found(static_cast<std::size_t>(ring.variables()), 0);
  if (fmpz_mpoly_length(p, ring.context()) > 0) fmpz_mpoly_degrees_si(found.data(), p, ring.context());
  return {found.begin(), found.end()};
}

Fraction::Fraction(const Ring& ring) : Fraction(ring, 0) {}
Fraction::Fraction(const Ring& ring, std::int64_t n) : ring_(&ring), num_(ring), den_(ring) {
  fmpz_mpoly_set_si(num_.get(), n, ring.context());
  fmpz_mpoly_one(den_.get(), ring.context());
}
Fraction::Fraction(Polynomial num, Polynomial den) : ring_(&num.ring()), num_(std::move(num)), den_(std::move(den)) {
  if (fmpz_sgn(den_.get()->coeffs) < 0) {
    fmpz_mpoly_neg(num_.get(), num_.get(), ring_->context());
    fmpz_mpoly_neg(den_.get(), den_.get(), ring_->context());
  }
  check_size();
}

Fraction Fraction::atom(const Ring& ring, std::int64_t index) {
  if (index >= ring.variables()) throw RingTooSmall();
  Polynomial x(ring);
  fmpz_mpoly_gen(x.get(), index, ring.context());
  return of(x);
}
Fraction Fraction::of(const Polynomial& p) {
  Polynomial one(p.ring());
  fmpz_mpoly_one(one.get(), p.ring().context());
  return {p, one};
}
Fraction Fraction::rational(const Ring& ring, const std::string& text) {
  if (static_cast<std::int64_t>(text.size()) > most_bits / 4) throw BudgetExceeded("a constant has too many digits");
  OwnedFmpq value;
  if (fmpq_set_str(value.q, text.c_str(), 10) != 0) throw std::invalid_argument("not a rational number: " + text);
  if (fmpz_is_zero(fmpq_denref(value.q))) throw std::invalid_argument("not a rational number: " + text);
  fmpq_canonicalise(value.q);
  Polynomial num(ring), den(ring);
  fmpz_mpoly_set_fmpz(num.get(), fmpq_numref(value.q), ring.context());
  fmpz_mpoly_set_fmpz(den.get(), fmpq_denref(value.q), ring.context());
  return {std::move(num), std::move(den)};
}
std::optional<Fraction> Fraction::constant(const Ring& ring, const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::ratio:
      return rational(ring, std::to_string(c.num()) + "/" + std::to_string(c.den()));
    case Constant::Kind::text:
      return rational(ring, c.as_text());
    case Constant::Kind::dyadic: {
      if (!std::isfinite(c.as_dyadic())) return std::nullopt;
      OwnedFmpq value;
      mpq_t exact;
      mpq_init(exact);
      mpq_set_d(exact, c.as_dyadic());
      fmpq_set_mpq(value.q, exact);
      mpq_clear(exact);
      return rational(ring, take(fmpq_get_str(nullptr, 10, value.q)));
    }
    case Constant::Kind::pi:
    case Constant::Kind::infinity:
      break;
  }
  return std::nullopt;
}

std::string Fraction::constant_text() const {
  OwnedFmpq value;
  fmpz_mpoly_get_fmpz(fmpq_numref(value.q), num(), ring_->context());
  fmpz_mpoly_get_fmpz(fmpq_denref(value.q), den(), ring_->context());
  return take(fmpq_get_str(nullptr, 10, value.q));
}
std::optional<std::pair<std::int64_t, std::int64_t>> Fraction::small_ratio() const {
  OwnedFmpq value;
  fmpz_mpoly_get_fmpz(fmpq_numref(value.q), num(), ring_->context());
  fmpz_mpoly_get_fmpz(fmpq_denref(value.q), den(), ring_->context());
  if (fmpz_bits(fmpq_numref(value.q)) > 40 || fmpz_bits(fmpq_denref(value.q)) > 40) return std::nullopt;
  return std::pair(static_cast<std::int64_t>(fmpz_get_si(fmpq_numref(value.q))),
                   static_cast<std::int64_t>(fmpz_get_si(fmpq_denref(value.q))));
}
int Fraction::constant_sign() const {
  if (is_zero()) return 0;
  return constant_text()[0] == '-' ? -1 : 1;
}

namespace {

std::string content_of(const fmpz_mpoly_struct* p) {
  fmpz_t g;
  fmpz_init(g);
  _fmpz_vec_content(g, p->coeffs, p->length);
  std::string text = take(fmpz_get_str(nullptr, 10, g));
  fmpz_clear(g);
  return text;
}

}  // namespace

Fraction Fraction::content() const {
  return is_zero() ? *this : rational(*ring_, content_of(num()) + "/" + content_of(den()));
}
int Fraction::leading_sign() const { return is_zero() ? 0 : fmpz_sgn(num()->coeffs); }

void Fraction::check_size() const {
  for (const fmpz_mpoly_struct* p : {num(), den()}) {
    if (fmpz_mpoly_length(p, ring_->context()) > most_terms) throw BudgetExceeded("a polynomial has too many terms");
    if (std::abs(fmpz_mpoly_max_bits(p)) > most_bits) throw BudgetExceeded("a coefficient has too many digits");
    if (fmpz_mpoly_length(p, ring_->context()) > 0 &&
        (fmpz_mpoly_total_degree_fits_si(p, ring_->context()) == 0 ||
         fmpz_mpoly_total_degree_si(p, ring_->context()) > highest_degree))
      throw BudgetExceeded("a polynomial has too high a degree");
  }
}

namespace {

Polynomial product(const Polynomial& a, const Polynomial& b) {
  a.ring().charge(static_cast<double>(a.length()) * static_cast<double>(b.length()));
  Polynomial r(a.ring());
  fmpz_mpoly_mul(r.get(), a.get(), b.get(), a.ring().context());
  return r;
}
/// a and b without their greatest common divisor, which is returned.
Polynomial cancel(Polynomial& a, Polynomial& b) {
  const Ring& ring = a.ring();
  const double m = static_cast<double>(a.length()), n = static_cast<double>(b.length());
  const bool easy = m <= 1 || n <= 1;  // of a single term only the exponents are compared
  ring.charge(4 * m * n + (easy ? 0 : 4 * (m + n) * static_cast<double>(ring.variables())));
  Polynomial g(ring), a_rest(ring), b_rest(ring);
  if (fmpz_mpoly_gcd_cofactors(g.get(), a_rest.get(), b_rest.get(), a.get(), b.get(), ring.context()) == 0)
    throw BudgetExceeded("a greatest common divisor of polynomials is too hard to find");
  a = std::move(a_rest);
  b = std::move(b_rest);
  return g;
}

}  // namespace

Fraction operator+(const Fraction& a, const Fraction& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  Polynomial a_den = a.den_, b_den = b.den_;
  Polynomial common = cancel(a_den, b_den);
  const Polynomial left = product(a.num_, b_den), right = product(b.num_, a_den);
  Polynomial num(a.ring());
  fmpz_mpoly_add(num.get(), left.get(), right.get(), a.ring().context());
  if (fmpz_mpoly_is_zero(num.get(), a.ring().context()) != 0) return Fraction(a.ring());
  cancel(num, common);
  return {std::move(num), product(product(a_den, b_den), common)};
}
Fraction operator-(const Fraction& a, const Fraction& b) { return a + (-b); }
Fraction operator*(const Fraction& a, const Fraction& b) {
  if (a.is_zero() || b.is_zero()) return Fraction(a.ring());
  Polynomial a_num = a.num_, a_den = a.den_, b_num = b.num_, b_den = b.den_;
  cancel(a_num, b_den);
  cancel(b_num, a_den);
  return {product(a_num, b_num), product(a_den, b_den)};
}
Fraction operator/(const Fraction& a, const Fraction& b) { return a * Fraction(b.den_, b.num_); }
Fraction operator-(const Fraction& a) {
  Fraction r = a;
  fmpz_mpoly_neg(r.num_.get(), r.num_.get(), a.ring().context());
  return r;
}
bool operator==(const Fraction& a, const Fraction& b) {
  return fmpz_mpoly_equal(a.num(), b.num(), a.ring().context()) != 0 &&
         fmpz_mpoly_equal(a.den(), b.den(), a.ring().context()) != 0;
}

Fraction Fraction::power(std::int64_t n) const {
  if (n > highest_degree || n < -highest_degree) throw BudgetExceeded("an exponent is too large");
  if (n < 0) return (Fraction(*ring_, 1) / *this).power(-n);
  for (const fmpz_mpoly_struct* p : {num(), den()}) {
    const double t = length(p, *ring_);
    const double bits = static_cast<double>(std::abs(fmpz_mpoly_max_bits(p)));
    if (bits * static_cast<double>(n) > 20.0 * static_cast<double>(most_bits))
      throw BudgetExceeded("a power has too many digits");
    double count = 1;
    for (double k = 1; k < t && count <= static_cast<double>(most_terms); ++k)
      count *= (static_cast<double>(n) + k) / k;
    if (count > static_cast<double>(most_terms)) throw BudgetExceeded("a power has too many terms");
    ring_->charge(count * t);
  }
  Fraction result(*ring_, 1);
  Fraction square = *this;
  for (std::uint64_t k = static_cast<std::uint64_t>(n); k != 0; k >>= 1U) {
    if ((k & 1U) != 0) result = result * square;
    if (k > 1) square = square * square;
  }
  return result;
}

namespace {

/// The powers of single atoms that divide p, which is left without them.
std::vector<std::pair<Polynomial, std::int64_t>> take_monomial(Polynomial& p) {
  const Ring& ring = p.ring();
  Polynomial common(ring);
  fmpz_mpoly_term_content(common.get(), p.get(), ring.context());
  std::vector<std::pair<Polynomial, std::int64_t>> list;
  for (const Term& term : terms(ring, common.get())) {
    for (const auto& [k, e] : term.powers) {
      Polynomial atom(ring);
      fmpz_mpoly_gen(atom.get(), k, ring.context());
      Polynomial power(ring);
      fmpz_mpoly_pow_ui(power.get(), atom.get(), static_cast<ulong>(e), ring.context());
      fmpz_mpoly_divides(p.get(), p.get(), power.get(), ring.context());
      list.emplace_back(std::move(atom), e);
    }
  }
  return list;
}

}  // namespace

Factors factor(const Fraction& f) {
  const Ring& ring = f.ring();
  Factors out{Fraction(ring, 1), {}};
  for (const bool upper : {true, false}) {
    const std::int64_t direction = upper ? 1 : -1;
    Polynomial p(ring, upper ? f.num() : f.den());
    for (auto& [atom, e] : take_monomial(p)) out.powers.emplace_back(std::move(atom), e * direction);
    const double size = static_cast<double>(p.length());
    ring.charge(20 * size * size);
    const auto multiply_constant = [&](const Fraction& c) {
      out.constant = upper ? out.constant * c : out.constant / c;
    };
    if (fmpz_mpoly_is_fmpz(p.get(), ring.context()) != 0) {
      multiply_constant(Fraction::of(p));
      continue;
    }
    fmpz_mpoly_factor_t list;
    fmpz_mpoly_factor_init(list, ring.context());
    const bool small =
        size <= longest_factored && fmpz_mpoly_total_degree_si(p.get(), ring.context()) <= highest_degree_factored;
    if (small && fmpz_mpoly_factor(list, p.get(), ring.context()) != 0) {
      multiply_constant(Fraction::rational(ring, take(fmpz_get_str(nullptr, 10, list->constant))));
      for (slong i = 0; i < fmpz_mpoly_factor_length(list, ring.context()); ++i) {
        Polynomial base(ring);
        fmpz_mpoly_factor_get_base(base.get(), list, i, ring.context());
        const auto e = static_cast<std::int64_t>(fmpz_mpoly_factor_get_exp_si(list, i, ring.context()));
        out.powers.emplace_back(std::move(base), e * direction);
      }
    } else {
      const Fraction whole = Fraction::of(p);
      const Fraction c = whole.leading_sign() < 0 ? -whole.content() : whole.content();
      multiply_constant(c);
      out.powers.emplace_back(Polynomial(ring, (whole / c).num()), direction);
    }
    fmpz_mpoly_factor_clear(list, ring.context());
  }
  return out;
}

std::vector<std::pair<std::string, std::int64_t>> prime_powers(const Fraction& constant) {
  std::vector<std::pair<std::string, std::int64_t>> list;
  for (const bool upper : {true, false}) {
    fmpz_t n;
    fmpz_init(n);
    fmpz_mpoly_get_fmpz(n, upper ? constant.num() : constant.den(), constant.ring().context());
    fmpz_abs(n, n);
    // Small primes first, so that what is left is often small enough to be factored completely.
    for (ulong d = 2; d < 1000; ++d) {
      std::int64_t count = 0;
      while (fmpz_divisible_si(n, static_cast<slong>(d)) != 0) {
        fmpz_divexact_ui(n, n, d);
        ++count;
      }
      if (count != 0) list.emplace_back(std::to_string(d), upper ? count : -count);
    }
    if (fmpz_bits(n) <= 64) {
      fmpz_factor_t primes;
      fmpz_factor_init(primes);
      fmpz_factor(primes, n);
      for (slong i = 0; i < primes->num; ++i)
        list.emplace_back(take(fmpz_get_str(nullptr, 10, primes->p + i)),
                          static_cast<std::int64_t>(primes->exp[i]) * (upper ? 1 : -1));
      fmpz_factor_clear(primes);
    } else {
      list.emplace_back(take(fmpz_get_str(nullptr, 10, n)), upper ? 1 : -1);
    }
    fmpz_clear(n);
  }
  return list;
}

Division divide_out(const Fraction& f) {
  const Ring& ring = f.ring();
  ring.charge(length(f.num(), ring) * length(f.den(), ring));
  Polynomial quotient(ring), remainder(ring);
  fmpz_t scale;
  fmpz_init(scale);
  fmpz_mpoly_quasidivrem(scale, quotient.get(), remainder.get(), f.num(), f.den(), ring.context());
  const Fraction s = Fraction::rational(ring, take(fmpz_get_str(nullptr, 10, scale)));
  fmpz_clear(scale);
  return {Fraction::of(quotient) / s, Fraction::of(remainder) / s};
}

std::vector<std::pair<std::int64_t, Polynomial>> powers_of(const Polynomial& p, std::int64_t atom) {
  const Ring& ring = p.ring();
  fmpz_mpoly_univar_t u;
  fmpz_mpoly_univar_init(u, ring.context());
  fmpz_mpoly_to_univar(u, p.get(), atom, ring.context());
  std::vector<std::pair<std::int64_t, Polynomial>> list;
  for (slong i = 0; i < fmpz_mpoly_univar_length(u, ring.context()); ++i) {
    Polynomial c(ring);
    fmpz_mpoly_univar_get_term_coeff(c.get(), u, i, ring.context());
    list.emplace_back(fmpz_mpoly_univar_get_term_exp_si(u, i, ring.context()), std::move(c));
  }
  fmpz_mpoly_univar_clear(u, ring.context());
  return list;
}

}  // namespace nabla::normal_form
