#pragma once

#include <mpfr.h>

namespace nabla {

using MpfrUnary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
using MpfrBinary = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

/// f(x) for a correctly rounded function of MPFR, as the tightest double below (MPFR_RNDD) or above (MPFR_RNDU) it.
/// x may be infinite; an infinite or NaN value of f is returned as it is. No allocation after a thread's first call.
double bound(MpfrUnary f, double x, mpfr_rnd_t direction);
double bound(MpfrBinary f, double x, double y, mpfr_rnd_t direction);
/// x^n likewise.
double power_bound(double x, long n, mpfr_rnd_t direction);

}  // namespace nabla
