#pragma once

#include <nabla/engine/numbers/interval.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla::bending {

/// What is known of all entries of a node, over the sets of the givens and those hypotheses that compare a variable
/// with a number.
struct Range {
  Interval box = Interval::whole();
  bool positive = false;  ///< every entry > 0
  bool negative = false;
  bool nonnegative() const { return positive || box.lo >= 0; }
  bool nonpositive() const { return negative || box.hi <= 0; }
  /// No entry is below (at) x, or above it.
  bool above(double x, bool strictly) const {
    return box.lo > x || (box.lo == x && !strictly) || (x == 0 && (positive || (!strictly && nonnegative())));
  }
  bool below(double x, bool strictly) const {
    return box.hi < x || (box.hi == x && !strictly) || (x == 0 && (negative || (!strictly && nonpositive())));
  }
};

/// Ranges of the nodes that a target reads: intervals by a run of the graph in intervals, strict signs by a table.
class RangeTable {
 public:
  RangeTable(const Problem& problem, Ref target);
  Range of(Ref ref) const;

 private:
  void from_sets(const Problem& problem);
  void from_run(const Problem& problem, Ref target);
  void signs_of(NodeId id);

  const Graph* graph_;
  std::vector<Range> ranges_;
};

/// Whether every entry of the node's value is an entry of its operand (1), a sum of some with no sign changed (2), or
/// neither (0), for the operators that only move, copy and add entries.
int moves_entries(std::string_view operation);

/// The range of a set of reals, its ends rounded outward.
Range range_of(const RealSet& set);

}  // namespace nabla::bending
