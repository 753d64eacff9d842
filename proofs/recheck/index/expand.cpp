#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/cases.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

namespace {

constexpr std::size_t most_terms = 4'000;
constexpr std::int64_t most_written_out = 6;

Terms number(const Rational& c) {
  if (c.is_zero()) return {};
  Term t;
  t.c = c;
  return {t};
}

bool is_condition(Kind k) { return k == Kind::equal || k == Kind::at_least || k == Kind::positive; }

}  // namespace

// ---- products and quotients ----

Term Polynomials::renamed_term(Term t, const Renaming& by) {
  for (Factor& f : t.factors) f.atom = renamed(f.atom, by);
  std::erase_if(t.factors, [&](const Factor& f) {  // a condition that this settles
    if (f.atom->kind != Kind::number || f.exponent < 1) return false;
    for (std::int64_t n = 0; n < f.exponent; ++n) t.c *= f.atom->number;
    return true;
  });
  for (Bound& b : t.over) {
    b.lo = renamed(b.lo, by);
    b.hi = renamed(b.hi, by);
  }
  for (Term& e : t.exponent) e = renamed_term(std::move(e), by);
  return t;
}

/// With bound indices that nothing else uses.
Term Polynomials::apart(Term t) {
  Renaming by;
  for (Bound& b : t.over) {
    const int k = world_.ranges.make("k", renamed(b.lo, by), renamed(b.hi, by));
    bound_.insert(k);
    by[b.symbol] = Lin::name(k);
    b.symbol = k;
  }
  return by.empty() ? t : renamed_term(std::move(t), by);
}

Terms Polynomials::product(const Terms& a, const Terms& b) {
  if (a.size() * b.size() > most_terms) throw NotHandled("more terms than a replay writes out");
  Terms r;
  for (const Term& x : a)
    for (const Term& y : b) {
      world_.step();
      Term t = x;
      const Term z = apart(y);
      t.c *= z.c;
      t.over.insert(t.over.end(), z.over.begin(), z.over.end());
      t.factors.insert(t.factors.end(), z.factors.begin(), z.factors.end());
      t.exponent.insert(t.exponent.end(), z.exponent.begin(), z.exponent.end());
      r.push_back(std::move(t));
    }
  return r;
}

Quotient Polynomials::product(const Quotient& a, const Quotient& b) {
  Quotient r{product(a.num, b.num), a.den};
  for (const auto& [name, power] : b.den) {
    auto [it, is_new] = r.den.emplace(name, power);
    if (!is_new) it->second.second += power.second;
  }
  return r;
}

Quotient Polynomials::inverse(const Quotient& a) {
  Quotient r{number(1), {}};
  for (const auto& [name, power] : a.den)
    for (std::int64_t n = 0; n < power.second; ++n) r.num = product(r.num, power.first);
  if (a.num.empty()) throw NotHandled("a denominator that vanishes in a case");
  const Term& only = a.num[0];
  const bool is_simple = a.num.size() == 1 && only.over.empty() &&
                         std::none_of(only.factors.begin(), only.factors.end(),
                                      [](const Factor& f) { return is_condition(f.atom->kind); });
  if (is_simple) {
    Term t;
    t.c = 1 / only.c;
    t.factors = only.factors;
    for (Factor& f : t.factors) f.exponent = -f.exponent;
    t.exponent = only.exponent;
    for (Term& e : t.exponent) e.c = -e.c;
    r.num = product(r.num, {t});
    return r;
  }
  r.den.emplace(print(a.num, {}), std::pair{a.num, std::int64_t{1}});
  return r;
}

Tree Polynomials::tree_of(const Terms& terms) const {
  std::vector<Tree> parts;
  for (const Term& t : terms) {
    std::vector<Tree> factors{make_number(t.c)};
    for (const Factor& f : t.factors) factors.push_back(make_power(f.atom, f.exponent));
    if (!t.exponent.empty()) factors.push_back(make_call(opcode<Exp>, {tree_of(t.exponent)}));
    Tree body = make_mul(std::move(factors));
    for (std::size_t k = t.over.size(); k-- > 0;) body = make_sum(t.over[k], body);
    parts.push_back(std::move(body));
  }
  return make_add(std::move(parts));
}

