#pragma once

#include <map>
#include <nabla/engine/record/expr.hpp>
#include <nabla/proofs/check/curvature/ranges.hpp>

namespace nabla::curvature {

/// What is known of the entries of a node as functions of some variables, for every value of the others.
struct Bits {
  bool constant = false;     ///< does not depend on them
  bool convex = false;       ///< every entry
  bool concave = false;      ///< with convex: affine
  bool log_convex = false;   ///< positive, and its logarithm is convex
  bool log_concave = false;  ///< positive, and its logarithm is concave
  bool linear = false;       ///< additive and homogeneous
  bool squares = false;      ///< a sum of squares, each of an affine or of a nonnegative convex function
  bool affine() const { return convex && concave; }
  bool any() const { return convex || concave || log_convex || log_concave; }
};

/// Curvature by composition, one rule for each operator, from the leaves up (Boyd & Vandenberghe, Convex Optimization,
/// 3.2 and 3.5; Grant, Boyd, Ye: Disciplined convex programming, 2006). Curvature and monotonicity of operators of one
/// operand are read from their records. Everything holds on convex sets on which the expression is defined.
class Composition {
 public:
  /// \param over  the variables; several: jointly
  Composition(const Graph& graph, const Ranges& ranges, const std::vector<Expr>& over);

  /// Bits that were proved in another way; they are kept beside what the rules say.
  void take(NodeId id, const Bits& proved);
  /// Goes through all nodes that the target reads.
  void run(Ref target);

  Bits of(Ref ref) const;
  bool depends(Ref ref) const { return !of(ref).constant; }
  /// Nodes that run() visited.
  const std::vector<bool>& visited() const { return visited_; }
  /// A matrix that does not depend on the variables and is symmetric positive semidefinite.
  bool is_semidefinite(Ref ref) const;

  void set_definite(std::vector<NodeId> variables) { definite_ = std::move(variables); }

 private:
  Bits rule(NodeId id) const;
  Bits with_facts(NodeId id) const;
  Bits linear(NodeId id, const Bits& x) const;
  Bits scaled(const Bits& x, const Bounds& factor) const;
  Bits product(Ref a, Ref b) const;
  Bits bilinear(NodeId id) const;
  Bits quotient(Ref a, Ref b) const;
  Bits integer_power(Ref base, std::int64_t n) const;
  Bits power(Ref base, Ref exponent) const;
  Bits squared(Ref x) const;
  Bits completed(NodeId id, Bits b) const;
  bool is_linear(NodeId id) const;

  const Graph& graph_;
  const Ranges& ranges_;
  std::vector<NodeId> over_;
  std::vector<Bits> bits_;
  std::vector<bool> visited_;
  std::map<NodeId, Bits> taken_;
  std::vector<NodeId> definite_;
};

}  // namespace nabla::curvature
