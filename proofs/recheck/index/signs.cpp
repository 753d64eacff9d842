// Signs of trees from what their parts are, and what expressions demand.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

namespace {

constexpr std::size_t most_candidates = 8;

Signs times(Signs a, Signs b) {
  Signs r = 0;
  for (const int x : {-1, 0, 1})
    for (const int y : {-1, 0, 1}) {
      const auto has = [](Signs s, int v) { return (s & (1U << static_cast<unsigned>(v + 1))) != 0; };
      if (has(a, x) && has(b, y)) r |= 1U << static_cast<unsigned>(x * y + 1);
    }
  return r;
}
Signs opposite(Signs a) { return (a & 2U) | ((a & 1U) != 0 ? 4U : 0U) | ((a & 4U) != 0 ? 1U : 0U); }
Signs of_number(const Rational& c) { return c.is_zero() ? 2U : c > 0 ? 4U : 1U; }

Signs of_sum(Signs a, Signs b) {
  if (((a | b) & 1U) == 0) return (a & 2U) == 0 || (b & 2U) == 0 ? 4U : (a | b);
  if (((a | b) & 4U) == 0) return (a & 2U) == 0 || (b & 2U) == 0 ? 1U : (a | b);
  return 7;
}

Signs of_power(Signs s, std::int64_t n) {
  if (n < 0) s &= 5U;
  if (n % 2 == 0) return (s & 2U) | ((s & 5U) != 0 ? 4U : 0U);
  return s;
}

Signs within(const std::optional<Rational>& lo, bool lo_strict, const std::optional<Rational>& hi, bool hi_strict) {
  Signs s = 7;
  if (lo && *lo >= 0) s &= *lo > 0 || lo_strict ? 4U : 6U;
  if (hi && *hi <= 0) s &= *hi < 0 || hi_strict ? 1U : 3U;
  return s;
}

void subscripts(const Tree& t, std::set<Lin>& into) {
  const Level deeper;
  for (const Lin& a : t->at) into.insert(a);
  for (const Tree& a : t->args) subscripts(a, into);
}

/// lo <= t <= hi, for what is linear in entries and other parts of known range.
struct Ends {
  std::optional<Rational> lo, hi;
  bool lo_strict = false, hi_strict = false;
};
Ends ends_of(const World& world, const Tree& t) {
  const Level deeper;
  Ends e;
  switch (t->kind) {
    case Kind::number:
      return {t->number, t->number, false, false};
    case Kind::entry: {
      const Array& a = world.arrays[static_cast<std::size_t>(t->code)];
      return {a.lo, a.hi, a.lo_strict, a.hi_strict};
    }
    case Kind::equal:
    case Kind::at_least:
    case Kind::positive:
      return {Rational(0), Rational(1), false, false};
    case Kind::call: {
      const Reals& r = operator_info(static_cast<Opcode>(t->code)).facts.range;
      if (r.lo > -unbounded) e.lo = Number<Rational>::of(Constant::dyadic(r.lo));
      if (r.hi < unbounded) e.hi = Number<Rational>::of(Constant::dyadic(r.hi));
      e.lo_strict = !r.lo_closed;
      e.hi_strict = !r.hi_closed;
      return e;
    }
    case Kind::mul: {
      if (t->args.size() != 2 || t->args[0]->kind != Kind::number) return e;
      const Rational& c = t->args[0]->number;
      e = ends_of(world, t->args[1]);
      if (e.lo) e.lo = *e.lo * c;
      if (e.hi) e.hi = *e.hi * c;
      if (c < 0) e = {e.hi, e.lo, e.hi_strict, e.lo_strict};
      return e;
    }
    case Kind::add: {
      e = {Rational(0), Rational(0), false, false};
      for (const Tree& a : t->args) {
        const Ends x = ends_of(world, a);
        e.lo = e.lo && x.lo ? std::optional<Rational>(*e.lo + *x.lo) : std::nullopt;
        e.hi = e.hi && x.hi ? std::optional<Rational>(*e.hi + *x.hi) : std::nullopt;
        e.lo_strict = e.lo_strict || x.lo_strict;
        e.hi_strict = e.hi_strict || x.hi_strict;
      }
      return e;
    }
    default:
      return e;
  }
}

/// What hypotheses say of t or -t.
Signs stated(World& world, const Tree& t) {
  if (world.facts.empty()) return 7;
  const std::vector<Fact> facts = std::exchange(world.facts, {});
  struct Scope {
    World& world;
    const std::vector<Fact>& facts;
    ~Scope() { world.facts = facts; }
  } scope{world, facts};
  Polynomials p(world);
  bool is_opposite = false;
  const std::string name = p.name_of(t, is_opposite);
  std::set<Lin> met;
  subscripts(t, met);
  Signs s = 7;
  for (const Fact& f : facts) {
    if (f.pattern.size() > 2) continue;
    std::vector<Renaming> choices(1);
    for (const int axis : f.pattern) {
      std::vector<Renaming> longer;
      for (const Renaming& by : choices)
        for (const Lin& value : met) {
          if (longer.size() >= most_candidates * most_candidates) break;
          const auto& row = world.ranges.rows[static_cast<std::size_t>(axis)];
          if (!world.ranges.at_least_zero(plus(value, row.lo, -1)) ||
              !world.ranges.at_least_zero(plus(*row.hi, value, -1)))
            continue;
          longer.push_back(by);
          longer.back()[axis] = value;
        }
      choices = std::move(longer);
    }
    for (const Renaming& by : choices) {
      bool other = false;
      if (p.name_of(renamed(f.value, by), other) == name) s &= other == is_opposite ? f.signs : opposite(f.signs);
    }
  }
  return s;
}

Signs structural(World& world, const Tree& t) {
  const Level deeper;
  switch (t->kind) {
    case Kind::number:
      return of_number(t->number);
    case Kind::symbol: {
      const auto least = world.ranges.least(t->at[0]);
      return least && *least > 0 ? 4U : least && *least == 0 ? 6U : 7U;
    }
    case Kind::entry: {
      const Array& a = world.arrays[static_cast<std::size_t>(t->code)];
      return within(a.lo, a.lo_strict, a.hi, a.hi_strict);
    }
    case Kind::add: {
      Signs s = 2;
      for (const Tree& a : t->args) s = of_sum(s, sign_of(world, a));
      if (s != 7) return s;
      const Ends e = ends_of(world, t);
      return within(e.lo, e.lo_strict, e.hi, e.hi_strict);
    }
    case Kind::mul: {
      Signs s = 4;
      for (const Tree& a : t->args) s = times(s, sign_of(world, a));
      if (t->args.size() == 2 && t->args[0]->kind == Kind::entry && t->args[1]->kind == Kind::entry &&
          t->args[0]->code == t->args[1]->code && t->args[0]->at == t->args[1]->at)
        s &= 6U;  // a square
      return s;
    }
    case Kind::power:
      return of_power(sign_of(world, t->args[0]), t->exponent);
    case Kind::sum: {
      const Bound& b = t->bounds[0];
      const Signs s = sign_of(world, t->args[0]);
      const bool has_terms = world.ranges.at_least_zero(plus(b.hi, b.lo, -1));
      if ((s & 1U) == 0) return has_terms ? s : s | 2U;
      if ((s & 4U) == 0) return has_terms ? s : s | 2U;
      return 7;
    }
    case Kind::equal:
    case Kind::at_least:
    case Kind::positive:
      return 6;
    case Kind::call: {
      if (t->code == opcode<Exp>) return 4;
      if (t->code == opcode<Log>) return sign_of(world, minus(t->args[0], make_number(1)));
      if (t->code == opcode<Sqrt>) return sign_of(world, t->args[0]) == 4 ? 4U : 6U;
      const Reals& r = operator_info(static_cast<Opcode>(t->code)).facts.range;
      return within(
          r.lo > -unbounded ? std::optional(Number<Rational>::of(Constant::dyadic(r.lo))) : std::nullopt, !r.lo_closed,
          r.hi < unbounded ? std::optional(Number<Rational>::of(Constant::dyadic(r.hi))) : std::nullopt, !r.hi_closed);
    }
    default:
      return 7;
  }
}

std::optional<bool> truth(World& world, const Expr& e, const std::vector<Tree>& x) {
  const Level deeper;
  if (const Constant* c = e.constant()) return !c->is(0);
  const Graph& g = e.graph();
  const NodeId id = e.ref().id();
  const Opcode code = g.code(id);
  const auto operand = [&](std::size_t k) { return Expr(e.workspace(), g.operands(id)[k]); };
  const auto is = [&](Signs yes) -> std::optional<bool> {
    const Tree a = world.tree_of(operand(0), x), b = world.tree_of(operand(1), x);
    const Signs s = is_number(a, 0)   ? sign_of(world, b)
                    : is_number(b, 0) ? opposite(sign_of(world, a))
                                      : sign_of(world, minus(b, a));
    if ((s & ~yes) == 0) return true;
    if ((s & yes) == 0) return false;
    return std::nullopt;
  };
  if (code == opcode<Less>) return is(4);
  if (code == opcode<LessEqual>) return is(6);
  if (code == opcode<Equal>) return is(2);
  if (code == opcode<Sub> && operand(0).is(1)) {
    const auto a = truth(world, operand(1), x);
    return a ? std::optional(!*a) : std::nullopt;
  }
  const bool is_and = code == opcode<Min> || code == opcode<Mul>;
  if (!is_and && code != opcode<Max>) return std::nullopt;
  const auto a = truth(world, operand(0), x), b = truth(world, operand(1), x);
  if (a == !is_and || b == !is_and) return !is_and;
  return a && b ? std::optional(is_and) : std::nullopt;
}

}  // namespace

