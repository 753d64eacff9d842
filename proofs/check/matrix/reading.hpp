#pragma once

#include <nabla/proofs/check/matrix/words.hpp>
#include <nabla/proofs/claim/problem.hpp>
#include <optional>
#include <span>
#include <vector>

namespace nabla::matrix {

/// An expression of rank 0, 1 or 2: num / den wherever it is defined. A vector is a column; a number is a multiple of
/// the empty word.
struct Fraction {
  Words num;
  Scalar den = Scalar(1);
};

/// letter * of == of * letter == unit * identity, wherever the statement is defined.
struct Inverse {
  Letter letter;
  Words of;
  Scalar unit = Scalar(1);
  bool exists = true;  ///< `of` has an inverse and unit is not 0; else the letter are cofactors, transposed
};

/// The expressions of a statement as sums of words. Nodes that are no sums, products, transposes, inverses,
/// determinants or traces are letters, or atoms, of their own.
class Reading {
 public:
  /// Reads what the sides, and the equations among the hypotheses, read. \throws NotHandled where something is read in
  /// some branch only (it may be undefined elsewhere), and past limits of size
  Reading(const Problem& problem, std::span<const Expr> sides);

  Fraction of(const Expr& e) const;
  Atoms& atoms() { return atoms_; }
  const Atoms& atoms() const { return atoms_; }
  /// By the nodes that are inverted, those that exist before others of the same node.
  const std::vector<Inverse>& inverses() const { return inverses_; }
  /// Each is 0 wherever the hypotheses hold and what they and the sides read is defined.
  const std::vector<Words>& relations() const { return relations_; }
  /// Whether a scalar is a monomial that is nowhere 0 where the sides are defined.
  bool is_nonzero(const Scalar& s) const;
  /// Whether a number was raised to an extent, as the determinant of a multiple is. Otherwise extents are read as
  /// atoms, and to see what is square.
  bool raised_to_extent() const { return raised_to_extent_; }

 private:
  std::optional<Fraction> value(NodeId id);
  std::optional<Fraction> operand(Ref r) const;
  std::optional<Fraction> product_of(NodeId id);
  std::optional<Fraction> of_matrix(NodeId id);
  std::optional<Fraction> inverse(Ref of);
  std::optional<Fraction> cofactors(Ref of);
  Fraction letter_or_atom(NodeId id);
  Fraction divided(Fraction a, const Fraction& by);
  Fraction product(const Fraction& a, const Fraction& b);
  Fraction trace(const Fraction& a, std::int64_t extent);
  Fraction determinant(const Fraction& a, std::int64_t extent);
  Fraction determinant(Letter letter, std::int64_t extent);
  std::optional<Fraction> determinant_of_two(const Words& sum, std::int64_t extent);
  bool determinant_ready(const Letter& inverse);
  Scalar atom_of_determinant(const Words& sum, std::int64_t extent);
  Scalar raised(const Scalar& s, std::int64_t extent);
  bool is_square(const Word& word) const;
  void mark_nonzero(const Monomial& m);
  void look_at_sets();
  void add_hypotheses();
  void add_relation(const Words& zero);
  void add_relations_of_inverses();

  const Problem& problem_;
  const Graph& graph_;
  Atoms atoms_;
  std::vector<std::optional<Fraction>> values_;
  std::vector<Inverse> inverses_;
  std::vector<bool> is_inverted_;  // by an inverse that the statement reads
  std::vector<Words> relations_;
  std::set<AtomId> nonzero_;
  bool raised_to_extent_ = false;
};

}  // namespace nabla::matrix
