#pragma once

#include <flint/fmpz_mpoly.h>

#include <cstdint>
#include <nabla/ops/constant.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

/// Rational functions over Q in finitely many atoms, in lowest terms, over FLINT's fmpz_mpoly, with a budget. Internal
/// to the deciders' .cpp files, because FLINT's headers are heavy.
namespace nabla::normal_form {

/// The computation would cost more than it is allowed; counted in deterministic steps, never in seconds.
class BudgetExceeded : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// More atoms are needed than the ring was made for: make a larger one and begin again.
class RingTooSmall : public std::exception {};

/// The polynomials in a fixed number of variables, and what may still be spent on them.
class Ring {
 public:
  Ring(std::int64_t variables, std::int64_t& steps_left);
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  const fmpz_mpoly_ctx_struct* context() const { return context_; }
  std::int64_t variables() const { return variables_; }
  /// \throws BudgetExceeded
  void charge(double steps) const;

 private:
  fmpz_mpoly_ctx_t context_;
  std::int64_t variables_;
  std::int64_t& steps_left_;
};

/// A polynomial with integer coefficients.
class Polynomial {
 public:
  explicit Polynomial(const Ring& ring);
  Polynomial(const Ring& ring, const fmpz_mpoly_struct* p);
  Polynomial(const Polynomial& other);
  Polynomial(Polynomial&& other) noexcept;
  Polynomial& operator=(Polynomial other) noexcept;
  ~Polynomial();

  const Ring& ring() const { return *ring_; }
  fmpz_mpoly_struct* get() { return p_; }
  const fmpz_mpoly_struct* get() const { return p_; }
  std::int64_t length() const { return fmpz_mpoly_length(p_, ring_->context()); }

 private:
  const Ring* ring_;
  fmpz_mpoly_t p_;
};

/// One term: an integer coefficient as text and the exponents of the atoms that occur.
struct Term {
  std::string coefficient;
  std::vector<std::pair<std::int64_t, std::int64_t>> powers;  ///< (atom, exponent > 0), by atom
};
std::vector<Term> terms(const Ring& ring, const fmpz_mpoly_struct* p);

/// The highest exponent of every atom.
std::vector<std::int64_t> degrees(const Ring& ring, const fmpz_mpoly_struct* p);

/// A quotient of polynomials in lowest terms; the denominator's leading coefficient is positive.
class Fraction {
 public:
  explicit Fraction(const Ring& ring);  ///< 0
  Fraction(const Ring& ring, std::int64_t n);

  static Fraction atom(const Ring& ring, std::int64_t index);
  static Fraction of(const Polynomial& p);
  /// Text "p/q" or "p" with any number of digits.
  static Fraction rational(const Ring& ring, const std::string& text);
  /// A constant of a graph; nothing for pi, infinities and NaN.
  static std::optional<Fraction> constant(const Ring& ring, const Constant& c);

  const Ring& ring() const { return *ring_; }
  const fmpz_mpoly_struct* num() const { return num_.get(); }
  const fmpz_mpoly_struct* den() const { return den_.get(); }
  bool is_zero() const { return fmpz_mpoly_is_zero(num(), ring_->context()) != 0; }
  bool is_constant() const { return fmpz_mpoly_is_fmpz(num(), ring_->context()) != 0 && is_polynomial(); }
  bool is_polynomial() const { return fmpz_mpoly_is_fmpz(den(), ring_->context()) != 0; }
  /// "p/q" or "p". \pre is_constant()
  std::string constant_text() const;
  /// \pre is_constant()
  std::optional<std::pair<std::int64_t, std::int64_t>> small_ratio() const;
  int constant_sign() const;
  /// The positive constant by which the fraction differs from a quotient of primitive polynomials; 0 for 0.
  Fraction content() const;
  /// The sign of the numerator's leading coefficient.
  int leading_sign() const;

  friend Fraction operator+(const Fraction& a, const Fraction& b);
  friend Fraction operator-(const Fraction& a, const Fraction& b);
  friend Fraction operator*(const Fraction& a, const Fraction& b);
  /// \pre !b.is_zero()
  friend Fraction operator/(const Fraction& a, const Fraction& b);
  friend Fraction operator-(const Fraction& a);
  friend bool operator==(const Fraction& a, const Fraction& b);
  /// \pre n >= 0 or not zero. \throws BudgetExceeded
  Fraction power(std::int64_t n) const;

 private:
  Fraction(Polynomial num, Polynomial den);
  void check_size() const;
  const Ring* ring_;
  Polynomial num_, den_;
};

/// A constant times powers of polynomials of positive leading coefficient, irreducible unless they are very long.
struct Factors {
  Fraction constant;
  std::vector<std::pair<Polynomial, std::int64_t>> powers;
};
/// \pre !f.is_zero()
Factors factor(const Fraction& f);

/// A positive constant as powers of primes; a part with more than 64 bits stays whole.
std::vector<std::pair<std::string, std::int64_t>> prime_powers(const Fraction& constant);

/// f = quotient + remainder / den with a quotient that is a polynomial over Q.
struct Division {
  Fraction quotient;
  Fraction remainder;  ///< a polynomial over Q, still to be divided by f's denominator
};
Division divide_out(const Fraction& f);

/// Coefficients of powers of one atom.
std::vector<std::pair<std::int64_t, Polynomial>> powers_of(const Polynomial& p, std::int64_t atom);

}  // namespace nabla::normal_form
