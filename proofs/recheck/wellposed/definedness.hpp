#pragma once

#include <nabla/proofs/recheck/identity/identity.hpp>

namespace nabla {

/// Replays a certificate of kind "definedness" for a statement: shows again, with arithmetic of its own, that
/// everything that the statement reads is defined at every point of the stated set, and that the derivatives which the
/// claim asks for exist there (no operator is at a kink, unless a convention decides); for the predicates defined,
/// continuous and differentiable, that they hold. First by intervals over the whole set, then by signs in the
/// re-checker's algebra, case by case. Of the certificate's data only proofs of signs are read (definedness_signs.hpp),
/// where that does not suffice: each is followed, and known from then on if its expression is shown to be defined.
///
/// \param problem, statement  elaborated anew from the text of the claim
Replay recheck_definedness(const Problem& problem, const Statement& statement, std::string_view data = "");

}  // namespace nabla