/// With denominators as factors.
Terms Polynomials::flat(const Quotient& q) {
  Terms r = q.num;
  for (const auto& [name, power] : q.den) {
    Term t;
    t.factors.push_back({make_power(tree_of(power.first), -1), power.second});
    r = product(r, {t});
  }
  return r;
}

// ---- trees ----

namespace {

bool speaks_of_indices(const Tree& t) {
  const Level deeper;
  return t->kind == Kind::equal || t->kind == Kind::at_least || std::ranges::any_of(t->args, speaks_of_indices);
}

}  // namespace

Quotient Polynomials::call(const Tree& t) {
  const auto code = static_cast<Opcode>(t->code);
  const std::vector<Tree>& x = t->args;
  const auto more = [](const Tree& u) {
    Node n;
    n.kind = Kind::positive;
    n.args = {u};
    return make_node(std::move(n));
  };
  if (const Tree c = condition_in(t, {})) {
    const Tree then = with_condition(t, c->kind, c->at[0], true), other = with_condition(t, c->kind, c->at[0], false);
    return expand(make_add({make_mul({c, then}), make_mul({minus(make_number(1), c), other})}));
  }
  if (code == opcode<Exp>) {
    Term r;
    for (Term& e : flat(expand(x[0]))) r.exponent.push_back(std::move(e));
    return {{r}, {}};
  }
  if (code == opcode<Sqrt>) {
    const Tree choice = splits_ ? choice_in(t) : nullptr;
    if (!choice) return root(t);
    // Which of the two it is is decided outside of the root, where it may be a factor of everything inside.
    const Tree &a = choice->args[0], &b = choice->args[1], condition = more(minus(a, b));
    const bool is_max = choice->code == opcode<Max>;
    return expand(make_add({make_mul({condition, with_part(t, choice, is_max ? a : b)}),
                            make_mul({minus(make_number(1), condition), with_part(t, choice, is_max ? b : a)})}));
  }
  if (code == opcode<Relu>) return expand(make_mul({x[0], more(x[0])}));
  if (code == opcode<Abs>) {
    if (speaks_of_indices(x[0])) return expand(make_mul({x[0], minus(more(x[0]), more(negated(x[0])))}));
    // |u| = 2 u [u > 0] - u, of the one of u and -u that has a name.
    bool is_opposite = false;
    name_of(x[0], is_opposite);
    const Tree u = is_opposite ? negated(x[0]) : x[0];
    return expand(minus(make_mul({make_number(2), u, more(u)}), u));
  }
  if (code == opcode<Sign>) return expand(minus(more(x[0]), more(negated(x[0]))));
  if (code == opcode<Max>) return expand(make_add({x[1], make_mul({minus(x[0], x[1]), more(minus(x[0], x[1]))})}));
  if (code == opcode<Min>) return expand(minus(x[0], make_mul({minus(x[0], x[1]), more(minus(x[0], x[1]))})));
  if (writes_out_) {
    const std::span<const Expr> names = world_.names(x.size());
    const WorkspaceScope scope(world_.workspace);
    const Expr written_out = algebraic_form(code, {}, names);
    if (!written_out.empty()) return expand(world_.tree_of(written_out, x));
  }
  Term r;
  r.factors.push_back({t, 1});
  return {{r}, {}};
}

/// u > 0 where it is not decided by cases. Of u = c v with a condition c: where c holds and v > 0.
Quotient Polynomials::positive(const Tree& t) {
  const Signs possible = sign_of(world_, t->args[0]);
  if ((possible & 4U) == 0) return {};
  if (possible == 4) return {number(1), {}};
  Terms terms = flat_without_splits(t->args[0]);
  // Conditions that hang on no index that their term is summed over.
  const auto is_fixed = [](const Term& term, const Factor& f) {
    return is_condition(f.atom->kind) && f.exponent > 0 &&
           std::ranges::none_of(term.over, [&](const Bound& b) { return mentions(f.atom, b.symbol); });
  };
  Term whole;
  if (!terms.empty())
    for (const Factor& f : terms[0].factors)
      if (is_fixed(terms[0], f)) whole.factors.push_back({f.atom, 1});
  std::erase_if(whole.factors, [&](const Factor& c) {
    const std::string name = print(c, {});
    return !std::ranges::all_of(terms, [&](const Term& term) {
      return std::ranges::any_of(term.factors, [&](const Factor& f) {
        return is_fixed(term, f) && print(Factor{f.atom, 1}, {}) == name;
      });
    });
  });
  Node rest = *t;
  if (!whole.factors.empty()) {
    for (Term& term : terms)
      std::erase_if(term.factors, [&](const Factor& f) {
        return is_fixed(term, f) && std::ranges::any_of(whole.factors, [&](const Factor& c) {
                 return print(c, {}) == print(Factor{f.atom, 1}, {});
               });
      });
    rest.args = {tree_of(terms)};
  }
  Quotient r{{whole}, {}};
  if (const auto c = constant(rest.args[0])) return *c > 0 ? r : Quotient{};
  r.num[0].factors.push_back({make_node(std::move(rest)), 1});
  return r;
}

