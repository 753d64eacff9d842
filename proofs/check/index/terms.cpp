// What is shown to be a sum of nonnegative terms.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index/simplex.hpp>
#include <nabla/proofs/check/index/term_maker.hpp>

namespace nabla::index_form {

namespace {

constexpr int most_cases = 6;
constexpr int most_squarings = 2;

}  // namespace

std::optional<SumOfTerms> TermMaker::prove(const Poly& p, bool is_strict) {
  SumOfTerms early;  // operators as they are written
  bool is_early = false;
  attempt([&] { is_early = by_entries(p, is_strict, early); });
  if (!is_early) attempt([&] { is_early = by_squares(p, is_strict, early, 0); });
  if (is_early) return early;
  const Poly q = algebra_.reduced(p);
  using Goal = bool (TermMaker::*)(const Poly&, bool, SumOfTerms&);
  for (const Goal goal : {Goal(&TermMaker::combine), Goal(&TermMaker::by_squares), &TermMaker::by_exponential,
                          &TermMaker::by_logarithm, &TermMaker::multiplied_out, &TermMaker::by_cases}) {
    SumOfTerms sum;
    bool found = false;
    attempt([&] { found = (this->*goal)(q, is_strict, sum); });
    if (found) return sum;
  }
  return std::nullopt;
}

bool TermMaker::combine(const Poly& goal, bool is_strict, SumOfTerms& sum) {
  made_.clear();
  logs_.clear();
  exponents_.clear();
  values_.clear();
  sums_.clear();
  names_ = algebra_.free_symbols(goal);
  std::erase_if(names_, [](Symbol s) { return s <= 0; });
  if (goal.terms.size() > 40) return false;
  std::vector<Part> parts;
  for (const auto& [m, c] : goal.terms) open(m, c, parts);
  look_for_functions(goal, 0);
  own_signs(goal);
  for (const Part& part : parts) {
    budget_.check();
    attempt([&] { squares(part, parts); });
    attempt([&] { exponentials(part); });
    attempt([&] { bounded(part); });
    attempt([&] { below_sums(part); });
    attempt([&] { means(part); });
    attempt([&] { powers(part); });
    attempt([&] { positive_parts(part); });
    attempt([&] { facts(part); });
  }
  attempt([&] { whole_sums(goal); });
  attempt([&] { logarithms(parts); });
  attempt([&] { log_sum_exps(); });
  std::vector<const Poly*> columns;
  for (const NonnegativeTerm& t : made_) columns.push_back(&t.value);
  const auto factors = nonnegative_combination(columns, goal, budget_);
  if (!factors) return false;
  sum.terms.clear();
  bool strict = false;
  for (std::size_t k = 0; k < made_.size(); ++k) {
    if ((*factors)[k].is_zero()) continue;
    sum.terms.push_back(made_[k]);
    sum.terms.back().times = (*factors)[k];
    strict = strict || made_[k].is_strict;
  }
  return strict || !is_strict;
}

/// a - b >= 0 where a >= 0 and a^2 >= b^2, for roots. \param most  squarings; 0: one, and entries at one place
bool TermMaker::by_squares(const Poly& p, bool is_strict, SumOfTerms& sum) {
  return by_squares(p, is_strict, sum, most_squarings);
}

bool TermMaker::by_squares(const Poly& p, bool is_strict, SumOfTerms& sum, int most) {
  // On the one side what is not negative; of these the roots alone; all but negative roots.
  enum class Side : std::uint8_t { nonnegative, roots, others };
  for (const Side side : {Side::nonnegative, Side::roots, Side::others}) {
    Poly a, b;
    bool has_root = false, differs = false;
    for (const auto& [m, c] : p.terms) {
      Poly one;
      one.terms.emplace(m, c);
      const bool is_of_root = std::ranges::any_of(m, [&](const auto& f) { return is_root(f.first); });
      has_root = has_root || is_of_root;
      const bool is_above = c > 0 && is_nonnegative(one);
      const bool is_below = c < 0 && is_of_root && is_nonnegative(Algebra::scaled(one, -1));
      differs = differs || (side == Side::roots ? is_above && !is_of_root : is_above == is_below);
      if (side == Side::others ? !is_below : is_above && (is_of_root || side == Side::nonnegative)) {
        a = Algebra::add(a, one);
      } else {
        b = Algebra::sub(b, one);
      }
    }
    if (!has_root || a.is_zero() || (side != Side::nonnegative && !differs) || !is_nonnegative_together(a)) continue;
    const Poly as_written = Algebra::sub(algebra_.mul(a, a), algebra_.mul(b, b)), gap = algebra_.reduced(as_written);
    SumOfTerms found;
    bool shown = false;
    if (most == 0) {
      SumOfTerms inner;
      attempt([&] { shown = by_entries(as_written, is_strict, inner); });
      if (!shown) continue;
      found.cases.push_back(std::move(inner));
    } else {
      sides_ = {a, b};
      shown = combine(gap, is_strict, found);
      sides_ = {};
    }
    if (!shown && most > 1) {
      SumOfTerms inner;
      shown = by_squares(gap, is_strict, inner, most - 1);
      if (shown) found.cases.push_back(std::move(inner));
    }
    if (!shown) continue;
    found.goal = "squares";
    found.a = a;
    found.b = b;
    sum = std::move(found);
    return true;
  }
  return false;
}

bool TermMaker::is_root(AtomId id) const {
  const Atom& atom = algebra_.atom(id);
  if (atom.kind == AtomKind::function) return atom.code == opcode<Sqrt>;
  if (atom.kind != AtomKind::exponential) return false;
  return std::ranges::any_of(atom.operands[0].terms, [&](const auto& t) {
    return t.first.size() == 1 && is_logarithm(t.first[0].first) && denominator(t.second) == 2;
  });
}

bool TermMaker::is_logarithm(AtomId id) const {
  return algebra_.atom(id).kind == AtomKind::function && algebra_.atom(id).code == opcode<Log>;
}

/// exp(p) >= 1, or exp(-p) <= 1, for p >= 0, where p has logarithms.
bool TermMaker::by_exponential(const Poly& p, bool is_strict, SumOfTerms& sum) {
  Rational unit = 0;
  for (const auto& [m, c] : p.terms)
    if (m.size() == 1 && m[0].second == 1 && is_logarithm(m[0].first) &&
        !algebra_.atom(m[0].first).operands[0].is_constant())
      unit = unit.is_zero() || abs(c) < unit ? abs(c) : unit;
  if (unit.is_zero()) return false;
  for (const int side : {1, -1}) {
    sum = {};
    sum.goal = "exponential";
    sum.scale = side / unit;
    bool found = false;
    attempt([&] {
      const Poly power = algebra_.exp(Algebra::scaled(p, sum.scale));
      const Poly gap = Algebra::scaled(Algebra::sub(power, Algebra::number(1)), side);
      found = combine(algebra_.reduced(gap), is_strict, sum);
    });
    if (found) return true;
  }
  return false;
}

/// a - b >= 0 where log(a) >= log(b), for an exponential b.
bool TermMaker::by_logarithm(const Poly& p, bool is_strict, SumOfTerms& sum) {
  Poly a, b;
  for (const auto& [m, c] : p.terms) {
    Poly one;
    one.terms.emplace(m, abs(c));
    (c > 0 ? a : b) = Algebra::add(c > 0 ? a : b, one);
  }
  const auto is_exponential = [&](const Poly& q) {
    return std::ranges::any_of(q.terms.begin()->first,
                               [&](const auto& f) { return algebra_.atom(f.first).kind == AtomKind::exponential; });
  };
  if (a.is_zero() || b.terms.size() != 1 || !is_exponential(b) || !is_positive(a) || !is_positive(b)) return false;
  sum = {};
  sum.goal = "logarithm";
  sum.a = a;
  sum.b = b;
  return combine(algebra_.reduced(Algebra::sub(algebra_.log(a), algebra_.log(b))), is_strict, sum);
}

/// Without denominators of several terms.
bool TermMaker::multiplied_out(const Poly& p, bool is_strict, SumOfTerms& sum) {
  std::map<AtomId, std::int64_t> most;
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m)
      if (algebra_.atom(id).kind == AtomKind::inverse) most[id] = std::max(most[id], e);
  Poly by = Algebra::number(1), q = p;
  for (const auto& [m, c] : p.terms)  // sums in denominators
    for (const auto& [id, e] : m) {
      if (algebra_.atom(id).kind != AtomKind::sum || e >= 0) continue;
      const Poly base = algebra_.of_monomial({{id, 1}});
      const auto stands = [&, divisor = id](const auto& term) {
        return std::ranges::any_of(term.first, [&](const auto& f) { return f.first == divisor && f.second < 0; });
      };
      if (!is_positive(base)) return false;
      for (int k = 0; k < 4 && std::ranges::any_of(q.terms, stands); ++k) {
        by = algebra_.mul(by, base);
        q = algebra_.mul(q, base);
      }
    }
  if (most.size() > 3 || (most.empty() && by.is_constant())) return false;
  for (const auto& [id, e] : most) {
    const Poly base = algebra_.atom(id).operands[0];
    if (!is_positive(base) || e > 2) return false;
    by = algebra_.mul(by, algebra_.power(base, e));
    Poly next;
    for (const auto& [m, c] : q.terms) {
      std::int64_t own = 0;
      Monomial rest;
      for (const auto& f : m)
        if (f.first == id) {
          own = f.second;
        } else {
          rest.push_back(f);
        }
      next = Algebra::add(next,
                          Algebra::scaled(algebra_.mul(algebra_.of_monomial(rest), algebra_.power(base, e - own)), c));
    }
    q = std::move(next);
  }
  sum = {};
  sum.goal = "multiplied";
  sum.a = by;
  return combine(algebra_.reduced(q), is_strict, sum);
}

