#include <nabla/engine/numbers/mpfr_bounds.hpp>

namespace nabla {

namespace {

struct Scratch {
  Scratch() { mpfr_inits2(53, x, y, r, static_cast<mpfr_ptr>(nullptr)); }
  ~Scratch() { mpfr_clears(x, y, r, static_cast<mpfr_ptr>(nullptr)); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  mpfr_t x;
  mpfr_t y;
  mpfr_t r;
};

Scratch& scratch() {
  thread_local Scratch s;
  return s;
}

}  // namespace

// 53 bits hold every double, and MPFR's exponents go further than those of double: rounding first to 53 bits and then
// to the double's range, both in the same direction, is one rounding in that direction.

double bound(MpfrUnary f, double x, mpfr_rnd_t direction) {
  Scratch& s = scratch();
  mpfr_set_d(s.x, x, MPFR_RNDN);
  f(s.r, s.x, direction);
  return mpfr_get_d(s.r, direction);
}

double bound(MpfrBinary f, double x, double y, mpfr_rnd_t direction) {
  Scratch& s = scratch();
  mpfr_set_d(s.x, x, MPFR_RNDN);
  mpfr_set_d(s.y, y, MPFR_RNDN);
  f(s.r, s.x, s.y, direction);
  return mpfr_get_d(s.r, direction);
}

double power_bound(double x, long n, mpfr_rnd_t direction) {
  Scratch& s = scratch();
  mpfr_set_d(s.x, x, MPFR_RNDN);
  mpfr_pow_si(s.r, s.x, n, direction);
  return mpfr_get_d(s.r, direction);
}

}  // namespace nabla
