#include <nabla/proofs/recheck/identity/algebra.hpp>
#include <numeric>

namespace nabla::rederive {

namespace {

/// c as a whole number of units. \throws Exhausted
std::int64_t in_units(const Rational& c) {
  const Rational u = c * Rational(unit);
  if (denominator(u) != 1 || abs(u) > Rational(std::int64_t{1} << 40))
    throw Exhausted("an exponent has too many digits");
  return static_cast<std::int64_t>(numerator(u));
}

bool is_whole(std::int64_t e) { return e % unit == 0; }

}  // namespace

/// The atom that the description equals, made when there is none: operands are compared by value.
std::uint32_t Algebra::find_or_make(Atom atom) {
  for (std::uint32_t k = 0; k < atoms_.size(); ++k) {
    if (atoms_[k].kind != atom.kind || atoms_[k].code != atom.code || atoms_[k].attributes != atom.attributes ||
        atoms_[k].denominator != atom.denominator || atoms_[k].operands.size() != atom.operands.size())
      continue;
    bool same = true;
    for (std::size_t i = 0; i < atom.operands.size() && same; ++i)
      same = equal(Quotient(atoms_[k].operands[i]), atom.operands[i]);
    if (!same) continue;
    // Its bounds may hang on the case under study, which forget_case() undoes.
    atoms_[k].bounds = meet(atoms_[k].bounds, atom.bounds);
    return k;
  }
  for (const Quotient& q : atom.operands) {
    const auto more = dependencies(q);
    atom.depends.insert(more.begin(), more.end());
  }
  return make(std::move(atom));
}

Quotient Algebra::pi() {
  Atom a;
  a.kind = AtomKind::pi;
  a.bounds = {Rational(3), Rational(4), true, true};
  return power_of_atom(find_or_make(a), unit);
}

std::vector<std::pair<Rational, Quotient>> Algebra::terms_of(const Quotient& q) {
  std::vector<std::pair<Rational, Quotient>> list;
  Polynomial over = q.num, whole;
  if (!q.den.empty()) {
    const Polynomial den = expanded(q.den);
    bool plain = true;
    for (const auto& [k, e] : q.num.common_monomial()) plain = plain && e > 0;
    if (plain) {
      const Division d = rederive::divide(q.num, den, meter_);
      whole = d.quotient;
      over = d.remainder;
    }
  }
  for (const auto& [m, c] : over.terms()) list.emplace_back(c, Quotient{Polynomial::monomial(m), q.den});
  for (const auto& [m, c] : whole.terms()) list.emplace_back(c, Quotient{Polynomial::monomial(m), {}});
  return list;
}

std::optional<Quotient> Algebra::exp(const Quotient& q) {
  Quotient all = constant(1);
  for (const auto& [c, term] : terms_of(q)) {
    const auto e = exp_of_term(term, c);
    if (!e) return std::nullopt;
    all = multiply(all, *e);
  }
  return all;
}

std::optional<Quotient> Algebra::exp_of_term(const Quotient& term, const Rational& c) {
  const auto whole = denominator(c);
  const decltype(denominator(c)) rest = whole / gcd(whole, decltype(whole)(unit));
  if (rest != 1) return exp_of_term({term.num.scaled(1 / Rational(rest)), term.den}, c * Rational(rest));
  const std::int64_t exponent = in_units(c);
  if (term.den.empty()) {
    const Monomial& m = term.num.leading_monomial();
    if (m.size() == 1 && m[0].second == unit && atoms_[m[0].first].kind == AtomKind::logarithm) {
      const Quotient u = atoms_[m[0].first].operands[0];
      return power(u, exponent, unit);
    }
  }
  Atom a;
  a.kind = AtomKind::exponential;
  a.operands = {term};
  a.bounds = Bounds::of(positive);
  return power_of_atom(find_or_make(std::move(a)), exponent);
}

/// q as a positive constant times bases of known sign (made not negative) and bases of unknown sign.
Algebra::Pieces Algebra::pieces(const Quotient& q) {
  Pieces p;
  const Product f = factorise(q.num);
  p.size = f.c.sign() < 0 ? Rational(-f.c) : f.c;
  p.sign = f.c.sign();
  const auto put = [&](Quotient base, std::int64_t exponent, Signs s) {
    if (!is_whole(exponent)) s &= nonnegative;
    if (within(s, nonpositive) && s != 0) {
      base = {base.num.scaled(-1), base.den};
      s = flipped(s);
      if (exponent / unit % 2 != 0) p.sign = -p.sign;
    }
    (within(s, nonnegative) ? p.known : p.open).push_back({std::move(base), exponent, s});
  };
  for (const auto& [k, e] : f.monomial)
    put(power_of_atom(k, unit), e, atoms_[k].bounds.signs() & (e < 0 ? nonzero : any));
  for (const auto& [k, e] : f.factors) put({factors_[k], {}}, e * unit, signs_of_factor(k));
  for (const auto& [k, e] : q.den) put({factors_[k], {}}, -e * unit, signs_of_factor(k) & nonzero);
  return p;
}

std::optional<Quotient> Algebra::log(const Quotient& q) {
  if (q.num.is_zero()) return std::nullopt;
  Pieces p = pieces(q);
  Quotient all = log_of_constant(p.size);
  if (p.open.size() == 1 && is_whole(p.open[0].exponent) && p.open[0].exponent / unit % 2 != 0) {
    Piece last = p.open[0];
    if (p.sign < 0) last.base.num = last.base.num.scaled(-1);
    p.known.push_back(last);
    p.open.clear();
    p.sign = 1;
  }
  for (const Piece& piece : p.known) all = add(all, log_of_piece(piece.base), Rational(piece.exponent) / unit);
  if (p.open.empty()) return p.sign > 0 ? std::optional(all) : std::nullopt;
  Quotient rest = constant(p.sign);
  for (const Piece& piece : p.open) rest = multiply(rest, integer_power(piece.base, piece.exponent / unit));
  return add(all, log_of_piece(rest));
}

Quotient Algebra::log_of_piece(const Quotient& q) {
  if (q.den.empty() && q.num.terms().size() == 1 && q.num.leading_coefficient() == 1) {
    const Monomial& m = q.num.leading_monomial();
    if (m.size() == 1 && m[0].second == unit) {
      const Atom& a = atoms_[m[0].first];
      if (a.kind == AtomKind::exponential) return a.operands[0];
      if (a.kind == AtomKind::power_base) {
        const Quotient value = a.value;
        if (const auto c = value.num.as_constant(); c && value.den.empty()) return log_of_constant(*c);
        if (const auto l = log(value)) return *l;
      }
    }
  }
  Atom a;
  a.kind = AtomKind::logarithm;
  a.operands = {q};
  const Signs above = signs(add(q, constant(1), -1));
  if (within(above, nonnegative) || within(above, nonpositive)) a.bounds = Bounds::of(above);
  return power_of_atom(find_or_make(std::move(a)), unit);
}

namespace {

/// Powers of small primes, and what is left.
std::vector<std::pair<Rational, std::int64_t>> split(const Rational& c) {
  using Integer = boost::multiprecision::mpz_int;
  std::vector<std::pair<Rational, std::int64_t>> list;
  for (const bool upper : {true, false}) {
    Integer n = upper ? numerator(c) : denominator(c);
    for (int d = 2; d < 100'000 && n > 1; ++d) {
      if (d > 1000 && Integer(d) * d > n) break;
      std::int64_t count = 0;
      for (; n % d == 0; n /= d) ++count;
      if (count != 0) list.emplace_back(Rational(d), upper ? count : -count);
    }
    if (n != 1) list.emplace_back(Rational(n), upper ? 1 : -1);
  }
  return list;
}

}  // namespace

Quotient Algebra::log_of_constant(const Rational& c) {
  Quotient all;
  for (const auto& [p, e] : split(c)) {
    Atom a;
    a.kind = AtomKind::logarithm;
    a.operands = {constant(p)};
    a.bounds = Bounds::of(positive);
    all = add(all, power_of_atom(find_or_make(std::move(a)), unit), Rational(e));
  }
  return all;
}

Quotient Algebra::constant_power(const Rational& c, std::int64_t exponent) {
  Quotient all = constant(1);
  for (const auto& [p, e] : split(c)) all = multiply(all, power_of_base(constant(p), e * exponent));
  return all;
}

Quotient Algebra::power_of_base(const Quotient& base, std::int64_t exponent) {
  if (is_whole(exponent)) return integer_power(base, exponent / unit);
  if (base.den.empty() && base.num.terms().size() == 1 && base.num.leading_coefficient() == 1 &&
      base.num.leading_monomial().size() == 1) {
    // Of a single atom its power itself will do: it is not negative where the power is defined.
    const auto& [k, e] = base.num.leading_monomial()[0];
    return {Polynomial::monomial(rederive::power({{k, e}}, exponent)), {}};
  }
  Atom a;
  a.kind = AtomKind::power_base;
  a.operands = {base};
  a.bounds = Bounds::of(within(signs(base), positive) ? positive : nonnegative);
  a.degree = unit;
  a.value = base;
  return reduce(power_of_atom(find_or_make(std::move(a)), exponent));
}

std::optional<Quotient> Algebra::power(const Quotient& q, std::int64_t n, std::int64_t d) {
  if (q.num.is_zero()) return n > 0 ? std::optional(q) : n == 0 ? std::optional(constant(1)) : std::nullopt;
  if (n % d == 0) return integer_power(q, n / d);
  const std::int64_t exponent = in_units(Rational(n) / d);
  Pieces p = pieces(q);
  const auto scaled = [&](std::int64_t e) { return in_units(Rational(e) / unit * exponent / unit); };
  Quotient all = constant_power(p.size, exponent);
  std::vector<Piece> maybe_zero;
  for (const Piece& piece : p.known) {
    if (within(piece.signs, positive))
      all = multiply(all, power_of_base(piece.base, scaled(piece.exponent)));
    else
      maybe_zero.push_back(piece);
  }
  if (p.open.size() == 1 && maybe_zero.empty() && is_whole(p.open[0].exponent) && p.open[0].exponent / unit % 2 != 0) {
    maybe_zero = p.open;
    if (p.sign < 0) maybe_zero[0].base.num = maybe_zero[0].base.num.scaled(-1);
    p.open.clear();
    p.sign = 1;
  }
  if (p.open.empty()) {
    if (p.sign < 0 && !maybe_zero.empty() && exponent > 0) return Quotient{};  // it has a value only where q is 0
    if (p.sign < 0) return std::nullopt;
    for (const Piece& piece : maybe_zero) all = multiply(all, power_of_base(piece.base, scaled(piece.exponent)));
    return all;
  }
  Quotient rest = constant(p.sign);
  for (const auto* list : {&maybe_zero, &p.open})
    for (const Piece& piece : *list)
      rest = multiply(rest, is_whole(piece.exponent) ? integer_power(piece.base, piece.exponent / unit)
                                                     : power_of_base(piece.base, piece.exponent));
  Atom a;
  a.kind = AtomKind::power_base;
  a.operands = {rest};
  a.bounds = Bounds::of(nonnegative);
  a.degree = unit;
  a.value = rest;
  return multiply(all, reduce(power_of_atom(find_or_make(std::move(a)), exponent)));
}

std::optional<Quotient> Algebra::cube_root(const Quotient& q) {
  const Signs s = signs(q);
  if (within(s, nonnegative)) return power(q, 1, 3);
  const bool lead_negative = q.num.leading_coefficient().sign() < 0;
  if (within(s, nonpositive) || lead_negative) {
    const auto m = cube_root({q.num.scaled(-1), q.den});
    return m ? std::optional(Quotient{m->num.scaled(-1), m->den}) : std::nullopt;
  }
  Atom a;
  a.kind = AtomKind::cube_root;
  a.operands = {q};
  a.degree = 3 * unit;
  a.value = q;
  return power_of_atom(find_or_make(std::move(a)), unit);
}

/// cos(k pi / 12), 0 <= k < 24, where 2 cos is the root of a whole number; nothing elsewhere.
std::optional<Quotient> Algebra::special_cosine(int k) {
  static constexpr int squares[] = {4, -1, 3, 2, 1, -1, 0, -1, 1, 2, 3, -1, 4};
  const int reflected = k > 12 ? 24 - k : k;
  if (squares[reflected] < 0) return std::nullopt;
  if (squares[reflected] == 0) return Quotient{};
  auto root = power(constant(squares[reflected]), 1, 2);
  if (!root) return std::nullopt;
  root->num = root->num.scaled(reflected > 6 ? Rational(-1, 2) : Rational(1, 2));
  return root;
}

std::pair<Quotient, Quotient> Algebra::cosine_and_sine(const Quotient& q) {
  std::pair<Quotient, Quotient> all(constant(1), {});
  const auto turn = [&](const Quotient& c, const Quotient& s) {
    const Quotient cosine = add(multiply(all.first, c), multiply(all.second, s), -1);
    all.second = reduce(add(multiply(all.first, s), multiply(all.second, c)));
    all.first = reduce(cosine);
  };
  for (const auto& [c, term] : terms_of(q)) {
    if (const Rational in_twelfths = 12 * c; term == pi() && denominator(in_twelfths) == 1) {
      const auto k = static_cast<int>(((numerator(in_twelfths) % 24) + 24) % 24);
      const auto c_of = special_cosine(k), s_of = special_cosine((k + 18) % 24);
      if (c_of && s_of) {
        turn(*c_of, *s_of);
        continue;
      }
    }
    const std::int64_t n = in_units(c);
    const std::int64_t needed = unit / std::gcd(n, unit);
    std::int64_t* finest = nullptr;
    for (auto& [known, d] : angles_)
      if (known == term) finest = &d;
    if (finest == nullptr) finest = &angles_.emplace_back(term, 1).second;
    if (*finest % needed != 0) {
      *finest = std::lcm(*finest, needed);
      throw Again();
    }
    Atom a;
    a.kind = AtomKind::cosine;
    a.operands = {term};
    a.denominator = *finest;
    a.bounds = {Rational(-1), Rational(1)};
    const std::uint32_t cosine = find_or_make(a);
    a.kind = AtomKind::sine;
    a.degree = 2 * unit;
    a.value = add(constant(1), power_of_atom(cosine, 2 * unit), -1);
    const std::uint32_t sine = find_or_make(a);
    const std::int64_t multiple = n / (unit / *finest);
    constexpr std::int64_t most_turns = 64;
    if (multiple > most_turns || multiple < -most_turns) throw Exhausted("an angle is too large a multiple of another");
    Quotient s = power_of_atom(sine, unit);
    if (multiple < 0) s.num = s.num.scaled(-1);
    for (std::int64_t i = 0; i < std::abs(multiple); ++i) turn(power_of_atom(cosine, unit), s);
  }
  return all;
}

Quotient Algebra::function(Opcode code, Attributes attributes, const std::vector<Quotient>& x) {
  const OperatorInfo& info = operator_info(code);
  if (info.arity == 1 && info.facts.parity == Parity::odd && x[0].num.is_zero()) return {};
  if (info.arity == 1 && info.facts.parity != Parity::none && !x[0].num.is_zero() &&
      x[0].num.leading_coefficient().sign() < 0) {
    const Quotient m = function(code, attributes, {{x[0].num.scaled(-1), x[0].den}});
    return info.facts.parity == Parity::even ? m : Quotient{m.num.scaled(-1), m.den};
  }
  if (code == opcode<Gamma> || code == opcode<LGamma>)
    if (auto by_steps = gamma(code, x[0])) return *std::move(by_steps);
  if (code == opcode<Floor>)
    if (auto by_part = floor(x[0])) return *std::move(by_part);
  return function_atom(code, attributes, x);
}

Quotient Algebra::function_atom(Opcode code, Attributes attributes, const std::vector<Quotient>& x) {
  const OperatorInfo& info = operator_info(code);
  Atom a;
  a.kind = AtomKind::function;
  a.code = code;
  a.attributes.assign(attributes.begin(), attributes.end());
  a.operands = x;
  const Reals& r = info.facts.range;  // ends are small integers
  if (r.lo > -unbounded) a.bounds.lo = Rational(static_cast<std::int64_t>(r.lo));
  if (r.hi < unbounded) a.bounds.hi = Rational(static_cast<std::int64_t>(r.hi));
  a.bounds.lo_strict = !r.lo_closed;
  a.bounds.hi_strict = !r.hi_closed;
  if (code == opcode<Gamma> && within(signs(x[0]), positive)) a.bounds = Bounds::of(positive);
  return power_of_atom(find_or_make(std::move(a)), unit);
}

}  // namespace nabla::rederive
