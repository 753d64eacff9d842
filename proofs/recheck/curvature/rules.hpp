#pragma once

#include <map>
#include <nabla/proofs/recheck/curvature/ranges.hpp>

namespace nabla::bending {

/// What a node is as a function of the variables of a predicate: marks that hold for each of its entries.
enum Mark : unsigned {
  still = 1,       ///< does not depend on them
  convex = 2,      ///< the function lies below its chords
  concave = 4,     ///< above
  log_convex = 8,  ///< positive with a convex logarithm
  log_concave = 16,
  squares = 32  ///< a sum of squares of affine or of nonnegative convex functions
};
constexpr unsigned affine = convex | concave;
inline bool has(unsigned marks, unsigned wanted) { return (marks & wanted) == wanted; }

/// Composition rules of the re-checker: a table of its own, by the names of operators, from the leaves up.
class Marks {
 public:
  Marks(const Problem& problem, const RangeTable& ranges, const std::vector<Expr>& over);
  /// Marks shown in another way, to be set before run().
  void set(NodeId id, unsigned marks) { given_[id] |= marks; }
  void run(Ref target);
  unsigned of(Ref ref) const;
  const std::vector<bool>& visited() const { return visited_; }
  /// Made of the variables by sums, multiples and rearrangements.
  bool is_linear(Ref ref) const;
  /// A symmetric positive semidefinite matrix that does not depend on the variables.
  bool semidefinite(Ref ref) const;

 private:
  unsigned rule(NodeId id) const;
  unsigned times(unsigned marks, const Range& factor) const;
  unsigned square_of(Ref u) const;
  unsigned power_of(Ref u, std::int64_t n) const;
  unsigned real_power_of(Ref u, Ref exponent) const;
  unsigned divided(Ref a, Ref b) const;
  unsigned sums_of_products(NodeId id) const;
  bool definite_variable(Ref ref) const;

  const Problem& problem_;
  const Graph& graph_;
  const RangeTable& ranges_;
  std::vector<NodeId> over_;
  std::map<NodeId, unsigned> given_;
  std::vector<unsigned> marks_;
  std::vector<bool> visited_;
};

}  // namespace nabla::bending
