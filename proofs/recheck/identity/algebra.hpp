#pragma once

#include <map>
#include <nabla/engine/record/expr.hpp>
#include <nabla/proofs/claim/problem.hpp>
#include <nabla/proofs/recheck/polynomial.hpp>
#include <set>

/// The re-checker's arithmetic: quotients of polynomials in atoms, with denominators kept as products, and never a
/// greatest common divisor. What holds of it: at every point of the stated set (and of the case under study) at which
/// an expression is defined, its quotient has the expression's value, where every atom is a real number that satisfies
/// its relation and bounds, and an atom with an exponent that is not whole is not negative.
namespace nabla::rederive {

/// Sets of signs: negative 1, zero 2, positive 4.
using Signs = unsigned;
inline constexpr Signs negative = 1, zero = 2, positive = 4, nonzero = 5, nonnegative = 6, nonpositive = 3, any = 7;
inline bool within(Signs a, Signs b) { return (a & ~b) == 0; }
Signs flipped(Signs a);
Signs times(Signs a, Signs b);

/// lo <= x <= hi, an end being strict where it says so; absent ends are infinite.
struct Bounds {
  std::optional<Rational> lo, hi;
  bool lo_strict = false, hi_strict = false;
  static Bounds of(Signs s);
  Signs signs() const;
};
Bounds plus(const Bounds& a, const Bounds& b);
Bounds times(const Bounds& a, const Bounds& b);
Bounds meet(const Bounds& a, const Bounds& b);

/// num / product of factors; factors are numbered, have two terms or more, and leading coefficient 1.
struct Quotient {
  Polynomial num;
  std::map<std::size_t, std::int64_t> den;
  friend bool operator==(const Quotient&, const Quotient&) = default;
};

enum class AtomKind : std::uint8_t {
  entry,
  pi,
  exponential,
  power_base,
  logarithm,
  cosine,
  sine,
  cube_root,
  fractional_part,
  function
};

struct Atom {
  AtomKind kind = AtomKind::entry;
  std::vector<Quotient> operands;  ///< of the function; exponential: of e; power_base: its value
  Opcode code = 0;                 ///< function
  std::vector<std::int64_t> attributes;
  std::int64_t denominator = 1;  ///< cosine, sine: of operand / denominator
  Bounds bounds;
  std::int64_t degree = 0;  ///< in units; not 0: the power that `value` equals
  Quotient value;
  std::set<std::uint32_t> depends;
  std::size_t onehot = 0;
};

/// c * monomial * product of factors.
struct Product {
  Rational c = 1;
  Monomial monomial;
  std::map<std::size_t, std::int64_t> factors;
};

/// Something was learnt that an earlier step should have known.
class Again : public std::exception {};
/// No point satisfies what is assumed.
class Impossible : public std::exception {};

class Algebra {
 public:
  explicit Algebra(std::int64_t steps) : meter_(steps) {}

  // algebra.cpp
  static Quotient constant(const Rational& c) { return {Polynomial(c), {}}; }
  Quotient power_of_atom(std::uint32_t atom, std::int64_t exponent) const;
  Quotient add(const Quotient& a, const Quotient& b, const Rational& times_b = 1);
  Quotient multiply(const Quotient& a, const Quotient& b);
  /// \pre b is not zero
  Quotient divide(const Quotient& a, const Quotient& b);
  Quotient integer_power(const Quotient& a, std::int64_t n);
  Quotient reduce(Quotient q);
  bool is_zero(const Quotient& q);
  bool equal(const Quotient& a, const Quotient& b) { return a == b || is_zero(add(a, b, -1)); }
  Product factorise(const Polynomial& p);
  /// Remembers a sum as something that may divide others.
  void suggest(const Quotient& q);
  Polynomial expanded(const std::map<std::size_t, std::int64_t>& den);
  std::uint32_t make(Atom atom);
  std::set<std::uint32_t> dependencies(const Quotient& q) const;
  void spend() { meter_.spend(1); }

  // signs.cpp
  Signs signs(const Quotient& q);
  void assume(const Quotient& q, Signs s);
  /// The value that an equality gives to an entry; null when none does.
  const Quotient* solved(std::uint32_t atom) const;
  std::size_t solved_count() const { return solved_.size(); }
  void set_solved(std::uint32_t atom, const Quotient& value) { solved_[atom] = value; }
  /// Forgets a case: facts, solved entries and narrowed bounds. Atoms and factors stay.
  void forget_case();
  void set_bounds(std::uint32_t atom, const Bounds& bounds) { atoms_[atom].bounds = bounds; }
  void set_relation(std::uint32_t atom, std::int64_t degree, const Quotient& value);
  void set_onehot(std::uint32_t atom, std::size_t group) { atoms_[atom].onehot = group; }

  // functions.cpp; nothing: no value anywhere
  std::optional<Quotient> exp(const Quotient& q);
  std::optional<Quotient> log(const Quotient& q);
  std::optional<Quotient> power(const Quotient& q, std::int64_t n, std::int64_t d);
  std::optional<Quotient> cube_root(const Quotient& q);
  std::pair<Quotient, Quotient> cosine_and_sine(const Quotient& q);
  Quotient function(Opcode code, Attributes attributes, const std::vector<Quotient>& x);
  /// recurrences.cpp: gamma(u + k), its logarithm and floor(u + k) by u, for a whole number k; nothing where no u is
  /// seen to be positive, or k has too many digits
  std::optional<Quotient> gamma(Opcode code, const Quotient& q);
  std::optional<Quotient> floor(const Quotient& q);
  Quotient pi();

 private:
  struct Piece {
    Quotient base;  // not negative once its sign is settled
    std::int64_t exponent;
    Signs signs;
  };
  struct Pieces {
    Rational size;  // positive
    int sign = 1;
    std::vector<Piece> known, open;
  };
  Quotient cancelled(Quotient q);
  Quotient function_atom(Opcode code, Attributes attributes, const std::vector<Quotient>& x);
  std::optional<std::int64_t> whole_number_in(const Quotient& q);
  std::size_t factor_number(const Polynomial& p);
  Signs signs(const Polynomial& p, bool apart);
  Signs signs_of_factor(std::size_t factor);
  Bounds bounds(const Monomial& m) const;
  void assume_zero(const Quotient& q);
  bool solve(const Polynomial& p);
  std::optional<Quotient> replaced(const Quotient& q, std::uint32_t atom, const Quotient& by);
  void narrow_atom(const Quotient& q, Signs s);
  Pieces pieces(const Quotient& q);
  std::optional<Quotient> exp_of_term(const Quotient& term, const Rational& c);
  Quotient log_of_piece(const Quotient& q);
  Quotient log_of_constant(const Rational& c);
  std::optional<Quotient> special_cosine(int k);
  Quotient power_of_base(const Quotient& base, std::int64_t exponent);
  Quotient constant_power(const Rational& c, std::int64_t exponent);
  std::vector<std::pair<Rational, Quotient>> terms_of(const Quotient& q);
  std::uint32_t find_or_make(Atom atom);

  Meter meter_;
  std::vector<Atom> atoms_;
  std::vector<Polynomial> factors_;
  std::vector<Polynomial> suggestions_;
  std::vector<std::pair<Quotient, Signs>> facts_;
  bool derived_ = false;  // what is being assumed follows from two facts; it is not combined again
  std::map<std::uint32_t, Quotient> solved_;
  std::map<std::uint32_t, Bounds> wide_;  // bounds before a case narrowed them
  std::vector<std::pair<Quotient, std::int64_t>> angles_;
};

}  // namespace nabla::rederive
