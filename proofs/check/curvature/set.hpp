#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla::curvature {

/// The part of the stated set that belongs to some variables, for each value of the others.
struct StatedSet {
  enum class Shape : std::uint8_t { convex, not_convex, open };
  Shape shape = Shape::open;
  std::string reason;       ///< open: what could not be shown; not_convex: the two points
  bool restricted = false;  ///< hypotheses speak of the variables
  /// The sets are intervals with interior (each shape of them) and nothing restricts them: what holds inside and is
  /// continuous holds at the ends.
  bool is_box = false;
};

/// Whether it is convex: the sets are, and each hypothesis that speaks of the variables bounds a convex function from
/// above or a concave one from below, or is an affine equation, as composition rules show on the set before it.
/// not_convex: two points of it whose midpoint is not in it were found.
StatedSet stated_set(const Problem& problem, const std::vector<Expr>& over, const CheckOptions& options,
                     const Budget& budget);

/// Variables that are symmetric positive definite matrices.
std::vector<NodeId> definite_variables(const Problem& problem);

}  // namespace nabla::curvature