Signs sign_of(World& world, const Tree& t) {
  world.step();
  const Signs s = structural(world, t);
  return s == 4 || s == 1 || s == 2 ? s : s & stated(world, t);
}

bool is_met(World& world, const Demand& d) {
  std::vector<Tree> x = d.args;
  const std::size_t facts = world.facts.size(), guards = world.ranges.guards.size();
  bool is_void = false;
  for (const Tree& g : d.guards) {
    is_void = is_void || is_number(g, 0) || (g->kind == Kind::positive && (sign_of(world, g->args[0]) & 4U) == 0);
    if (g->kind == Kind::positive) world.facts.push_back({{}, g->args[0], 4});
    if (g->kind == Kind::at_least) world.ranges.guards.push_back(g->at[0]);
    if (g->kind == Kind::equal)
      for (const auto& [s, n] : g->at[0].of) {
        if (n != 1 && n != -1) continue;
        for (Tree& a : x) a = renamed(a, {{s, plus({}, plus(g->at[0], Lin::name(s), -n), -n)}});
        break;
      }
  }
  bool met = is_void;
  try {
    if (!met)
      met = d.condition.empty() ? (sign_of(world, x[0]) & ~d.signs) == 0 : truth(world, d.condition, x) == d.wanted;
  } catch (const NotHandled&) {
  }
  world.facts.resize(facts);
  world.ranges.guards.resize(guards);
  return met;
}

