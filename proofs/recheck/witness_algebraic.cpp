#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/calcium.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <nabla/proofs/recheck/witness_algebraic.hpp>

namespace nabla {

namespace {

using V = Algebraic;
using N = Number<Algebraic>;

constexpr slong most_degree = 40;
constexpr slong most_bits = 20'000;       // of the coefficients of a minimal polynomial
constexpr slong most_factor = 64;         // of what is no algebraic number
constexpr std::size_t most_digits = 400;  // of the numbers whose argument is held
constexpr int most_halves = 60;           // of what gamma is taken

bool is_short(const Rational& r) { return r.str().size() <= most_digits; }

}  // namespace

struct Algebraic::Held {
  Held() { qqbar_init(x); }
  ~Held() { qqbar_clear(x); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  slong degree() const { return qqbar_degree(x); }
  qqbar_t x;
};

namespace {

std::optional<Rational> rational_of(const qqbar_t x) {
  if (qqbar_is_rational(x) == 0) return std::nullopt;
  fmpq_t q;
  fmpq_init(q);
  qqbar_get_fmpq(q, x);
  Rational value;
  fmpq_get_mpq(value.backend().data(), q);
  fmpq_clear(q);
  return value;
}

}  // namespace

/// fill may answer false: not of this form.
template <class F>
Algebraic Algebraic::made(F fill) {
  auto held = std::make_shared<Held>();
  if (!fill(held->x) || !qqbar_is_real(held->x)) return unknown();
  if (held->degree() > most_degree || qqbar_height_bits(held->x) > most_bits) return unknown();
  Algebraic v = unknown();
  v.held_ = std::move(held);
  return v;
}

Algebraic::Algebraic(const Rational& value) {
  auto held = std::make_shared<Held>();
  fmpq_t q;
  fmpq_init(q);
  fmpq_set_mpq(q, value.backend().data());
  qqbar_set_fmpq(held->x, q);
  fmpq_clear(q);
  held_ = std::move(held);
}

Algebraic Algebraic::unknown() {
  Algebraic v;
  v.held_ = nullptr;
  return v;
}

Algebraic& Algebraic::operator+=(const Algebraic& b) { return *this = *this + b; }
Algebraic& Algebraic::operator-=(const Algebraic& b) { return *this = *this - b; }
Algebraic& Algebraic::operator*=(const Algebraic& b) { return *this = *this * b; }
Algebraic& Algebraic::operator/=(const Algebraic& b) { return *this = *this / b; }

bool Algebraic::is_zero() const { return is_algebraic() && qqbar_is_zero(held_->x) != 0; }

Algebraic Algebraic::bare() const {
  V v = *this;
  v.pi_ = 0;
  v.log_ = nullptr;
  v.turn_ = nullptr;
  return v;
}

Algebraic operator+(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known() || a.held_->degree() * b.held_->degree() > most_degree) return V::unknown();
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  if (a.half_ != b.half_) return V::unknown();
  V r = V::made([&](qqbar_t x) {
    qqbar_add(x, a.held_->x, b.held_->x);
    return true;
  });
  if (!r.is_known()) return r;
  if (qqbar_is_zero(r.held_->x) == 0) r.half_ = a.half_;
  r.pi_ = a.pi_ + b.pi_;
  r.log_ = a.log_ == nullptr ? b.log_ : a.log_;
  if (a.log_ != nullptr && b.log_ != nullptr) {
    if (a.log_->degree() * b.log_->degree() > most_degree) return V::unknown();
    const V product = V::made([&](qqbar_t x) {
      qqbar_mul(x, a.log_->x, b.log_->x);
      return true;
    });
    if (!product.is_known()) return product;
    r.log_ = qqbar_is_one(product.held_->x) != 0 ? nullptr : product.held_;
  }
  r.turn_ = a.turn_ == nullptr ? b.turn_ : a.turn_;
  if (a.turn_ != nullptr && b.turn_ != nullptr) {
    auto turn = std::make_shared<V::Turn>();
    turn->re = a.turn_->re * b.turn_->re - a.turn_->im * b.turn_->im;
    turn->im = a.turn_->re * b.turn_->im + a.turn_->im * b.turn_->re;
    turn->near = a.turn_->near + b.turn_->near;
    if (!is_short(turn->re) || !is_short(turn->im)) return V::unknown();
    r.turn_ = std::move(turn);
  }
  return r;
}
Algebraic operator-(const V& a) { return a * V(-1); }
Algebraic operator-(const V& a, const V& b) { return a + b * V(-1); }

Algebraic Algebraic::scaled(const Rational& factor) const {
  if (factor.is_zero()) return V(0);
  const V times(factor);
  V r = bare() * times;
  if (!r.is_known()) return r;
  r.pi_ = pi_ * factor;
  const slong most = most_factor;
  const bool is_small = boost::multiprecision::abs(numerator(factor)) <= most && denominator(factor) <= 12;
  if ((log_ != nullptr || turn_ != nullptr) && !is_small) return unknown();
  const auto n = static_cast<slong>(numerator(factor));
  if (log_ != nullptr) {
    V power;
    power.held_ = log_;
    power = Number<V>::pow(power, times);
    if (!power.is_known()) return power;
    r.log_ = power.held_;
  }
  if (turn_ != nullptr) {
    if (denominator(factor) != 1) return unknown();
    V sum;
    V one;
    auto turn = std::make_shared<Turn>(*turn_);
    if (n < 0) {
      turn->im = -turn->im;
      turn->near = -turn->near;
    }
    one.turn_ = std::move(turn);
    for (slong k = 0; k < (n < 0 ? -n : n) && sum.is_known(); ++k) {
      // The sum begins at 0, which another number replaces.
      sum = k == 0 ? one : sum + one;
    }
    if (!sum.is_known()) return sum;
    r.turn_ = sum.turn_;
  }
  return r;
}

Truth Algebraic::turns_back() const {
  if (turn_ == nullptr) return truth(pi_.is_zero());
  const Rational whole(denominator(pi_));
  if (whole > most_factor) return Truth::unknown;
  V many;
  many.turn_ = turn_;
  many = many.scaled(whole);
  if (!many.is_known()) return Truth::unknown;
  // exp(i m (q pi + s)) with m q an integer.
  const bool turned = numerator(pi_) % 2 != 0;
  const Turn& t = *many.turn_;
  if (!t.im.is_zero() || (t.re.sign() < 0) != turned) return Truth::no;
  using E = Number<rederive::Enclosure>;
  const rederive::Enclosure pi = E::of(Constant::pi());
  const rederive::Enclosure angle = rederive::Enclosure::of(pi_ * whole) * pi + t.near;
  const Truth is_small = E::less(E::abs(angle), pi);
  if (is_small == Truth::yes) return Truth::yes;
  return E::less(pi, E::abs(angle)) == Truth::yes ? Truth::no : Truth::unknown;
}

Algebraic operator*(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known() || a.held_->degree() * b.held_->degree() > most_degree) return V::unknown();
  if (a.is_zero() || b.is_zero()) return V(0);
  if (!a.is_bare() || !b.is_bare()) {
    const V& other = a.is_bare() ? a : b;
    const V& scaled = a.is_bare() ? b : a;
    const auto factor = other.is_algebraic() ? rational_of(other.held_->x) : std::nullopt;
    return factor ? scaled.scaled(*factor) : V::unknown();
  }
  V r = V::made([&](qqbar_t x) {
    qqbar_mul(x, a.held_->x, b.held_->x);
    return true;
  });
  if (!r.is_known()) return r;
  r.half_ = a.half_ + b.half_;
  if (r.half_ == 2)
    if (const auto factor = rational_of(r.held_->x)) {
      r = V(0);
      r.pi_ = *factor;
    }
  return r;
}
Algebraic operator/(const V& a, const V& b) {
  if (!b.is_known() || !b.is_bare() || qqbar_is_zero(b.held_->x) != 0) return V::unknown();
  V inverse = V::made([&](qqbar_t x) {
    qqbar_inv(x, b.held_->x);
    return true;
  });
  if (inverse.is_known()) inverse.half_ = -b.half_;
  return a * inverse;
}

