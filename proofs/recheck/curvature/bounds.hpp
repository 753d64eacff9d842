#pragma once

#include <nabla/proofs/recheck/curvature/convex.hpp>

namespace nabla::bending {

/// Lipschitz constants (Euclidean norm) of the nodes below a target, from the leaves up, as expressions of what does
/// not move. Elementwise functions of one node take the slopes that the evidence states, once their signs are replayed.
class Constants {
 public:
  Constants(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Json& steps);
  /// Empty: none.
  Expr of(Ref ref) const;
  const Marks& marks() const { return marks_; }
  const RangeTable& ranges() const { return ranges_; }
  const Names& names() const { return names_; }

 private:
  Expr rule(NodeId id) const;
  Expr stated(NodeId id, const Json& steps) const;

  const Problem& problem_;
  std::vector<Expr> over_;
  RangeTable ranges_;
  Marks marks_;
  Names names_;
  std::map<NodeId, Expr> constants_;
};

/// A rational s with |f| <= s on the problem, from evidence {"slope", "signs"}.
std::optional<Expr> replay_slope(const Problem& problem, const Expr& f, const Json& step);

/// That a Lipschitz constant of f (of the gradient of e) is at most L: {"steps", "sign"}, {"steps", "terms", "sign"}.
bool replay_lipschitz_bound(const Problem& problem, const Expr& f, const std::vector<Expr>& over, const Expr& L,
                            const Json& proof, std::string& why);
bool replay_smooth_bound(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Expr& L,
                         const Json& proof, std::string& why);

}  // namespace nabla::bending
