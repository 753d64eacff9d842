#include <algorithm>
#include <nabla/proofs/recheck/identity/algebra.hpp>

namespace nabla::rederive {

Signs flipped(Signs a) {
  return (a & zero) | ((a & negative) != 0 ? positive : 0U) | ((a & positive) != 0 ? negative : 0U);
}

Signs times(Signs a, Signs b) {
  if (a == 0 || b == 0) return 0;
  Signs r = ((a | b) & zero);
  if (((a & positive) != 0 && (b & positive) != 0) || ((a & negative) != 0 && (b & negative) != 0)) r |= positive;
  if (((a & positive) != 0 && (b & negative) != 0) || ((a & negative) != 0 && (b & positive) != 0)) r |= negative;
  return r;
}

Bounds Bounds::of(Signs s) {
  Bounds b;
  if (within(s, nonnegative)) {
    b.lo = Rational(0);
    b.lo_strict = (s & zero) == 0;
  }
  if (within(s, nonpositive)) {
    b.hi = Rational(0);
    b.hi_strict = (s & zero) == 0;
  }
  return b;
}

Signs Bounds::signs() const {
  Signs s = any;
  if (lo && lo->sign() >= 0) s &= nonnegative;
  if (lo && (lo->sign() > 0 || (lo->is_zero() && lo_strict))) s &= positive;
  if (hi && hi->sign() <= 0) s &= nonpositive;
  if (hi && (hi->sign() < 0 || (hi->is_zero() && hi_strict))) s &= negative;
  return s;
}

Bounds plus(const Bounds& a, const Bounds& b) {
  Bounds r;
  if (a.lo && b.lo) {
    r.lo = *a.lo + *b.lo;
    r.lo_strict = a.lo_strict || b.lo_strict;
  }
  if (a.hi && b.hi) {
    r.hi = *a.hi + *b.hi;
    r.hi_strict = a.hi_strict || b.hi_strict;
  }
  return r;
}

namespace {

Bounds mirrored(const Bounds& a) {
  Bounds r;
  if (a.hi) r.lo = -*a.hi;
  if (a.lo) r.hi = -*a.lo;
  r.lo_strict = a.hi_strict;
  r.hi_strict = a.lo_strict;
  return r;
}

}  // namespace

// By the signs of the factors; both may be negative after mirroring one or both. A factor of unknown sign with finite
// ends is handled by its largest size.
Bounds times(const Bounds& a, const Bounds& b) {
  const Signs sa = a.signs(), sb = b.signs();
  if (within(sa, nonpositive) && !within(sa, zero)) return mirrored(times(mirrored(a), b));
  if (within(sb, nonpositive) && !within(sb, zero)) return mirrored(times(a, mirrored(b)));
  Bounds r;
  if (a.lo && a.hi && *a.lo == *a.hi) {  // a positive number, or zero
    if (a.lo->is_zero()) return a;
    if (b.lo) r.lo = *a.lo * *b.lo;
    if (b.hi) r.hi = *a.lo * *b.hi;
    r.lo_strict = b.lo_strict;
    r.hi_strict = b.hi_strict;
    return r;
  }
  if (within(sa, nonnegative) && within(sb, nonnegative)) {
    r.lo = (a.lo ? *a.lo : Rational(0)) * (b.lo ? *b.lo : Rational(0));
    r.lo_strict = r.lo->is_zero() ? within(sa, positive) && within(sb, positive) : a.lo_strict || b.lo_strict;
    if (a.hi && b.hi) {
      r.hi = *a.hi * *b.hi;
      r.hi_strict = !r.hi->is_zero() && (a.hi_strict || b.hi_strict);
    }
    return r;
  }
  if (a.lo && a.hi && b.lo && b.hi) {
    const auto [lo, hi] = std::minmax(
        {Rational(*a.lo * *b.lo), Rational(*a.lo * *b.hi), Rational(*a.hi * *b.lo), Rational(*a.hi * *b.hi)});
    r.lo = lo;
    r.hi = hi;
  }
  return r;
}

Bounds meet(const Bounds& a, const Bounds& b) {
  Bounds r = a;
  if (b.lo && (!r.lo || *r.lo < *b.lo || (*r.lo == *b.lo && b.lo_strict))) {
    r.lo = b.lo;
    r.lo_strict = b.lo_strict;
  }
  if (b.hi && (!r.hi || *b.hi < *r.hi || (*b.hi == *r.hi && b.hi_strict))) {
    r.hi = b.hi;
    r.hi_strict = b.hi_strict;
  }
  return r;
}

Bounds Algebra::bounds(const Monomial& m) const {
  Bounds all{Rational(1), Rational(1)};
  for (const auto& [k, e] : m) {
    const Bounds& base = atoms_[k].bounds;
    const Signs s = base.signs();
    Bounds one;
    if (e % unit != 0) {
      one = Bounds::of(e < 0 || within(s, positive) ? positive : nonnegative);
    } else if (e < 0 || e > 64 * unit) {
      const bool even = e / unit % 2 == 0;
      Signs p = even ? ((s & nonzero) != 0 ? positive : 0U) | (s & zero) : s;
      if (e < 0) p &= nonzero;
      one = Bounds::of(p);
    } else {
      one = base;
      for (std::int64_t n = 1; n < e / unit; ++n) one = times(one, base);
      if (e / unit % 2 == 0) one = meet(one, Bounds::of(((s & nonzero) != 0 ? positive : 0U) | (s & zero)));
    }
    all = times(all, one);
  }
  return all;
}

Signs Algebra::signs_of_factor(std::size_t factor) { return signs(Polynomial(factors_[factor]), false); }

Signs Algebra::signs(const Polynomial& p, bool apart) {
  if (p.is_zero()) return zero;
  Bounds all{Rational(0), Rational(0)};
  for (const auto& [m, c] : p.terms()) all = plus(all, times(Bounds{c, c}, bounds(m)));
  Signs s = all.signs();
  if (s == positive || s == negative) return s;
  const Rational lead = p.leading_coefficient();
  for (const auto& [q, known] : facts_) {
    if (!q.den.empty() || q.num.terms().size() != p.terms().size()) continue;
    const Rational ratio = lead / q.num.leading_coefficient();
    if (q.num.scaled(ratio) == p) s &= ratio.sign() > 0 ? known : flipped(known);
  }
  constexpr std::size_t longest = 40;
  if (!apart || s == positive || s == negative || p.terms().size() > longest) return s;
  const Product f = factorise(p);
  std::int64_t count = f.monomial.empty() ? 0 : 1;
  for (const auto& [k, e] : f.factors) count += e;
  if (count < 2) return s;
  Signs product = times(f.c.sign() > 0 ? positive : negative, bounds(f.monomial).signs());
  for (const auto& [k, e] : f.factors) {
    const Signs one = signs_of_factor(k);
    for (std::int64_t n = 0; n < e % 2; ++n) product = times(product, one);
    if (e > 1) product = times(product, ((one & nonzero) != 0 ? positive : 0U) | (one & zero));
  }
  return s & product;
}

Signs Algebra::signs(const Quotient& q) {
  Signs s = signs(q.num, true);
  for (const auto& [f, e] : q.den)
    if (e % 2 != 0) s = times(s, signs_of_factor(f) & nonzero);
  const Quotient key = q;
  if (!q.num.is_zero() && !q.den.empty())
    for (const auto& [fact, known] : facts_) {
      if (fact.den != key.den || fact.num.terms().size() != key.num.terms().size()) continue;
      const Rational ratio = key.num.leading_coefficient() / fact.num.leading_coefficient();
      if (fact.num.scaled(ratio) == key.num) s &= ratio.sign() > 0 ? known : flipped(known);
    }
  return s;
}

void Algebra::forget_case() {
  derived_ = false;
  facts_.clear();
  for (const auto& [k, b] : wide_) atoms_[k].bounds = b;
  wide_.clear();
  solved_.clear();
  // Of a root or a logarithm of something whose sign hangs on the case, less is known in the next one.
  for (Atom& a : atoms_) {
    const bool constant =
        !a.operands.empty() && a.operands[0].den.empty() && a.operands[0].num.as_constant().has_value();
    if (a.kind == AtomKind::power_base) a.bounds = Bounds::of(constant ? positive : nonnegative);
    if (a.kind == AtomKind::logarithm) a.bounds = constant ? Bounds::of(positive) : Bounds{};
  }
}

const Quotient* Algebra::solved(std::uint32_t atom) const {
  const auto it = solved_.find(atom);
  return it == solved_.end() ? nullptr : &it->second;
}

void Algebra::assume(const Quotient& q, Signs s) {
  const Signs both = signs(q) & s;
  if (both == 0) throw Impossible();
  if (q.num.as_constant()) return;
  if (both == zero) assume_zero(q);
  for (auto& [known, old] : facts_)
    if (known == q) {
      old &= both;
      narrow_atom(q, old);
      return;
    }
  constexpr std::size_t most = 80;
  if (facts_.size() >= most) return;
  facts_.emplace_back(q, both);
  narrow_atom(q, both);
  if (both == any || both == nonzero || both == zero || derived_) return;
  // Two inequalities of one direction that share terms give a third.
  const std::size_t count = facts_.size() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [other, known] = facts_[i];
    for (const bool mirror : {false, true}) {
      const Signs other_signs = mirror ? flipped(known) : known;
      const bool up = within(both, nonnegative);
      if (!within(other_signs, up ? nonnegative : nonpositive)) continue;
      const Quotient total = add(q, other, mirror ? -1 : 1);
      if (total.num.terms().size() > std::max(q.num.terms().size(), other.num.terms().size())) continue;
      const bool strict = (both & zero) == 0 || (other_signs & zero) == 0;
      const Signs all = (up ? positive : negative) | (strict ? 0U : zero);
      if (within(signs(total), all)) continue;
      derived_ = true;
      assume(total, all);
      derived_ = false;
    }
  }
}

