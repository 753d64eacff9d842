#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <nabla/proofs/recheck/witness/algebraic_held.hpp>

/// Sums, products and comparisons.
namespace nabla {

using namespace detail_algebraic;

namespace {

using V = Algebraic;
using AlgebraicNumber = Number<Algebraic>;

}  // namespace

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
  if (a.half_ != b.half_ || a.exp_ != b.exp_) return V::unknown();
  V r = V::made([&](qqbar_t x) {
    qqbar_add(x, a.held_->x, b.held_->x);
    return true;
  });
  if (!r.is_known()) return r;
  if (qqbar_is_zero(r.held_->x) == 0) {
    r.half_ = a.half_;
    r.exp_ = a.exp_;
  }
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
  r.exp_ = a.exp_ + b.exp_;
  if (r.half_ != 0 && !r.exp_.is_zero()) return V::unknown();
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
  if (inverse.is_known()) {
    inverse.half_ = -b.half_;
    inverse.exp_ = -b.exp_;
  }
  return a * inverse;
}

V AlgebraicNumber::of(const Constant& c) {
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

bool AlgebraicNumber::is_zero(const V& x) { return x.is_zero(); }

V AlgebraicNumber::powi(const V& x, std::int64_t n) {
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

Truth AlgebraicNumber::equal(const V& a, const V& b) {
  // pi is transcendental; exponentials of different algebraic numbers are
  // linearly independent over these.
  const bool apart = a.is_known() && b.is_known() && a.is_bare() && b.is_bare() &&
                     ((a.half_ != b.half_ && a.exp_.is_zero() && b.exp_.is_zero()) ||
                      (a.exp_ != b.exp_ && a.half_ == 0 && b.half_ == 0));
  if (apart) return truth(qqbar_is_zero(a.held_->x) != 0 && qqbar_is_zero(b.held_->x) != 0);
  const V d = a - b;
  if (!d.is_known()) return Truth::unknown;
  if (qqbar_is_zero(d.held_->x) == 0) return Truth::no;
  if (d.log_ != nullptr && qqbar_is_one(d.log_->x) == 0) return Truth::no;
  return d.turns_back();
}
Truth AlgebraicNumber::less(const V& a, const V& b) {
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
V AlgebraicNumber::abs(const V& x) {
  const Truth negative = less(x, V(0));
  return negative == Truth::unknown ? V::unknown() : negative == Truth::yes ? -x : x;
}
V AlgebraicNumber::sign(const V& x) {
  if (!x.is_algebraic()) return V::unknown();
  return V(qqbar_sgn_re(x.held_->x));
}
V AlgebraicNumber::max(const V& a, const V& b) {
  const Truth t = less(a, b);
  return t == Truth::unknown ? V::unknown() : t == Truth::yes ? b : a;
}
V AlgebraicNumber::floor(const V& x) {
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
V AlgebraicNumber::hull(const V& a, const V& b) { return equal(a, b) == Truth::yes ? a : V::unknown(); }

template const Kernel<Algebraic>& kernel<Algebraic>(Opcode);
template class Run<Algebraic>;

}  // namespace nabla
