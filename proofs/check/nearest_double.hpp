#pragma once

#include <nabla/engine/numbers/rational.hpp>

namespace nabla {

/// The double nearest to a fraction (a tie to the even one): what x.convert_to<double>() gives, without making copies
/// of the parts where both are short.
inline double nearest_double(const Rational& x) {
  const auto* const num = mpq_numref(x.backend().data());
  const auto* const den = mpq_denref(x.backend().data());
  constexpr std::size_t exact_bits = 53;
  if (mpz_sizeinbase(num, 2) > exact_bits || mpz_sizeinbase(den, 2) > exact_bits) return x.convert_to<double>();
  return mpz_get_d(num) / mpz_get_d(den);  // exact parts, and division rounds to nearest
}

}  // namespace nabla
