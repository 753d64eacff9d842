#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides left == right, entry by entry, by an exact normal form: both sides become rational functions over Q in
/// entries of variables, exponentials, logarithms, roots, sines and applications of other functions; where a choice or
/// an absolute value depends on a sign, every case is looked at. No floating-point number takes part.
///
/// proved: the two sides are equal wherever on the stated set both are defined (that they are is another decider's
/// work). Method "exact normal form"; `hypotheses` are the assumptions that were needed; one certificate of kind
/// "identity" with the fields
///   entries     how many pairs were compared
///   hypotheses  indices into Problem::hypotheses
///   sets        indices into Problem::givens whose defining equation (sum = 1) was used
///   cases       how many cases of signs were looked at
///   conditions  texts: what was divided by, or taken a logarithm or root of, and is not evidently of the sign needed
/// undecided: everything else; the message says where the sides differ, or what was missing. It never means
/// "different".
///
/// \param left, right  of equal shape, of the problem's workspace
Finding prove_identity(const Problem& problem, const Expr& left, const Expr& right, const Budget& budget = {});

/// The decider of relations `A == B`.
std::optional<Finding> decide_identity(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                       const Budget& budget);

/// Whether the two are equal wherever both are defined; false when that is not proved. No certificate.
bool certainly_equal(const Problem& problem, const Expr& a, const Expr& b, const Budget& budget = {});

}  // namespace nabla
