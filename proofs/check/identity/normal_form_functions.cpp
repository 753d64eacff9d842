#include <nabla/engine/gradient/rule.hpp>
#include <nabla/proofs/check/identity/normal_form.hpp>
#include <numeric>

namespace nabla::normal_form {

namespace {

constexpr std::int64_t largest_multiple = 10'000;

/// A term of a sum: coefficient * part, where equal parts have equal texts whatever the coefficient was.
struct Part {
  Fraction coefficient;
  Fraction part;
};

/// f as a sum of parts: the terms of its polynomial part, and those of the remainder over the denominator.
std::vector<Part> parts_of(const Fraction& f) {
  const Ring& ring = f.ring();
  std::vector<Part> list;
  const auto add_terms = [&](const Fraction& p, const Fraction& den) {
    const Fraction scale(Fraction::of(Polynomial(ring, p.den())));
    for (const Term& term : terms(ring, p.num())) {
      Fraction monomial(ring, 1);
      for (const auto& [k, e] : term.powers) monomial = monomial * Fraction::atom(ring, k).power(e);
      const Fraction whole = Fraction::rational(ring, term.coefficient) * monomial / den / scale;
      const Fraction coefficient = whole.leading_sign() < 0 ? -whole.content() : whole.content();
      list.push_back({coefficient, whole / coefficient});
    }
  };
  if (f.is_polynomial()) {
    add_terms(f, Fraction(ring, 1));
  } else {
    const Division d = divide_out(f);
    add_terms(d.quotient, Fraction(ring, 1));
    add_terms(d.remainder, Fraction::of(Polynomial(ring, f.den())));
  }
  return list;
}

std::pair<std::int64_t, std::int64_t> small(const Fraction& c) {
  const auto r = c.small_ratio();
  if (!r || r->first > largest_multiple || r->first < -largest_multiple || r->second > largest_multiple)
    throw BudgetExceeded("an exponent or an angle has a coefficient with too many digits");
  return *r;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

}  // namespace

Fraction Normaliser::pi() {
  if (const auto k = find_atom("pi")) return atom(*k);
  Atom a{.kind = Atom::Kind::pi,
         .name = {},
         .description = "pi",
         .range = {},
         .reduced = {},
         .operand = {},
         .depends = {}};
  a.range.lo = Rational(333, 106);
  a.range.hi = Rational(22, 7);
  return atom(make_atom("pi", std::move(a)));
}

// exp(a + b) = exp(a) exp(b); exp(c log(u)) = u^c, for u > 0 wherever log(u) is defined. DLMF 4.2.
std::optional<Fraction> Normaliser::exp(const Fraction& f) {
  Fraction result(ring_, 1);
  for (const Part& p : parts_of(f)) {
    const auto e = exp_of_term(p.part, p.coefficient);
    if (!e) return std::nullopt;
    result = result * *e;
  }
  return result;
}

std::optional<Fraction> Normaliser::exp_of_term(const Fraction& term, const Fraction& coefficient) {
  const auto [n, q] = small(coefficient);
  if (const auto k = as_atom(term); k && atoms_[*k].kind == Atom::Kind::logarithm) {
    const Fraction u = *atoms_[*k].operand;
    return power(u, n, q);
  }
  const std::string key = "exp " + text(term);
  const std::int64_t finest = denominator_for(key, q);
  auto k = find_atom(key);
  if (!k) {
    const Fraction shown = term / Fraction(ring_, finest);
    k = make_atom(key, {.kind = Atom::Kind::exponential,
                        .name = {},
                        .description = "exp(" + describe(shown) + ")",
                        .range = Range::of(Signs::positive),
                        .reduced = {},
                        .operand = term,
                        .denominator = finest,
                        .depends = dependencies(term)});
  }
  return atom(*k).power(n * (finest / q));
}

// log(u v) = log(u) + log(v) where u >= 0: the product is positive, so u is not 0 and v is positive. DLMF 4.8.
std::optional<Fraction> Normaliser::log(const Fraction& f) {
  if (f.is_zero()) return std::nullopt;
  note_condition(f, Signs::positive, " > 0");
  const Factors factors = factor(f);
  int sign = factors.constant.constant_sign();
  Fraction result = log_of_constant(sign < 0 ? -factors.constant : factors.constant);
  std::vector<std::pair<Fraction, std::int64_t>> open;
  const auto add = [&](const Fraction& base, std::int64_t e) {
    const auto l = log_of_factor(base);
    if (l) result = result + Fraction(ring_, e) * *l;
    return l.has_value();
  };
  for (const auto& [p, e] : factors.powers) {
    const Fraction base = Fraction::of(p);
    const Signs s = signs(p, false);
    if (within(s, Signs::nonnegative)) {
      if (!add(base, e)) return std::nullopt;
    } else if (within(s, Signs::nonpositive)) {
      if (!add(-base, e)) return std::nullopt;
      if (e % 2 != 0) sign = -sign;
    } else {
      open.emplace_back(base, e);
    }
  }
  if (open.empty()) return sign > 0 ? std::optional(result) : std::nullopt;
  if (open.size() == 1 && open[0].second % 2 != 0) {
    // u^odd times the sign is positive, so u times the sign is.
    if (!add(sign > 0 ? open[0].first : -open[0].first, open[0].second)) return std::nullopt;
    return result;
  }
  Fraction rest(ring_, sign);
  for (const auto& [base, e] : open) rest = rest * base.power(e);
  if (!add(rest, 1)) return std::nullopt;
  return result;
}

std::optional<Fraction> Normaliser::log_of_factor(const Fraction& f) {
  if (f.is_constant()) return f.constant_sign() > 0 ? std::optional(log_of_constant(f)) : std::nullopt;
  if (const auto k = as_atom(f)) {
    const Atom& a = atoms_[*k];
    if (a.kind == Atom::Kind::exponential) return *a.operand / Fraction(ring_, a.denominator);
    if (a.kind == Atom::Kind::root) {
      const Fraction degree(ring_, a.degree);
      const Fraction u = *a.operand;
      const auto l = log(u);
      if (!l) return std::nullopt;
      return *l / degree;
    }
  }
  const std::string key = "log " + text(f);
  auto k = find_atom(key);
  if (!k) {
    const Signs above_one = signs(f - Fraction(ring_, 1));
    k = make_atom(key, {.kind = Atom::Kind::logarithm,
                        .name = {},
                        .description = "log(" + describe(f) + ")",
                        .range = within(above_one, Signs::nonnegative) || within(above_one, Signs::nonpositive)
                                     ? Range::of(above_one)
                                     : Range{},
                        .reduced = {},
                        .operand = f,
                        .depends = dependencies(f)});
  }
  return atom(*k);
}

Fraction Normaliser::log_of_constant(const Fraction& c) {
  Fraction sum(ring_);
  for (const auto& [prime, e] : prime_powers(c)) {
    const std::string key = "log " + prime;
    auto k = find_atom(key);
    if (!k)
      k = make_atom(key, {.kind = Atom::Kind::logarithm,
                          .name = {},
                          .description = "log(" + prime + ")",
                          .range = Range::of(Signs::positive),
                          .reduced = {},
                          .operand = Fraction::rational(ring_, prime),
                          .depends = {}});
    sum = sum + Fraction(ring_, e) * atom(*k);
  }
  return sum;
}

// (u v)^r = u^r v^r for u > 0, or for u, v >= 0. DLMF 4.2(iv), 4.8.
std::optional<Fraction> Normaliser::power(const Fraction& f, std::int64_t n, std::int64_t q) {
  const std::int64_t common = std::gcd(n, q);
  n /= common;
  q /= common;
  if (f.is_zero()) return n > 0 ? std::optional(f) : n == 0 ? std::optional(Fraction(ring_, 1)) : std::nullopt;
  if (q == 1) return f.power(n);
  note_condition(f, n < 0 ? Signs::positive : Signs::nonnegative, n < 0 ? " > 0" : " >= 0");
  const Factors factors = factor(f);
  int sign = factors.constant.constant_sign();
  const Fraction size = sign < 0 ? -factors.constant : factors.constant;
  std::vector<std::pair<Fraction, std::int64_t>> positive, nonnegative, open;
  for (const auto& [p, e] : factors.powers) {
    Fraction base = Fraction::of(p);
    Signs s = signs(p, false);
    if (within(s, Signs::nonpositive)) {
      base = -base;
      s = negated(s);
      if (e % 2 != 0) sign = -sign;
    }
    (within(s, Signs::positive) ? positive : within(s, Signs::nonnegative) ? nonnegative : open).emplace_back(base, e);
  }
  if (open.size() == 1 && nonnegative.empty() && open[0].second % 2 != 0) {
    nonnegative.emplace_back(sign > 0 ? open[0].first : -open[0].first, open[0].second);
    open.clear();
    sign = 1;
  }
  Fraction result(ring_, 1);
  const auto multiply = [&](const Fraction& base, std::int64_t e) {
    const auto p = power_of_factor(base, e * n, q);
    if (p) result = result * *p;
    return p.has_value();
  };
  for (const auto& [prime, e] : prime_powers(size)) result = result * root(Fraction::rational(ring_, prime), e * n, q);
  for (const auto& [base, e] : positive)
    if (!multiply(base, e)) return std::nullopt;
  if (open.empty()) {
    // Never positive: where the power has a value at all it is that of 0.
    if (sign < 0 && !nonnegative.empty() && n > 0) return Fraction(ring_);
    if (sign < 0) return std::nullopt;
    for (const auto& [base, e] : nonnegative)
      if (!multiply(base, e)) return std::nullopt;
    return result;
  }
  Fraction rest(ring_, sign);
  for (const auto* list : {&nonnegative, &open})
    for (const auto& [base, e] : *list) rest = rest * base.power(e);
  return result * root(rest, n, q);
}

std::optional<Fraction> Normaliser::power_of_factor(const Fraction& f, std::int64_t n, std::int64_t q) {
  if (n % q == 0) return f.power(n / q);
  if (const auto k = as_atom(f)) {
    const Atom a = atoms_[*k];
    if (a.kind == Atom::Kind::exponential)
      return exp_of_term(*a.operand, Fraction(ring_, n) / Fraction(ring_, q * a.denominator));
    if (a.kind == Atom::Kind::root) return power(*a.operand, n, q * a.degree);
  }
  return root(f, n, q);
}

Fraction Normaliser::root(const Fraction& f, std::int64_t n, std::int64_t q) {
  const std::int64_t common = std::gcd(n, q);
  n /= common;
  q /= common;
  if (q == 1) return f.power(n);
  const std::string key = "root " + text(f);
  const std::int64_t degree = denominator_for(key, q);
  auto k = find_atom(key);
  if (!k)
    k = make_atom(key,
                  {.kind = Atom::Kind::root,
                   .name = {},
                   .description = (degree == 2 ? "sqrt(" : "root" + std::to_string(degree) + "(") + describe(f) + ")",
                   .range = Range::of(within(signs(f), Signs::positive) ? Signs::positive : Signs::nonnegative),
                   .degree = degree,
                   .reduced = f,
                   .operand = f,
                   .denominator = 1,
                   .depends = dependencies(f)});
  const std::int64_t total = n * (degree / q);
  const std::int64_t whole = floor_div(total, degree);
  return f.power(whole) * atom(*k).power(total - whole * degree);
}

std::optional<Fraction> Normaliser::cube_root(const Fraction& f) {
  if (f.is_zero()) return f;
  const Signs s = signs(f);
  if (within(s, Signs::nonnegative)) return power(f, 1, 3);
  if (within(s, Signs::nonpositive) || f.leading_sign() < 0) {
    const auto mirrored = cube_root(-f);
    return mirrored ? std::optional(-*mirrored) : std::nullopt;
  }
  const std::string key = "cbrt " + text(f);
  auto k = find_atom(key);
  if (!k)
    k = make_atom(key, {.kind = Atom::Kind::opaque,
                        .name = {},
                        .description = "cbrt(" + describe(f) + ")",
                        .range = {},
                        .degree = 3,
                        .reduced = f,
                        .operand = f,
                        .depends = dependencies(f),
                        .code = opcode<Cbrt>,
                        .operands = {f}});
  return atom(*k);
}

// DLMF 4.21(i): cos and sin of a sum; of a multiple by repeated sums; of quarter turns.
std::pair<Fraction, Fraction> Normaliser::cosine_and_sine(const Fraction& f) {
  std::pair<Fraction, Fraction> all(Fraction(ring_, 1), Fraction(ring_, 0));
  for (const Part& p : parts_of(f)) {
    const auto [c, s] = turn(p.part, p.coefficient);
    all = {all.first * c - all.second * s, all.first * s + all.second * c};
    for (Fraction* x : {&all.first, &all.second}) *x = *reduce(*x);
  }
  return all;
}

std::pair<Fraction, Fraction> Normaliser::turn(const Fraction& term, const Fraction& coefficient) {
  const auto [n, q] = small(coefficient);
  const Fraction zero(ring_, 0), one(ring_, 1);
  if (const auto k = as_atom(term); k && atoms_[*k].kind == Atom::Kind::pi && (q <= 4 || q == 6)) {
    // In twelfths of pi: the cosine is half the root of 4, 3, 2, 1 or 0.
    const auto cosine = [&](std::int64_t twelfths) {
      const std::int64_t t = std::abs(twelfths % 24), from_axis = t > 12 ? 24 - t : t;
      const std::int64_t below = from_axis > 6 ? 12 - from_axis : from_axis;
      const std::int64_t square = below == 0 ? 4 : below == 2 ? 3 : below == 3 ? 2 : below == 4 ? 1 : 0;
      const Fraction half_root = *power(Fraction(ring_, square), 1, 2) / Fraction(ring_, 2);
      return from_axis > 6 ? -half_root : half_root;
    };
    const std::int64_t twelfths = n % (2 * q) * (12 / q);
    return {cosine(twelfths), cosine(twelfths - 6)};
  }
  const std::string key = "angle " + text(term);
  const std::int64_t finest = denominator_for(key, q);
  const std::string shown = describe(term / Fraction(ring_, finest));
  auto c = find_atom(key);
  if (!c) {
    Atom a{.kind = Atom::Kind::cosine,
           .name = {},
           .description = "cos(" + shown + ")",
           .range = {Rational(-1), Rational(1), true, true},
           .reduced = {},
           .operand = term,
           .denominator = finest,
           .depends = dependencies(term)};
    c = make_atom(key, a);
  }
  auto s = find_atom("sin " + key);
  if (!s) {
    Atom a{.kind = Atom::Kind::sine,
           .name = {},
           .description = "sin(" + shown + ")",
           .range = {Rational(-1), Rational(1), true, true},
           .degree = 2,
           .reduced = one - atom(*c).power(2),
           .operand = term,
           .denominator = finest,
           .depends = dependencies(term)};
    s = make_atom("sin " + key, a);
  }
  const std::int64_t multiple = n * (finest / q);
  constexpr std::int64_t most_turns = 64;
  if (multiple > most_turns || multiple < -most_turns)
    throw BudgetExceeded("an angle is too large a multiple of another");
  const Fraction sine = multiple < 0 ? -atom(*s) : atom(*s);
  std::pair<Fraction, Fraction> all(one, zero);
  for (std::int64_t i = 0; i < std::abs(multiple); ++i) {
    all = {all.first * atom(*c) - all.second * sine, all.first * sine + all.second * atom(*c)};
    for (Fraction* x : {&all.first, &all.second}) *x = *reduce(*x);
  }
  return all;
}

std::optional<Fraction> Normaliser::opaque(Opcode code, Attributes attributes, const std::vector<Fraction>& x) {
  const OperatorInfo& info = operator_info(code);
  if (info.arity == 1 && info.facts.parity != Parity::none && x[0].leading_sign() <= 0) {
    if (info.facts.parity == Parity::odd && x[0].is_zero()) return x[0];
    const auto mirrored = x[0].is_zero() ? std::nullopt : opaque(code, attributes, {-x[0]});
    if (mirrored) return info.facts.parity == Parity::odd ? -*mirrored : *mirrored;
  }
  if (code == opcode<Gamma> || code == opcode<LGamma>)
    if (auto by_steps = gamma(code, x[0])) return by_steps;
  if (code == opcode<Floor>)
    if (auto by_part = floor(x[0])) return by_part;
  return opaque_atom(code, attributes, x);
}

Fraction Normaliser::opaque_atom(Opcode code, Attributes attributes, const std::vector<Fraction>& x) {
  const OperatorInfo& info = operator_info(code);
  std::string key = "function " + info.name;
  for (const std::int64_t a : attributes) key += " " + std::to_string(a);
  std::string shown = info.name + "(";
  std::set<std::int64_t> depends;
  for (const Fraction& f : x) {
    key += " " + text(f);
    shown += (&f == x.data() ? "" : ", ") + describe(f);
    depends.merge(dependencies(f));
  }
  auto k = find_atom(key);
  if (!k) {
    Range range;
    const Reals& r = info.facts.range;  // the ends are small integers, exact in double
    if (r.lo > -unbounded) range.lo = Rational(static_cast<std::int64_t>(r.lo));
    if (r.hi < unbounded) range.hi = Rational(static_cast<std::int64_t>(r.hi));
    range.lo_closed = r.lo_closed;
    range.hi_closed = r.hi_closed;
    if (code == opcode<Gamma> && within(signs(x[0]), Signs::positive)) range = Range::of(Signs::positive);
    k = make_atom(key, {.kind = Atom::Kind::opaque,
                        .name = {},
                        .description = shown + ")",
                        .range = range,
                        .reduced = {},
                        .operand = {},
                        .depends = depends,
                        .code = code,
                        .attributes = {attributes.begin(), attributes.end()},
                        .operands = x});
  }
  return atom(*k);
}

}  // namespace nabla::normal_form
