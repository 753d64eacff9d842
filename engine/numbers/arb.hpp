#pragma once

// The one place that knows where Arb's headers are: beside GMP's in Debian 12, inside flint/ since FLINT 3.
#if __has_include(<flint/arb_hypgeom.h>)
#include <flint/acb.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/arf.h>
#else
#include <acb.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arf.h>
#endif

#include <mpfr.h>

#include <cstdint>
#include <nabla/engine/numbers/ball.hpp>
#include <new>

// About 0.4 s per translation unit (measured), and FLINT's macros: for .cpp files.

namespace nabla {

static_assert(sizeof(arb_struct) <= Ball::storage_bytes && alignof(arb_struct) <= Ball::storage_alignment);

inline arb_ptr raw(Ball& x) { return std::launder(static_cast<arb_ptr>(x.storage())); }
inline arb_srcptr raw(const Ball& x) { return std::launder(static_cast<arb_srcptr>(x.storage())); }

/// Real functions that Arb has not, or has for fewer arguments. All enclose: a result that is not finite where a pole
/// or a point outside the domain may lie in x. prec in bits; results may be less accurate than prec, never wrong.
namespace arb {

/// An arb_t that is cleared at the end of its scope.
class Temporary {
 public:
  Temporary() { arb_init(value_); }
  ~Temporary() { arb_clear(value_); }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  operator arb_ptr() { return value_; }
  operator arb_srcptr() const { return value_; }
  arb_ptr get() { return value_; }

 private:
  arb_t value_;
};

/// An arf_t that is cleared at the end of its scope.
class TemporaryArf {
 public:
  TemporaryArf() { arf_init(value_); }
  ~TemporaryArf() { arf_clear(value_); }
  TemporaryArf(const TemporaryArf&) = delete;
  TemporaryArf& operator=(const TemporaryArf&) = delete;
  operator arf_ptr() { return value_; }
  arf_ptr get() { return value_; }

 private:
  arf_t value_;
};

/// True if a nonpositive integer may lie in x (or x is not finite).
bool may_contain_gamma_pole(arb_srcptr x);

/// log|gamma(x)| on the whole line; for x < 0 by reflection, which loses the bits that |x| has above 1.
void lgamma(arb_ptr r, arb_srcptr x, slong prec);
void gamma(arb_ptr r, arb_srcptr x, slong prec);
void digamma(arb_ptr r, arb_srcptr x, slong prec);
/// Derivative of order n + 1 of log gamma, 0 <= n <= highest_polygamma; otherwise indeterminate.
void polygamma(arb_ptr r, std::int64_t n, arb_srcptr x, slong prec);
inline constexpr std::int64_t highest_polygamma = 10'000;

/// The largest double <= x and the smallest >= x, infinities where a double ends. \pre x is not NaN.
double down(arf_srcptr x);
double up(arf_srcptr x);

/// The ends of x as doubles rounded outward; -inf, +inf where x is not finite.
void ends(double& lo, double& hi, arb_srcptr x);

}  // namespace arb

}  // namespace nabla
