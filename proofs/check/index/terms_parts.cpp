// Parts of forms, and what a term has to fulfil.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/term_maker.hpp>

namespace nabla::index_form {

namespace {

constexpr std::size_t most_terms_made = 500;
constexpr std::size_t most_references = 6;
constexpr int deepest_part = 6;

}  // namespace

/// The shared indices of ranges.
std::vector<Binder> TermMaker::shared(const std::vector<Binder>& binders) {
  std::vector<Binder> r;
  for (const Binder& b : binders) {
    std::size_t nth = 0;
    for (const Binder& other : r) nth += other.lo == b.lo && other.hi == b.hi ? 1 : 0;
    for (const auto& [s, c] : b.lo.terms)
      if (s < 0) throw NotHandled("ranges that depend on each other");
    for (const auto& [s, c] : b.hi.terms)
      if (s < 0) throw NotHandled("ranges that depend on each other");
    std::vector<Symbol>& known = ranges_[{b.lo, b.hi}];
    while (known.size() <= nth) known.push_back(algebra_.symbols.make("k", b.lo, b.hi));
    r.push_back({known[nth], b.lo, b.hi});
  }
  return r;
}

Poly TermMaker::opened(const Atom& sum, const std::vector<Binder>& names) {
  Substitution at;
  for (std::size_t k = 0; k < names.size(); ++k)
    at.symbols.emplace_back(sum.binders[k].symbol, Affine::symbol(names[k].symbol));
  return algebra_.substitute(Poly(sum.operands[0]), at);
}

void TermMaker::open(const Monomial& m, const Rational& c, std::vector<Part>& parts) {
  Poly whole;
  whole.terms.emplace(m, c);
  parts.push_back({{}, whole});
  for (std::size_t k = 0; k < m.size(); ++k) {
    if (algebra_.atom(m[k].first).kind != AtomKind::sum || m[k].second < 1) continue;
    attempt([&] {
      const std::vector<Binder> names = shared(algebra_.atom(m[k].first).binders);
      Monomial rest = m;
      --rest[k].second;
      std::erase_if(rest, [](const auto& f) { return f.second == 0; });
      const Poly others = Algebra::scaled(algebra_.of_monomial(rest), c);
      const Poly body = algebra_.mul(others, opened(algebra_.atom(m[k].first), names));
      if (body.terms.size() == 1) parts.push_back({names, body});
      // Two sums over one range, for what stands across.
      for (std::size_t j = k; j < m.size(); ++j) {
        const std::int64_t least = j == k ? 2 : 1;
        const Atom &a = algebra_.atom(m[k].first), &b = algebra_.atom(m[j].first);
        if (b.kind != AtomKind::sum || m[j].second < least || a.binders.size() + b.binders.size() > 3) continue;
        std::vector<Binder> all = a.binders;
        all.insert(all.end(), b.binders.begin(), b.binders.end());
        const std::vector<Binder> both_over = shared(all);
        const auto between = both_over.begin() + static_cast<std::ptrdiff_t>(a.binders.size());
        Monomial left = m;
        --left[k].second;
        --left[j].second;
        std::erase_if(left, [](const auto& f) { return f.second == 0; });
        const Poly both = algebra_.mul(
            algebra_.mul(Algebra::scaled(algebra_.of_monomial(left), c), opened(a, {both_over.begin(), between})),
            opened(b, {between, both_over.end()}));
        if (both.terms.size() == 1) parts.push_back({both_over, both});
      }
    });
  }
}

void TermMaker::look_for_functions(const Poly& p, int depth) {
  if (depth > deepest_part) return;
  const auto keep = [](std::vector<Poly>& list, const Poly& q) {
    if (list.size() < most_references && std::ranges::find(list, q) == list.end()) list.push_back(q);
  };
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      const Atom& a = algebra_.atom(id);
      if (is_logarithm(id)) keep(logs_, a.operands[0]);
      if (a.kind == AtomKind::exponential) keep(exponents_, a.operands[0]);
      if (a.kind == AtomKind::entry) keep(values_, algebra_.of_monomial({{id, 1}}));
      if (a.kind == AtomKind::sum) keep(sums_, algebra_.of_monomial({{id, 1}}));
      const std::vector<Poly> operands = a.operands;
      if (a.kind == AtomKind::sum) {
        attempt([&] { look_for_functions(opened(a, shared(a.binders)), depth + 1); });
      } else if (a.kind == AtomKind::exponential || a.kind == AtomKind::inverse || a.kind == AtomKind::function) {
        for (const Poly& q : operands) look_for_functions(q, depth + 1);
      }
    }
}

