#include <nabla/engine/numbers/calcium.hpp>
#include <nabla/proofs/check/refute/exact_value.hpp>
#include <nabla/proofs/check/wellposed/definedness_rows.hpp>

namespace nabla {

namespace {

using ExactNumber = Number<ExactValue>;
using Status = ExactValue::Status;

// Small limits: what needs more is left open.
constexpr slong most_bits = 1024;
constexpr slong most_degree = 24;
constexpr slong most_bits_of_relations = 128;

thread_local ca_ctx_struct* current = nullptr;

Truth to_truth(truth_t t) { return t == T_TRUE ? Truth::yes : t == T_FALSE ? Truth::no : Truth::unknown; }

/// Where the condition is certain, the value; else undefined or unknown.
template <class F>
ExactValue where_true(Truth condition, F value) {
  if (condition == Truth::yes) return value();
  return ExactValue::of_status(condition == Truth::no ? Status::undefined : Status::unknown);
}

Status worst(Status a, Status b) { return a < b ? b : a; }

}  // namespace

struct ExactScope::Field {
  ca_ctx_t ctx;
};

ExactScope::ExactScope() : field_(std::make_unique<Field>()) {
  ca_ctx_init(field_->ctx);
  ca_ctx_set_option(field_->ctx, CA_OPT_PREC_LIMIT, most_bits);
  ca_ctx_set_option(field_->ctx, CA_OPT_QQBAR_DEG_LIMIT, most_degree);
  ca_ctx_set_option(field_->ctx, CA_OPT_LLL_PREC, most_bits_of_relations);
  current = field_->ctx;
}

ExactScope::~ExactScope() {
  current = nullptr;
  ca_ctx_clear(field_->ctx);
}

struct ExactValue::Held {
  Held() : ctx(current) { ca_init(x, ctx); }
  ~Held() { ca_clear(x, ctx); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ca_ctx_struct* ctx;
  ca_t x;
};

template <class F>
ExactValue ExactValue::made(F fill) {
  auto held = std::make_shared<Held>();
  fill(held->x, held->ctx);
  if (ca_check_is_number(held->x, held->ctx) != T_TRUE) return of_status(Status::unknown);
  return ExactValue(Status::defined, std::move(held));
}

ExactValue::ExactValue(const Rational& value) {
  auto held = std::make_shared<Held>();
  fmpq_t q;
  fmpq_init(q);
  fmpq_set_mpq(q, value.backend().data());
  ca_set_fmpq(held->x, q, held->ctx);
  fmpq_clear(q);
  held_ = std::move(held);
}

ExactValue ExactValue::of_status(Status status) { return ExactValue(status, nullptr); }

ExactValue ExactValue::pi() {
  return made([](ca_t r, ca_ctx_struct* ctx) { ca_pi(r, ctx); });
}

#define NABLA_UNARY_CA(x, function) \
  ExactValue::made([&](ca_t r, ca_ctx_struct* ctx) { function(r, (x).held().x, ctx); })

Truth ExactValue::zero() const {
  return is_defined() ? to_truth(ca_check_is_zero(held_->x, held_->ctx)) : Truth::unknown;
}
Truth ExactValue::positive() const { return ExactNumber::less(ExactValue(0), *this); }
Truth ExactValue::negative() const { return ExactNumber::less(*this, ExactValue(0)); }

ExactValue operator+(const ExactValue& a, const ExactValue& b) {
  if (const Status s = worst(a.status_, b.status_); s != Status::defined) return ExactValue::of_status(s);
  return ExactValue::made([&](ca_t r, ca_ctx_struct* ctx) { ca_add(r, a.held().x, b.held().x, ctx); });
}
ExactValue operator-(const ExactValue& a, const ExactValue& b) {
  if (const Status s = worst(a.status_, b.status_); s != Status::defined) return ExactValue::of_status(s);
  return ExactValue::made([&](ca_t r, ca_ctx_struct* ctx) { ca_sub(r, a.held().x, b.held().x, ctx); });
}
ExactValue operator*(const ExactValue& a, const ExactValue& b) {
  if (const Status s = worst(a.status_, b.status_); s != Status::defined) return ExactValue::of_status(s);
  return ExactValue::made([&](ca_t r, ca_ctx_struct* ctx) { ca_mul(r, a.held().x, b.held().x, ctx); });
}
ExactValue operator/(const ExactValue& a, const ExactValue& b) {
  if (const Status s = worst(a.status_, b.status_); s != Status::defined) return ExactValue::of_status(s);
  return where_true(!b.zero(), [&] {
    return ExactValue::made([&](ca_t r, ca_ctx_struct* ctx) { ca_div(r, a.held().x, b.held().x, ctx); });
  });
}
ExactValue operator-(const ExactValue& a) {
  if (!a.is_defined()) return a;
  return ExactValue::made([&](ca_t r, ca_ctx_struct* ctx) { ca_neg(r, a.held().x, ctx); });
}

ExactValue ExactNumber::of(const Constant& c) {
  if (c.kind() == Constant::Kind::pi) return V::pi();
  try {
    return V(Number<Rational>::of(c));
  } catch (const std::exception&) {  // infinity, a dyadic that is not finite
    return V::of_status(Status::undefined);
  }
}

ExactValue ExactNumber::powi(const V& x, std::int64_t n) {
  if (!x.is_defined()) return x;
  if (n < 0) return V(1) / powi(x, -n);
  if (n > 4096) return V::of_status(Status::unknown);
  return V::made([&](ca_t r, ca_ctx_struct* ctx) { ca_pow_ui(r, x.held().x, static_cast<ulong>(n), ctx); });
}

Truth ExactNumber::less(const V& a, const V& b) {
  if (!a.is_defined() || !b.is_defined()) return Truth::unknown;
  return to_truth(ca_check_lt(a.held().x, b.held().x, a.held().ctx));
}
Truth ExactNumber::equal(const V& a, const V& b) {
  if (!a.is_defined() || !b.is_defined()) return Truth::unknown;
  return to_truth(ca_check_equal(a.held().x, b.held().x, a.held().ctx));
}

ExactValue ExactNumber::abs(const V& x) {
  if (!x.is_defined()) return x;
  const Truth negative = x.negative();
  if (negative == Truth::unknown) return V::of_status(Status::unknown);
  return negative == Truth::yes ? -x : x;
}
ExactValue ExactNumber::sign(const V& x) {
  if (!x.is_defined()) return x;
  const Truth p = x.positive(), n = x.negative();
  if (p == Truth::yes) return V(1);
  if (n == Truth::yes) return V(-1);
  return p == Truth::no && n == Truth::no ? V(0) : V::of_status(Status::unknown);
}
ExactValue ExactNumber::min(const V& a, const V& b) { return -max(-a, -b); }
ExactValue ExactNumber::max(const V& a, const V& b) {
  if (const Status s = worst(a.status(), b.status()); s != Status::defined) return V::of_status(s);
  const Truth t = less(a, b);
  if (t == Truth::unknown) return V::of_status(Status::unknown);
  return t == Truth::yes ? b : a;
}
ExactValue ExactNumber::floor(const V& x) {
  if (!x.is_defined()) return x;
  return NABLA_UNARY_CA(x, ca_floor);
}
ExactValue ExactNumber::hull(const V& a, const V& b) {
  if (const Status s = worst(a.status(), b.status()); s != Status::defined) return V::of_status(s);
  return equal(a, b) == Truth::yes ? a : V::of_status(Status::unknown);
}
ExactValue ExactNumber::where_defined(const V& value, const V& a, const V& b) {
  const Status s = worst(a.status(), b.status());
  return s == Status::defined ? value : V::of_status(s);
}

ExactValue ExactNumber::sqrt(const V& x) {
  if (!x.is_defined()) return x;
  return where_true(!x.negative(), [&] { return NABLA_UNARY_CA(x, ca_sqrt); });
}
ExactValue ExactNumber::cbrt(const V& x) {
  if (!x.is_defined()) return x;
  const V s = sign(x);
  return s.is_defined() && !s.is_zero() ? s * pow(s * x, V(Rational(1, 3))) : s;
}
ExactValue ExactNumber::exp(const V& x) {
  if (!x.is_defined()) return x;
  return NABLA_UNARY_CA(x, ca_exp);
}
ExactValue ExactNumber::expm1(const V& x) { return exp(x) - V(1); }
ExactValue ExactNumber::log(const V& x) {
  if (!x.is_defined()) return x;
  return where_true(x.positive(), [&] { return NABLA_UNARY_CA(x, ca_log); });
}
ExactValue ExactNumber::log1p(const V& x) { return log(V(1) + x); }
ExactValue ExactNumber::log2(const V& x) { return log(x) / log(V(2)); }
ExactValue ExactNumber::log10(const V& x) { return log(x) / log(V(10)); }
ExactValue ExactNumber::pow(const V& x, const V& y) {
  if (const Status s = worst(x.status(), y.status()); s != Status::defined) return V::of_status(s);
  const V rounded = floor(y);
  const Truth whole = equal(y, rounded);
  if (whole == Truth::yes) {
    fmpz_t n;
    fmpz_init(n);
    const bool known = ca_get_fmpz(n, y.held().x, y.held().ctx) != 0 && fmpz_fits_si(n) != 0;
    const slong exponent = known ? fmpz_get_si(n) : 0;
    fmpz_clear(n);
    return known ? powi(x, exponent) : V::of_status(Status::unknown);
  }
  if (x.zero() == Truth::yes) return where_true(y.positive(), [] { return V(0); });
  return where_true(x.positive(), [&] {
    return V::made([&](ca_t r, ca_ctx_struct* ctx) { ca_pow(r, x.held().x, y.held().x, ctx); });
  });
}
ExactValue ExactNumber::hypot(const V& x, const V& y) { return sqrt(x * x + y * y); }
ExactValue ExactNumber::sin(const V& x) {
  if (!x.is_defined()) return x;
  return NABLA_UNARY_CA(x, ca_sin);
}
ExactValue ExactNumber::cos(const V& x) {
  if (!x.is_defined()) return x;
  return NABLA_UNARY_CA(x, ca_cos);
}
ExactValue ExactNumber::tan(const V& x) { return sin(x) / cos(x); }
ExactValue ExactNumber::asin(const V& x) {
  if (!x.is_defined()) return x;
  return where_true(!less(V(1), x) && !less(x, V(-1)), [&] { return NABLA_UNARY_CA(x, ca_asin); });
}
ExactValue ExactNumber::acos(const V& x) {
  if (!x.is_defined()) return x;
  return where_true(!less(V(1), x) && !less(x, V(-1)), [&] { return NABLA_UNARY_CA(x, ca_acos); });
}
ExactValue ExactNumber::atan(const V& x) {
  if (!x.is_defined()) return x;
  return NABLA_UNARY_CA(x, ca_atan);
}
ExactValue ExactNumber::atan2(const V& y, const V& x) {
  if (const Status s = worst(x.status(), y.status()); s != Status::defined) return V::of_status(s);
  if (x.positive() == Truth::yes) return atan(y / x);
  if (x.negative() == Truth::yes) {
    if (y.negative() == Truth::yes) return atan(y / x) - V::pi();
    return y.negative() == Truth::no ? atan(y / x) + V::pi() : V::of_status(Status::unknown);
  }
  if (x.zero() != Truth::yes) return V::of_status(Status::unknown);
  if (y.zero() == Truth::yes) return V::of_status(Status::undefined);
  return sign(y) * V::pi() / V(2);
}
ExactValue ExactNumber::sinh(const V& x) {
  const V e = exp(x);
  return (e - V(1) / e) / V(2);
}
ExactValue ExactNumber::cosh(const V& x) {
  const V e = exp(x);
  return (e + V(1) / e) / V(2);
}
ExactValue ExactNumber::tanh(const V& x) {
  const V e = exp(x + x);
  return (e - V(1)) / (e + V(1));
}
ExactValue ExactNumber::asinh(const V& x) { return log(x + sqrt(x * x + V(1))); }
ExactValue ExactNumber::acosh(const V& x) {
  if (!x.is_defined()) return x;
  return where_true(!less(x, V(1)), [&] { return log(x + sqrt(x * x - V(1))); });
}
ExactValue ExactNumber::atanh(const V& x) {
  if (!x.is_defined()) return x;
  return where_true(less(x, V(1)) && less(V(-1), x), [&] { return log((V(1) + x) / (V(1) - x)) / V(2); });
}

ExactValue ExactNumber::erf(const V& x) {
  if (!x.is_defined()) return x;
  return NABLA_UNARY_CA(x, ca_erf);
}
ExactValue ExactNumber::erfc(const V& x) { return V(1) - erf(x); }
ExactValue ExactNumber::gamma(const V& x) {
  if (!x.is_defined()) return x;
  const Truth pole = !x.positive() && equal(x, floor(x));
  // At halves of integers by the functional equation, from gamma(1/2) = sqrt(pi).
  constexpr int most_halves = 60;
  const V twice = x + x;
  if (x.positive() == Truth::yes && less(x, V(most_halves)) == Truth::yes && equal(twice, floor(twice)) == Truth::yes) {
    const bool is_whole = equal(x, floor(x)) == Truth::yes;
    V product = is_whole ? V(1) : sqrt(V::pi());
    for (V k = is_whole ? V(1) : V(Rational(1, 2)); less(k, x) == Truth::yes; k = k + V(1)) product = product * k;
    return product;
  }
  return where_true(!pole, [&] { return NABLA_UNARY_CA(x, ca_gamma); });
}
ExactValue ExactNumber::lgamma(const V& x) {
  if (!x.is_defined() || x.positive() != Truth::yes) return V::of_status(Status::unknown);
  return log(gamma(x));
}
ExactValue ExactNumber::digamma(const V&) { return V::of_status(Status::unknown); }
ExactValue ExactNumber::polygamma(std::int64_t, const V&) { return V::of_status(Status::unknown); }

namespace wellposed {

template <>
const Row<ExactValue>& row<ExactValue>(Opcode code) {
  static const std::array<Row<ExactValue>, builtin_count> rows = detail_rows::make_rows<ExactValue>();
  return rows[code];
}

}  // namespace wellposed
}  // namespace nabla
