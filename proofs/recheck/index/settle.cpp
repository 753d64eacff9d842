// Conditions settled, deltas contracted, indices that occur nowhere counted, sums of powers of their index in closed
// form.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>

namespace nabla::reindex {

namespace {

constexpr std::size_t most_settled_terms = 4'000;

constexpr std::int64_t highest_power = 16;
constexpr std::int64_t highest_whole_exponent = 64;

/// S_p with S_p(x) - S_p(x - 1) = x^p and S_p(0) = 0, from (x + 1)^(p + 1) - 1 = sum_j C(p + 1, j) S_j(x).
std::vector<Rational> telescoped(std::int64_t p) {
  std::vector<std::vector<Rational>> all;
  for (std::int64_t n = 0; n <= p; ++n) {
    std::vector<Rational> s(static_cast<std::size_t>(n) + 2);
    Rational choose = 1;
    for (std::int64_t j = 0; j <= n + 1; ++j) {
      s[static_cast<std::size_t>(j)] += choose;
      choose = choose * (n + 1 - j) / (j + 1);
    }
    s[0] -= 1;
    choose = 1;
    for (std::int64_t j = 0; j < n; ++j) {
      const std::vector<Rational>& lower = all[static_cast<std::size_t>(j)];
      for (std::size_t i = 0; i < lower.size(); ++i) s[i] -= choose * lower[i];
      choose = choose * (n + 1 - j) / (j + 1);
    }
    for (Rational& c : s) c /= n + 1;
    all.push_back(std::move(s));
  }
  return all.back();
}

bool is_symbol(const Tree& atom, int s) { return atom->kind == Kind::symbol && atom->at[0] == Lin::name(s); }

}  // namespace

// ---- conditions ----

bool Polynomials::is_free(const Lin& a) const {
  return std::none_of(a.of.begin(), a.of.end(), [&](const auto& s) { return bound_.contains(s.first); });
}

bool Polynomials::has_bound(const Tree& t) const {
  return std::any_of(bound_.begin(), bound_.end(), [&](int s) { return mentions(t, s); });
}

/// 0 or 1 where that is known (or, of free indices, by cases); nothing for conditions on bound indices.
std::optional<Tree> Polynomials::settled_condition(const Tree& atom) {
  const Lin& a = atom->at[0];
  const Lin opposite = plus({}, a, -1);
  const auto is_positive = [&](const Lin& x) { return world_.ranges.at_least_zero(plus(x, Lin::number(1), -1)); };
  if (atom->kind == Kind::at_least) {
    if (world_.ranges.at_least_zero(a)) return make_number(1);
    if (is_positive(opposite)) return make_number(0);
    if (const auto known = case_.at_least.find(a); known != case_.at_least.end())
      return make_number(known->second ? 1 : 0);
  } else {
    if (a.is_number()) return make_number(a.c == 0 ? 1 : 0);
    if (is_positive(a) || is_positive(opposite) || case_.unequal.contains(a) || case_.unequal.contains(opposite))
      return make_number(0);
  }
  if (is_free(a) && splits_) throw Split{atom->kind, a, {}, {}};
  return std::nullopt;
}

/// A condition on indices that are not bound inside t.
Tree Polynomials::condition_in(const Tree& t, std::vector<int> bound) const {
  const Level deeper;
  if (t->kind == Kind::equal || t->kind == Kind::at_least) {
    const bool is_inner = std::any_of(bound.begin(), bound.end(), [&](int s) { return t->at[0].has(s); });
    return is_inner ? nullptr : t;
  }
  for (const Bound& b : t->bounds) bound.push_back(b.symbol);
  for (const Tree& a : t->args)
    if (Tree found = condition_in(a, bound)) return found;
  return nullptr;
}

// ---- sums ----

std::optional<Terms> Polynomials::closed_form(const Term& t, std::size_t k) {
  const Bound b = t.over[k];
  for (const Bound& other : t.over)
    if (other.lo.has(b.symbol) || other.hi.has(b.symbol)) return std::nullopt;
  Term rest = t;
  rest.over.erase(rest.over.begin() + static_cast<std::ptrdiff_t>(k));
  std::int64_t power = 0;
  std::erase_if(rest.factors, [&](const Factor& f) {
    if (!is_symbol(f.atom, b.symbol)) return false;
    power += f.exponent;
    return true;
  });
  for (const Factor& f : rest.factors)
    if (mentions(f.atom, b.symbol)) return std::nullopt;
  std::vector<Tree> rates;
  rest.exponent.clear();
  for (const Term& e : t.exponent) {
    const Tree tree = tree_of({e});
    if (!mentions(tree, b.symbol)) {
      rest.exponent.push_back(e);
      continue;
    }
    Term rate = e;
    std::int64_t degree = 0;
    std::erase_if(rate.factors, [&](const Factor& f) {
      if (!is_symbol(f.atom, b.symbol)) return false;
      degree += f.exponent;
      return true;
    });
    if (degree != 1 || !e.over.empty() || mentions(tree_of({rate}), b.symbol)) return std::nullopt;
    rates.push_back(tree_of({rate}));
  }
  const Lin after = plus(b.hi, Lin::number(1)), before = plus(b.lo, Lin::number(-1));
  Tree sum;
  if (rates.empty()) {
    if (power < 1 || power > highest_power) return std::nullopt;
    const std::vector<Rational> s = telescoped(power);
    const auto at = [&](const Lin& end) {
      std::vector<Tree> parts;
      for (std::size_t j = 1; j < s.size(); ++j)
        parts.push_back(make_mul({make_number(s[j]), make_power(make_lin(end), static_cast<std::int64_t>(j))}));
      return make_add(std::move(parts));
    };
    sum = minus(at(b.hi), at(before));
  } else {
    if (power != 0) return std::nullopt;
    const Tree rate = make_add(rates);
    if ((sign_of(world_, rate) & 2U) != 0) return std::nullopt;
    const auto e_to = [&](const Tree& x) { return make_call(opcode<Exp>, {x}); };
    sum = make_mul({minus(e_to(make_mul({rate, make_lin(after)})), e_to(make_mul({rate, make_lin(b.lo)}))),
                    make_power(minus(e_to(rate), make_number(1)), -1)});
  }
  return product({rest}, flat(expand(sum)));
}

std::optional<Terms> Polynomials::without_logarithm(const Term& t) {
  for (std::size_t n = 0; n < t.exponent.size(); ++n) {
    const Term& e = t.exponent[n];
    if (!e.over.empty() || !e.exponent.empty() || e.factors.size() != 1 || e.factors[0].exponent != 1) continue;
    const Tree& log = e.factors[0].atom;
    if (log->kind != Kind::call || log->code != opcode<Log> || denominator(e.c) != 1) continue;
    if (abs(numerator(e.c)) > highest_whole_exponent) continue;
    Term rest = t;
    rest.exponent.erase(rest.exponent.begin() + static_cast<std::ptrdiff_t>(n));
    const Tree power = make_power(log->args[0], static_cast<std::int64_t>(numerator(e.c)));
    return product({rest}, flat(expand(power)));
  }
  return std::nullopt;
}

Terms Polynomials::closed(const Bound& k, const Terms& terms) {
  Terms r;
  for (Term t : terms) {
    t.over.insert(t.over.begin(), k);
    Terms part = settled(std::move(t));
    r.insert(r.end(), part.begin(), part.end());
    if (r.size() > most_settled_terms) throw NotHandled("more terms than a replay writes out");
  }
  return r;
}

/// Deltas contracted, conditions settled, indices that occur nowhere counted, row sums put in.
Terms Polynomials::settled(Term t) {
  const Level deeper;
  world_.step();
  if (t.exponent.size() > 1) {  // what cancels in the exponent no longer hangs on an index
    std::map<std::string, Term> sum;
    for (Term& e : t.exponent) {
      auto [it, is_new] = sum.emplace(print(e, {}), e);
      if (!is_new) it->second.c += e.c;
    }
    t.exponent.clear();
    for (auto& [name, e] : sum)
      if (!e.c.is_zero()) t.exponent.push_back(std::move(e));
  }
  for (std::size_t f = 0; f < t.factors.size(); ++f)  // powers of one entry
    for (std::size_t g = t.factors.size(); g-- > f + 1;) {
      const Node &a = *t.factors[f].atom, &b = *t.factors[g].atom;
      if (a.kind != Kind::entry || b.kind != Kind::entry || a.code != b.code || a.at != b.at) continue;
      t.factors[f].exponent += t.factors[g].exponent;
      t.factors.erase(t.factors.begin() + static_cast<std::ptrdiff_t>(g));
    }
  std::erase_if(t.factors, [](const Factor& f) { return f.exponent == 0; });  // 1 wherever the whole is defined
  for (std::size_t f = 0; f < t.factors.size(); ++f) {  // u (-u > 0) = u - u (u > 0), where it stands in a sum
    const Tree atom = t.factors[f].atom;
    bool is_opposite = false;
    if (atom->kind != Kind::positive || !has_bound(atom)) continue;
    name_of(atom->args[0], is_opposite);
    const Terms u = is_opposite ? flat_without_splits(atom->args[0]) : Terms{};
    if (u.size() != 1 || !u[0].over.empty() || !u[0].exponent.empty() || u[0].factors.empty()) continue;
    const bool stands = std::ranges::all_of(u[0].factors, [&](const Factor& part) {
      const std::string name = print(Factor{part.atom, 1}, {});
      return std::ranges::any_of(t.factors, [&](const Factor& g) {
        return g.exponent >= part.exponent && print(Factor{g.atom, 1}, {}) == name;
      });
    });
    if (!stands) continue;
    Term rest = t, flipped = t;
    rest.factors.erase(rest.factors.begin() + static_cast<std::ptrdiff_t>(f));
    Node other = *atom;
    other.args = {negated(atom->args[0])};
    flipped.factors[f] = {make_node(std::move(other)), 1};
    flipped.c = -flipped.c;
    Terms r = settled(std::move(rest));
    for (Term& x : settled(std::move(flipped))) r.push_back(std::move(x));
    return r;
  }
  for (const Factor& root : t.factors) {  // sqrt(u)^2 = u, where it stands in a sum
    if (root.atom->kind != Kind::call || root.atom->code != opcode<Sqrt> || (!folds_roots_ && !has_bound(root.atom)))
      continue;
    const std::string name = print(Factor{root.atom, 1}, {});
    Term rest = t;
    std::int64_t power = 0;
    std::erase_if(rest.factors, [&](const Factor& f) {
      if (f.atom->kind != Kind::call || f.atom->code != opcode<Sqrt> || print(Factor{f.atom, 1}, {}) != name)
        return false;
      power += f.exponent;
      return true;
    });
    const std::int64_t odd = ((power % 2) + 2) % 2;
    if (power == odd) continue;
    if (odd != 0) rest.factors.push_back({root.atom, 1});
    Terms r;
    for (const Term& x : product({rest}, flat(expand(make_power(root.atom->args[0], (power - odd) / 2)))))
      for (Term& y : settled(x)) r.push_back(std::move(y));
    return r;
  }
  for (std::size_t f = 0; f < t.factors.size(); ++f)  // u > 0 and -u > 0
    for (std::size_t g = f + 1; g < t.factors.size(); ++g) {
      const Node &a = *t.factors[f].atom, &b = *t.factors[g].atom;
      if (a.kind != Kind::positive || b.kind != Kind::positive) continue;
      bool first = false, second = false;
      if (name_of(a.args[0], first) == name_of(b.args[0], second) && first != second) return {};
    }
  for (std::size_t f = 0; f < t.factors.size(); ++f) {
    const Tree atom = t.factors[f].atom;
    if (atom->kind == Kind::positive && splits_ && !has_bound(atom)) {  // its index was bound before
      if (expand(atom).num.empty()) return {};
      t.factors.erase(t.factors.begin() + static_cast<std::ptrdiff_t>(f));
      return settled(std::move(t));
    }
    if (atom->kind != Kind::equal && atom->kind != Kind::at_least) continue;
    if (const auto known = settled_condition(atom)) {
      if (is_number(*known, 0)) return {};
      t.factors.erase(t.factors.begin() + static_cast<std::ptrdiff_t>(f));
      return settled(std::move(t));
    }
    if (atom->kind != Kind::equal) continue;
    for (std::size_t k = t.over.size(); k-- > 0;) {
      const Bound b = t.over[k];
      if (!atom->at[0].has(b.symbol)) continue;
      const std::int64_t n = atom->at[0].of.at(b.symbol);
      if (n != 1 && n != -1) continue;
      const Lin value = plus({}, plus(atom->at[0], Lin::name(b.symbol), -n), -n);
      t.factors.erase(t.factors.begin() + static_cast<std::ptrdiff_t>(f));
      t.over.erase(t.over.begin() + static_cast<std::ptrdiff_t>(k));
      t = renamed_term(std::move(t), {{b.symbol, value}});
      for (const Lin& inside : {plus(value, b.lo, -1), plus(b.hi, value, -1)}) {
        Node n2;
        n2.kind = Kind::at_least;
        n2.at = {inside};
        t.factors.push_back({make_node(std::move(n2)), 1});
      }
      return settled(std::move(t));
    }
    // Where nothing is decided by cases, the other factors are written with the index that was there first.
    if (splits_ || atom->at[0].of.empty()) continue;
    const auto [symbol, n] = *atom->at[0].of.rbegin();
    if (n != 1 && n != -1) continue;
    Term others = t;
    others.factors.erase(others.factors.begin() + static_cast<std::ptrdiff_t>(f));
    if (!mentions(tree_of({others}), symbol)) continue;
    const Lin value = plus({}, plus(atom->at[0], Lin::name(symbol), -n), -n);
    others = renamed_term(std::move(others), {{symbol, value}});
    others.factors.push_back({atom, 1});
    return settled(std::move(others));
  }
  if (const auto powers = without_logarithm(t)) {
    Terms r;
    for (const Term& x : *powers)
      for (Term& y : settled(x)) r.push_back(std::move(y));
    return r;
  }
  for (std::size_t k = 0; k < t.over.size(); ++k)
    if (const auto known = closed_form(t, k)) {
      Terms r;
      for (const Term& x : *known)
        for (Term& y : settled(x)) r.push_back(std::move(y));
      return r;
    }
  const auto uses = [&](const Term& part, int s) {
    const auto in_term = [&](const auto& self, const Term& x) -> bool {
      return std::any_of(x.factors.begin(), x.factors.end(), [&](const Factor& f) { return mentions(f.atom, s); }) ||
             std::any_of(x.over.begin(), x.over.end(), [&](const Bound& b) { return b.lo.has(s) || b.hi.has(s); }) ||
             std::any_of(x.exponent.begin(), x.exponent.end(), [&](const Term& e) { return self(self, e); });
    };
    return in_term(in_term, part);
  };
  for (std::size_t k = 0; k < t.over.size(); ++k) {
    const Bound b = t.over[k];
    Term rest = t;
    rest.over.erase(rest.over.begin() + static_cast<std::ptrdiff_t>(k));
    if (!uses(rest, b.symbol)) {  // the caller knows that the range does not run backwards
      const Terms count = expand(make_lin(plus(plus(b.hi, b.lo, -1), Lin::number(1)))).num;
      Terms r;
      for (const Term& x : product({rest}, count)) {
        Terms part = settled(x);
        r.insert(r.end(), part.begin(), part.end());
      }
      return r;
    }
    for (const RowSum& sum : world_.row_sums)
      for (std::size_t f = 0; f < rest.factors.size(); ++f) {
        const Node& a = *rest.factors[f].atom;
        const bool power_fits =
            rest.factors[f].exponent == sum.power ||
            (rest.factors[f].exponent > 0 && world_.arrays[static_cast<std::size_t>(sum.array)].is_binary);
        if (a.kind != Kind::entry || a.code != sum.array || !power_fits || a.at[sum.axis] != Lin::name(b.symbol))
          continue;
        if (b.lo != Lin::number(1) || b.hi != world_.arrays[static_cast<std::size_t>(sum.array)].extents[sum.axis])
          continue;
        bool elsewhere = false;
        for (std::size_t axis = 0; axis < a.at.size(); ++axis)
          elsewhere = elsewhere || (axis != sum.axis && a.at[axis].has(b.symbol));
        Term without = rest;
        without.factors.erase(without.factors.begin() + static_cast<std::ptrdiff_t>(f));
        if (elsewhere || uses(without, b.symbol)) continue;
        without.c *= sum.value;
        return without.c.is_zero() ? Terms{} : settled(std::move(without));
      }
  }
  // Of two entries of a one-hot vector only equal ones count.
  for (std::size_t f = 0; f < t.factors.size(); ++f)
    for (std::size_t g = f + 1; g < t.factors.size(); ++g) {
      const Node &a = *t.factors[f].atom, &b = *t.factors[g].atom;
      if (a.kind != Kind::entry || b.kind != Kind::entry || a.code != b.code || a.at == b.at ||
          !world_.arrays[static_cast<std::size_t>(a.code)].is_onehot || t.factors[f].exponent < 1 ||
          t.factors[g].exponent < 1)
        continue;
      Node n;
      n.kind = Kind::equal;
      n.at = {plus(a.at[0], b.at[0], -1)};
      t.factors[g] = {make_node(std::move(n)), 1};
      return settled(std::move(t));
    }
  return {std::move(t)};
}

}  // namespace nabla::reindex
