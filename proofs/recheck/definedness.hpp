#pragma once

#include <nabla/proofs/recheck/identity.hpp>

namespace nabla {

/// Replays a certificate of kind "definedness" for a statement: shows again, with arithmetic of its own, that
/// everything that the statement reads is defined at every point of the stated set, and that the derivatives which the
/// claim asks for exist there (no operator is at a kink, unless a convention decides); for the predicates defined,
/// continuous and differentiable, that they hold. First by intervals over the whole set, then by signs in the
/// re-checker's algebra, case by case. The certificate's own data are not believed, so not read.
///
/// \param problem, statement  elaborated anew from the text of the claim
Replay recheck_definedness(const Problem& problem, const Statement& statement);

}  // namespace nabla
