#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/index_simplex.hpp>
#include <nabla/proofs/check/index_terms.hpp>
#include <numeric>

namespace nabla::index_form {

namespace {

constexpr std::size_t most_terms_made = 500;
constexpr std::size_t most_references = 6;
constexpr int deepest_part = 6;

}  // namespace

/// Makes terms from the parts of a form. Sums are opened: all over one range by the same index, so that their parts can
/// be compared.
class TermMaker {
 public:
  TermMaker(Algebra& algebra, const Budget& budget) : algebra_(algebra), budget_(budget) {}

  std::optional<SumOfTerms> prove(const Poly& p, bool is_strict) {
    const Poly q = algebra_.reduced(p);
    SumOfTerms sum;
    if (combine(q, is_strict, sum)) return sum;
    if (by_squares(q, is_strict, sum)) return sum;
    if (by_exponential(q, is_strict, sum)) return sum;
    if (by_logarithm(q, is_strict, sum)) return sum;
    if (multiplied_out(q, is_strict, sum)) return sum;
    return std::nullopt;
  }

 private:
  /// A term c * sum over indices of a product, opened.
  struct Part {
    std::vector<Binder> over;
    Poly body;  // one monomial
  };

  bool combine(const Poly& goal, bool is_strict, SumOfTerms& sum) {
    made_.clear();
    logs_.clear();
    exponents_.clear();
    values_.clear();
    sums_.clear();
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
      attempt([&] { facts(part); });
    }
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

  /// a - b >= 0 where a >= 0 and a^2 >= b^2, for roots.
  bool by_squares(const Poly& p, bool is_strict, SumOfTerms& sum) {
    Poly a, b;
    bool has_root = false;
    for (const auto& [m, c] : p.terms) {
      Poly one;
      one.terms.emplace(m, c);
      for (const auto& [id, e] : m) has_root = has_root || is_root(id);
      if (c > 0) {
        a = Algebra::add(a, one);
      } else {
        b = Algebra::sub(b, one);
      }
    }
    if (!has_root || a.is_zero() || (algebra_.signs(a) & negative) != 0) return false;
    const Poly gap = algebra_.reduced(Algebra::sub(algebra_.mul(a, a), algebra_.mul(b, b)));
    sum = {};
    sum.goal = "squares";
    sum.a = a;
    sum.b = b;
    return combine(gap, is_strict, sum);
  }

  bool is_root(AtomId id) const {
    const Atom& atom = algebra_.atom(id);
    if (atom.kind == AtomKind::function) return atom.code == opcode<Sqrt>;
    if (atom.kind != AtomKind::exponential) return false;
    return std::ranges::any_of(atom.operands[0].terms, [&](const auto& t) {
      return t.first.size() == 1 && is_logarithm(t.first[0].first) && denominator(t.second) == 2;
    });
  }
  bool is_logarithm(AtomId id) const {
    return algebra_.atom(id).kind == AtomKind::function && algebra_.atom(id).code == opcode<Log>;
  }

  /// exp(p) >= 1 for p >= 0, where p has logarithms.
  bool by_exponential(const Poly& p, bool is_strict, SumOfTerms& sum) {
    Rational unit = 0;
    for (const auto& [m, c] : p.terms)
      if (m.size() == 1 && m[0].second == 1 && is_logarithm(m[0].first) &&
          !algebra_.atom(m[0].first).operands[0].is_constant())
        unit = unit.is_zero() || abs(c) < unit ? abs(c) : unit;
    if (unit.is_zero()) return false;
    sum = {};
    sum.goal = "exponential";
    sum.scale = 1 / unit;
    const Poly power = algebra_.exp(Algebra::scaled(p, sum.scale));
    return combine(algebra_.reduced(Algebra::sub(power, Algebra::number(1))), is_strict, sum);
  }

