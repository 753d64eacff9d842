// Terms by single lemmas, from each part.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/term_maker.hpp>

namespace nabla::index_form {

/// The body as w a^2.
void TermMaker::squares(const Part& part, const std::vector<Part>& parts) {
  enum class Whole : std::uint8_t { nothing, denominators, exponents };
  for (const Whole whole : {Whole::nothing, Whole::denominators, Whole::exponents}) {
    const bool whole_denominators = whole == Whole::denominators;
    Monomial w, a;
    Poly half = Algebra::number(1);  // of the exponential
    for (const auto& [id, e] : part.body.terms.begin()->first) {
      const AtomKind kind = algebra_.atom(id).kind;
      if (kind == AtomKind::exponential && whole == Whole::exponents) {
        half = algebra_.exp(Algebra::scaled(algebra_.atom(id).operands[0], Rational(e) / 2));
        continue;
      }
      const bool is_number = kind == AtomKind::symbol || kind == AtomKind::exponential ||
                             (kind == AtomKind::inverse && whole_denominators) ||
                             (kind == AtomKind::sum && whole_denominators && e < 0);
      if (is_number) {
        w.emplace_back(id, e);
        continue;
      }
      const std::int64_t odd = ((e % 2) + 2) % 2;
      if (odd != 0) w.emplace_back(id, 1);
      if (e - odd != 0) a.emplace_back(id, (e - odd) / 2);
    }
    if (whole == Whole::exponents ? half.is_constant() : a.empty()) continue;
    const Poly factor = algebra_.of_monomial(w), root = algebra_.mul(algebra_.of_monomial(a), half);
    if (!is_nonnegative(factor)) continue;
    std::vector<Poly> others{Poly{}, Algebra::number(1)};
    attempt([&] {
      const Poly total = closed(part.over, factor);
      if (is_positive(total))
        others.push_back(algebra_.mul(closed(part.over, algebra_.mul(factor, root)), algebra_.inverse(total)));
    });
    for (const Binder& b : part.over)
      attempt([&] {
        const Poly count = algebra_.affine(b.hi - b.lo + Affine::of(1));
        if (is_positive(count)) others.push_back(algebra_.inverse(count));
      });
    for (const Poly& v : values_) others.push_back(v);
    for (const Part& other : parts) {  // of another product
      if (other.over.size() != part.over.size()) continue;
      Monomial half;
      for (const auto& [id, e] : other.body.terms.begin()->first)
        if (e / 2 != 0) half.emplace_back(id, e / 2);
      if (!half.empty() && half != a) others.push_back(algebra_.of_monomial(half));
    }
    for (std::size_t j = 0; j < part.over.size(); ++j)  // across
      for (std::size_t k = j + 1; k < part.over.size(); ++k) {
        const Binder &x = part.over[j], &y = part.over[k];
        if (part.over.size() > 2 && (x.lo != y.lo || x.hi != y.hi)) continue;
        const Symbol between = algebra_.symbols.make("k", x.lo, x.hi);
        Poly p = algebra_.substitute(root, x.symbol, Affine::symbol(between));
        p = algebra_.substitute(p, y.symbol, Affine::symbol(x.symbol));
        others.push_back(algebra_.substitute(p, between, Affine::symbol(y.symbol)));
      }
    for (const Poly& b : others)
      for (const int side : {1, -1}) {
        if (b.is_zero() && side < 0) continue;
        const Poly other = Algebra::scaled(b, side), gap = Algebra::sub(root, other);
        attempt([&] {
          add({.lemma = "square", .over = part.over, .factor = factor, .of = {root, other}}, algebra_.mul(gap, gap));
        });
      }
  }
}

/// w exp(u) >= w exp(c) (1 + u - c), and w exp(u) <= w exp(c) where u <= c.
void TermMaker::exponentials(const Part& part) {
  const auto [rest, exponent] = algebra_.without_exponential(part.body.terms.begin()->first);
  if (exponent.is_zero()) return;
  const Poly w = algebra_.of_monomial(rest);
  if (!is_nonnegative(w)) return;
  std::vector<Poly> places{Poly{}};
  places.insert(places.end(), exponents_.begin(), exponents_.end());
  for (const Binder& b : part.over)
    attempt([&] {
      const Poly count = algebra_.affine(b.hi - b.lo + Affine::of(1));
      places.push_back(algebra_.mul(algebra_.sum(b, exponent), algebra_.inverse(count)));
    });
  for (const Poly& c : places) {
    const Poly u = Algebra::sub(exponent, c);
    if (u.is_zero()) continue;
    attempt([&] {
      const Poly lemma = Algebra::sub(Algebra::sub(algebra_.exp(u), Algebra::number(1)), u);
      add({.lemma = "exp", .over = part.over, .factor = algebra_.mul(w, algebra_.exp(c)), .of = {u}}, lemma);
    });
    attempt([&] {
      const Poly v = Algebra::scaled(u, -1);
      if (!is_nonnegative(v)) return;
      add({.lemma = "fall", .over = part.over, .factor = algebra_.mul(w, algebra_.exp(c)), .of = {v}},
          Algebra::sub(Algebra::number(1), algebra_.exp(u)));
    });
  }
}

/// A factor u <= h, or u >= l, of a product.
void TermMaker::bounded(const Part& part) {
  const Monomial m = part.body.terms.begin()->first;
  for (const auto& [id, e] : m) {
    if (e < 1) continue;
    const Poly u = algebra_.of_monomial({{id, 1}});
    Monomial others = m;
    for (auto& f : others)
      if (f.first == id) --f.second;
    std::erase_if(others, [](const auto& f) { return f.second == 0; });
    const Poly rest = algebra_.of_monomial(others);
    const Bounds b = algebra_.bounds(u);
    for (const Poly& w : {rest, unit(part.body)}) {
      if (b.hi) attempt([&] { add_product(part.over, w, Algebra::sub(Algebra::number(*b.hi), u)); });
      if (b.lo && !b.lo->is_zero())
        attempt([&] { add_product(part.over, w, Algebra::sub(u, Algebra::number(*b.lo))); });
    }
  }
  // A share: an exponential over a sum of such.
  const auto [rest, exponent] = algebra_.without_exponential(m);
  if (exponent.is_zero()) return;
  for (const auto& [id, e] : rest) {
    if (e >= 0 || algebra_.atom(id).kind != AtomKind::sum) continue;
    for (const Poly& x : exponents_) {
      const Poly share = algebra_.mul(algebra_.exp(x), algebra_.inverse(algebra_.of_monomial({{id, 1}})));
      const Poly left = algebra_.mul(unit(part.body), algebra_.inverse(share));
      attempt([&] { add_product(part.over, left, Algebra::sub(Algebra::number(1), share)); });
    }
  }
}

/// What is left of a sum of nonnegative terms without one of them.
void TermMaker::below_sums(const Part& part) {
  if (part.over.size() != 1) return;
  for (const auto& [id, e] : part.body.terms.begin()->first) {
    const Atom& s = algebra_.atom(id);
    if (s.kind != AtomKind::sum || e < 1 || s.binders.size() != 1 || s.binders[0].lo != part.over[0].lo ||
        s.binders[0].hi != part.over[0].hi)
      continue;
    const Poly whole = algebra_.of_monomial({{id, 1}}), own = opened(s, part.over);
    attempt([&] {
      const Poly w = algebra_.mul(unit(part.body), algebra_.inverse(whole));
      if (is_nonnegative(own)) add_product(part.over, w, Algebra::sub(whole, own));
    });
  }
}

/// Roots: sqrt(a b) <= (a + b) / 2.
void TermMaker::means(const Part& part) {
  const auto [rest, exponent] = algebra_.without_exponential(part.body.terms.begin()->first);
  if (exponent.is_zero()) return;
  std::vector<Poly> bases;
  for (const auto& [m, c] : exponent.terms) {
    if (m.size() != 1 || !is_logarithm(m[0].first) || c != Rational(1) / 2) return;
    bases.push_back(algebra_.atom(m[0].first).operands[0]);
  }
  if (bases.empty() || bases.size() > 2) return;
  if (bases.size() == 1) bases.push_back(Algebra::number(1));
  const Poly half = Algebra::scaled(Algebra::add(bases[0], bases[1]), Rational(1) / 2);
  add({.lemma = "mean", .over = part.over, .factor = algebra_.of_monomial(rest), .of = bases},
      Algebra::sub(half, algebra_.exp(exponent)));
}

/// The positive part of u, and of -u.
void TermMaker::positive_parts(const Part& part) {
  const Monomial m = part.body.terms.begin()->first;
  for (const auto& [id, e] : m) {
    if (algebra_.atom(id).kind != AtomKind::positive) continue;
    const Poly u = algebra_.atom(id).operands[0];
    Monomial rest = m;
    std::erase_if(rest, [&, condition = id](const auto& f) { return f.first == condition; });
    std::vector<Poly> weights{Algebra::number(1), algebra_.of_monomial(rest)};
    if (u.terms.size() == 1) weights.push_back(algebra_.mul(algebra_.of_monomial(rest), algebra_.inverse(unit(u))));
    parts_by_sign(part.over, algebra_.of_monomial({{id, 1}}), weights);
  }
}

/// w u^m >= w (m c^(m - 1) u - (m - 1) c^m), for u, c >= 0.
void TermMaker::powers(const Part& part) {
  const Monomial m = part.body.terms.begin()->first;
  for (const auto& [id, e] : m) {
    if (e < 3 || e > 8) continue;
    const Poly u = algebra_.of_monomial({{id, 1}});
    const Poly w = algebra_.mul(unit(part.body), algebra_.power(algebra_.inverse(u), e));
    std::vector<Poly> places{Algebra::number(1)};
    for (const Binder& b : part.over)
      attempt([&] {
        const Poly count = algebra_.affine(b.hi - b.lo + Affine::of(1));
        places.push_back(algebra_.mul(algebra_.sum(b, u), algebra_.inverse(count)));
      });
    for (const Poly& c : places)
      attempt([&, n = e] {
        if (!is_nonnegative(u) || !is_nonnegative(c)) return;
        const Poly slope = Algebra::scaled(algebra_.mul(algebra_.power(c, n - 1), u), n);
        const Poly lemma =
            Algebra::add(Algebra::sub(algebra_.power(u, n), slope), Algebra::scaled(algebra_.power(c, n), n - 1));
        add({.lemma = "power", .over = part.over, .factor = w, .of = {u, c}, .powers = {n}}, lemma);
      });
  }
}

/// Hypotheses, at the indices of a part, times what stands beside a factor of it.
void TermMaker::facts(const Part& part) {
  std::vector<Poly> weights{Algebra::number(1)};
  for (const auto& [id, e] : part.body.terms.begin()->first) {
    if (e < 1) continue;
    attempt([&, factor = id] {
      weights.push_back(algebra_.mul(unit(part.body), algebra_.inverse(algebra_.of_monomial({{factor, 1}}))));
    });
  }
  const std::vector<Fact> stated = algebra_.facts;
  for (const Fact& f : stated) {
    if (f.pattern.size() == 1 && part.over.empty() && (f.signs & negative) == 0) {  // at the indices of the whole
      const Symbol s = f.pattern[0];
      for (const Symbol other : names_)
        if (algebra_.symbols.lo(other) == algebra_.symbols.lo(s) &&
            algebra_.symbols.hi(other) == algebra_.symbols.hi(s))
          attempt([&] { add_product({}, Algebra::number(1), algebra_.substitute(f.value, s, Affine::symbol(other))); });
      continue;
    }
    if (f.pattern.size() > part.over.size() || (f.signs & (f.signs == zero ? 7U : negative)) != 0) continue;
    Substitution at;
    bool fits = true;
    for (std::size_t k = 0; k < f.pattern.size(); ++k) {
      const Symbol s = f.pattern[k];
      fits = fits && algebra_.symbols.lo(s) == part.over[k].lo && algebra_.symbols.hi(s) &&
             *algebra_.symbols.hi(s) == part.over[k].hi;
      at.symbols.emplace_back(s, Affine::symbol(part.over[k].symbol));
    }
    if (!fits) continue;
    const Poly value = algebra_.reduced(algebra_.substitute(f.value, at));
    for (const Poly& w : weights) attempt([&] { add_product(part.over, w, value, true); });
    if (std::ranges::any_of(value.terms, [&](const auto& term) {
          return std::ranges::any_of(term.first,
                                     [&](const auto& v) { return algebra_.atom(v.first).kind == AtomKind::positive; });
        }))
      parts_by_sign(part.over, value, weights);
    if (f.pattern.size() != 1) continue;
    Poly own, other;  // value = own - other[k]
    for (const auto& [m, c] : value.terms) {
      Poly one;
      one.terms.emplace(m, c);
      const std::vector<Symbol> free = algebra_.free_symbols(one);
      if (std::ranges::find(free, part.over[0].symbol) == free.end()) {
        own = Algebra::add(own, one);
      } else {
        other = Algebra::sub(other, one);
      }
    }
    for (const Poly& w : {own, other, Algebra::add(own, other)})
      attempt([&] { add_product(part.over, w, value, true); });
  }
}

}  // namespace nabla::index_form
