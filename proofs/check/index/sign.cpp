// Signs of forms from what their parts are: exponentials are positive, squares are not negative, sums of positive terms
// over a range that is not empty are positive, and no term of such a sum is larger than the sum.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/algebra.hpp>

namespace nabla::index_form {

namespace {

constexpr std::size_t most_candidates = 10;
constexpr int deepest_sign = 4;

Signs product_of(Signs a, Signs b) {
  Signs r = 0;
  if (((a | b) & zero) != 0) r |= zero;
  if (((a & positive_sign) != 0 && (b & positive_sign) != 0) || ((a & negative) != 0 && (b & negative) != 0))
    r |= positive_sign;
  if (((a & positive_sign) != 0 && (b & negative) != 0) || ((a & negative) != 0 && (b & positive_sign) != 0))
    r |= negative;
  return r;
}

Signs flipped(Signs s) {
  return (s & zero) | ((s & negative) != 0 ? positive_sign : 0U) | ((s & positive_sign) != 0 ? negative : 0U);
}

Bounds of_signs(Signs s) {
  Bounds b;
  if ((s & negative) == 0) {
    b.lo = 0;
    b.lo_strict = (s & zero) == 0;
  }
  if ((s & positive_sign) == 0) {
    b.hi = 0;
    b.hi_strict = (s & zero) == 0;
  }
  return b;
}

Bounds meet(Bounds a, const Bounds& b) {
  if (b.lo && (!a.lo || *b.lo > *a.lo || (*b.lo == *a.lo && b.lo_strict))) {
    a.lo = b.lo;
    a.lo_strict = b.lo_strict;
  }
  if (b.hi && (!a.hi || *b.hi < *a.hi || (*b.hi == *a.hi && b.hi_strict))) {
    a.hi = b.hi;
    a.hi_strict = b.hi_strict;
  }
  return a;
}

Bounds exactly(const Rational& c) { return {c, c, false, false}; }

Bounds of_record(const Reals& r) {
  Bounds b;
  if (r.lo > -unbounded) {
    b.lo = Number<Rational>::of(Constant::dyadic(r.lo));
    b.lo_strict = !r.lo_closed;
  }
  if (r.hi < unbounded) {
    b.hi = Number<Rational>::of(Constant::dyadic(r.hi));
    b.hi_strict = !r.hi_closed;
  }
  return b;
}

}  // namespace

Signs Bounds::signs() const {
  Signs s = any_sign;
  if (lo && *lo >= 0) s &= (*lo > 0 || lo_strict) ? positive_sign : nonnegative_sign;
  if (hi && *hi <= 0) s &= (*hi < 0 || hi_strict) ? negative : nonpositive_sign;
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

/// Of the general case only signs are kept; the ends of products are used where both factors are not negative.
Bounds times(const Bounds& a, const Bounds& b) {
  Bounds r = of_signs(product_of(a.signs(), b.signs()));
  const bool plain = a.lo && b.lo && *a.lo >= 0 && *b.lo >= 0;
  if (!plain) return r;
  if (*a.lo * *b.lo > 0) {
    r.lo = *a.lo * *b.lo;
    r.lo_strict = a.lo_strict || b.lo_strict;
  }
  if (a.hi && b.hi) {
    r.hi = *a.hi * *b.hi;
    // A strict end stays strict unless the other factor can be 0 at its own end.
    r.hi_strict = (a.hi_strict && *b.hi > 0) || (b.hi_strict && *a.hi > 0);
    if (r.hi->is_zero()) r.hi_strict = false;
  }
  return r;
}

Bounds Algebra::bounds_of_atom(AtomId id) {
  const Atom& a = atom(id);
  Bounds b;
  switch (a.kind) {
    case AtomKind::entry:
      b = arrays[static_cast<std::size_t>(a.code)].bounds;
      break;
    case AtomKind::symbol: {
      if (const auto lo = symbols.lower_bound(a.subscripts[0])) b.lo = Rational(*lo);
      if (const auto hi = symbols.upper_bound(a.subscripts[0])) b.hi = Rational(*hi);
      break;
    }
    case AtomKind::equal:
    case AtomKind::at_least:
    case AtomKind::positive:
      b = {Rational(0), Rational(1), false, false};
      break;
    case AtomKind::exponential: {
      b = of_signs(positive_sign);
      const Signs s = bounds(a.operands[0]).signs();
      if ((s & positive_sign) == 0) {
        b.hi = Rational(1);
        b.hi_strict = (s & zero) == 0;
      }
      if ((s & negative) == 0) {
        b.lo = Rational(1);
        b.lo_strict = (s & zero) == 0;
      }
      break;
    }
    case AtomKind::inverse: {
      const Bounds p = bounds(Poly(a.operands[0]));
      b = of_signs(p.signs() & nonzero_sign);
      if (p.lo && *p.lo > 0) {
        b.hi = 1 / *p.lo;
        b.hi_strict = p.lo_strict;
      }
      break;
    }
    case AtomKind::function: {
      b = of_record(operator_info(static_cast<Opcode>(a.code)).facts.range);
      if (a.code == opcode<Log>) {
        const Signs s = bounds(sub(a.operands[0], number(1))).signs();
        if ((s & negative) == 0) b = of_signs((s & zero) == 0 ? positive_sign : nonnegative_sign);
        if ((s & positive_sign) == 0) b = of_signs((s & zero) == 0 ? negative : nonpositive_sign);
      }
      break;
    }
    case AtomKind::sum: {
      std::vector<Binder> binders = a.binders;
      Poly body = a.operands[0];
      Substitution opened;
      for (Binder& k : binders) {
        for (const auto& [s, by] : opened.symbols) {
          k.lo = replaced(k.lo, s, by);
          k.hi = replaced(k.hi, s, by);
        }
        const Symbol fresh = symbols.make("k", k.lo, k.hi);
        opened.symbols.emplace_back(k.symbol, Affine::symbol(fresh));
      }
      if (!facts.empty()) body = substitute(body, opened);
      const Signs s = bounds(body).signs();
      bool is_empty = false;
      for (const Binder& k : binders) is_empty = is_empty || !symbols.is_nonnegative(k.hi - k.lo);
      if ((s & negative) == 0) b = of_signs((s & zero) == 0 && !is_empty ? positive_sign : nonnegative_sign);
      if ((s & positive_sign) == 0) b = of_signs((s & zero) == 0 && !is_empty ? negative : nonpositive_sign);
      break;
    }
    case AtomKind::application:
    case AtomKind::jacobian:
      break;
  }
  if (!facts.empty() || !local_facts_.empty()) b = meet(b, of_signs(stated_signs(of_monomial({{id, 1}}))));
  return b;
}

Bounds Algebra::bounds_of_power(AtomId id, std::int64_t exponent) {
  const Bounds b = bounds_of_atom(id);
  if (exponent == 1) return b;
  const Signs s = b.signs();
  Bounds r;
  if (exponent % 2 == 0) {
    r = of_signs((s & zero) == 0 || exponent < 0 ? positive_sign : nonnegative_sign);
  } else {
    r = of_signs(exponent < 0 ? s & nonzero_sign : s);
  }
  const bool in_unit = b.lo && b.hi && *b.hi <= 1 && *b.lo >= (exponent > 0 && exponent % 2 == 0 ? -1 : 0);
  if (exponent > 0 && in_unit) {
    r.hi = Rational(1);
    r.hi_strict = (b.hi_strict || *b.hi < 1) && *b.lo > -1;
  }
  if (exponent > 0 && b.lo && *b.lo >= 1) {
    r.lo = Rational(1);
    r.lo_strict = b.lo_strict || *b.lo > 1;
  }
  if (exponent < 0 && b.lo && *b.lo >= 1) {
    r.hi = Rational(1);
    r.hi_strict = b.lo_strict || *b.lo > 1;
  }
  return r;
}

Bounds Algebra::bounds(const Poly& p) {
  const Depth level(depth_);
  Bounds total = exactly(0);
  for (const auto& [m, c] : p.terms) {
    Bounds term = exactly(1);
    for (const auto& [id, e] : m) term = times(term, bounds_of_power(id, e));
    if (c < 0) term = {term.hi, term.lo, term.hi_strict, term.lo_strict};
    const auto scale = [&, k = c](std::optional<Rational>& end) {
      if (end) *end *= k;
    };
    scale(term.lo);
    scale(term.hi);
    total = plus(total, term);
  }
  return total;
}

std::vector<Affine> Algebra::candidates(const Poly& p) const {
  std::set<Affine> met;
  const auto visit = [&](const auto& self, const Poly& q, int depth) -> void {
    for (const auto& [m, c] : q.terms)
      for (const auto& [id, e] : m) {
        const Atom& a = atom(id);
        for (const Affine& s : a.subscripts) met.insert(s);
        if (depth < 6)
          for (const Poly& operand : a.operands) self(self, operand, depth + 1);
      }
  };
  visit(visit, p, 0);
  for (const Symbol s : free_symbols(p)) met.insert(Affine::symbol(s));
  std::vector<Affine> r;
  for (const Affine& a : met) {
    const bool is_open = std::all_of(a.terms.begin(), a.terms.end(), [](const auto& t) { return t.first > 0; });
    if (is_open && r.size() < most_candidates) r.push_back(a);
  }
  return r;
}

/// What hypotheses and guards say of p or of -p, as it stands.
Signs Algebra::stated_signs(const Poly& p) {
  if (in_signs_ || p.is_constant()) return any_sign;
  struct Scope {
    bool& flag;
    ~Scope() { flag = false; }
  } scope{in_signs_};
  in_signs_ = true;
  const auto unit = [](const Poly& q) { return scaled(q, 1 / abs(q.terms.begin()->second)); };
  const Poly wanted = unit(p);
  Signs s = any_sign;
  const auto look = [&](const Fact& fact, const Poly& value) {
    if (value.is_constant()) return;
    const Poly stated = unit(value);
    if (stated == wanted) s &= fact.signs;
    if (scaled(stated, -1) == wanted) s &= flipped(fact.signs);
  };
  std::vector<Affine> values;
  for (const std::vector<Fact>* list : {&facts, &local_facts_})
    for (const Fact& fact : *list) {
      if (fact.pattern.empty()) {
        look(fact, fact.value);
        continue;
      }
      if (values.empty()) values = candidates(p);
      std::vector<std::size_t> choice(fact.pattern.size(), 0);
      if (values.empty() || fact.pattern.size() > 2) continue;
      for (;;) {
        Substitution at;
        bool in_range = true;
        for (std::size_t k = 0; k < choice.size(); ++k) {
          const Symbol x = fact.pattern[k];
          const Affine& value = values[choice[k]];
          in_range = in_range && symbols.is_nonnegative(value - symbols.lo(x)) &&
                     symbols.is_nonnegative(*symbols.hi(x) - value);
          at.symbols.emplace_back(x, value);
        }
        if (in_range) look(fact, substitute(fact.value, at));
        std::size_t k = 0;
        while (k < choice.size() && ++choice[k] == values.size()) choice[k++] = 0;
        if (k == choice.size()) break;
      }
    }
  return s;
}

Signs Algebra::signs_of_power(AtomId id, std::int64_t exponent) {
  const Atom& a = atom(id);
  Signs s = bounds_of_atom(id).signs();
  if (!facts.empty() || !local_facts_.empty()) s &= stated_signs(of_monomial({{id, 1}}));
  // log(u) has the sign of u - 1.
  if (a.kind == AtomKind::function && a.code == opcode<Log> && !a.operands[0].is_constant())
    s &= signs(sub(a.operands[0], number(1)));
  if (exponent < 0) s &= nonzero_sign;
  if (exponent % 2 == 0) return (s & zero) | ((s & nonzero_sign) != 0 ? positive_sign : 0U);
  return s;
}

Signs Algebra::signs(const Poly& p) {
  const Depth level(depth_);
  if (p.is_zero()) return zero;
  Signs s = bounds(p).signs();
  const auto is_decided = [&] { return s == positive_sign || s == negative || s == zero; };
  if (is_decided()) return s;
  if (!facts.empty() || !local_facts_.empty()) s &= stated_signs(p);
  if (is_decided()) return s;
  if (p.terms.size() == 1) {  // what is only known not to be 0
    Signs product = p.terms.begin()->second > 0 ? positive_sign : negative;
    for (const auto& [id, e] : p.terms.begin()->first) product = product_of(product, signs_of_power(id, e));
    return s & product;
  }
  return s & signs_with_sums(p);
}

/// Without denominators, and with sums compared to their terms.
Signs Algebra::signs_with_sums(const Poly& p) {
  const Content f = content(p);
  Poly monomial = of_monomial(f.monomial);
  const Signs outer = product_of(bounds(monomial).signs(), f.c > 0 ? positive_sign : negative);
  Poly rest = f.rest;
  for (int round = 0; round < deepest_sign; ++round) {
    std::optional<std::pair<AtomId, std::int64_t>> quotient;
    for (const auto& [m, c] : rest.terms)
      for (const auto& [id, e] : m)
        if (atom(id).kind == AtomKind::inverse && (!quotient || quotient->first != id || quotient->second < e) &&
            bounds(Poly(atom(id).operands[0])).signs() == positive_sign)
          quotient = {id, e};
    if (!quotient) break;
    rest = mul(rest, power(Poly(atom(quotient->first).operands[0]), quotient->second));
  }
  const auto inner = [&](Poly q) -> Signs {
    bool is_strict = false;
    for (int round = 0; round < 8; ++round) {
      const Signs s = bounds(q).signs();
      if ((s & negative) == 0)
        return (s & zero) == 0 || is_strict ? positive_sign : q.is_zero() ? nonnegative_sign : s | zero;
      bool replaced_one = false;
      const Poly before = q;  // q is replaced while its terms are read
      for (const auto& [m, c] : before.terms) {
        if (c < 0 || replaced_one) continue;
        for (std::size_t k = 0; k < m.size() && !replaced_one; ++k) {
          const Atom& a = atom(m[k].first);
          if (a.kind != AtomKind::sum || m[k].second != 1 || a.binders.size() != 1) continue;
          const Binder b = a.binders[0];
          const Poly term = a.operands[0];
          if ((bounds(term).signs() & negative) != 0) continue;
          Monomial others = m;
          others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
          const Signs weight = bounds(of_monomial(others)).signs();
          if ((weight & negative) != 0) continue;
          for (const Affine& value : candidates(q)) {
            if (!symbols.is_nonnegative(value - b.lo) || !symbols.is_nonnegative(b.hi - value)) continue;
            const Poly one = mul(of_monomial(others), substitute(term, b.symbol, value));
            if (one.terms.size() != 1) continue;
            const auto met = q.terms.find(one.terms.begin()->first);
            if (met == q.terms.end() || met->second > 0) continue;
            // c R sum >= c R term: the difference of the two is left out.
            const Rational size = std::min<Rational>(c, -met->second / one.terms.begin()->second);
            is_strict = is_strict || (bounds(term).signs() == positive_sign && weight == positive_sign &&
                                      symbols.is_positive(b.hi - b.lo));
            q = add(sub(q, scaled(of_monomial(m), size)), scaled(one, size));
            replaced_one = true;
            break;
          }
        }
        if (replaced_one) break;
      }
      if (!replaced_one) return any_sign;
    }
    return any_sign;
  };
  const Signs up = inner(rest);
  const Signs s = up != any_sign ? up : flipped(inner(scaled(rest, -1)));
  return product_of(outer, s);
}

}  // namespace nabla::index_form
