#pragma once

#include <nabla/proofs/claim/block.hpp>

namespace nabla::curvature {

/// Whether a claim is made of the same operators in every dimension: each name that `for all n >= 1` declares is read
/// only as an extent (in the sets of givens, in ones, zeros and eye), as an end of sum or max (i in 1..n: ...), or as a
/// positive factor or divisor; and each index, of a comprehension or a `for` line, only as a subscript by itself.
/// A proof for small dimensions that looks at no extent (Finding::uniform) then holds in all of them.
bool has_one_form(const Claim& claim);

}  // namespace nabla::curvature
