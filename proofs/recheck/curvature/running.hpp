#pragma once

#include <nabla/proofs/recheck/curvature/convex.hpp>

namespace nabla::bending {

enum Direction : unsigned { up = 1, down = 2 };

/// How nodes run with the entries of the variables, from the leaves up: a table by the names of operators.
class Runs {
 public:
  Runs(const Problem& problem, const RangeTable& ranges, const Marks& marks);
  void set(NodeId id, unsigned directions) { given_[id] |= directions; }
  void run(Ref target);
  unsigned of(Ref ref) const;

 private:
  unsigned rule(NodeId id) const;
  unsigned times(unsigned marks, const Range& factor) const;

  const Graph& graph_;
  const RangeTable& ranges_;
  const Marks& marks_;
  std::map<NodeId, unsigned> given_;
  std::vector<unsigned> runs_;
};

/// Replays that a node, as a function of numbers, rises or falls; the direction, 0 when it was not shown.
unsigned replay_running_cone(const Problem& problem, const Marks& marks, const Runs& runs, const RangeTable& ranges,
                             const Names& names, NodeId node, const Json& evidence, std::string& why);

}  // namespace nabla::bending
