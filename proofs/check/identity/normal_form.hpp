#pragma once

#include <map>
#include <nabla/proofs/check/identity/normal_form_fraction.hpp>
#include <nabla/proofs/check/identity/normal_form_range.hpp>
#include <nabla/proofs/check/scalarise.hpp>
#include <set>

/// Scalar expressions as rational functions over Q in atoms: entries of variables, pi, exponentials of monomials,
/// logarithms and roots of factors of known sign, sines and cosines of monomials, and applications of functions of
/// which nothing else is known.
///
/// What holds, and all that a proof rests on: at every point of the stated set (and of the case under study) at which
/// an expression is defined, every atom of its normal form is a real number that satisfies its stated range and
/// relation, and the normal form has the expression's value. Nothing is said where an expression is undefined; that
/// every expression is defined is proved elsewhere. Hidden relations among atoms only make equal things look different.
namespace nabla::normal_form {

/// Begin again: a table that outlives the attempt has changed.
class Restart : public std::exception {};
/// No point satisfies what is assumed.
class Contradiction : public std::exception {};
/// The value depends on a sign that is not known; the parts together cover every sign.
struct Split {
  Expr expression;
  std::vector<Signs> parts;
};

/// What is taken for granted: the sign of a scalar expression of the scalar form's workspace.
struct Assumption {
  Expr expression;
  Signs signs = Signs::any;
};

/// What outlives an attempt.
struct Session {
  std::map<std::string, int> names;                  ///< short names of atoms, by their definition
  std::map<std::string, std::int64_t> denominators;  ///< exp(T), root(R), angle(T): the finest fraction taken of it
  std::int64_t capacity = 16;                        ///< of the ring
  std::int64_t steps = 20'000'000;
};

struct Atom {
  enum class Kind : std::uint8_t { variable, pi, exponential, logarithm, root, cosine, sine, fractional_part, opaque };
  Kind kind = Kind::variable;
  std::string name;         ///< short, from the session
  std::string description;  ///< for people
  Range range;
  std::int64_t degree = 0;          ///< not 0: the power of the atom that `reduced` equals
  std::optional<Fraction> reduced;  ///< in atoms made before, and lower powers of this one
  std::optional<Fraction> operand;  ///< of the function; exponential and angle: of operand / denominator
  std::int64_t denominator = 1;
  std::set<std::int64_t> depends;  ///< the variable atoms that the value depends on
  std::size_t onehot = 0;          ///< not 0: products of two different atoms of this group vanish
  Opcode code = 0;                 ///< opaque: the function, with its attributes and operands
  std::vector<std::int64_t> attributes{};
  std::vector<Fraction> operands{};
};

/// The normal form of a scalar expression: nothing where it is undefined at every point.
struct Form {
  std::optional<Fraction> fraction;
  bool total = false;  ///< certainly defined at every point of the set
};

/// One attempt under fixed assumptions.
class Normaliser {
 public:
  /// \throws Restart, Split, Contradiction, BudgetExceeded, NotHandled
  Normaliser(ScalarForm& scalars, const Problem& problem, Session& session, const std::vector<Assumption>& assumptions);

  Form value(const Expr& e);
  /// f with powers replaced by the atoms' relations; nothing when the denominator vanishes by them.
  std::optional<Fraction> reduce(Fraction f) const;
  Signs signs(const Fraction& f) const;
  /// With the atoms written out.
  std::string describe(const Fraction& f) const;
  const std::vector<Atom>& atoms() const { return atoms_; }
  /// An expression of the scalar form's workspace with the value of the atom, of the polynomial.
  Expr expression(std::size_t atom) const;
  Expr expression(const Polynomial& p) const;
  /// What was divided by, or is the operand of a logarithm or of a root, and is not certainly of the sign needed.
  const std::set<std::string>& conditions() const { return conditions_; }

