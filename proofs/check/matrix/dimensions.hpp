#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/claim/verdict.hpp>

namespace nabla::matrix {

/// Whether a finding that is proved for each of several dimensions holds in every one: the claim has one form
/// (curvature::has_one_form), no proof looked at an extent but to see what is square, and in one of the choices no
/// extents are equal that need not be. There nothing is square by coincidence, so that the argument holds for all.
bool holds_in_every_dimension(const Claim& claim, const Finding& finding);

}  // namespace nabla::matrix
