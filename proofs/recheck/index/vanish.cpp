// Canonical names of terms, the test for 0 in every case, and signs.
#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/recheck/index/expand.hpp>
#include <nabla/proofs/recheck/index/reader.hpp>
#include <numeric>

namespace nabla::reindex {

namespace {

constexpr int most_cases = 300;
constexpr std::size_t most_indices = 6;

}  // namespace

// ---- names ----

std::string Polynomials::print(const Lin& a, const Names& names) const {
  std::vector<std::string> parts;
  for (const auto& [s, n] : a.of) {
    const auto name = names.find(s);
    parts.push_back(std::to_string(n) + (name == names.end() ? "s" + std::to_string(s) : name->second));
  }
  std::sort(parts.begin(), parts.end());
  std::string r = std::to_string(a.c);
  for (const std::string& p : parts) r += "+" + p;
  return r;
}

std::string Polynomials::print(const Factor& f, const Names& names) {
  const Level deeper;
  const Node& n = *f.atom;
  std::string r = std::to_string(static_cast<int>(n.kind)) + "." + std::to_string(n.code);
  std::vector<std::string> at;
  for (const Lin& a : n.at) at.push_back(print(a, names));
  if (n.kind == Kind::entry && world_.arrays[static_cast<std::size_t>(n.code)].is_symmetric)
    std::sort(at.begin(), at.end());
  if (n.kind == Kind::equal) at[0] = std::min(at[0], print(plus({}, n.at[0], -1), names));
  for (const std::string& a : at) r += "[" + a;
  Names inner = names;
  for (const Bound& b : n.bounds) {
    r += "{" + print(b.lo, inner) + ".." + print(b.hi, inner);
    inner[b.symbol] = "%" + std::to_string(inner.size());
  }
  for (const Tree& a : n.args) r += "(" + print(flat_without_splits(a), inner);
  return r;
}

/// Inside of functions nothing is decided by cases: a condition there stays what it is.
Terms Polynomials::flat_without_splits(const Tree& t) {
  const WithoutSplits scope(*this);
  Terms r;
  for (Term& x : flat(expand(t)))
    for (Term& y : settled(std::move(x))) r.push_back(std::move(y));
  return r;
}

std::string Polynomials::print(const Term& term, const Names& names) {
  const Level deeper;
  if (term.over.size() > most_indices) throw NotHandled("a sum over more than 6 indices");
  std::vector<std::size_t> order(term.over.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::string best;
  bool is_first = true;
  do {
    world_.step();
    Names inner = names;
    for (const std::size_t k : order) inner[term.over[k].symbol] = "%" + std::to_string(inner.size());
    std::string r;
    for (const std::size_t k : order)
      r += "{" + print(term.over[k].lo, inner) + ".." + print(term.over[k].hi, inner) + "}";
    std::map<std::string, std::int64_t> powers;
    for (const Factor& f : term.factors) {
      const std::string name = print(f, inner);
      powers[name] += f.exponent;
      const Kind kind = f.atom->kind;
      const bool is_binary = kind == Kind::entry && world_.arrays[static_cast<std::size_t>(f.atom->code)].is_binary;
      if (kind == Kind::equal || kind == Kind::at_least || kind == Kind::positive || is_binary)
        powers[name] = std::min<std::int64_t>(powers[name], 1);
    }
    for (const auto& [name, n] : powers)
      if (n != 0) r += "*" + name + "^" + std::to_string(n);
    const std::string exponent = print(term.exponent, inner);
    if (!exponent.empty()) r += "*e^(" + exponent + ")";
    if (is_first || r < best) best = r;
    is_first = false;
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

std::string Polynomials::print(const Terms& terms, const Names& names) {
  std::map<std::string, Rational> sum;
  for (const Term& t : terms) sum[print(t, names)] += t.c;
  std::string r;
  for (const auto& [name, c] : sum)
    if (!c.is_zero()) r += c.str() + "*" + name + ";";
  return r;
}

std::string Polynomials::name_of(const Tree& t, bool& is_opposite) {
  Terms terms = flat_without_splits(t);
  std::map<std::string, Rational> sum;
  for (const Term& x : terms) sum[print(x, {})] += x.c;
  std::erase_if(sum, [](const auto& x) { return x.second.is_zero(); });
  if (sum.empty()) return "0";
  const Rational lead = sum.begin()->second;
  is_opposite = lead < 0;
  std::string r;
  for (const auto& [name, c] : sum) r += Rational(c / lead).str() + "*" + name + ";";
  return r;
}

// ---- deciding ----

std::optional<Rational> Polynomials::constant(const Tree& t) {
  const WithoutSplits scope(*this);
  const Quotient q = expand(t);
  Rational c = 0;
  for (const Term& x : q.num) {
    if (!x.over.empty() || !x.factors.empty() || !x.exponent.empty()) return std::nullopt;
    c += x.c;
  }
  if (!q.den.empty()) return std::nullopt;
  return c;
}

/// Terms over one denominator, of those that a sum had kept inside and whose index is gone.
Terms Polynomials::without_quotients(Terms terms) {
  const auto is_quotient = [&](const Factor& f) {
    return f.atom->kind == Kind::power && f.atom->exponent == -1 && !has_bound(f.atom);
  };
  for (int round = 0; round < 12; ++round) {
    std::string chosen;
    Tree base;
    std::int64_t most = 0;
    for (const Term& t : terms) {
      std::map<std::string, std::pair<Tree, std::int64_t>> own;
      for (const Factor& f : t.factors)
        if (is_quotient(f)) {
          auto& power = own[print(Factor{f.atom, 1}, {})];
          power.first = f.atom->args[0];
          power.second += f.exponent;
        }
      for (const auto& [name, power] : own) {
        if (!chosen.empty() && name != chosen) continue;
        chosen = name;
        base = power.first;
        most = std::max(most, power.second);
      }
    }
    if (chosen.empty()) return terms;
    const Terms denominator = flat(expand(base));
    Terms next;
    for (Term t : terms) {
      std::int64_t own = 0;
      std::erase_if(t.factors, [&](const Factor& f) {
        const bool is_it = is_quotient(f) && print(Factor{f.atom, 1}, {}) == chosen;
        if (is_it) own += f.exponent;
        return is_it;
      });
      Terms all{std::move(t)};
      for (std::int64_t n = own; n < most; ++n) all = product(all, denominator);
      for (Term& x : all)
        for (Term& y : settled(std::move(x))) next.push_back(std::move(y));
    }
    terms = std::move(next);
  }
  throw NotHandled("denominators inside each other");
}

/// Roots gathered: none in a denominator, none squared.
bool Polynomials::is_zero(Terms terms) {
  terms = without_quotients(std::move(terms));
  const auto is_root = [](const Factor& f) { return f.atom->kind == Kind::call && f.atom->code == opcode<Sqrt>; };
  for (int round = 0; round < 20; ++round) {
    std::map<std::string, std::pair<Tree, std::int64_t>> least;
    for (const Term& t : terms) {
      std::map<std::string, std::pair<Tree, std::int64_t>> own;
      for (const Factor& f : t.factors)
        if (is_root(f) && !has_bound(f.atom)) {
          auto [it, is_new] = own.emplace(print(Factor{f.atom, 1}, {}), std::pair{f.atom, std::int64_t{0}});
          it->second.second += f.exponent;
        }
      for (const auto& [name, power] : own) {
        auto [it, is_new] = least.emplace(name, power);
        if (!is_new) it->second.second = std::min(it->second.second, power.second);
      }
    }
    Term raise;
    for (const auto& [name, power] : least)
      if (power.second < 0) raise.factors.push_back({power.first, -power.second});
    if (!raise.factors.empty()) terms = product(terms, {raise});
    bool changed = !raise.factors.empty();
    Terms next;
    for (const Term& t : terms) {
      std::map<std::string, std::pair<Tree, std::int64_t>> own;
      Term rest = t;
      std::erase_if(rest.factors, [&](const Factor& f) { return is_root(f) && !has_bound(f.atom); });
      for (const Factor& f : t.factors)
        if (is_root(f) && !has_bound(f.atom))
          own.emplace(print(Factor{f.atom, 1}, {}), std::pair{f.atom, std::int64_t{0}}).first->second.second +=
              f.exponent;
      Terms all{rest};
      for (const auto& [name, power] : own) {
        if (power.second < 0) throw NotHandled("a root in a denominator");
        for (std::int64_t n = 0; n < power.second / 2; ++n) {
          all = product(all, flat(expand(power.first->args[0])));
          changed = true;
        }
        Term odd;
        if (power.second % 2 == 1) odd.factors.push_back({power.first, 1});
        all = product(all, {odd});
      }
      for (Term& x : all) {
        Terms part = settled(std::move(x));
        next.insert(next.end(), part.begin(), part.end());
      }
    }
    terms = std::move(next);
    if (!changed) break;
  }
  return print(terms, {}).empty();
}

/// Whether the terms are a number times a tree.
bool Polynomials::is_multiple(const Terms& terms, const Tree& of) {
  const auto gathered = [&](const Terms& list) {
    std::map<std::string, Rational> sum;
    for (const Term& t : list) sum[print(t, {})] += t.c;
    std::erase_if(sum, [](const auto& x) { return x.second.is_zero(); });
    return sum;
  };
  const auto a = gathered(terms), b = gathered(flat_without_splits(of));
  if (a.size() != b.size() || b.empty()) return false;
  const Rational ratio = a.begin()->second / b.begin()->second;
  return std::ranges::equal(
      a, b, [&](const auto& x, const auto& y) { return x.first == y.first && x.second == ratio * y.second; });
}

bool Polynomials::vanishes(const Tree& t) {
  for (const bool out : {false, true}) {
    writes_out_ = out;
    std::vector<Case> open;
    open.push_back({t, {}, {}, {}, {}, {}});
    int count = 0;
    bool all = true;
    while (!open.empty() && all) {
      if (++count > most_cases) throw NotHandled("more cases than a replay looks at");
      case_ = open.back();
      open.pop_back();
      bound_.clear();
      try {
        const Quotient q = expand(case_.tree);
        Terms settled_terms;
        for (const Term& x : q.num)
          for (Term& y : settled(x)) settled_terms.push_back(std::move(y));
        all = is_zero(settled_terms);
        for (const Tree& zero : case_.vanishing) all = all || (q.den.empty() && is_multiple(settled_terms, zero));
      } catch (const Split& split) {
        if (split.kind == Kind::positive) {
          const Signs possible = sign_of(world_, split.operand);  // as far as hypotheses tell
          bool is_opposite = false;
          name_of(split.operand, is_opposite);
          for (const int s : {-1, 0, 1}) {  // of what has the name
            const int own = is_opposite ? -s : s;
            if ((possible & (own < 0 ? 1U : own == 0 ? 2U : 4U)) == 0) continue;
            Case next = case_;
            next.signs[split.name] = s;
            next.operands[split.name] = split.operand;
            if (s == 0 && split.operand->kind == Kind::entry)
              next.zeros.insert({split.operand->code, split.operand->at});
            else if (s == 0)
              next.vanishing.push_back(split.operand);
            open.push_back(std::move(next));
          }
          continue;
        }
        Case yes = case_, no = case_;
        if (split.kind == Kind::at_least) {
          yes.at_least[split.at] = true;
          no.at_least[split.at] = false;
        } else {
          no.unequal.insert(split.at);
          const auto s = std::find_if(split.at.of.rbegin(), split.at.of.rend(),
                                      [](const auto& x) { return x.second == 1 || x.second == -1; });
          if (s == split.at.of.rend()) throw NotHandled("indices in such a relation");
          const Renaming by{{s->first, plus({}, plus(split.at, Lin::name(s->first), -s->second), -s->second)}};
          yes.tree = renamed(yes.tree, by);
          yes.unequal.clear();  // what was known of the index that is gone
          yes.at_least.clear();
          yes.signs.clear();
          yes.operands.clear();
          yes.zeros.clear();
          yes.vanishing.clear();
        }
        open.push_back(std::move(yes));
        open.push_back(std::move(no));
      }
    }
    if (all) return true;
  }
  return false;
}

std::optional<RowSum> Polynomials::row_sum(const Tree& a, const Tree& b, const std::vector<int>& axes) {
  auto value = constant(b);
  Tree u = a;
  if (!value) {
    value = constant(a);
    u = b;
  }
  if (!value) return std::nullopt;
  if (u->kind == Kind::call && u->code == opcode<Sqrt> && *value >= 0) {
    u = u->args[0];
    value = *value * *value;
  }
  const Terms terms = flat_without_splits(u);
  if (terms.size() != 1 || terms[0].c != 1 || terms[0].over.size() != 1 || !terms[0].exponent.empty())
    return std::nullopt;
  const Term& t = terms[0];
  for (const Factor& f : t.factors)
    if (f.atom->kind != Kind::entry || f.atom->code != t.factors[0].atom->code || f.atom->at != t.factors[0].atom->at ||
        f.exponent < 0)
      return std::nullopt;
  std::int64_t power = 0;
  for (const Factor& f : t.factors) power += f.exponent;
  const Node& entry = *t.factors[0].atom;
  const Array& array = world_.arrays[static_cast<std::size_t>(entry.code)];
  if (power < 1) return std::nullopt;
  RowSum r{entry.code, 0, *value, power};
  std::set<int> left(axes.begin(), axes.end());
  int summed = 0;
  for (std::size_t k = 0; k < entry.at.size(); ++k) {
    if (entry.at[k] == Lin::name(t.over[0].symbol)) {
      r.axis = k;
      ++summed;
    } else if (entry.at[k] == Lin::number(1) && array.extents[k] == Lin::number(1)) {
      continue;  // the only one
    } else if (entry.at[k].c != 0 || entry.at[k].of.size() != 1 || entry.at[k].of.begin()->second != 1 ||
               left.erase(entry.at[k].of.begin()->first) != 1) {
      return std::nullopt;  // not every other subscript: each must be an axis of its own
    } else {
      const auto& row = world_.ranges.rows[static_cast<std::size_t>(entry.at[k].of.begin()->first)];
      if (row.lo != Lin::number(1) || row.hi != array.extents[k]) return std::nullopt;
    }
  }
  if (summed != 1 || t.over[0].lo != Lin::number(1) || t.over[0].hi != array.extents[r.axis]) return std::nullopt;
  return r;
}

Signs signs_of(World& world, const Tree& t) {
  const Signs s = sign_of(world, t);
  if (s == 1 || s == 2 || s == 4) return s;
  Polynomials p(world);
  return s & p.sign(t);
}

bool vanishes(World& world, const Tree& t) {
  Polynomials p(world);
  return p.vanishes(t);
}

}  // namespace nabla::reindex
