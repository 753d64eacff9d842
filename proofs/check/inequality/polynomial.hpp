#pragma once

#include <nabla/proofs/check/identity/normal_form_range.hpp>
#include <vector>

/// Signs of polynomials of one variable, exactly.
namespace nabla::inequality {

/// Whether c[0] + c[1] x + ... >= 0 (strict: > 0) for every x of the range, by Descartes' rule of signs and bisection
/// (Collins and Akritas 1976). False also where a root of even order lies inside: factor first.
bool has_sign(const std::vector<Rational>& c, const normal_form::Range& range, bool strict);

}  // namespace nabla::inequality
