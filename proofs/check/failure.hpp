#pragma once

#include <nabla/proofs/claim/problem.hpp>

/// What the failure of a statement asks of a point, as numbers that a search can follow. A guide, no evidence: what a
/// search finds is judged exactly.
namespace nabla {

struct Failure {
  /// The statement fails where some entry of these is positive (or zero, unless `strict`). Empty: it fails wherever the
  /// conditions below hold.
  std::vector<Expr> excess;
  bool strict = true;
  std::vector<Expr> nonnegative;  ///< every entry must be >= 0: hypotheses, premises, what is negated
  std::vector<Expr> zero;         ///< every entry must be 0
  /// Something that must hold too is not among them (a predicate, an implication): to be judged.
  bool complete = true;
};

/// Of a relation with one comparison, negations and implications of them; what has no such form is left out.
/// Appends to the problem's workspace.
Failure failure_of(const Problem& problem, const Statement& statement);

/// Only what the hypotheses ask.
Failure hypotheses_of(const Problem& problem);

}  // namespace nabla