bool Polynomials::is_square(const Tree& t) {
  constexpr std::size_t most_roots = 4;
  const WithoutSplits scope(*this);
  const Quotient q = expand(t);
  if (!q.den.empty()) return false;
  std::map<std::string, std::pair<Term, Rational>> parts;
  for (const Term& x : q.num)
    for (const Term& y : settled(x)) parts.emplace(print(y, {}), std::pair{y, Rational(0)}).first->second.second += y.c;
  const auto root_of = [](const Rational& c) -> std::optional<Rational> {
    using boost::multiprecision::mpz_int;
    if (c <= 0) return std::nullopt;
    const mpz_int n = sqrt(mpz_int(numerator(c))), d = sqrt(mpz_int(denominator(c)));
    if (n * n != numerator(c) || d * d != denominator(c)) return std::nullopt;
    return Rational(n, d);
  };
  std::vector<Tree> roots;
  for (const auto& [name, part] : parts) {
    const auto& [term, c] = part;
    if (c.is_zero()) continue;
    const bool is_even = std::ranges::all_of(term.factors, [](const Factor& f) { return f.exponent % 2 == 0; });
    std::map<std::string, std::pair<Tree, std::int64_t>> powers;
    for (const Factor& f : term.factors) {
      auto [it, is_new] = powers.emplace(print(Factor{f.atom, 1}, {}), std::pair{f.atom, f.exponent});
      if (!is_new) it->second.second += f.exponent;
    }
    const bool all_even =
        is_even || std::ranges::all_of(powers, [](const auto& p) { return p.second.second % 2 == 0; });
    if (!all_even || !term.over.empty() || !term.exponent.empty() || powers.empty()) continue;
    const auto root = root_of(c);
    if (!root || roots.size() >= most_roots) return false;
    std::vector<Tree> product{make_number(*root)};
    for (const auto& [of, p] : powers) product.push_back(make_power(p.first, p.second / 2));
    roots.push_back(make_mul(std::move(product)));
  }
  if (roots.empty()) return false;
  for (unsigned signs = 0; signs < (1U << (roots.size() - 1)); ++signs) {
    std::vector<Tree> sum{roots[0]};
    for (std::size_t k = 1; k < roots.size(); ++k)
      sum.push_back((signs >> (k - 1) & 1U) != 0 ? negated(roots[k]) : roots[k]);
    if (reindex::vanishes(world_, minus(t, make_power(make_add(std::move(sum)), 2)))) return true;
  }
  return false;
}

