#include <algorithm>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/real.hpp>

namespace nabla::real {

namespace {

bool is_pole(mpfr_srcptr x) { return mpfr_zero_p(x) || (mpfr_integer_p(x) && mpfr_sgn(x) < 0); }

/// The result of an enclosing function of one argument, rounded to nearest to the precision of r.
template <class F>
void round_enclosure(mpfr_ptr r, mpfr_srcptr x, F f) {
  arb::Temporary argument;
  arb::Temporary value;
  arf_set_mpfr(arb_midref(argument.get()), x);
  const slong target = mpfr_get_prec(r);
  // Near a zero of f the bits of x can cancel, all of them at worst.
  const slong limit = 4 * std::max<slong>(target, mpfr_get_prec(x));
  for (slong prec = target + 30;; prec *= 2) {
    f(value, argument, prec);
    const bool finite = arb_is_finite(value) != 0;
    if (finite && arb_can_round_mpfr(value, target, MPFR_RNDN) == 0 && arb_is_exact(value) == 0 && prec < limit) {
      continue;
    }
    if (!finite && prec < limit) continue;
    break;
  }
  arf_srcptr m = arb_midref(value.get());
  const bool bounded = arb_is_finite(value) != 0;
  if (arf_is_nan(m)) {
    mpfr_set_nan(r);
  } else if (!bounded || (arb_rel_accuracy_bits(value) <= 0 && mag_cmp_2exp_si(arb_radref(value.get()), 0) > 0) ||
             fmpz_cmp_si(ARF_EXPREF(m), mpfr_get_emax()) > 0) {
    // Poles were taken out before: what is left without a bound has overflowed.
    mpfr_set_inf(r, arf_sgn(m) < 0 ? -1 : 1);
  } else if (arf_is_zero(m) || fmpz_cmp_si(ARF_EXPREF(m), mpfr_get_emin()) < 0) {
    mpfr_set_zero(r, arf_sgn(m) < 0 ? -1 : 1);
  } else {
    arf_get_mpfr(r, m, MPFR_RNDN);
  }
}

}  // namespace

void polygamma(mpfr_ptr r, std::int64_t n, mpfr_srcptr x) {
  const bool at_end = mpfr_inf_p(x) != 0 && mpfr_sgn(x) > 0;
  if (n < 0 || n > arb::highest_polygamma || mpfr_nan_p(x) || (mpfr_inf_p(x) && !at_end) || is_pole(x)) {
    mpfr_set_nan(r);
  } else if (n == 0) {
    mpfr_digamma(r, x, MPFR_RNDN);
  } else if (at_end) {
    mpfr_set_zero(r, n % 2 == 0 ? -1 : 1);
  } else {
    round_enclosure(r, x, [n](arb_ptr y, arb_srcptr z, slong prec) { arb::polygamma(y, n, z, prec); });
  }
}

}  // namespace nabla::real