 private:
  // normal_form_atoms.cpp
  std::size_t make_atom(const std::string& key, Atom atom);
  std::optional<std::size_t> find_atom(const std::string& key) const;
  Fraction atom(std::size_t index) const { return Fraction::atom(ring_, static_cast<std::int64_t>(index)); }
  /// The atom that the fraction is; nothing for anything else.
  std::optional<std::size_t> as_atom(const Fraction& f) const;
  std::int64_t denominator_for(const std::string& key, std::int64_t needed);
  std::set<std::int64_t> dependencies(const Fraction& f) const;
  std::string text(const Fraction& f) const;
  std::string text(const fmpz_mpoly_struct* p, bool described) const;
  Signs signs(const Polynomial& p, bool factored) const;
  std::pair<std::string, bool> fact_key(const Fraction& f) const;
  void note_condition(const Fraction& f, Signs needed, std::string_view what);

  // normal_form_functions.cpp
  std::optional<Fraction> exp(const Fraction& f);
  std::optional<Fraction> exp_of_term(const Fraction& term, const Fraction& coefficient);
  std::optional<Fraction> log(const Fraction& f);
  std::optional<Fraction> log_of_factor(const Fraction& f);
  Fraction log_of_constant(const Fraction& c);
  /// f^(n/q). \pre q >= 1
  std::optional<Fraction> power(const Fraction& f, std::int64_t n, std::int64_t q);
  std::optional<Fraction> power_of_factor(const Fraction& f, std::int64_t n, std::int64_t q);
  Fraction root(const Fraction& f, std::int64_t n, std::int64_t q);
  std::optional<Fraction> cube_root(const Fraction& f);
  std::pair<Fraction, Fraction> cosine_and_sine(const Fraction& f);
  std::pair<Fraction, Fraction> turn(const Fraction& term, const Fraction& coefficient);
  std::optional<Fraction> gamma(Opcode code, const Fraction& f);
  std::optional<Fraction> floor(const Fraction& f);
  Fraction opaque_atom(Opcode code, Attributes attributes, const std::vector<Fraction>& x);
  std::optional<Fraction> opaque(Opcode code, Attributes attributes, const std::vector<Fraction>& x);
  Fraction pi();

  // normal_form_evaluate.cpp
  std::optional<Form> try_node(NodeId id, std::vector<NodeId>& pending);
  std::optional<Form> known(Ref ref, std::vector<NodeId>& pending);
  Form leaf(NodeId id);
  std::optional<Form> choose(NodeId id, std::vector<NodeId>& pending);
  std::optional<Fraction> apply(NodeId id, const std::vector<Fraction>& x, bool& total);
  Fraction condition(Opcode code, const Expr& x, const Expr& y, const Fraction& difference) const;

  // normal_form_assume.cpp
  void assume_equalities(const std::vector<Assumption>& assumptions);
  void assume_zero(const Fraction& f);
  bool assume_terms_zero(const Polynomial& p);
  bool solve(const Polynomial& p);
  void assume_signs(const Assumption& assumption);
  void narrow(const Fraction& f, Signs s);
  void add_inequality(const Fraction& f, Signs s);
  std::optional<Fraction> substituted(const Fraction& f, std::size_t atom, const Fraction& by) const;

  ScalarForm& scalars_;
  const Problem& problem_;
  Session& session_;
  Ring ring_;
  std::vector<Atom> atoms_;
  std::map<std::string, std::size_t> atom_index_;
  std::map<NodeId, std::size_t> variable_atoms_;
  std::map<std::size_t, Fraction> solved_;  // variable atoms replaced by what an equality says they are
  std::map<std::string, Signs> facts_;
  struct Inequality {
    Fraction fraction;
    Signs signs;  // positive or nonnegative
    int chain;    // how many stated ones were added up
  };
  std::vector<Inequality> inequalities_;
  int chain_ = 1;
  std::unordered_map<NodeId, Form> memo_;
  std::set<std::string> conditions_;
};

}  // namespace nabla::normal_form
