#pragma once

#include <deque>
#include <map>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/index/affine.hpp>
#include <set>

/// Index notation: entries of tensors whose extents are names, as polynomials with rational coefficients in atoms such
/// as x[i], W[i, j + 1], delta(i, j), exp(...), sum_k(...). What is equal by the laws of rings, sums, Kronecker deltas,
/// exponentials and logarithms has one form, in which sums are distributed, deltas contracted and bound indices named
/// canonically, so that an identity is shown for every extent at once.
///
/// What holds, and all that a proof rests on: for all values of the dimension and index names in their ranges, and at
/// every point of the stated set where an expression is defined, its form has the expression's value. That it is
/// defined is proved apart: what must hold for that is kept as a list of requirements.
namespace nabla::index_form {

using AtomId = int;
/// Powers of atoms, by atom; exponents may be negative. At most one exponential.
using Monomial = std::vector<std::pair<AtomId, std::int64_t>>;
struct Poly {
  std::map<Monomial, Rational> terms;  ///< no coefficient 0
  bool is_zero() const { return terms.empty(); }
  bool is_constant() const { return terms.empty() || (terms.size() == 1 && terms.begin()->first.empty()); }
  Rational constant() const { return terms.empty() ? Rational(0) : terms.begin()->second; }
  friend bool operator==(const Poly&, const Poly&) = default;
};

/// A tensor: for each value of its axes (1 to the extent) an entry.
struct Tensor {
  std::vector<Affine> extents;
  std::vector<Symbol> axes;
  Poly body;
  std::size_t rank() const { return extents.size(); }
};

struct Binder {
  Symbol symbol = 0;
  Affine lo, hi;
};

enum class AtomKind : std::uint8_t {
  entry,        ///< of an array (code), at subscripts
  symbol,       ///< a dimension or index as a number
  equal,        ///< 1 where the subscript is 0, else 0
  at_least,     ///< 1 where the subscript is >= 0, else 0
  exponential,  ///< of the operand
  inverse,      ///< 1 / operand, which has several terms
  function,     ///< an operator (code) of the registry
  positive,     ///< 1 where the operand is > 0, else 0
  sum,          ///< of the operand over the binders
  application,  ///< of a function variable (code) to the tensor (binders, operand), at subscripts
  jacobian      ///< its derivative there, subscripts of outputs then inputs
};
struct Atom {
  AtomKind kind = AtomKind::entry;
  int code = 0;
  std::vector<Affine> subscripts;
  std::vector<std::int64_t> attributes;
  std::vector<Poly> operands;
  std::vector<Binder> binders;
  // Found when it is made:
  std::vector<Symbol> free;
  std::vector<int> arrays;  ///< that the value depends on
  int height = 0;           ///< how deep sums stand inside each other
};

/// Sets of signs: negative 1, zero 2, positive 4.
using Signs = unsigned;
inline constexpr Signs negative = 1, zero = 2, positive_sign = 4, nonzero_sign = 5, nonnegative_sign = 6,
                       nonpositive_sign = 3, any_sign = 7;

struct Bounds {
  std::optional<Rational> lo, hi;
  bool lo_strict = false, hi_strict = false;
  Signs signs() const;
};

/// What is known of the entries of a given variable.
struct Array {
  std::string name;
  std::vector<Affine> extents;
  Bounds bounds;
  bool is_binary = false;     ///< every entry is 0 or 1
  bool is_onehot = false;     ///< and products of two different entries are 0
  bool is_symmetric = false;  ///< rank 2
};

struct FunctionVariable {
  std::string name;
  std::vector<Affine> domain, codomain;
  bool is_differentiable = false;
};

/// For all values of the pattern's symbols in their ranges: the sign of `value`.
struct Fact {
  std::vector<Symbol> pattern;
  Poly value;
  Signs signs = any_sign;
};
/// For all values of the pattern's symbols in their ranges: the atom equals `value`. Used only once everything is
/// differentiated, since derivatives are in ambient coordinates.
struct Rule {
  std::vector<Symbol> pattern;
  AtomId atom = 0;
  Poly value;
};

/// What must hold for an expression to be defined, or a derivative to exist, where every guard is 1: a sign of the one
/// operand, or the truth of a condition on scalar placeholders.
struct Requirement {
  std::vector<Poly> operands;
  Signs signs = any_sign;
  Expr condition;  ///< when not empty: of the placeholders, and it must be `wanted`
  bool wanted = true;
  std::vector<Poly> guards;
  std::string what;  ///< for people, when it cannot be shown
};

struct Substitution {
  std::vector<std::pair<Symbol, Affine>> symbols;
  std::vector<std::pair<int, const Tensor*>> arrays{};
  bool everything = false;  ///< make also what does not change anew
};

class Algebra {
 public:
  explicit Algebra(const Budget& budget) : budget_(budget) {}

