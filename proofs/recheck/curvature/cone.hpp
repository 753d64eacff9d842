#pragma once

#include <nabla/proofs/recheck/curvature/rules.hpp>
#include <nabla/proofs/recheck/curvature/signs.hpp>

namespace nabla::bending {

/// The nodes below a target by what they are in the claim language; of equal texts the first.
class Names {
 public:
  explicit Names(const Expr& target);
  /// Empty when there is none.
  Ref find(const std::string& text) const;

 private:
  std::map<std::string, NodeId> nodes_;
};

/// A node as a function h of numbers t and p, in a problem of its own.
struct Small {
  Problem problem;
  std::vector<Expr> t;
  Expr h;
};

/// Makes that problem from a piece of evidence {"moving", "still", "ranges", "open"}: elementwise operators alone stand
/// between the node and the leaves, the still ones do not depend on the variables, and the ranges hold what the leaves
/// are known to be. \throws nlohmann::json::exception for evidence of another form
std::optional<Small> small_problem(const Problem& problem, const Marks& marks, const RangeTable& ranges,
                                   const Names& names, NodeId node, const Json& evidence, bool open, std::string& why);

/// Every operator between t and h is smooth wherever it is applied.
bool is_smooth(const Problem& problem, const Expr& h, const std::vector<Expr>& t);
/// Every operator between t and h is continuous wherever it is defined.
bool is_continuous(const Problem& problem, const Expr& h, const std::vector<Expr>& t);

/// Every operator below h is applied inside its domain, whatever values its operands take in their ranges.
bool exists_everywhere(const Problem& problem, const Expr& h);

/// Replays that the node is convex or concave; the mark that was shown, 0 when it was not.
unsigned replay_cone(const Problem& problem, const Marks& marks, const RangeTable& ranges, const Names& names,
                     NodeId node, const Json& evidence, std::string& why);

}  // namespace nabla::bending
