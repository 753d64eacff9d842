#pragma once

#include <nabla/proofs/check/curvature/ranges.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla::curvature {

/// Which matrices of a graph are symmetric positive (semi)definite at every point of the stated set at which they are
/// defined, by rules that look at no extent: givens and hypotheses; diagonals of numbers >= 0; sums; products A M A'
/// and A' A, with A invertible for definiteness; inverses; entrywise products (Schur); x x'; diag(p) - p p' where p >=
/// 0 and sum(p) <= 1; multiples by numbers of known sign, wherever in a product they stand.
class DefiniteMatrices {
 public:
  /// The graph must not grow while this is used. \param ranges  of what the targets read
  DefiniteMatrices(const Problem& problem, std::span<const Ref> targets, const Ranges& ranges);

  bool is_semidefinite(Ref matrix) const;
  bool is_definite(Ref matrix) const;
  /// Those that are definite.
  std::vector<NodeId> definite() const;
  /// Those that have an inverse: the definite ones, and by hypotheses and products others.
  std::vector<NodeId> invertible() const;
  /// Nodes dot(x, M * x) with M semidefinite.
  std::vector<NodeId> nonnegative_forms() const;

 private:
  /// A product of matrices without product, transposition and multiple: each with whether it is transposed.
  struct Product {
    struct Factor {
      NodeId base;
      bool transposed;
      bool operator==(const Factor&) const = default;
    };
    std::vector<Factor> factors;
    std::vector<Ref> numbers;  ///< that multiply it
    bool whole = false;        ///< it could be written this way
  };
  struct Kind {
    bool symmetric = false, semidefinite = false, definite = false, invertible = false;
  };

  Kind kind_of(NodeId id, const Problem& problem) const;
  Kind kind_of(const Product& product) const;
  Product product_of(NodeId id) const;
  Product operand(Ref ref) const;
  bool sums_to_at_most_one(Ref ref, const Problem& problem) const;

  const Graph& graph_;
  const Ranges& ranges_;
  std::vector<bool> read_;
  std::vector<Kind> kinds_;
  std::vector<Product> products_;
};

}  // namespace nabla::curvature