void Algebra::narrow_atom(const Quotient& q, Signs s) {
  if (!q.den.empty() || q.num.terms().size() > 2) return;
  std::optional<std::uint32_t> only;
  Rational slope, rest;
  for (const auto& [m, c] : q.num.terms()) {
    if (m.empty()) {
      rest = c;
    } else if (m.size() == 1 && m[0].second == unit && !only) {
      only = m[0].first;
      slope = c;
    } else {
      return;
    }
  }
  if (!only) return;
  const Rational bound = -rest / slope;
  Bounds b = Bounds::of(slope.sign() > 0 ? s : flipped(s));
  if (b.lo) b.lo = bound;
  if (b.hi) b.hi = bound;
  wide_.emplace(*only, atoms_[*only].bounds);
  atoms_[*only].bounds = meet(atoms_[*only].bounds, b);
}

void Algebra::assume_zero(const Quotient& q) {
  // An atom with a negative exponent is not zero; what multiplies it may be.
  Monomial down;
  for (const auto& [k, e] : q.num.common_monomial())
    if (e < 0) down.emplace_back(k, -e);
  const Polynomial p = q.num.scaled(1, down);
  if (p.as_constant()) {
    if (!p.is_zero()) throw Impossible();
    return;
  }
  if (solve(p)) return;
  // A sum of terms of one sign: each of them is zero.
  Signs all = 0;
  for (const auto& [m, c] : p.terms()) all |= times(c.sign() > 0 ? positive : negative, bounds(m).signs());
  if (within(all, nonnegative) || within(all, nonpositive)) {
    for (const auto& [m, c] : p.terms()) {
      if (m.size() != 1) continue;
      const Atom& a = atoms_[m[0].first];
      if (a.kind == AtomKind::entry) solve(Polynomial::monomial({{m[0].first, unit}}));
      if (a.kind == AtomKind::power_base) assume_zero(Quotient(a.value));
    }
    return;
  }
  // c f^r + rest = 0 with a constant c says f = (-rest / c)^(1/r), for 1/r whole.
  for (const auto& [m, c] : p.terms()) {
    if (m.size() != 1 || atoms_[m[0].first].kind != AtomKind::power_base || m[0].second <= 0 || unit % m[0].second != 0)
      continue;
    Polynomial rest = p;
    rest.add(Monomial(m), -Rational(c));
    bool elsewhere = false;
    for (const auto& [n, d] : rest.terms())
      for (const auto& [k, e] : n) elsewhere = elsewhere || k == m[0].first;
    if (elsewhere) continue;
    const Quotient implied =
        reduce(add(atoms_[m[0].first].value, integer_power({rest.scaled(-1 / c), {}}, unit / m[0].second), -1));
    if (implied.num.is_zero()) continue;
    if (implied.num.as_constant()) throw Impossible();
    if (solve(implied.num)) return;
  }
}

