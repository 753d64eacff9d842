#pragma once

#include <nabla/proofs/claim/problem.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>
#include <string_view>

namespace nabla {

/// Replays a certificate of kind "interpolation": derives the inequalities, hypotheses and sets that it names again
/// from the problem, in polynomial arithmetic of its own, and adds them up. \param problem, statement  elaborated anew
/// from the text of the claim (function variables abstract), one link \param data  the certificate's data; polynomials
/// are sums of "c * {symbol}^e * ..."; nothing in it is believed but
///              what was recomputed, except multiples, which are divided by
Replay recheck_interpolation(const Problem& problem, const Statement& statement, std::string_view data);

}  // namespace nabla
