#include <cmath>
#include <nabla/engine/numbers/round_constant.hpp>
#include <stdexcept>

namespace nabla {

bool is_rational(const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::ratio:
    case Constant::Kind::text:
      return true;
    case Constant::Kind::dyadic:
      return std::isfinite(c.as_dyadic());
    case Constant::Kind::pi:
    case Constant::Kind::infinity:
      return false;
  }
  return false;
}

void set_exact(mpq_ptr q, const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::ratio:
      mpq_set_si(q, c.num(), static_cast<unsigned long>(c.den()));  // already in lowest terms
      return;
    case Constant::Kind::dyadic:
      mpq_set_d(q, c.as_dyadic());
      return;
    case Constant::Kind::text:
      if (mpq_set_str(q, c.as_text().c_str(), 10) != 0) break;
      mpq_canonicalize(q);
      return;
    case Constant::Kind::pi:
    case Constant::Kind::infinity:
      break;
  }
  throw std::invalid_argument(c.to_string() + " is not a rational number");
}

int round_constant(mpfr_ptr r, const Constant& c, mpfr_rnd_t direction) {
  if (c.kind() == Constant::Kind::pi) return mpfr_const_pi(r, direction);
  if (c.kind() == Constant::Kind::infinity) {
    mpfr_set_inf(r, 1);
    return 0;
  }
  if (c.kind() == Constant::Kind::dyadic) return mpfr_set_d(r, c.as_dyadic(), direction);
  mpq_t q;
  mpq_init(q);
  set_exact(q, c);
  const int ternary = mpfr_set_q(r, q, direction);
  mpq_clear(q);
  return ternary;
}

}  // namespace nabla