/// p = 0, solved for an entry that occurs once: alone, with a constant coefficient, and in no other atom.
bool Algebra::solve(const Polynomial& p) {
  std::optional<std::uint32_t> best;
  for (const auto& [m, c] : p.terms()) {
    if (m.size() != 1 || m[0].second != unit) continue;
    const std::uint32_t k = m[0].first;
    if (atoms_[k].kind != AtomKind::entry || solved_.contains(k)) continue;
    bool elsewhere = false;
    for (const auto& [n, d] : p.terms())
      for (const auto& [j, e] : n) elsewhere = elsewhere || (n != m && atoms_[j].depends.contains(k));
    if (!elsewhere && (!best || *best < k)) best = k;
  }
  if (!best) return false;
  const Monomial m{{*best, unit}};
  const Rational c = p.terms().at(m);
  Polynomial rest = p;
  rest.add(m, -c);
  const Quotient by{rest.scaled(-1 / c), {}};
  std::map<std::uint32_t, Quotient> next;
  for (const auto& [k, q] : solved_) {
    const auto r = replaced(q, *best, by);
    if (!r) return false;
    next.emplace(k, *r);
  }
  next.emplace(*best, by);
  solved_ = std::move(next);
  const Bounds b = atoms_[*best].bounds;
  if (b.lo) assume(add(by, constant(*b.lo), -1), b.lo_strict ? positive : nonnegative);
  if (b.hi) assume(add(by, constant(*b.hi), -1), b.hi_strict ? negative : nonpositive);
  return true;
}

std::optional<Quotient> Algebra::replaced(const Quotient& q, std::uint32_t atom, const Quotient& by) {
  for (const auto& [f, e] : q.den)
    for (const auto& [m, c] : factors_[f].terms())
      for (const auto& [k, x] : m)
        if (atoms_[k].depends.contains(atom)) return std::nullopt;
  Quotient all;
  for (const auto& [m, c] : q.num.terms()) {
    Monomial others;
    std::int64_t exponent = 0;
    for (const auto& [k, e] : m) {
      if (k == atom) {
        exponent = e;
      } else {
        if (atoms_[k].depends.contains(atom)) return std::nullopt;
        others.emplace_back(k, e);
      }
    }
    if (exponent % unit != 0 || exponent < 0) return std::nullopt;
    all = add(all, multiply({Polynomial::monomial(others, c), {}}, integer_power(by, exponent / unit)));
  }
  return multiply(all, {Polynomial(1), q.den});
}

}  // namespace nabla::rederive