  /// a - b >= 0 where log(a) >= log(b), for an exponential b.
  bool by_logarithm(const Poly& p, bool is_strict, SumOfTerms& sum) {
    Poly a, b;
    for (const auto& [m, c] : p.terms) {
      Poly one;
      one.terms.emplace(m, abs(c));
      (c > 0 ? a : b) = Algebra::add(c > 0 ? a : b, one);
    }
    const auto is_exponential = [&](const Poly& q) {
      return std::ranges::any_of(q.terms.begin()->first, [&](const auto& f) {
        return algebra_.atom(f.first).kind == AtomKind::exponential;
      });
    };
    if (a.is_zero() || b.terms.size() != 1 || !is_exponential(b) || !is_positive(a) || !is_positive(b)) return false;
    sum = {};
    sum.goal = "logarithm";
    sum.a = a;
    sum.b = b;
    return combine(algebra_.reduced(Algebra::sub(algebra_.log(a), algebra_.log(b))), is_strict, sum);
  }

  /// Without denominators of several terms.
  bool multiplied_out(const Poly& p, bool is_strict, SumOfTerms& sum) {
    std::map<AtomId, std::int64_t> most;
    for (const auto& [m, c] : p.terms)
      for (const auto& [id, e] : m)
        if (algebra_.atom(id).kind == AtomKind::inverse) most[id] = std::max(most[id], e);
    if (most.empty() || most.size() > 3) return false;
    Poly by = Algebra::number(1), q = p;
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
        next = Algebra::add(next, Algebra::scaled(algebra_.mul(algebra_.of_monomial(rest), algebra_.power(base, e - own)), c));
      }
      q = std::move(next);
    }
    sum = {};
    sum.goal = "multiplied";
    sum.a = by;
    return combine(algebra_.reduced(q), is_strict, sum);
  }

  // ---- parts ----

  /// The shared indices of ranges.
  std::vector<Binder> shared(const std::vector<Binder>& binders) {
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

  Poly opened(const Atom& sum, const std::vector<Binder>& names) {
    Substitution at;
    for (std::size_t k = 0; k < names.size(); ++k)
      at.symbols.emplace_back(sum.binders[k].symbol, Affine::symbol(names[k].symbol));
    return algebra_.substitute(Poly(sum.operands[0]), at);
  }

  void open(const Monomial& m, const Rational& c, std::vector<Part>& parts) {
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
          if (b.kind != AtomKind::sum || m[j].second < least || a.binders.size() != 1 || b.binders.size() != 1) continue;
          const std::vector<Binder> two = shared({a.binders[0], b.binders[0]});
          Monomial left = m;
          --left[k].second;
          --left[j].second;
          std::erase_if(left, [](const auto& f) { return f.second == 0; });
          const Poly both =
              algebra_.mul(algebra_.mul(Algebra::scaled(algebra_.of_monomial(left), c), opened(a, {two[0]})),
                           opened(b, {two[1]}));
          if (both.terms.size() == 1) parts.push_back({two, both});
        }
      });
    }
  }

  void look_for_functions(const Poly& p, int depth) {
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

  template <class F>
  static void attempt(F f) {
    try {
      f();
    } catch (const NotHandled&) {  // one term less
    }
  }

  // ---- terms ----

  bool is_nonnegative(const Poly& p) { return (algebra_.signs(p) & negative) == 0; }
  bool is_positive(const Poly& p) { return algebra_.signs(p) == positive_sign; }

  /// Denominators are not 0, and operands of logarithms and roots in their domains, everywhere.
  bool is_defined(const Poly& p, int depth = 0) {
    if (depth > 2 * deepest_part) return false;
    for (const auto& [m, c] : p.terms)
      for (const auto& [id, e] : m) {
        const Atom& a = algebra_.atom(id);
        const std::vector<Poly> operands = a.operands;
        if (e < 0 && (algebra_.signs(algebra_.of_monomial({{id, 1}})) & zero) != 0) return false;
        if (a.kind == AtomKind::inverse && (algebra_.signs(operands[0]) & zero) != 0) return false;
        if (a.kind == AtomKind::function) {
          if (a.code != opcode<Log> && a.code != opcode<Sqrt>) return false;
          const Signs s = algebra_.signs(operands[0]);
          if (a.code == opcode<Log> ? s != positive_sign : (s & negative) != 0) return false;
        }
        if (a.kind == AtomKind::application || a.kind == AtomKind::jacobian || a.kind == AtomKind::positive) return false;
        if (a.kind == AtomKind::sum) {
          if (!is_defined(opened(a, shared(a.binders)), depth + 1)) return false;
          continue;
        }
        for (const Poly& q : operands)
          if (!is_defined(q, depth + 1)) return false;
      }
    return true;
  }

  void add(NonnegativeTerm t, const Poly& lemma) {
    if (made_.size() >= most_terms_made || t.factor.is_zero()) return;
    if (!is_nonnegative(t.factor) || !is_defined(t.factor)) return;
    for (const Poly& p : t.of)
      if (!is_defined(p)) return;
    Poly value = algebra_.mul(t.factor, lemma);
    for (std::size_t k = t.over.size(); k-- > 0;) value = algebra_.sum(t.over[k], value);
    t.value = algebra_.reduced(value);
    if (t.value.is_zero() || t.value.terms.size() > 60) return;
    if (t.lemma == "sign")
      t.is_strict = is_positive(t.factor) && std::ranges::all_of(t.over, [&](const Binder& b) {
                      return algebra_.symbols.is_nonnegative(b.hi - b.lo);
                    });
    for (const NonnegativeTerm& other : made_)
      if (other.value == t.value) return;
    made_.push_back(std::move(t));
  }

  Poly closed(const std::vector<Binder>& over, Poly p) {
    for (std::size_t k = over.size(); k-- > 0;) p = algebra_.sum(over[k], p);
    return p;
  }

  void own_signs(const Poly& goal) {
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

  static Poly unit(const Poly& one) {
    Poly r;
    r.terms.emplace(one.terms.begin()->first, 1);
    return r;
  }

  /// The body as w a^2.
  void squares(const Part& part, const std::vector<Part>& parts) {
    for (const bool whole_denominators : {false, true}) {
      Monomial w, a;
      for (const auto& [id, e] : part.body.terms.begin()->first) {
        const AtomKind kind = algebra_.atom(id).kind;
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
      if (a.empty()) continue;
      const Poly factor = algebra_.of_monomial(w), root = algebra_.of_monomial(a);
      if (!is_nonnegative(factor)) continue;
      std::vector<Poly> others{Poly{}, Algebra::number(1)};
      attempt([&] {
        const Poly total = closed(part.over, factor);
        if (is_positive(total)) others.push_back(algebra_.mul(closed(part.over, algebra_.mul(factor, root)),
                                                              algebra_.inverse(total)));
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
      if (part.over.size() == 2) {  // across
        Substitution swap;
        const Symbol between = algebra_.symbols.make("k", part.over[0].lo, part.over[0].hi);
        Poly p = algebra_.substitute(root, part.over[0].symbol, Affine::symbol(between));
        p = algebra_.substitute(p, part.over[1].symbol, Affine::symbol(part.over[0].symbol));
        others.push_back(algebra_.substitute(p, between, Affine::symbol(part.over[1].symbol)));
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

  /// w exp(u) >= w exp(c) (1 + u - c)
  void exponentials(const Part& part) {
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
    }
  }

  /// A factor u <= h, or u >= l, of a product.
  void bounded(const Part& part) {
    const Monomial m = part.body.terms.begin()->first;
    for (const auto& [id, e] : m) {
      if (e < 1) continue;
      const Poly u = algebra_.of_monomial({{id, 1}});
      const Poly rest = algebra_.mul(unit(part.body), algebra_.inverse(u));
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
  void below_sums(const Part& part) {
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
  void means(const Part& part) {
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

  /// w u^m >= w (m c^(m - 1) u - (m - 1) c^m), for u, c >= 0.
  void powers(const Part& part) {
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
          const Poly lemma = Algebra::add(Algebra::sub(algebra_.power(u, n), slope),
                                          Algebra::scaled(algebra_.power(c, n), n - 1));
          add({.lemma = "power", .over = part.over, .factor = w, .of = {u, c}, .powers = {n}}, lemma);
        });
    }
  }

  /// Hypotheses, at the indices of a part, times what stands beside a factor of it.
  void facts(const Part& part) {
    std::vector<Poly> weights{Algebra::number(1)};
    for (const auto& [id, e] : part.body.terms.begin()->first) {
      if (e < 1) continue;
      weights.push_back(algebra_.mul(unit(part.body), algebra_.inverse(algebra_.of_monomial({{id, 1}}))));
    }
    const std::vector<Fact> stated = algebra_.facts;
    for (const Fact& f : stated) {
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
      const Poly value = algebra_.substitute(f.value, at);
      for (const Poly& w : weights)
        attempt([&] { add_product(part.over, w, value); });
    }
  }
  void add_product(const std::vector<Binder>& over, const Poly& w, const Poly& value) {
    if (made_.size() >= most_terms_made || !is_defined(w) || !is_defined(value) || !is_nonnegative(w) ||
        !is_nonnegative(value))
      return;
    NonnegativeTerm t{.lemma = "product", .over = over, .factor = w, .of = {value}};
    t.value = algebra_.reduced(closed(over, algebra_.mul(w, value)));
    if (t.value.is_zero() || t.value.terms.size() > 60) return;
    for (const NonnegativeTerm& other : made_)
      if (other.value == t.value) return;
    made_.push_back(std::move(t));
  }

  // ---- logarithms ----

  struct Group {
    std::vector<Binder> over;
    Poly w;
    std::vector<std::pair<Poly, Rational>> logs;  // operands, with what stands before them
  };

  /// -w log(r) >= w (1 - r), where log(r) gathers all logarithms that stand beside one factor.
  void logarithms(const std::vector<Part>& parts) {
    std::vector<Group> groups;
    std::vector<std::pair<Poly, Poly>> outside;  // operands, and all that stands before their logarithms
    for (const Part& part : parts) {
      const Monomial& m = part.body.terms.begin()->first;
      const auto log = std::ranges::find_if(m, [&](const auto& f) { return is_logarithm(f.first) && f.second == 1; });
      if (log == m.end()) continue;
      const Poly operand = algebra_.atom(log->first).operands[0];
      Monomial rest = m;
      std::erase_if(rest, [&](const auto& f) { return f.first == log->first; });
      const Rational c = part.body.terms.begin()->second;
      const Poly w = algebra_.of_monomial(rest);
      if (part.over.empty()) {
        const auto known = std::ranges::find_if(outside, [&](const auto& o) { return o.first == operand; });
        const Poly own = Algebra::scaled(w, c);
        if (known == outside.end()) {
          outside.emplace_back(operand, own);
        } else {
          known->second = Algebra::add(known->second, own);
        }
      }
      const auto free = algebra_.free_symbols(operand);
      const bool hangs = std::ranges::any_of(
          part.over, [&](const Binder& b) { return std::ranges::find(free, b.symbol) != free.end(); });
      if (!part.over.empty() && !hangs) continue;
      const auto same = [](const std::vector<Binder>& a, const std::vector<Binder>& b) {
        return std::ranges::equal(a, b, {}, &Binder::symbol, &Binder::symbol);
      };
      const auto group =
          std::ranges::find_if(groups, [&](const Group& g) { return same(g.over, part.over) && g.w == w; });
      if (group == groups.end()) {
        groups.push_back({part.over, w, {{operand, c}}});
      } else {
        group->logs.emplace_back(operand, c);
      }
    }
    for (const Group& g : groups) {
      std::vector<std::pair<Poly, Rational>> all = g.logs;
      const Poly total = algebra_.reduced(closed(g.over, g.w));
      if (!g.over.empty())
        for (const auto& [operand, before] : outside)
          if (const auto ratio = ratio_of(algebra_.reduced(before), total)) all.emplace_back(operand, *ratio);
      gather(g, all);
      for (const auto& log : g.logs) gather(g, {log});
      if (g.over.empty() || is_positive(total)) {
        // Against the mean, and against how many there are.
        for (const auto& log : g.logs)
          for (const Binder& b : g.over)
            attempt([&] {
              const Poly count = algebra_.affine(b.hi - b.lo + Affine::of(1));
              gather(g, {log, {count, log.second}});
              gather(g, {log, {count, -log.second}});
            });
      }
    }
  }

  static std::optional<Rational> ratio_of(const Poly& a, const Poly& b) {
    if (a.terms.size() != b.terms.size() || b.is_zero()) return std::nullopt;
    const Rational ratio = a.terms.begin()->second / b.terms.begin()->second;
    if (Algebra::scaled(b, ratio) != a) return std::nullopt;
    return ratio;
  }

  void gather(const Group& g, const std::vector<std::pair<Poly, Rational>>& logs) {
    Rational unit = 0;
    for (const auto& [operand, c] : logs) unit = unit.is_zero() || abs(c) < unit ? abs(c) : unit;
    NonnegativeTerm t{.lemma = "log", .over = g.over, .factor = g.w};
    Poly r = Algebra::number(1), sum;
    attempt([&] {
      for (const auto& [operand, c] : logs) {
        const Rational power = -c / unit;
        if (denominator(power) != 1 || abs(numerator(power)) > 8 || !is_positive(operand)) return;
        t.of.push_back(operand);
        t.powers.push_back(static_cast<std::int64_t>(numerator(power)));
        r = algebra_.mul(r, algebra_.power(operand, t.powers.back()));
        sum = Algebra::add(sum, Algebra::scaled(algebra_.log(operand), power));
      }
      add(std::move(t), Algebra::sub(Algebra::sub(r, Algebra::number(1)), sum));
    });
  }

  /// Tangents of log-sum-exp, at other exponents that are met and at 0.
  void log_sum_exps() {
    struct Sum {
      Binder over;
      Poly exponent;
    };
    std::vector<Sum> sums;
    for (const Poly& operand : sums_) {
      if (operand.terms.size() != 1 || operand.terms.begin()->second != 1) continue;
      const Monomial& m = operand.terms.begin()->first;
      if (m.size() != 1 || m[0].second != 1) continue;
      const Atom& a = algebra_.atom(m[0].first);
      if (a.kind != AtomKind::sum || a.binders.size() != 1) continue;
      attempt([&] {
        const std::vector<Binder> names = shared(a.binders);
        const Poly body = opened(a, names);
        if (body.terms.size() != 1 || body.terms.begin()->second != 1) return;
        const auto [rest, exponent] = algebra_.without_exponential(body.terms.begin()->first);
        if (rest.empty() && !exponent.is_zero()) sums.push_back({names[0], exponent});
      });
    }
    for (const Sum& s : sums) {
      std::vector<Poly> places{Poly{}};
      places.insert(places.end(), exponents_.begin(), exponents_.end());
      for (const Sum& other : sums) places.push_back(other.exponent);
      places.insert(places.end(), values_.begin(), values_.end());
      for (const Poly& y : places)
        for (const bool forth : {true, false})
          if (y != s.exponent) attempt([&] { tangent(s.over, forth ? s.exponent : y, forth ? y : s.exponent); });
    }
  }

  void tangent(const Binder& k, const Poly& x, const Poly& y) {
    const Poly total = algebra_.sum(k, algebra_.exp(x)), at = algebra_.sum(k, algebra_.exp(y));
    const Poly slope = algebra_.mul(algebra_.sum(k, algebra_.mul(algebra_.exp(y), Algebra::sub(x, y))),
                                    algebra_.inverse(at));
    if (!is_positive(total) || !is_positive(at)) return;
    add({.lemma = "logsumexp", .factor = Algebra::number(1), .of = {x, y}, .inside = {k}},
        Algebra::sub(Algebra::sub(algebra_.log(total), algebra_.log(at)), slope));
  }

  Algebra& algebra_;
  const Budget& budget_;
  std::map<std::pair<Affine, Affine>, std::vector<Symbol>> ranges_;
  std::vector<NonnegativeTerm> made_;
  std::vector<Poly> logs_, exponents_, values_, sums_;
};

std::optional<SumOfTerms> nonnegative_by_terms(Algebra& algebra, const Poly& p, bool is_strict, const Budget& budget) {
  return TermMaker(algebra, budget).prove(p, is_strict);
}

}  // namespace nabla::index_form