/// Whether a quantity is positive decides the value of some operator.
bool TermMaker::by_cases(const Poly& p, bool is_strict, SumOfTerms& sum) {
  if (++cases_ > most_cases) return false;
  std::vector<AtomId> conditions;
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) {
      if (algebra_.atom(id).kind != AtomKind::positive) continue;
      const bool is_of_sum = std::ranges::any_of(algebra_.atom(id).operands[0].terms, [&](const auto& term) {
        return std::ranges::any_of(term.first,
                                   [&](const auto& f) { return algebra_.atom(f.first).kind == AtomKind::sum; });
      });
      conditions.insert(is_of_sum ? conditions.begin() : conditions.end(), id);
    }
  for (const AtomId id : conditions) {
    const Poly on = algebra_.atom(id).operands[0];
    if (!is_defined(on)) continue;
    std::vector<Poly> values;
    for (const bool holds : {true, false}) values.push_back(with_condition(p, id, holds));
    SumOfTerms whole;
    whole.goal = "cases";
    whole.a = on;
    for (const Poly& value : values) {
      auto part = prove(value, is_strict);
      if (!part) return false;
      part->of = value;
      whole.cases.push_back(std::move(*part));
    }
    sum = std::move(whole);
    return true;
  }
  return false;
}

std::optional<SumOfTerms> nonnegative_by_terms(Algebra& algebra, const Poly& p, bool is_strict, const Budget& budget) {
  return TermMaker(algebra, budget).prove(p, is_strict);
}

}  // namespace nabla::index_form
