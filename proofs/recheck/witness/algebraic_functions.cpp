#include <nabla/proofs/recheck/witness/algebraic_held.hpp>

/// Roots, exponentials, angles, gamma.
namespace nabla {

using namespace detail_algebraic;

namespace {

using V = Algebraic;
using AlgebraicNumber = Number<Algebraic>;

constexpr int most_halves = 60;  // of what gamma is taken

}  // namespace

V AlgebraicNumber::root(const V& x, unsigned n) {
  if (n == 2 && x.is_known() && x.pi_.sign() > 0 && x.half_ == 0 && is_zero(x - of(Constant::pi()) * V(x.pi_))) {
    V r = root(V(x.pi_), 2);
    if (r.is_known()) r.half_ = 1;
    return r;
  }
  if (!x.is_algebraic() || qqbar_sgn_re(x.held_->x) < 0 || x.held_->degree() * n > most_degree) return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_root_ui(r, x.held_->x, n);
    return true;
  });
}
V AlgebraicNumber::cbrt(const V& x) {
  const V s = sign(x);
  return s * root(s * x, 3);
}
V AlgebraicNumber::exp(const V& x) {
  const auto power = x.is_known() && x.pi_.is_zero() && x.turn_ == nullptr && x.half_ == 0 && x.exp_.is_zero()
                         ? rational_of(x.held_->x)
                         : std::nullopt;
  if (!power) return V::unknown();
  V r(1);
  if (x.log_ != nullptr) r.held_ = x.log_;
  r.exp_ = *power;
  return r;
}
V AlgebraicNumber::log(const V& x) {
  if (!x.is_known() || !x.is_bare() || x.half_ != 0 || qqbar_sgn_re(x.held_->x) <= 0) return V::unknown();
  V y(x.exp_);
  if (qqbar_is_one(x.held_->x) == 0) y.log_ = x.held_;
  return y;
}
V AlgebraicNumber::pow(const V& x, const V& y) {
  const auto rational = x.is_known() && y.is_algebraic() ? rational_of(y.held_->x) : std::nullopt;
  if (!rational) return V::unknown();
  const Rational& exponent = *rational;
  if (denominator(exponent) > 12 || boost::multiprecision::abs(numerator(exponent)) > 1000) return V::unknown();
  const auto n = static_cast<std::int64_t>(numerator(exponent));
  const auto d = static_cast<unsigned>(denominator(exponent));
  if (d == 1) return powi(x, n);
  if (is_zero(x)) return n > 0 ? x : V::unknown();
  return powi(root(x, d), n);
}

namespace {

/// x = (p / q) pi with small numbers.
bool angle(const Rational& turn, slong& p, ulong& q) {
  if (denominator(turn) > 24 || abs(numerator(turn)) > 100'000) return false;
  p = static_cast<slong>(numerator(turn));
  q = static_cast<ulong>(denominator(turn));
  return true;
}

}  // namespace

bool V::is_multiple_of_pi() const {
  return is_known() && qqbar_is_zero(held_->x) && log_ == nullptr && turn_ == nullptr && half_ == 0 && exp_.is_zero();
}

V AlgebraicNumber::sin(const V& x) {
  slong p = 0;
  ulong q = 1;
  if (!x.is_multiple_of_pi() || !angle(x.pi_, p, q)) return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_sin_pi(r, p, q);
    return true;
  });
}
V AlgebraicNumber::cos(const V& x) {
  slong p = 0;
  ulong q = 1;
  if (!x.is_multiple_of_pi() || !angle(x.pi_, p, q)) return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_cos_pi(r, p, q);
    return true;
  });
}

/// The argument of re + i im, an angle between -pi/2 and pi/2. \pre re > 0
V AlgebraicNumber::turn(const Rational& re, const Rational& im) {
  auto turn = std::make_shared<V::Turn>();
  turn->re = re;
  turn->im = im;
  turn->near = Number<rederive::Enclosure>::atan(rederive::Enclosure::of(im / re));
  if (!is_short(re) || !is_short(im)) return V::unknown();
  V r;
  r.turn_ = std::move(turn);
  return r;
}

#define NABLA_INVERSE_ANGLE(name)                                                       \
  if (!x.is_algebraic()) return V::unknown();                                           \
  {                                                                                     \
    slong p = 0;                                                                        \
    ulong q = 1;                                                                        \
    if (qqbar_##name##_pi(&p, &q, x.held_->x) != 0) {                                   \
      V r;                                                                              \
      r.pi_ = Rational(static_cast<long>(p)) / Rational(static_cast<unsigned long>(q)); \
      return r;                                                                         \
    }                                                                                   \
  }
V AlgebraicNumber::atan(const V& x) {
  NABLA_INVERSE_ANGLE(atan)
  const auto tangent = rational_of(x.held_->x);
  return tangent ? turn(1, *tangent) : V::unknown();
}
V AlgebraicNumber::asin(const V& x) {
  NABLA_INVERSE_ANGLE(asin)
  const V cosine = sqrt(V(1) - x * x);
  const auto re = cosine.is_algebraic() ? rational_of(cosine.held_->x) : std::nullopt;
  const auto im = rational_of(x.held_->x);
  return re && im && re->sign() > 0 ? turn(*re, *im) : V::unknown();
}
V AlgebraicNumber::acos(const V& x) {
  NABLA_INVERSE_ANGLE(acos)
  return of(Constant::pi()) / V(2) - asin(x);
}

/// At positive halves of integers: (n - 1)!, and (2n)! / (4^n n!) sqrt(pi) at n
/// + 1/2.
V AlgebraicNumber::gamma(const V& x) {
  const auto r = x.is_algebraic() ? rational_of(x.held_->x) : std::nullopt;
  if (!r || r->sign() <= 0 || denominator(*r) > 2 || *r > most_halves) return V::unknown();
  const bool is_whole = denominator(*r) == 1;
  Rational product = 1;
  for (Rational k = is_whole ? Rational(1) : Rational(1, 2); k < *r; k += 1) product *= k;
  return is_whole ? V(product) : V(product) * sqrt(of(Constant::pi()));
}

}  // namespace nabla