  SymbolTable symbols;
  std::set<Symbol> declared;  ///< names of the claim's `for` lines
  std::vector<Array> arrays;
  std::vector<FunctionVariable> functions;
  std::vector<Fact> facts;
  std::vector<Rule> rules;
  std::vector<KinkConvention> conventions;
  bool obey_conventions = true;  ///< false: a derivative at a kink does not exist
  bool writes_out = true;        ///< operators by their definitions; false: as they stand, where they have no kink
  bool left_as_written = false;  ///< there was such an operator
  std::vector<Requirement> requirements;
  std::vector<Poly> guards;  ///< of requirements made now

  // algebra.cpp: the ring
  static Poly number(const Rational& c);
  Poly affine(const Affine& a);
  std::optional<Affine> as_affine(const Poly& p) const;
  static Poly add(const Poly& a, const Poly& b);
  static Poly scaled(const Poly& a, const Rational& c);
  static Poly sub(const Poly& a, const Poly& b) { return add(a, scaled(b, -1)); }
  Poly mul(const Poly& a, const Poly& b);
  Poly power(const Poly& p, std::int64_t n);
  Poly entry(int array, std::vector<Affine> subscripts);
  Poly equal(Affine a);
  Poly at_least(const Affine& a);
  const Atom& atom(AtomId id) const { return atoms_[static_cast<std::size_t>(id)]; }
  std::vector<Symbol> free_symbols(const Poly& p) const;
  bool depends_on(const Poly& p, int array) const;
  void step();
  /// Runs f with at most so many steps, which do not count among those of the claim. \throws NotHandled past them
  template <class F>
  auto within_steps(std::int64_t most, F f) {
    struct Scope {
      std::int64_t& steps;
      std::int64_t before;
      ~Scope() { steps = before; }
    } scope{steps_, steps_};
    steps_ = most_steps - most;
    return f();
  }

  // function.cpp
  Poly inverse(const Poly& p);
  Poly exp(const Poly& p);
  Poly log(const Poly& p);
  Poly sqrt(const Poly& p);
  Poly pow(const Poly& base, const Poly& exponent);
  Poly positive(const Poly& p);
  /// An operator of the registry on scalars; what its domain asks for is not looked at. \throws NotHandled
  Poly apply(Opcode code, const std::vector<std::int64_t>& attributes, const std::vector<Poly>& x);
  /// A scalar expression of the workspace of placeholders.
  Poly interpret(const Expr& e, const std::vector<Poly>& x);
  const std::vector<Expr>& placeholders(std::size_t count);
  const std::shared_ptr<Workspace>& workspace();

  // sum.cpp
  Poly sum(const Binder& k, const Poly& p) { return close({k}, p); }
  Poly substitute(const Poly& p, const Substitution& s);
  Tensor substitute(const Tensor& t, const Substitution& s) { return {t.extents, t.axes, substitute(t.body, s)}; }
  Poly substitute(const Poly& p, Symbol s, const Affine& by) {
    return substitute(p, Substitution{.symbols = {{s, by}}});
  }
  Poly application(AtomKind kind, int function, const Tensor& argument, std::vector<Affine> subscripts);

  // derivative.cpp
  /// d p / d array[at]. \throws NotHandled
  Poly derivative(const Poly& p, int array, const std::vector<Affine>& at);
  /// Requires what makes the operator defined at these operands.
  void require_domain(Opcode code, const std::vector<std::int64_t>& attributes, const std::vector<Poly>& x);
  void require_sign(const Poly& p, Signs signs, std::string what);
  /// Whether the operator of one number is defined everywhere.
  bool is_total(Opcode code, const std::vector<std::int64_t>& attributes);

