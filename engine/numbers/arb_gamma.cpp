#include <nabla/engine/numbers/arb.hpp>

// The gamma family on the whole real line. Arb's lgamma stops at 0, and its polygamma loses all accuracy for x < 0.

namespace nabla::arb {

namespace {

/// psi_n(x) for 0 < x, n >= 0, by the Hurwitz zeta function.
void polygamma_positive(arb_ptr r, std::int64_t n, arb_srcptr x, slong prec) {
  acb_t order;
  acb_t z;
  acb_init(order);
  acb_init(z);
  acb_set_si(order, n);
  acb_set_arb(z, x);
  acb_polygamma(z, order, z, prec);
  arb_set(r, acb_realref(z));
  acb_clear(order);
  acb_clear(z);
}

}  // namespace

bool may_contain_gamma_pole(arb_srcptr x) {
  if (arb_is_positive(x) != 0) return false;
  return arb_is_finite(x) == 0 || arb_contains_int(x) != 0;
}

void gamma(arb_ptr r, arb_srcptr x, slong prec) {
  if (may_contain_gamma_pole(x)) {
    arb_indeterminate(r);
  } else {
    arb_gamma(r, x, prec);
  }
}

void digamma(arb_ptr r, arb_srcptr x, slong prec) {
  if (may_contain_gamma_pole(x)) {
    arb_indeterminate(r);
  } else {
    arb_digamma(r, x, prec);
  }
}

void lgamma(arb_ptr r, arb_srcptr x, slong prec) {
  if (may_contain_gamma_pole(x)) {
    arb_indeterminate(r);
    return;
  }
  if (arb_is_positive(x) != 0) {
    // For some large arguments Arb 2.23 needs more bits than asked for before it finds any bound.
    Temporary value;  // r may be x
    for (slong wide = prec; wide <= 8 * prec; wide *= 2) {
      arb_lgamma(value, x, wide);
      if (arb_is_finite(value) != 0 || arb_is_finite(x) == 0) break;
    }
    arb_set_round(r, value, prec);
    return;
  }
  // log|gamma(x)| = log(pi) - log|sin(pi x)| - lgamma(1 - x), DLMF 5.5.3
  const slong wide = prec + 20;
  Temporary reflected;
  Temporary sine;
  arb_sub_ui(reflected, x, 1, wide + 20);
  arb_neg(reflected, reflected);
  lgamma(reflected, reflected, wide);
  arb_sin_pi(sine, x, wide);
  arb_abs(sine, sine);
  arb_log(sine, sine, wide);
  arb_const_pi(r, wide);
  arb_log(r, r, wide);
  arb_sub(r, r, sine, wide);
  arb_sub(r, r, reflected, prec);
}

void polygamma(arb_ptr r, std::int64_t n, arb_srcptr x, slong prec) {
  if (n < 0 || n > highest_polygamma || may_contain_gamma_pole(x)) {
    arb_indeterminate(r);
    return;
  }
  if (n == 0) {
    arb_digamma(r, x, prec);
    return;
  }
  if (arb_is_positive(x) != 0) {
    polygamma_positive(r, n, x, prec);
    return;
  }
  // With k = floor(-x) and d = -x - k in (0, 1), the sum over the poles splits at the one next to x:
  // psi_n(x) = psi_n(1 - d) + (-1)^(n+1) (psi_n(d) - psi_n(1 - x)), three values at positive arguments.
  constexpr slong largest_exponent = 4096;
  if (fmpz_cmp_si(ARF_EXPREF(arb_midref(x)), largest_exponent) > 0) {
    arb_indeterminate(r);
    return;
  }
  const slong wide = prec + largest_exponent / 64 + arb_bits(x);
  Temporary opposite;
  Temporary k;
  Temporary d;
  Temporary term;
  arb_neg(opposite, x);
  arb_floor(k, opposite, wide + largest_exponent);
  if (arb_is_exact(k) == 0) {
    arb_indeterminate(r);
    return;
  }
  arb_sub(d, opposite, k, wide + largest_exponent);
  arb_add_ui(opposite, opposite, 1, wide + largest_exponent);
  polygamma_positive(opposite, n, opposite, wide);
  polygamma_positive(term, n, d, wide);
  arb_sub(term, term, opposite, wide);
  if (n % 2 == 0) arb_neg(term, term);
  arb_sub_ui(d, d, 1, wide + largest_exponent);
  arb_neg(d, d);
  polygamma_positive(d, n, d, wide);
  arb_add(r, d, term, prec);
}

}  // namespace nabla::arb
