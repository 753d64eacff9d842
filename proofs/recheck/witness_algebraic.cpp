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
constexpr std::size_t most_digits = 400;  // of the number whose logarithm is held

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

bool Algebraic::is_algebraic() const { return is_known() && pi_.is_zero() && log_ == 1; }

Algebraic Algebraic::unknown() {
  Algebraic v;
  v.held_ = nullptr;
  return v;
}

Algebraic& Algebraic::operator+=(const Algebraic& b) { return *this = *this + b; }
Algebraic& Algebraic::operator-=(const Algebraic& b) { return *this = *this - b; }
Algebraic& Algebraic::operator*=(const Algebraic& b) { return *this = *this * b; }
Algebraic& Algebraic::operator/=(const Algebraic& b) { return *this = *this / b; }

Algebraic operator+(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known() || a.held_->degree() * b.held_->degree() > most_degree) return V::unknown();
  V r = V::made([&](qqbar_t x) {
    qqbar_add(x, a.held_->x, b.held_->x);
    return true;
  });
  if (!r.is_known()) return r;
  r.pi_ = a.pi_ + b.pi_;
  r.log_ = a.log_ * b.log_;
  return is_short(r.log_) ? r : V::unknown();
}
Algebraic operator-(const V& a) { return a * V(-1); }
Algebraic operator-(const V& a, const V& b) { return a + b * V(-1); }
Algebraic operator*(const V& a, const V& b) {
  if (!a.is_known() || !b.is_known() || a.held_->degree() * b.held_->degree() > most_degree) return V::unknown();
  if (!a.is_algebraic()) {
    // (a + q pi + log(r)) times a rational number.
    const auto factor = b.is_algebraic() ? rational_of(b.held_->x) : std::nullopt;
    if (!factor) return V::unknown();
    V bare = a;
    bare.pi_ = 0;
    bare.log_ = 1;
    V r = bare * b;
    if (!r.is_known()) return r;
    r.pi_ = a.pi_ * *factor;
    if (a.log_ != 1) {
      if (denominator(*factor) != 1 || boost::multiprecision::abs(*factor) > 64) return V::unknown();
      r.log_ = Number<Rational>::powi(a.log_, static_cast<std::int64_t>(numerator(*factor)));
      if (!is_short(r.log_)) return V::unknown();
    }
    return r;
  }
  if (!b.is_algebraic()) return b * a;
  return V::made([&](qqbar_t x) {
    qqbar_mul(x, a.held_->x, b.held_->x);
    return true;
  });
}
Algebraic operator/(const V& a, const V& b) {
  if (!b.is_algebraic() || qqbar_is_zero(b.held_->x)) return V::unknown();
  const V inverse = V::made([&](qqbar_t x) {
    qqbar_inv(x, b.held_->x);
    return true;
  });
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

bool N::is_zero(const V& x) { return x.is_algebraic() && qqbar_is_zero(x.held_->x); }

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
  const V d = a - b;
  if (!d.is_known()) return Truth::unknown;
  return truth(N::is_zero(d));
}
Truth N::less(const V& a, const V& b) {
  const V d = a - b;
  if (!d.is_known()) return Truth::unknown;
  if (d.pi_.is_zero() && qqbar_is_zero(d.held_->x)) return truth(d.log_ < 1);
  if (!d.is_algebraic()) return Truth::unknown;
  return truth(qqbar_sgn_re(d.held_->x) < 0);
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
  if (!x.is_known() || !x.pi_.is_zero() || !qqbar_is_zero(x.held_->x)) return V::unknown();
  return V(x.log_);
}
V N::log(const V& x) {
  const auto r = x.is_algebraic() ? rational_of(x.held_->x) : std::nullopt;
  if (!r || r->sign() <= 0 || !is_short(*r)) return V::unknown();
  V y;
  y.log_ = *r;
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
  if (!x.is_known() || !qqbar_is_zero(x.held_->x) || x.log_ != 1 || !angle(x.pi_, p, q)) return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_sin_pi(r, p, q);
    return true;
  });
}
V N::cos(const V& x) {
  slong p = 0;
  ulong q = 1;
  if (!x.is_known() || !qqbar_is_zero(x.held_->x) || x.log_ != 1 || !angle(x.pi_, p, q)) return V::unknown();
  return V::made([&](qqbar_t r) {
    qqbar_cos_pi(r, p, q);
    return true;
  });
}

#define NABLA_INVERSE_ANGLE(name)                                                             \
  V N::name(const V& x) {                                                                     \
    slong p = 0;                                                                              \
    ulong q = 1;                                                                              \
    if (!x.is_algebraic() || qqbar_##name##_pi(&p, &q, x.held_->x) == 0) return V::unknown(); \
    V r;                                                                                      \
    r.pi_ = Rational(static_cast<long>(p)) / Rational(static_cast<unsigned long>(q));         \
    return r;                                                                                 \
  }
NABLA_INVERSE_ANGLE(asin)
NABLA_INVERSE_ANGLE(acos)
NABLA_INVERSE_ANGLE(atan)

template const Kernel<Algebraic>& kernel<Algebraic>(Opcode);
template class Run<Algebraic>;

}  // namespace nabla
