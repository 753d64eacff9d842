#pragma once

#include <cstdint>
#include <map>
#include <nabla/engine/numbers/rational.hpp>
#include <optional>
#include <stdexcept>
#include <vector>

/// Polynomials for the re-checker: sparse, over Boost's rationals, with exponents that may be negative and fractional.
/// Deliberately plain; nothing here is shared with the prover, which computes with FLINT.
namespace nabla::rederive {

/// The computation costs more than it may; counted in steps.
class Exhausted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Meter {
 public:
  explicit Meter(std::int64_t steps) : left_(steps) {}
  /// \throws Exhausted
  void spend(std::size_t steps);

 private:
  std::int64_t left_;
};

/// Exponents are counted in this fraction of one.
inline constexpr std::int64_t unit = 55440;

/// (atom, exponent in units), by atom, no exponent 0.
using Monomial = std::vector<std::pair<std::uint32_t, std::int64_t>>;
Monomial product(const Monomial& a, const Monomial& b);
/// a^(n / unit). \throws Exhausted when an exponent is not a whole number of units
Monomial power(const Monomial& a, std::int64_t n);

/// Lexicographic by exponents, atom by atom: compatible with products.
struct MonomialLess {
  bool operator()(const Monomial& a, const Monomial& b) const;
};

class Polynomial {
 public:
  using Terms = std::map<Monomial, Rational, MonomialLess>;
  Polynomial() = default;
  Polynomial(const Rational& c);
  static Polynomial monomial(Monomial m, const Rational& c = 1);

  const Terms& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  std::optional<Rational> as_constant() const;
  /// The largest monomial's. \pre not zero
  const Monomial& leading_monomial() const { return terms_.rbegin()->first; }
  const Rational& leading_coefficient() const { return terms_.rbegin()->second; }
  /// The smallest exponent of every atom that every term has: dividing by it leaves a polynomial in the usual sense.
  Monomial common_monomial() const;
  void add(const Monomial& m, const Rational& c);
  Polynomial scaled(const Rational& c, const Monomial& m = {}) const;

  friend bool operator==(const Polynomial&, const Polynomial&) = default;

 private:
  Terms terms_;
};

Polynomial sum(const Polynomial& a, const Polynomial& b, const Rational& times_b, Meter& meter);
Polynomial product(const Polynomial& a, const Polynomial& b, Meter& meter);
Polynomial power(const Polynomial& a, std::int64_t n, Meter& meter);  ///< \pre n >= 0

struct Division {
  Polynomial quotient, remainder;
};
/// a = quotient * b + remainder, no term of the remainder divisible by b's leading one. \pre all exponents >= 0, b not
/// 0
Division divide(const Polynomial& a, const Polynomial& b, Meter& meter);

}  // namespace nabla::rederive