/// Of the numerator over positive denominators: every term of one sign, or a sum of terms that are not negative less
/// one of them.
Signs Polynomials::sign(const Tree& t) {
  const WithoutSplits scope(*this);
  const Quotient q = expand(t);
  folds_roots_ = true;
  for (const auto& [name, power] : q.den)
    if (power.second % 2 != 0 && sign_of(world_, tree_of(power.first)) != 4) return 7;
  struct Part {
    Term term;
    Rational c;
  };
  std::map<std::string, Part> parts;
  for (const Term& x : q.num)
    for (Term& y : settled(x)) {
      auto [it, is_new] = parts.emplace(print(y, {}), Part{y, y.c});
      if (!is_new) it->second.c += y.c;
    }
  std::erase_if(parts, [](const auto& p) { return p.second.c.is_zero(); });
  const auto whole = [&](const std::map<std::string, Part>& of) {
    Signs s = 2;
    for (const auto& [name, p] : of) {
      Term unit = p.term;
      unit.c = 1;
      s = of_sum(s, times(of_number(p.c), sign_of(world_, tree_of({unit}))));
    }
    return s;
  };
  const Signs direct = whole(parts);
  if (direct != 7) return direct;
  for (const int direction : {1, -1}) {
    std::map<std::string, Part> left = parts;
    bool is_strict = false;
    for (const auto& [name, p] : parts) {
      if (p.c * direction <= 0 || p.term.over.size() != 1) continue;
      const Bound b = p.term.over[0];
      Term body = p.term;
      body.over.clear();
      body.c = 1;
      const Signs s = sign_of(world_, tree_of({body}));
      if ((s & 1U) != 0) continue;
      std::set<Lin> met;
      for (const auto& [other, o] : parts)
        for (const Factor& f : o.term.factors) subscripts(f.atom, met);
      for (const auto& [other, o] : parts)
        for (const Term& e : o.term.exponent)
          for (const Factor& f : e.factors) subscripts(f.atom, met);
      for (const Lin& value : met) {
        if (!is_free(value) || !world_.ranges.at_least_zero(plus(value, b.lo, -1)) ||
            !world_.ranges.at_least_zero(plus(b.hi, value, -1)))
          continue;
        const auto found = left.find(print(renamed_term(body, {{b.symbol, value}}), {}));
        const auto sum = left.find(name);
        if (found == left.end() || sum == left.end() || found->second.c * direction >= 0 ||
            -found->second.c * direction > sum->second.c * direction)
          continue;
        // c sum + d term with c >= -d > 0 is not negative, and positive where there is another positive term.
        is_strict =
            is_strict || (s == 4 && world_.ranges.at_least_zero(plus(plus(b.hi, b.lo, -1), Lin::number(1), -1)));
        sum->second.c += found->second.c;
        left.erase(found);
        if (sum->second.c.is_zero()) left.erase(sum);
      }
    }
    Signs s = direction > 0 ? whole(left) : opposite(whole(left));
    if ((s & 1U) != 0) continue;
    s = is_strict ? 4U : s | 2U;
    return direction > 0 ? s : opposite(s);
  }
  return 7;
}

}  // namespace nabla::reindex
