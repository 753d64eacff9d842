#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/claim/verdict.hpp>

namespace nabla::matrix {

/// Whether a finding that is proved for each of several dimensions holds in every one: the claim has one form
/// (has_one_form), no proof looked at an extent but to see what is square, and in one of the choices no
/// extents are equal that need not be. There nothing is square by coincidence, so that the argument holds for all.
///
/// Or extents are numbers in it, in one of two ways ("numbers" of the certificates). What is left of the difference of
/// the sides is an affine function of them; or both sides are a product of powers with such exponents, so that their
/// quotient is a c_1^n_1 c_2^n_2 ... Either is known by its values at some choice and at those in which one of the
/// extents is one more: they have to be among those that are proved.
/// \param show  which of what is to be shown the finding is about, from 0
bool holds_in_every_dimension(const Claim& claim, std::size_t show, const Finding& finding);

}  // namespace nabla::matrix