V N::of(const Constant& c) {
  if (c.kind() == Constant::Kind::pi) {
    V r;
    r.pi_ = 1;
    return r;
  }
  try {
    return V(Number<Rational>::of(c));
  } catch (const std::exception&) {  // an infinity, a dyadic that is not finite
    return V::unknown();
  }
}

bool N::is_zero(const V& x) { return x.is_zero(); }

V N::powi(const V& x, std::int64_t n) {
  if (!x.is_known()) return x;
  if (n < 0) return V(1) / powi(x, -n);
  if (n == 0) return V(1);
  if (n == 1) return x;
  if (!x.is_algebraic() || n > 1000) return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_pow_ui(r, x.held_->x, static_cast<ulong>(n));
    return true;
  });
}

Truth N::equal(const V& a, const V& b) {
  if (a.is_known() && b.is_known() && a.half_ != b.half_ && a.is_bare() && b.is_bare())
    return truth(qqbar_is_zero(a.held_->x) != 0 && qqbar_is_zero(b.held_->x) != 0);  // pi is transcendental
  const V d = a - b;
  if (!d.is_known()) return Truth::unknown;
  if (qqbar_is_zero(d.held_->x) == 0) return Truth::no;
  if (d.log_ != nullptr && qqbar_is_one(d.log_->x) == 0) return Truth::no;
  return d.turns_back();
}
Truth N::less(const V& a, const V& b) {
  const V d = a - b;
  if (!d.is_known()) return Truth::unknown;
  if (d.is_bare()) return truth(qqbar_sgn_re(d.held_->x) < 0);  // pi is positive
  if (equal(a, b) == Truth::yes) return Truth::no;
  if (d.pi_.is_zero() && d.turn_ == nullptr && qqbar_is_zero(d.held_->x) != 0) {
    const V r = V::made([&](qqbar_t x) {
      qqbar_set(x, d.log_->x);
      return true;
    });
    return r.is_known() ? less(r, V(1)) : Truth::unknown;
  }
  return Truth::unknown;
}
V N::abs(const V& x) {
  const Truth negative = less(x, V(0));
  return negative == Truth::unknown ? V::unknown() : negative == Truth::yes ? -x : x;
}
V N::sign(const V& x) {
  if (!x.is_algebraic()) return V::unknown();
  return V(qqbar_sgn_re(x.held_->x));
}
V N::max(const V& a, const V& b) {
  const Truth t = less(a, b);
  return t == Truth::unknown ? V::unknown() : t == Truth::yes ? b : a;
}
V N::floor(const V& x) {
  if (!x.is_algebraic()) return V::unknown();
  fmpz_t n;
  fmpz_init(n);
  qqbar_floor(n, x.held_->x);
  const V r = V::made([&](qqbar_t y) {
    qqbar_set_fmpz(y, n);
    return true;
  });
  fmpz_clear(n);
  return r;
}
V N::hull(const V& a, const V& b) { return equal(a, b) == Truth::yes ? a : V::unknown(); }

