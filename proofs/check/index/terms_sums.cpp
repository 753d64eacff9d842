// Terms from whole sums: of all that stands under one range, as sum(abs(x)) = sum(2 x [x > 0] - x).
#include <algorithm>
#include <nabla/proofs/check/index/term_maker.hpp>

namespace nabla::index_form {

namespace {

constexpr std::size_t most_gathered = 6;
constexpr std::size_t most_places = 6;
constexpr std::size_t most_conditions = 3;

}  // namespace

/// By signs, or where up to three quantities are positive and where they are not.
bool TermMaker::is_nonnegative_by_cases(const Poly& p, std::vector<Poly> guards) {
  Requirement own;
  own.operands = {p};
  own.signs = nonnegative_sign;
  own.guards = guards;
  if (p.is_zero() || !algebra_.open_requirement(own)) return true;
  if (guards.size() >= most_conditions) return false;
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      if (algebra_.atom(id).kind != AtomKind::positive) continue;
      const Poly condition = algebra_.of_monomial({{id, 1}});
      for (const bool holds : {true, false}) {
        std::vector<Poly> more = guards;
        more.push_back(holds ? condition : Algebra::sub(Algebra::number(1), condition));
        if (!is_nonnegative_by_cases(with_condition(p, id, holds), std::move(more))) return false;
      }
      return true;
    }
  return false;
}

/// What is summed over one range, taken together, and what stands outside of sums.
bool TermMaker::is_nonnegative_together(const Poly& p) {
  if (is_nonnegative(p)) return true;
  std::vector<Gathered> sums;
  gather_sums(p, sums);
  Poly rest = p;
  for (const Gathered& s : sums) {
    if (!is_nonnegative_by_cases(s.body)) return false;
    rest = Algebra::sub(rest, algebra_.sum(s.over, s.body));
  }
  return is_nonnegative_by_cases(algebra_.reduced(rest));
}

Poly TermMaker::with_condition(const Poly& p, AtomId condition, bool holds) const {
  Poly value;
  for (const auto& [n, d] : p.terms) {
    Monomial rest = n;
    const bool has = std::erase_if(rest, [&](const auto& f) { return f.first == condition; }) > 0;
    if (!has || holds) value = Algebra::add(value, Algebra::scaled(algebra_.of_monomial(rest), d));
  }
  return value;
}

/// The sums in p that stand alone, all over one range by the same index.
void TermMaker::gather_sums(const Poly& p, std::vector<Gathered>& sums) {
  for (const auto& [m, c] : p.terms) {
    const auto is_sum = [&](const auto& f) { return algebra_.atom(f.first).kind == AtomKind::sum; };
    const auto sum = std::ranges::find_if(m, is_sum);
    if (sum == m.end() || sum->second != 1 || std::ranges::count_if(m, is_sum) != 1) continue;
    const Atom& a = algebra_.atom(sum->first);
    if (a.binders.size() != 1) continue;
    attempt([&, scale = c] {
      const std::vector<Binder> names = shared(a.binders);
      Monomial others = m;
      std::erase_if(others, is_sum);
      const Poly body = algebra_.mul(Algebra::scaled(algebra_.of_monomial(others), scale), opened(a, names));
      const auto met = std::ranges::find_if(sums, [&](const Gathered& s) { return s.over.symbol == names[0].symbol; });
      if (met != sums.end()) {
        met->body = Algebra::add(met->body, body);
      } else if (sums.size() < most_gathered) {
        sums.push_back({names[0], body});
      }
    });
  }
}

/// The largest entries of vectors, and indices of the claim.
std::vector<Affine> TermMaker::places_in(const Binder& range) {
  std::vector<Affine> places;
  const auto keep = [&](Symbol s) {
    const auto hi = algebra_.symbols.hi(s);
    if (hi && algebra_.symbols.is_nonnegative(algebra_.symbols.lo(s) - range.lo) &&
        algebra_.symbols.is_nonnegative(range.hi - *hi) && places.size() < most_places)
      places.push_back(Affine::symbol(s));
  };
  for (const Symbol s : names_) keep(s);
  return places;
}

/// (u - mean)^2 over all entries; u times what is left of the sum without it; the sum without one entry.
void TermMaker::whole_sums(const Poly& goal) {
  std::vector<Poly> wholes{goal, sides_.first, sides_.second};
  wholes.insert(wholes.end(), sums_.begin(), sums_.end());
  std::vector<Gathered> all;
  for (const Poly& whole : wholes) {
    std::vector<Gathered> sums;
    gather_sums(whole, sums);
    for (const Gathered& s : sums)
      if (std::ranges::none_of(all,
                               [&](const Gathered& o) { return o.over.symbol == s.over.symbol && o.body == s.body; }))
        all.push_back(s);
  }
  for (const Gathered& s : all) {
    budget_.check();
    const Poly total = algebra_.sum(s.over, s.body);
    attempt([&] {
      const Poly count = algebra_.affine(s.over.hi - s.over.lo + Affine::of(1));
      if (!is_positive(count)) return;
      const Poly mean = algebra_.mul(total, algebra_.inverse(count)), gap = Algebra::sub(s.body, mean);
      for (const Poly& factor : {Algebra::number(1), count})
        add({.lemma = "square", .over = {s.over}, .factor = factor, .of = {s.body, mean}}, algebra_.mul(gap, gap));
    });
    attempt([&] {
      if (s.body.terms.size() > 1 && is_nonnegative_by_cases(s.body) && is_defined(s.body))
        keep({.over = {s.over}, .factor = s.body}, s.body);
    });
    for (const int side : {1, -1})
      attempt([&] {
        const Poly u = Algebra::scaled(s.body, side);
        if (!is_nonnegative_by_cases(u)) return;
        const Binder own = shared({s.over, s.over})[1];
        const Poly there = algebra_.substitute(u, s.over.symbol, Affine::symbol(own.symbol));
        add_rest(s.over, u, Affine::symbol(own.symbol), {own}, there);
        for (const Affine& at : places_in(s.over)) {
          add_rest(s.over, u, at, {}, Algebra::number(1));
          parts_by_sign({}, algebra_.substitute(u, s.over.symbol, at), {Algebra::number(1)});
        }
      });
  }
}

/// The positive parts of quantities whose sign decides p, and those of their opposites.
void TermMaker::parts_by_sign(const std::vector<Binder>& over, const Poly& p, const std::vector<Poly>& weights) {
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      if (algebra_.atom(id).kind != AtomKind::positive) continue;
      const Poly u = algebra_.atom(id).operands[0];
      const Poly up = algebra_.mul(u, algebra_.of_monomial({{id, 1}})), down = Algebra::sub(up, u);
      for (const Poly& w : weights)
        for (const bool is_up : {true, false})
          attempt(
              [&] { add({.lemma = is_up ? "up" : "down", .over = over, .factor = w, .of = {u}}, is_up ? up : down); });
    }
}

/// factor (sum of u - u[at]), u >= 0.
void TermMaker::add_rest(const Binder& k, const Poly& u, const Affine& at, const std::vector<Binder>& over,
                         const Poly& factor) {
  if (!is_defined(u) || !is_defined(factor) || !is_nonnegative_by_cases(factor)) return;
  const Poly rest = Algebra::sub(algebra_.sum(k, u), algebra_.substitute(u, k.symbol, at));
  NonnegativeTerm t{.lemma = "rest", .over = over, .factor = factor, .of = {u}, .inside = {k}, .at = at};
  if (!is_bound(t)) return;
  keep(std::move(t), algebra_.mul(factor, rest));
}

}  // namespace nabla::index_form
