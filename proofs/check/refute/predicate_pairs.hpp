#pragma once

#include <nabla/proofs/check/point.hpp>

/// Predicates about pairs of points, written out as relations between them.
///
/// With x and x' two points of the set, t in [0, 1], m = t x + (1 - t) x':
///   convex           E(m) <= t E(x) + (1 - t) E(x'); concave with >=; strongly_convex for E - mu/2 |x|^2
///   smooth           |grad E(x) - grad E(x')|^2 <= L |L| |x - x'|^2; lipschitz the same for E
///   cocoercive       |grad E(x) - grad E(x')|^2 / L <= <grad E(x) - grad E(x'), x - x'>
///   increasing       E(x) <= E(x') where x <= x' entry by entry; decreasing with >=
///   linear           E(x + c x') == E(x) + c E(x'), for x + c x' in the set
/// Norms are Euclidean (Frobenius), joint over all variables of the predicate. The second point has the name of the
/// variable with a prime, which no name of a claim can have.
namespace nabla {

/// A statement without predicates about pairs: it holds for all values of the givens exactly when the one that it was
/// made of does.
struct WrittenOut {
  Problem problem;      ///< with the further givens, and what holds at every point for each of them
  Statement statement;  ///< a relation, or an implication that ends in one
  std::string text;     ///< how the relation reads, for people: "E(x) <= E(x') for x <= x'"

  std::vector<std::size_t> variables;  ///< of the predicate: indices into the givens, which stay in front
  std::vector<std::size_t> first;      ///< of each of them: the given that is the first point
  std::vector<std::size_t> second;     ///< and the second
  std::optional<std::size_t> weight;   ///< t, or the factor c
  /// Of convex, concave and strongly_convex: what is assumed of the point between the two, in problem.hypotheses from
  /// here to the end. Where it fails the stated set is not convex.
  std::optional<std::size_t> between;

  /// Where the predicate fails near a point x along a direction v: some entry of `rate` is positive there. Empty for
  /// `linear`. A guide for the search, and no evidence: derivatives are taken by the chain rule everywhere.
  Expr rate;
  std::vector<Expr> directions;  ///< the variables v, one for each variable of the predicate
  bool nonnegative_directions = false;
};

/// Whether the predicate is one of those above.
bool is_about_pairs(const Statement& statement);

/// The predicate in the statement written out; it is the statement itself, or the conclusion of implications. Appends
/// to the problem's workspace. Nothing for other statements, and for those about symmetric matrices in order.
/// \throws NotHandled with the reason
std::optional<WrittenOut> write_out_pairs(const Problem& problem, const Statement& statement);

}  // namespace nabla