/// Even powers come out of a root as absolute values, and what is positive has a root of its own.
Quotient Polynomials::root(const Tree& t) {
  Term outside;
  std::vector<Tree> absolute;
  Terms terms = flat_without_splits(t->args[0]);
  if (terms.size() == 1) {
    std::set<std::string> taken;
    for (const Factor& f : terms[0].factors) {
      const bool is_fixed =
          std::ranges::none_of(terms[0].over, [&](const Bound& b) { return mentions(f.atom, b.symbol); });
      if (!is_fixed || is_condition(f.atom->kind)) continue;
      const Signs sign = sign_of(world_, f.atom);
      std::int64_t power = 0;
      const std::string name = print(Factor{f.atom, 1}, {});
      if (taken.contains(name)) continue;
      for (const Factor& g : terms[0].factors)
        if (print(Factor{g.atom, 1}, {}) == name) power += g.exponent;
      const std::int64_t odd = ((power % 2) + 2) % 2;
      if (power == 0 || (odd != 0 && sign != 4)) continue;
      taken.insert(name);
      const std::int64_t half = (power - odd) / 2;
      if ((sign & 1U) != 0 && half % 2 != 0) {
        absolute.push_back(make_call(opcode<Abs>, {f.atom}));
        if (half != 1) outside.factors.push_back({f.atom, half - 1});
      } else if (half != 0) {
        outside.factors.push_back({f.atom, half});
      }
      if (odd != 0) outside.factors.push_back({make_call(opcode<Sqrt>, {f.atom}), 1});
    }
    std::erase_if(terms[0].factors, [&](const Factor& f) { return taken.contains(print(Factor{f.atom, 1}, {})); });
  }
  if (outside.factors.empty() && absolute.empty()) {
    outside.factors.push_back({t, 1});
    return {{outside}, {}};
  }
  Quotient r{{outside}, {}};
  for (const Tree& a : absolute) r = product(r, expand(a));
  const Tree rest = tree_of(terms);
  if (is_number(rest, 1)) return r;
  Term inside;
  inside.factors.push_back({make_call(opcode<Sqrt>, {rest}), 1});
  return product(r, Quotient{{inside}, {}});
}

/// The last entry of a row of a few, whose sum is known, by the others; null for other entries.
Tree Polynomials::by_row_sum(const Tree& t, const RowSum& sum) const {
  if (t->code != sum.array || sum.power != 1) return nullptr;
  const Lin& n = world_.arrays[static_cast<std::size_t>(sum.array)].extents[sum.axis];
  if (!n.is_number() || n.c < 1 || n.c > most_written_out || t->at[sum.axis] != n) return nullptr;
  std::vector<Tree> parts{make_number(sum.value)};
  for (std::int64_t k = 1; k < n.c; ++k) {
    Node other = *t;
    other.at[sum.axis] = Lin::number(k);
    parts.push_back(negated(make_node(std::move(other))));
  }
  return make_add(std::move(parts));
}