  // sign.cpp
  Signs signs(const Poly& p);
  Bounds bounds(const Poly& p);
  /// Nothing when it is shown, else what is not.
  std::optional<std::string> open_requirement(const Requirement& r);
  /// Keeps what the way p was written shows of its sign (a sum of squares) and its form does not.
  void remember(const Poly& p, Signs signs);

  // decide.cpp
  /// Whether p is 0 for all values of everything, wherever it is defined. Never a wrong yes.
  bool is_zero(const Poly& p);
  /// With what the sets and hypotheses say, kinks written out.
  Poly reduced(const Poly& p);
  Poly with_one_range(const Poly& p);

  std::string text(const Poly& p) const;

  /// \throws NotHandled where the largest entry of a vector (Reader::extreme) occurs
  void refuse_attained(const Poly& p) const;
  Poly of_monomial(const Monomial& m) const;
  /// The monomial's other factors, and the exponent of e.
  std::pair<Monomial, Poly> without_exponential(const Monomial& m) const;

 private:
  AtomId intern(Atom a);
  static std::string key(const Poly& p);
  Poly of_atom(AtomId id, std::int64_t exponent = 1);
  Poly product(const Monomial& a, const Monomial& b);
  std::optional<Poly> apply_relations(const Monomial& m);
  std::optional<Poly> apply_binary(const Monomial& m);
  Poly rebuilt(AtomId id, std::int64_t exponent, const Substitution& s);
  std::optional<Poly> by_rule(AtomId id);
  std::optional<AtomId> single_atom(const Poly& p) const;

  struct Content {
    Rational c = 1;
    Monomial monomial;
    Poly exponent;  // of e
    Poly rest;      // 1, or of several terms
  };
  Content content(const Poly& p);
  bool is_smaller_exponent(const Poly& a, const Poly& b) const;
  template <class F>
  Poly by_cases(const std::vector<Poly>& x, F f);
  std::optional<AtomId> condition_in(const Poly& p) const;
  Poly where_condition(const Poly& p, AtomId condition, bool holds);
  Poly opaque(Opcode code, const Poly& of);  ///< as an atom
  Poly log_of_constant(const Rational& c);
  bool is_certainly_positive(const Poly& p) { return (signs(p) & ~positive_sign) == 0; }

  Poly close(std::vector<Binder> binders, const Poly& p);
  Poly close_monomial(const std::vector<Binder>& binders, const Monomial& m, int depth);
  Poly close_each(const std::vector<Binder>& binders, const Poly& p, int depth);
  Poly component(const std::vector<Binder>& binders, const Poly& body);
  /// The sum of a product over its one index, where it is known: of powers of the index, of e^(c k) with c != 0.
  std::optional<Poly> closed_form(const Binder& k, const Monomial& m);
  std::string signature(Symbol s, const Binder& b, const std::vector<Binder>& all, const Monomial& m) const;

  Poly derivative_of_atom(AtomId id, int array, const std::vector<Affine>& at, bool is_flat);
  bool is_flat_at_kink(const Monomial& m, std::size_t k) const;

  Bounds bounds_of_atom(AtomId id);
  Bounds bounds_of_power(AtomId id, std::int64_t exponent);
  Signs stated_signs(const Poly& p);
  Signs signs_with_sums(const Poly& p);
  Signs signs_of_power(AtomId id, std::int64_t exponent);
  std::optional<bool> truth(const Expr& condition, const std::vector<Poly>& x);

  /// The values that pattern symbols may take so that a pattern meets p.
  std::vector<Affine> candidates(const Poly& p) const;

  static constexpr std::int64_t most_steps = 1'000'000;
  const Budget& budget_;
  std::deque<Atom> atoms_;
  std::map<std::string, AtomId> index_;
  std::int64_t steps_ = 0;
  int depth_ = 0, product_depth_ = 0;
  bool final_ = false;  ///< relations of sets and hypotheses take part
  bool in_signs_ = false, in_rules_ = false;
  std::vector<Fact> local_facts_;  ///< from guards of a requirement
  std::shared_ptr<Workspace> workspace_;
  std::vector<Expr> placeholders_;
};

/// Counts levels of recursion. \throws NotHandled past 120
struct Depth {
  explicit Depth(int& d);
  ~Depth() { --depth; }
  int& depth;
};

Bounds plus(const Bounds& a, const Bounds& b);
Bounds times(const Bounds& a, const Bounds& b);

}  // namespace nabla::index_form
