#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/curvature/prove.hpp>

namespace nabla::curvature {

/// Constants by composition, for all values of the variables, as expressions of what does not depend on them (norms of
/// matrices are Frobenius's, so these are bounds, seldom the best ones).
///
/// Lipschitz constants in the Euclidean norm, from the leaves up: 1 for a variable; sums, and sqrt(a^2 + b^2) for two
/// terms that read different variables; |c| times for a factor c;
/// norm(A) times for a product with A; sqrt(n) times for a sum of n entries; 1 for a norm, a maximum, a log-sum-exp;
/// 1/2 for a softmax (its Jacobian diag(p) - p p' has row sums of magnitudes 2 p_i (1 - p_i) <= 1/2); for an
/// elementwise function h of one node the least rational s that was seen, |h'| <= s shown.
class LipschitzBounds {
 public:
  LipschitzBounds(const Problem& problem, const Expr& e, const std::vector<Expr>& over, Ranges::Mode mode,
                  const Budget& budget);
  /// Empty: none was found.
  Expr of(Ref ref);
  /// {"node", "slope": "p/q", "moving", "still", "ranges", "signs": [sign, sign]} for each elementwise function.
  const Json& steps() const { return steps_; }
  const Composition& rules() const { return rules_; }
  const Ranges& ranges() const { return ranges_; }
  /// Whether some constant depends on an extent.
  bool read_extent() const { return read_extent_; }

 private:
  Expr rule(NodeId id);
  Expr elementwise(NodeId id);

  const Problem& problem_;
  const Budget& budget_;
  std::vector<Expr> over_;
  Ranges ranges_;
  Composition rules_;
  std::map<NodeId, Expr> bounds_;
  Json steps_ = Json::array();
  bool read_extent_ = false;
};

/// The least rational of few digits that seems to bound |f| on the set of a problem (in double arithmetic); nothing
/// when it seems unbounded.
std::optional<Rational> seen_bound(const Problem& problem, const Expr& f, const Budget& budget);

/// How a bound was shown. uniform: no extent was looked at, and that the constant is at most L was not shown entry by
/// entry.
enum class Bounded : std::uint8_t { no, yes, uniform };

/// A Lipschitz constant of f is at most L. Adds "steps" and "sign" (of L - the constant) to the proof.
Bounded show_lipschitz_bound(const Problem& problem, const Expr& f, const std::vector<Expr>& over, const Expr& L,
                             Ranges::Mode mode, const Budget& budget, Json& proof);

/// A Lipschitz constant of the gradient of e is at most L: for a sum of terms c h(u), u a vector with a Lipschitz
/// constant g that is affine, it is |c| s g^2 with |h''| <= s; 1/2 for log-sum-exp. Adds "steps", "terms" and "sign".
Bounded show_smooth_bound(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Expr& L,
                          Ranges::Mode mode, const Budget& budget, Json& proof);

}  // namespace nabla::curvature
