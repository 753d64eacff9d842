#pragma once

#include <nabla/engine/numbers/calcium.hpp>
#include <nabla/proofs/recheck/witness/algebraic.hpp>

/// How algebraic numbers are held: for the two files that work on them.
namespace nabla {

namespace detail_algebraic {

inline constexpr slong most_degree = 40;
inline constexpr slong most_bits = 20'000;       // of the coefficients of a minimal polynomial
inline constexpr slong most_factor = 64;         // of what is no algebraic number
inline constexpr std::size_t most_digits = 400;  // of the numbers whose argument is held

inline bool is_short(const Rational& r) { return r.str().size() <= most_digits; }

}  // namespace detail_algebraic

struct Algebraic::Held {
  Held() { qqbar_init(x); }
  ~Held() { qqbar_clear(x); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  slong degree() const { return qqbar_degree(x); }
  qqbar_t x;
};

namespace detail_algebraic {

inline std::optional<Rational> rational_of(const qqbar_t x) {
  if (qqbar_is_rational(x) == 0) return std::nullopt;
  fmpq_t q;
  fmpq_init(q);
  qqbar_get_fmpq(q, x);
  Rational value;
  fmpq_get_mpq(value.backend().data(), q);
  fmpq_clear(q);
  return value;
}

}  // namespace detail_algebraic

/// fill may answer false: not of this form.
template <class F>
Algebraic Algebraic::made(F fill) {
  auto held = std::make_shared<Held>();
  if (!fill(held->x) || !qqbar_is_real(held->x)) return unknown();
  using namespace detail_algebraic;
  if (held->degree() > most_degree || qqbar_height_bits(held->x) > most_bits) return unknown();
  Algebraic v = unknown();
  v.held_ = std::move(held);
  return v;
}

}  // namespace nabla
