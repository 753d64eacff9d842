#pragma once

#include <nabla/proofs/check/wellposed/definedness_proof.hpp>

namespace nabla::wellposed {

/// Looks again at what an outcome left open: the condition under which a record says that its operator is defined (has
/// no kink) is taken apart into signs of differences, and the prover of inequalities is asked for each, over the whole
/// stated set. So a polynomial that is positive by cancellation only, or a cosine between two of its zeros, is known.
/// What is shown leaves outcome.open; the signs that show it join outcome.signs. Stops at the first node that stays
/// open, since one is enough.
/// \param problem  its givens are the variables that the goal is about, read where they stand
/// \param premises  hold wherever the goal's targets are read; they are among its assumptions
void ask_for_signs(const Problem& problem, const std::vector<const Statement*>& premises, const Goal& goal,
                   Outcome& outcome, const Budget& budget);

}  // namespace nabla::wellposed
