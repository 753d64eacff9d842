#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/claim/verdict.hpp>

namespace nabla {

/// How extents may be numbers in what is to be shown.
enum class NumbersOfExtents : std::uint8_t {
  none,
  affine,  ///< both sides of a relation are affine functions of them: trace(P) == n, 2 * n - m
  powers   ///< exponents of factors of the sides are: c^(n + 1) * det(A)
};

/// Whether a claim is made of the same operators and numbers in every dimension: each name that `for all n >= 1`
/// declares is read only as an extent (in the sets of givens, in ones, zeros and eye), and each index of a `for` line
/// only as a subscript by itself. A proof for small dimensions that looks at no extent then holds in all of them. (A
/// number n, or a sum of n terms, has a range that depends on n.)
/// \param show     which of what is to be shown is meant, from 0; the others do not matter
/// \param numbers  also allowed there
bool has_one_form(const Claim& claim, std::size_t show, NumbersOfExtents numbers = NumbersOfExtents::none);

/// Whether a finding for several dimensions is proved for each by a decider of curvature that says in its certificate,
/// by "uniform": true, that no extent was looked at.
bool looked_at_no_extent(const Finding& finding);

}  // namespace nabla
