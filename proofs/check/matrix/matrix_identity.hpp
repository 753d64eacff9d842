#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides equations between matrices, vectors, and numbers made of them, as identities of words that do not commute:
/// inverses and cofactors are letters with the relations that define them, determinants are multiplied out, traces
/// turned round. To see that a difference is 0 it may be multiplied by matrices that have inverses.
///
/// proved: both sides are equal wherever the hypotheses hold and both are defined. One certificate of kind "words":
///   times    what the difference was multiplied by, in order: "side" ("left" or "right"); "inverted", which of the
///            nodes that are inverted, by their order; "turned", whether it was transposed
///   order    which of two letters that differ first between words of one length makes the larger word: that of the
///            "later" node, or of the "earlier"
///   uniform  no extent was looked at, but for what has to be square
///   numbers  in place of that: "affine", an affine function of extents is left, with their values 0; "powers", both
///            sides are one product of powers, whose exponents are affine functions of extents
/// undecided otherwise; nothing for a statement that is no such equation.
std::optional<Finding> decide_matrix_identity(const Problem& problem, const Statement& statement,
                                              const CheckOptions& options, const Budget& budget);

}  // namespace nabla
