#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/refute/exact_point.hpp>

/// Points that the text of a claim singles out. Guesses, to be judged exactly.
namespace nabla {

struct Landmarks {
  std::vector<Point> points;      ///< in the sets
  std::vector<ExactPoint> exact;  ///< with entries that no fraction is
};

/// Points at which subexpressions of the hypotheses, of `statement` (of all that is to be shown
/// or has to be defined, where it is null) vanish, and at which the
/// operands of a comparison, a minimum, a maximum or a relation meet: of those that are affine in the entries of the
/// givens, at several at once where there are several entries (x - 0.123456789 alone, or all entries of x - [1/7,
/// 1/9]); of those that are quadratic along an entry; then points between the roots along an entry and beyond them.
/// Entries that nothing determines stay as they are in `base`. May append nodes to the problem's workspace. \throws
/// NotHandled for an operator that is not built in
Landmarks landmarks_of(const Problem& problem, const Statement* statement, const Point& base, const Budget& budget);

}  // namespace nabla