Quotient Polynomials::expand(const Tree& t) {
  const Level deeper;
  world_.step();
  const auto factor = [](const Tree& atom) {
    Term r;
    r.factors.push_back({atom, 1});
    return Quotient{{r}, {}};
  };
  switch (t->kind) {
    case Kind::number:
      return {number(t->number), {}};
    case Kind::symbol:
      return factor(t);
    case Kind::entry:
      if (case_.zeros.contains({t->code, t->at})) return {};
      for (const RowSum& sum : world_.row_sums)
        if (const Tree others = by_row_sum(t, sum)) return expand(others);
      return factor(t);
    case Kind::apply:
    case Kind::slope:
      return factor(t);
    case Kind::call:
      return call(t);
    case Kind::mul: {
      Quotient r{number(1), {}};
      for (const Tree& a : t->args) {
        r = product(r, expand(a));
        if (r.num.empty()) return {};
      }
      return r;
    }
    case Kind::power: {
      Quotient base = expand(t->args[0]);
      if (t->exponent < 0) base = inverse(base);
      Quotient r = base;
      const std::int64_t n = t->exponent < 0 ? -t->exponent : t->exponent;
      if (n > 64) throw NotHandled("a power as high as this");
      for (std::int64_t k = 1; k < n; ++k) r = product(r, base);
      return r;
    }
    case Kind::add: {
      std::vector<Quotient> parts;
      std::map<std::string, std::pair<Terms, std::int64_t>> common;
      for (const Tree& a : t->args) {
        parts.push_back(expand(a));
        if (parts.back().num.empty()) parts.back().den.clear();
        for (const auto& [name, power] : parts.back().den) {
          auto [it, is_new] = common.emplace(name, power);
          if (!is_new) it->second.second = std::max(it->second.second, power.second);
        }
      }
      Quotient r{{}, common};
      for (Quotient& q : parts) {
        for (const auto& [name, power] : common) {
          const auto own = q.den.find(name);
          const std::int64_t missing = power.second - (own == q.den.end() ? 0 : own->second.second);
          for (std::int64_t k = 0; k < missing; ++k) q.num = product(q.num, power.first);
        }
        r.num.insert(r.num.end(), q.num.begin(), q.num.end());
      }
      return r;
    }
    case Kind::sum: {
      const Bound& b = t->bounds[0];
      const Lin count = plus(b.hi, b.lo, -1);
      if (count.is_number() && count.c < most_written_out) {
        std::vector<Tree> parts;
        for (std::int64_t n = 0; n <= count.c; ++n)
          parts.push_back(renamed(t->args[0], {{b.symbol, plus(b.lo, Lin::number(n))}}));
        return expand(make_add(std::move(parts)));
      }
      const int k = world_.ranges.make("k", b.lo, b.hi);
      bound_.insert(k);
      Quotient q = expand(renamed(t->args[0], {{b.symbol, Lin::name(k)}}));
      for (auto it = q.den.begin(); it != q.den.end();) {
        const Tree denominator = tree_of(it->second.first);
        if (!mentions(denominator, k)) {
          ++it;
          continue;
        }
        Term inside;
        inside.factors.push_back({make_power(denominator, -1), it->second.second});
        q.num = product(q.num, {inside});
        it = q.den.erase(it);
      }
      return {closed({k, b.lo, b.hi}, q.num), q.den};
    }
    case Kind::equal:
    case Kind::at_least: {
      const auto known = settled_condition(t);
      return known ? expand(*known) : factor(t);
    }
    case Kind::positive: {
      if (const auto c = constant(t->args[0])) return {number(*c > 0 ? 1 : 0), {}};
      if (has_bound(t) || !splits_) return positive(t);
      // What the operand hangs on is settled first.
      Terms operand = flat(expand(t->args[0]));
      if (operand.size() == 1)  // without positive factors
        std::erase_if(operand[0].factors, [&](const Factor& f) {
          return sign_of(world_, f.atom) == 4 &&
                 std::ranges::none_of(operand[0].over, [&](const Bound& b) { return mentions(f.atom, b.symbol); });
        });
      const Tree settled_operand = tree_of(operand);
      if (const auto c = constant(settled_operand)) return {number(*c > 0 ? 1 : 0), {}};
      bool is_opposite = false;
      const std::string name = name_of(settled_operand, is_opposite);
      const auto known = case_.signs.find(name);
      if (known == case_.signs.end()) {
        if (const auto sign = sign_beside_roots(settled_operand)) return {number(*sign > 0 ? 1 : 0), {}};
        throw Split{Kind::positive, {}, name, settled_operand};
      }
      return {number((is_opposite ? -known->second : known->second) > 0 ? 1 : 0), {}};
    }
  }
  return {};
}

}  // namespace nabla::reindex