V N::root(const V& x, unsigned n) {
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
V N::cbrt(const V& x) {
  const V s = sign(x);
  return s * root(s * x, 3);
}
V N::exp(const V& x) {
  if (!x.is_known() || !x.pi_.is_zero() || x.turn_ != nullptr || x.half_ != 0 || qqbar_is_zero(x.held_->x) == 0)
    return V::unknown();
  if (x.log_ == nullptr) return V(1);
  V r;
  r.held_ = x.log_;
  return r;
}
V N::log(const V& x) {
  if (!x.is_algebraic() || qqbar_sgn_re(x.held_->x) <= 0) return V::unknown();
  V y;
  if (qqbar_is_one(x.held_->x) == 0) y.log_ = x.held_;
  return y;
}
V N::pow(const V& x, const V& y) {
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

V N::sin(const V& x) {
  slong p = 0;
  ulong q = 1;
  if (!x.is_known() || !qqbar_is_zero(x.held_->x) || x.log_ != nullptr || x.turn_ != nullptr || x.half_ != 0 ||
      !angle(x.pi_, p, q))
    return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_sin_pi(r, p, q);
    return true;
  });
}
V N::cos(const V& x) {
  slong p = 0;
  ulong q = 1;
  if (!x.is_known() || !qqbar_is_zero(x.held_->x) || x.log_ != nullptr || x.turn_ != nullptr || x.half_ != 0 ||
      !angle(x.pi_, p, q))
    return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_cos_pi(r, p, q);
    return true;
  });
}

/// The argument of re + i im, an angle between -pi/2 and pi/2. \pre re > 0
V N::turn(const Rational& re, const Rational& im) {
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
V N::atan(const V& x) {
  NABLA_INVERSE_ANGLE(atan)
  const auto tangent = rational_of(x.held_->x);
  return tangent ? turn(1, *tangent) : V::unknown();
}
V N::asin(const V& x) {
  NABLA_INVERSE_ANGLE(asin)
  const V cosine = sqrt(V(1) - x * x);
  const auto re = cosine.is_algebraic() ? rational_of(cosine.held_->x) : std::nullopt;
  const auto im = rational_of(x.held_->x);
  return re && im && re->sign() > 0 ? turn(*re, *im) : V::unknown();
}
V N::acos(const V& x) {
  NABLA_INVERSE_ANGLE(acos)
  return of(Constant::pi()) / V(2) - asin(x);
}

/// At positive halves of integers: (n - 1)!, and (2n)! / (4^n n!) sqrt(pi) at n + 1/2.
V N::gamma(const V& x) {
  const auto r = x.is_algebraic() ? rational_of(x.held_->x) : std::nullopt;
  if (!r || r->sign() <= 0 || denominator(*r) > 2 || *r > most_halves) return V::unknown();
  const bool is_whole = denominator(*r) == 1;
  Rational product = 1;
  for (Rational k = is_whole ? Rational(1) : Rational(1, 2); k < *r; k += 1) product *= k;
  return is_whole ? V(product) : V(product) * sqrt(of(Constant::pi()));
}

template const Kernel<Algebraic>& kernel<Algebraic>(Opcode);
template class Run<Algebraic>;

}  // namespace nabla
