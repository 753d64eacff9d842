#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/interpolation/polynomial.hpp>
#include <set>

/// A problem about function variables in inner-product form: every vector is a symbol, a scalar is a polynomial (or
/// fraction) in scalar symbols, in function values, and in products of two vectors, which stand for inner products. No
/// entry of a vector is looked at, so what follows holds in every dimension.
///
/// What holds, and all that a proof rests on: at every point of the stated set, for all functions of the classes, the
/// symbols have real values (vectors of one inner-product space for each shape) with which the fractions have the
/// values of the expressions, wherever these are defined; and the facts hold.
///
/// Small vectors that functions are applied to the entries of, and members of a simplex, are looked at entry by entry;
/// a matrix times a sum of vectors is the sum of their images, each a vector of its own.
namespace nabla::interpolation {

struct SymbolInfo {
  enum class Kind : std::uint8_t { parameter, value, vector, norm };
  Kind kind = Kind::parameter;
  std::string name{};                  ///< of the variable; "node 17" for what is not looked into; "norm 2"
  std::int64_t size = 0;               ///< of a vector: its entries
  std::optional<Polynomial> square{};  ///< norm: what its square is
  std::optional<Polynomial> of{};      ///< norm: of what; nothing for a square root
};

/// Something that is nonnegative on the stated set.
struct Fact {
  Polynomial p;
  std::string name;  ///< how a certificate calls it: "given L lo", "hypothesis 0 1", "class 0", "norm 2"
  bool strict = false;
};

/// Where a function variable is looked at.
struct FunctionPoint {
  Fraction argument;
  Symbol value = 0;
  Symbol gradient = 0;
};

class Form {
 public:
  /// \throws NotHandled, Cut
  Form(const Problem& problem, const Budget& budget);

  /// \throws NotHandled where a product of more than two vectors occurs
  Fraction value(const Expr& e);
  Fraction times(const Fraction& a, const Fraction& b) const;
  /// The symbol, or what an equation says it is.
  Fraction value_of(Symbol s) const { return symbol(s); }
  /// |v|, by the symbol of a norm, made when there is none yet.
  Fraction norm(const Fraction& v);
  /// p times the factors of the denominator, each of which is known to be nonnegative (and is not 0 where the fraction
  /// is defined), or -p where an odd number is known to be nonpositive. Nothing where a sign is not known.
  std::optional<Polynomial> cleared(const Fraction& f) const;
  /// 1: nonnegative, -1: nonpositive, on the whole set; 0: not known.
  int sign(const Polynomial& p) const;
  Polynomial reduced(Polynomial p) const;

  const std::vector<SymbolInfo>& symbols() const { return symbols_; }
  /// Facts about parameters and norms alone; products of them are facts too.
  const std::vector<Fact>& facts() const { return facts_; }
  /// Other facts of the hypotheses; `both`: its negative is one too.
  struct Hypothesis {
    Fact fact;
    bool both = false;
    std::size_t statement = 0;
  };
  const std::vector<Hypothesis>& hypotheses() const { return hypotheses_; }
  /// Of each function variable that is not linear.
  const std::vector<std::vector<FunctionPoint>>& points() const { return points_; }
  /// Hypotheses whose equation was solved for a symbol.
  const std::set<std::size_t>& solved() const { return solved_; }
  /// Whether no entry of a vector, nor anything that was not looked into, occurs in what was asked for so far.
  bool dimension_free() const { return dimension_free_; }
  /// The equations that were solved, in order: the name of the symbol, and from what ("hypothesis 0 0", "same value 1
  /// 0": f at applications 1 and 0, "same slope 1 0", "simplex p": the entries of p add up to 1).
  const std::vector<std::pair<std::string, std::string>>& equations() const { return equations_; }
  /// Whether an open integral occurs. \throws NotHandled where it does not occur linearly
  bool has_integrals(const Fraction& f) const;
  /// What is to be integrated over the variable of the integrals to give f: each integral replaced by its density, the
  /// rest times 1, 2 s, 2 (1 - s) or 3 s^2 (weight 0 to 3), whose integrals are 1. \pre has_integrals
  Fraction density(const Fraction& f, int weight);
  /// Makes facts of the norms: that they are not negative.
  void know_norms();
  bool is_parameter(const Polynomial& p) const;
  std::string text(const Polynomial& p) const;
  std::string text(const Monomial& m) const;

 private:
  Symbol make(SymbolInfo info);
  Symbol named(const std::string& name, SymbolInfo info);
  Fraction symbol(Symbol s) const;
  Fraction node(NodeId id);
  Fraction leaf(NodeId id);
  Fraction opaque(NodeId id);
  Fraction inner(Ref ref);
  void find_split();
  std::optional<std::vector<Fraction>> entries(Ref ref, int depth = 0);
  std::optional<Fraction> by_entries(NodeId id);
  std::optional<Fraction> image(NodeId id);
  Fraction at(Ref ref);
  Fraction root(const Fraction& square);
  void check_degrees(const Polynomial& p) const;
  void read_functions();
  void read_givens();
  void read_equations();
  void read_inequalities();
  bool solve(const Fraction& gap, const std::string& from);
  void identify_points();

  const Problem& problem_;
  const Budget& budget_;
  std::vector<SymbolInfo> symbols_;
  std::map<std::string, Symbol> by_name_;
  std::map<Symbol, Fraction> replaced_;
  std::map<NodeId, Fraction> done_;
  std::map<NodeId, std::pair<std::size_t, bool>> applications_;  // variable: application, and whether the derivative
  std::map<Polynomial, Symbol> norms_;
  std::vector<Fact> facts_;
  std::vector<Hypothesis> hypotheses_;
  std::vector<std::vector<FunctionPoint>> points_;
  std::set<std::size_t> solved_;
  std::vector<std::pair<std::string, std::string>> equations_;
  std::set<NodeId> split_;  // variables that are looked at entry by entry
  bool dimension_free_ = true;
};

}  // namespace nabla::interpolation
