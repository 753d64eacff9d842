#pragma once

#include <nabla/engine/compile/computation.hpp>

namespace nabla {

/// The same outputs with fewer operations. No value changes in any kind of number that rounds symmetrically (IEEE 754,
/// MPFR), but for what build() does as well: exact arithmetic on constants, and x + 0 is x, a zero of whatever sign.
/// Signs go where they cost nothing (a + -b is a - b, -a * b is -(a * b)), the operands of sums and products stand in
/// one order, so that equal ones are found, nothing is computed twice, and what no output needs is gone.
Computation rewritten_exactly(const Computation& computation);

}  // namespace nabla
