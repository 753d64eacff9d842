#pragma once

#include <gmp.h>
#include <mpfr.h>

#include <nabla/ops/constant.hpp>

namespace nabla {

/// True for the constants that are one rational number: ratio, text, and a dyadic that is finite.
bool is_rational(const Constant& c);

/// Sets q (initialised by the caller) to the exact value of c, in lowest terms. \pre is_rational(c).
void set_exact(mpq_ptr q, const Constant& c);

/// Sets r to c rounded once, in direction `direction`, to the precision that r has; returns MPFR's ternary value.
/// pi is correctly rounded; infinity, and a dyadic NaN or infinity, become MPFR's own.
int round_constant(mpfr_ptr r, const Constant& c, mpfr_rnd_t direction);

}  // namespace nabla
