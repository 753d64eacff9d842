#pragma once

#include <nabla/proofs/recheck/index/tree.hpp>
#include <set>

/// Trees multiplied out: numerators are sums of terms c * sum over indices of a product of factors, denominators are
/// kept as products, and nothing is ever cancelled. Whether an index equals another, and which sign a quantity has, is
/// looked at case by case.
namespace nabla::reindex {

struct Factor {
  Tree atom;
  std::int64_t exponent = 1;
};
struct Term {
  Rational c = 1;
  std::vector<Bound> over;
  std::vector<Factor> factors;
  std::vector<Term> exponent;  ///< e to the sum of these
};
using Terms = std::vector<Term>;
struct Quotient {
  Terms num;
  std::map<std::string, std::pair<Terms, std::int64_t>> den;
};

class Polynomials {
 public:
  explicit Polynomials(World& world) : world_(world) {}

  /// Whether t is 0 wherever it is defined, in every case. Never a wrong yes.
  bool vanishes(const Tree& t);
  std::optional<Rational> constant(const Tree& t);
  /// What an assumed equation says of the sum of an array over one axis; nothing for others.
  std::optional<RowSum> row_sum(const Tree& a, const Tree& b, const std::vector<int>& axes);
  /// The signs that can be read off the numerator, where denominators are positive.
  Signs sign(const Tree& t);
  /// Whether it is the square of a sum of up to four products, found by taking the roots of its squares.
  bool is_square(const Tree& t);
  /// A name that equal trees share (unequal ones never do), up to a positive factor.
  std::string name_of(const Tree& t, bool& is_opposite);

 private:
  struct Split {
    Kind kind = Kind::equal;
    Lin at;            // equal, at_least
    std::string name;  // positive
    Tree operand;
  };
  struct Case {
    Tree tree;
    std::set<Lin> unequal;
    std::map<Lin, bool> at_least;
    std::map<std::string, int> signs;
    std::map<std::string, Tree> operands;              // of those signs
    std::set<std::pair<int, std::vector<Lin>>> zeros;  // entries that are 0
    std::vector<Tree> vanishing{};                     // what else is 0
  };

  Quotient expand(const Tree& t);
  Tree by_row_sum(const Tree& t, const RowSum& sum) const;
  Quotient call(const Tree& t);
  Quotient positive(const Tree& t);
  /// The sign of an operand that is a known one times a positive root, or the other way round.
  std::optional<int> sign_beside_roots(const Tree& operand);
  Quotient root(const Tree& t);
  Quotient product(const Quotient& a, const Quotient& b);
  Quotient inverse(const Quotient& a);
  Terms product(const Terms& a, const Terms& b);
  Terms flat(const Quotient& q);
  Terms flat_without_splits(const Tree& t);
  Terms closed(const Bound& k, const Terms& terms);
  Terms settled(Term t);
  /// A term with the sum over its index k in closed form: of powers of the index, of e^(c k) with c != 0.
  std::optional<Terms> closed_form(const Term& t, std::size_t k);
  /// e^(n log u) as u^n; nothing where there is none.
  std::optional<Terms> without_logarithm(const Term& t);
  Term apart(Term t);
  Term renamed_term(Term t, const Renaming& by);
  std::optional<Tree> settled_condition(const Tree& atom);
  Tree condition_in(const Tree& t, std::vector<int> bound) const;
  bool is_free(const Lin& a) const;
  bool has_bound(const Tree& t) const;
  Tree tree_of(const Terms& terms) const;
  Terms without_quotients(Terms terms);
  bool is_zero(Terms terms);
  bool is_multiple(const Terms& terms, const Tree& of);

  using Names = std::map<int, std::string>;
  std::string print(const Terms& terms, const Names& names);
  std::string print(const Term& term, const Names& names);
  std::string print(const Factor& factor, const Names& names);
  std::string print(const Lin& a, const Names& names) const;

  World& world_;
  Case case_;
  std::set<int> bound_;
  bool writes_out_ = false;  ///< operators by their definitions
  bool splits_ = true;
  /// While it lives nothing is decided by cases: a condition stays what it is.
  class WithoutSplits {
   public:
    explicit WithoutSplits(Polynomials& of) : of_(of), before_(of.splits_) { of_.splits_ = false; }
    ~WithoutSplits() { of_.splits_ = before_; }
    WithoutSplits(const WithoutSplits&) = delete;
    WithoutSplits& operator=(const WithoutSplits&) = delete;

   private:
    Polynomials& of_;
    bool before_;
  };
  bool folds_roots_ = false;  ///< sqrt(u)^2 = u everywhere, not in sums alone
};

/// The signs a tree can have, from what its parts are and from the numerator of its normal form.
Signs signs_of(World& world, const Tree& t);
/// Whether t is 0 wherever it is defined.
bool vanishes(World& world, const Tree& t);

}  // namespace nabla::reindex
