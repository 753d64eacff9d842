#pragma once

#include <map>
#include <nabla/engine/numbers/rational.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Polynomials and fractions over Q in the symbols of an inner-product argument: scalar parameters, function values,
/// norms, and vectors, of which products of two stand for inner products.
namespace nabla::interpolation {

using Symbol = std::uint32_t;
/// (symbol, exponent >= 1), by symbol.
using Monomial = std::vector<std::pair<Symbol, int>>;
Monomial product(const Monomial& a, const Monomial& b);
/// a / b; nothing when b does not divide a.
std::optional<Monomial> quotient(const Monomial& a, const Monomial& b);

/// Lexicographic, compatible with products.
struct MonomialLess {
  bool operator()(const Monomial& a, const Monomial& b) const;
};

class Polynomial {
 public:
  using Terms = std::map<Monomial, Rational, MonomialLess>;
  Polynomial() = default;
  Polynomial(const Rational& c) { add(Monomial{}, c); }
  static Polynomial symbol(Symbol s) {
    Polynomial p;
    p.add(Monomial{{s, 1}}, 1);
    return p;
  }
  const Terms& terms() const { return terms_; }
  bool is_zero() const { return terms_.empty(); }
  std::optional<Rational> as_constant() const;
  void add(const Monomial& m, const Rational& c);
  void add(const Polynomial& p, const Rational& c = 1, const Monomial& m = {});
  Polynomial scaled(const Rational& c) const;
  int degree_in(Symbol s) const;
  /// The factor of s^k; in the other symbols.
  Polynomial coefficient(Symbol s, int k) const;
  /// The largest monomial that divides every term. \pre not zero
  Monomial content() const;
  friend Polynomial operator+(Polynomial a, const Polynomial& b) {
    a.add(b);
    return a;
  }
  friend Polynomial operator-(Polynomial a, const Polynomial& b) {
    a.add(b, -1);
    return a;
  }
  friend Polynomial operator*(const Polynomial& a, const Polynomial& b);
  friend bool operator==(const Polynomial& a, const Polynomial& b) { return a.terms_ == b.terms_; }
  friend bool operator<(const Polynomial& a, const Polynomial& b) { return a.terms_ < b.terms_; }

 private:
  Terms terms_;
};

/// a / b where it is a polynomial. \pre b not zero
std::optional<Polynomial> divided(const Polynomial& a, const Polynomial& b);

/// num / product of den. Factors are not constant, with leading coefficient 1; num and den are not reduced further than
/// by factors that divide num.
struct Fraction {
  Polynomial num;
  std::vector<Polynomial> den;

  Fraction() = default;
  Fraction(Polynomial p) : num(std::move(p)) {}
  Fraction(const Rational& c) : num(c) {}
  bool is_zero() const { return num.is_zero(); }
  void reduce();
};
Fraction operator+(const Fraction& a, const Fraction& b);
Fraction operator-(const Fraction& a, const Fraction& b);
Fraction operator*(const Fraction& a, const Fraction& b);
/// \pre b not zero
Fraction operator/(const Fraction& a, const Fraction& b);
/// Of numbers: the same wherever both are defined.
bool equal(const Fraction& a, const Fraction& b);

}  // namespace nabla::interpolation
