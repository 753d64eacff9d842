#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/claim/verdict.hpp>

namespace nabla::curvature {

/// Whether a claim is made of the same operators and numbers in every dimension: each name that `for all n >= 1`
/// declares is read only as an extent (in the sets of givens, in ones, zeros and eye), and each index of a `for` line
/// only as a subscript by itself. A proof for small dimensions that looks at no extent then holds in all of them. (A
/// number n, or a sum of n terms, has a range that depends on n.)
///
/// With `affine` extents may also be numbers of which the sides of the relations to be shown are affine functions
/// (n, 2 * n - m, trace(P) + n); with `powers` they may be exponents of factors of these sides (c^(n + 1) * det(A)).
enum class NumbersOfExtents : std::uint8_t { none, affine, powers };
bool has_one_form(const Claim& claim, NumbersOfExtents numbers = NumbersOfExtents::none);

/// Whether a finding for several dimensions is proved for each by a decider of curvature that says in its certificate,
/// by "uniform": true, that no extent was looked at.
bool looked_at_no_extent(const Finding& finding);

}  // namespace nabla::curvature