/// Denominators are not 0, and operands of logarithms and roots in their domains, everywhere.
bool TermMaker::is_defined(const Poly& p, int depth) {
  if (depth > 2 * deepest_part) return false;
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      const Atom& a = algebra_.atom(id);
      const std::vector<Poly> operands = a.operands;
      if (e < 0 && (algebra_.signs(algebra_.of_monomial({{id, 1}})) & zero) != 0) return false;
      if (a.kind == AtomKind::inverse && (algebra_.signs(operands[0]) & zero) != 0) return false;
      if (a.kind == AtomKind::function) {
        if (algebra_.is_total(static_cast<Opcode>(a.code), a.attributes)) {
          for (const Poly& q : operands)
            if (!is_defined(q, depth + 1)) return false;
          continue;
        }
        if (a.code != opcode<Log> && a.code != opcode<Sqrt>) return false;
        const Signs s = algebra_.signs(operands[0]);
        if (a.code == opcode<Log> ? s != positive_sign : (s & negative) != 0) return false;
      }
      if (a.kind == AtomKind::application || a.kind == AtomKind::jacobian) return false;
      if (a.kind == AtomKind::sum) {
        if (!is_defined(opened(a, shared(a.binders)), depth + 1)) return false;
        continue;
      }
      for (const Poly& q : operands)
        if (!is_defined(q, depth + 1)) return false;
    }
  return true;
}

/// Whether the shared indices that occur are those that the term is summed over.
bool TermMaker::is_bound(const NonnegativeTerm& t) const {
  std::set<Symbol> free;
  for (const Symbol s : algebra_.free_symbols(t.factor)) free.insert(s);
  for (const Poly& p : t.of)
    for (const Symbol s : algebra_.free_symbols(p)) free.insert(s);
  for (const std::vector<Binder>* list : {&t.over, &t.inside})
    for (const Binder& b : *list) free.erase(b.symbol);
  return std::ranges::none_of(ranges_, [&](const auto& range) {
    return std::ranges::any_of(range.second, [&](Symbol s) { return free.contains(s); });
  });
}

void TermMaker::add(NonnegativeTerm t, const Poly& lemma) {
  if (made_.size() >= most_terms_made || t.factor.is_zero()) return;
  if (!is_nonnegative(t.factor) || !is_defined(t.factor) || !is_bound(t)) return;
  for (const Poly& p : t.of)
    if (!is_defined(p)) return;
  if (t.lemma == "sign")
    t.is_strict = is_positive(t.factor) && std::ranges::all_of(t.over, [&](const Binder& b) {
                    return algebra_.symbols.is_nonnegative(b.hi - b.lo);
                  });
  Poly value = algebra_.mul(t.factor, lemma);
  keep(std::move(t), std::move(value));
}

void TermMaker::keep(NonnegativeTerm t, Poly value) {
  t.value = algebra_.reduced(closed(t.over, std::move(value)));
  if (made_.size() >= most_terms_made || t.value.is_zero() || t.value.terms.size() > 60) return;
  for (const NonnegativeTerm& other : made_)
    if (other.value == t.value) return;
  made_.push_back(std::move(t));
}

Poly TermMaker::closed(const std::vector<Binder>& over, Poly p) {
  for (std::size_t k = over.size(); k-- > 0;) p = algebra_.sum(over[k], p);
  return p;
}

void TermMaker::own_signs(const Poly& goal) {
  for (const auto& [m, c] : goal.terms) {
    Poly one;
    one.terms.emplace(m, c > 0 ? 1 : -1);
    attempt([&] { add({.factor = one}, Algebra::number(1)); });
  }
  add({.factor = Algebra::number(1)}, Algebra::number(1));
  // All of it, as it stands or over an exponential.
  attempt([&] { add({.factor = goal}, Algebra::number(1)); });
  const std::vector<Poly> exponents = exponents_;
  for (const Poly& x : exponents)
    for (const int side : {1, -1})
      attempt([&] {
        const Poly e = algebra_.exp(Algebra::scaled(x, side)), back = algebra_.exp(Algebra::scaled(x, -side));
        add_product({}, e, algebra_.mul(goal, back));
      });
}

Poly TermMaker::unit(const Poly& one) {
  Poly r;
  r.terms.emplace(one.terms.begin()->first, 1);
  return r;
}

void TermMaker::add_product(const std::vector<Binder>& over, const Poly& w, const Poly& value, bool is_stated) {
  if (made_.size() >= most_terms_made || !is_defined(w) || !is_defined(value) || !is_nonnegative_by_cases(w) ||
      (!is_stated && !is_nonnegative_by_cases(value)))
    return;
  NonnegativeTerm t{.lemma = "product", .over = over, .factor = w, .of = {value}};
  if (!is_bound(t)) return;
  t.is_strict = is_positive(w) && is_positive(value) && std::ranges::all_of(over, [&](const Binder& b) {
                  return algebra_.symbols.is_nonnegative(b.hi - b.lo);
                });
  keep(std::move(t), algebra_.mul(w, value));
}

}  // namespace nabla::index_form
