#pragma once

#include <nabla/proofs/check/curvature/cone.hpp>

namespace nabla::curvature {

/// How the entries of a node run with the entries of some variables: up when every entry of the node rises weakly in
/// every entry of them, down when it falls. Both: it does not move.
struct Running {
  bool up = false, down = false;
};

/// Monotonicity by composition, from the leaves up; of operators of one operand it is read from their records. It holds
/// on any set on which the expression is defined, convex or not, but for what was taken from derivatives.
class MonotoneRules {
 public:
  MonotoneRules(const Graph& graph, const Ranges& ranges, const Composition& dependence);
  void take(NodeId id, bool up);
  void run(Ref target);
  Running of(Ref ref) const;
  const std::vector<bool>& visited() const { return visited_; }

 private:
  Running rule(NodeId id) const;
  Running scaled(const Running& x, const Bounds& factor) const;
  Running product(Ref a, Ref b) const;

  const Graph& graph_;
  const Ranges& ranges_;
  const Composition& dependence_;
  std::map<NodeId, Running> taken_;
  std::vector<Running> runs_;
  std::vector<bool> visited_;
};

/// Shows that the node of a cone rises (falls): h is continuous and its slopes have the signs that the leaves ask for.
/// The proof is {"node", "up", "moving", "still", "ranges", "open", "slopes": [sign, ...]}, or with "breaks", "meet",
/// "ends" and "directions" instead of slopes.
bool show_cone_runs(const Problem& problem, const Composition& rules, const MonotoneRules& runs, const Ranges& ranges,
                    const Cone& cone, bool up, const Budget& budget, Json& proof);

/// Shows that e rises (falls) in all entries of the variables; where the rules say nothing, by cones.
bool show_runs_by_rules(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool up,
                        Ranges::Mode mode, const Budget& budget, Json& cones, bool& all_defined);

}  // namespace nabla::curvature
