// Sums over indices, function variables applied to tensors, and substitution below both.
#include <algorithm>
#include <nabla/proofs/check/index/algebra.hpp>
#include <numeric>

namespace nabla::index_form {

namespace {

constexpr int deepest_opening = 40;
constexpr std::size_t most_binders = 6;
constexpr std::int64_t most_written_out = 6;

bool contains(const std::vector<Symbol>& free, Symbol s) { return std::binary_search(free.begin(), free.end(), s); }
bool mentions(const Affine& a, Symbol s) { return a.coefficient(s) != 0; }

/// The name of a closed index: by how deep sums stand inside, so that it meets none of theirs.
Symbol closed_name(int height, std::size_t place) { return -(height * 16 + static_cast<int>(place) + 1); }

Affine substituted(Affine a, const Substitution& s) {
  Affine r = Affine::of(a.constant);
  for (const auto& [symbol, c] : a.terms) {
    const auto found =
        std::find_if(s.symbols.begin(), s.symbols.end(), [&](const auto& pair) { return pair.first == symbol; });
    r = r + times(found == s.symbols.end() ? Affine::symbol(symbol) : found->second, c);
  }
  return r;
}

}  // namespace

Poly Algebra::substitute(const Poly& p, const Substitution& s) {
  if (!s.arrays.empty()) refuse_attained(p);
  Poly r;
  for (const auto& [m, c] : p.terms) {
    Poly term = number(c);
    Monomial kept;
    for (const auto& [id, e] : m) {
      const Atom& a = atom(id);
      bool touched = s.everything;
      for (const auto& [symbol, by] : s.symbols) touched = touched || contains(a.free, symbol);
      for (const auto& [array, by] : s.arrays)
        touched = touched || std::binary_search(a.arrays.begin(), a.arrays.end(), array);
      if (touched) {
        term = mul(term, rebuilt(id, e, s));
      } else {
        kept.emplace_back(id, e);
      }
    }
    r = add(r, mul(term, of_monomial(kept)));
  }
  return r;
}

Poly Algebra::rebuilt(AtomId id, std::int64_t exponent, const Substitution& s) {
  const Depth level(depth_);
  const Atom& a = atom(id);
  std::vector<Affine> subscripts;
  for (const Affine& subscript : a.subscripts) subscripts.push_back(substituted(subscript, s));
  Substitution opened = s;
  std::vector<Binder> binders;
  for (const Binder& b : a.binders) {
    Binder fresh{0, substituted(b.lo, opened), substituted(b.hi, opened)};
    fresh.symbol = symbols.make("k", fresh.lo, fresh.hi);
    opened.symbols.emplace_back(b.symbol, Affine::symbol(fresh.symbol));
    binders.push_back(fresh);
  }
  std::vector<Poly> operands;
  for (const Poly& p : a.operands) operands.push_back(substitute(p, opened));
  switch (a.kind) {
    case AtomKind::entry: {
      for (const auto& [array, tensor] : s.arrays) {
        if (array != a.code) continue;
        Substitution at;
        for (std::size_t k = 0; k < subscripts.size(); ++k) at.symbols.emplace_back(tensor->axes[k], subscripts[k]);
        return power(substitute(tensor->body, at), exponent);
      }
      return power(entry(a.code, std::move(subscripts)), exponent);
    }
    case AtomKind::symbol:
      return power(affine(subscripts[0]), exponent);
    case AtomKind::equal:
      return power(equal(subscripts[0]), exponent);
    case AtomKind::at_least:
      return power(at_least(subscripts[0]), exponent);
    case AtomKind::exponential:
      return power(exp(operands[0]), exponent);
    case AtomKind::inverse:
      return power(operands[0], -exponent);
    case AtomKind::function:
      return power(apply(static_cast<Opcode>(a.code), a.attributes, operands), exponent);
    case AtomKind::positive:
      return power(positive(operands[0]), exponent);
    case AtomKind::sum:
      return power(close(binders, operands[0]), exponent);
    case AtomKind::application:
    case AtomKind::jacobian: {
      Tensor argument;
      for (const Binder& b : binders) {
        argument.extents.push_back(b.hi);
        argument.axes.push_back(b.symbol);
      }
      argument.body = operands[0];
      return power(application(a.kind, a.code, argument, std::move(subscripts)), exponent);
    }
  }
  return {};
}

Poly Algebra::application(AtomKind kind, int function, const Tensor& argument, std::vector<Affine> subscripts) {
  Atom made;
  made.kind = kind;
  made.code = function;
  made.subscripts = std::move(subscripts);
  int height = 0;
  for (const auto& [m, c] : argument.body.terms)
    for (const auto& [id, e] : m) height = std::max(height, atom(id).height);
  Substitution closed;
  for (std::size_t k = 0; k < argument.rank(); ++k) {
    const Symbol name = closed_name(height + 1, k);
    made.binders.push_back({name, Affine::of(1), argument.extents[k]});
    closed.symbols.emplace_back(argument.axes[k], Affine::symbol(name));
  }
  made.operands = {substitute(argument.body, closed)};
  return of_monomial({{intern(std::move(made)), 1}});
}

// ---- sums ----

Poly Algebra::close(std::vector<Binder> binders, const Poly& p) {
  for (std::size_t k = 0; k < binders.size(); ++k) {
    const Binder b = binders[k];
    const Affine count = b.hi - b.lo + Affine::of(1);
    if (!symbols.is_nonnegative(count)) throw NotHandled("a sum whose range may run backwards");
    if (!count.is_constant() || count.constant > most_written_out) continue;
    // A few terms are written out.
    binders.erase(binders.begin() + static_cast<std::ptrdiff_t>(k));
    Poly r;
    for (std::int64_t n = 0; n < count.constant; ++n) {
      const Substitution at{.symbols = {{b.symbol, b.lo + Affine::of(n)}}};
      std::vector<Binder> rest = binders;
      for (Binder& other : rest) other = {other.symbol, substituted(other.lo, at), substituted(other.hi, at)};
      r = add(r, close(rest, substitute(p, at)));
    }
    return r;
  }
  return close_each(binders, p, 0);
}

Poly Algebra::close_each(const std::vector<Binder>& binders, const Poly& p, int depth) {
  if (binders.empty()) return p;
  Poly r;
  for (const auto& [m, c] : p.terms) r = add(r, scaled(close_monomial(binders, m, depth), c));
  return r;
}

Poly Algebra::close_monomial(const std::vector<Binder>& binders, const Monomial& m, int depth) {
  step();
  if (depth > deepest_opening) throw NotHandled("sums inside each other as deep as this");
  const auto has_binder = [&](const Atom& a) {
    return std::any_of(binders.begin(), binders.end(), [&](const Binder& b) { return contains(a.free, b.symbol); });
  };
  // A delta leaves one term of its sum.
  for (const auto& [id, e] : m) {
    const Atom& a = atom(id);
    if (a.kind != AtomKind::equal) continue;
    for (std::size_t k = binders.size(); k-- > 0;) {
      const Binder b = binders[k];
      const std::int64_t c = a.subscripts[0].coefficient(b.symbol);
      if (c != 1 && c != -1) continue;
      const Affine value = times(a.subscripts[0] - times(Affine::symbol(b.symbol), c), -c);
      const Substitution at{.symbols = {{b.symbol, value}}};
      Monomial rest = m;
      std::erase_if(rest, [&](const auto& factor) { return factor.first == id; });
      std::vector<Binder> others;
      for (std::size_t j = 0; j < binders.size(); ++j)
        if (j != k)
          others.push_back({binders[j].symbol, substituted(binders[j].lo, at), substituted(binders[j].hi, at)});
      const Poly inside = mul(at_least(value - b.lo), at_least(b.hi - value));
      return close_each(others, mul(substitute(of_monomial(rest), at), inside), depth + 1);
    }
  }
  // Sums inside join this one.
  for (std::size_t k = 0; k < m.size(); ++k) {
    const auto [id, e] = m[k];
    if (atom(id).kind != AtomKind::sum || e < 1 || !has_binder(atom(id))) continue;
    std::vector<Binder> all = binders;
    Substitution opened;
    for (const Binder& b : atom(id).binders) {
      Binder fresh{0, substituted(b.lo, opened), substituted(b.hi, opened)};
      fresh.symbol = symbols.make("k", fresh.lo, fresh.hi);
      opened.symbols.emplace_back(b.symbol, Affine::symbol(fresh.symbol));
      all.push_back(fresh);
    }
    Monomial rest = m;
    if (e == 1) {
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
    } else {
      --rest[k].second;
    }
    return close_each(all, mul(of_monomial(rest), substitute(Poly(atom(id).operands[0]), opened)), depth + 1);
  }
  // An index that occurs nowhere counts.
  for (std::size_t k = 0; k < binders.size(); ++k) {
    const Binder& b = binders[k];
    const bool in_ends = std::any_of(binders.begin(), binders.end(), [&](const Binder& other) {
      return mentions(other.lo, b.symbol) || mentions(other.hi, b.symbol);
    });
    const bool in_factors =
        std::any_of(m.begin(), m.end(), [&](const auto& f) { return contains(atom(f.first).free, b.symbol); });
    if (in_ends || in_factors) continue;
    std::vector<Binder> rest = binders;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
    return close_each(rest, mul(of_monomial(m), affine(b.hi - b.lo + Affine::of(1))), depth + 1);
  }
  // What a rule says of the sum over one index, the others held fixed.
  if (final_ && !in_rules_ && !rules.empty() && binders.size() > 1) {
    for (std::size_t k = 0; k < binders.size(); ++k) {
      const Symbol s = binders[k].symbol;
      if (std::any_of(binders.begin(), binders.end(),
                      [&](const Binder& other) { return mentions(other.lo, s) || mentions(other.hi, s); }))
        continue;
      Monomial own, others;
      for (const auto& factor : m) (contains(atom(factor.first).free, s) ? own : others).push_back(factor);
      const Poly sum = component({binders[k]}, of_monomial(own));
      const auto id = single_atom(sum);
      if (id && atom(*id).kind == AtomKind::sum) continue;  // no rule
      std::vector<Binder> rest = binders;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
      return close_each(rest, mul(of_monomial(others), sum), depth + 1);
    }
  }
  // What shares no index is a product of sums. Terms of an exponent are factors of their own.
  struct Factor {
    Monomial monomial;
    Poly exponent;
    std::vector<Symbol> free;
  };
  std::vector<Factor> factors;
  for (const auto& factor : m) {
    const Atom& a = atom(factor.first);
    if (a.kind != AtomKind::exponential) {
      factors.push_back({{factor}, {}, a.free});
      continue;
    }
    for (const auto& [term, c] : a.operands[0].terms) {
      Poly one;
      one.terms.emplace(term, c);
      factors.push_back({{}, one, free_symbols(one)});
    }
  }
  std::vector<std::size_t> group(binders.size());
  std::iota(group.begin(), group.end(), std::size_t{0});
  const auto join = [&](std::size_t a, std::size_t b) {
    const std::size_t from = group[a], to = group[b];
    for (std::size_t& g : group)
      if (g == from) g = to;
  };
  const auto first_binder = [&](const std::vector<Symbol>& free) {
    std::size_t k = 0;
    while (k < binders.size() && !contains(free, binders[k].symbol)) ++k;
    return k;
  };
  for (const Factor& f : factors) {
    const std::size_t first = first_binder(f.free);
    for (std::size_t k = first; k < binders.size(); ++k)
      if (contains(f.free, binders[k].symbol)) join(k, first);
  }
  for (std::size_t k = 0; k < binders.size(); ++k)
    for (std::size_t j = 0; j < binders.size(); ++j)
      if (mentions(binders[k].lo, binders[j].symbol) || mentions(binders[k].hi, binders[j].symbol)) join(k, j);
  Poly outside = number(1), exponent;
  for (const Factor& f : factors) {
    if (first_binder(f.free) < binders.size()) continue;
    outside = mul(outside, of_monomial(f.monomial));
    exponent = add(exponent, f.exponent);
  }
  Poly r = mul(outside, exp(exponent));
  for (std::size_t g = 0; g < binders.size(); ++g) {
    std::vector<Binder> own;
    for (std::size_t k = 0; k < binders.size(); ++k)
      if (group[k] == g) own.push_back(binders[k]);
    if (own.empty()) continue;
    Poly body = number(1);
    Poly own_exponent;
    for (const Factor& f : factors) {
      const std::size_t first = first_binder(f.free);
      if (first == binders.size() || group[first] != g) continue;
      body = mul(body, of_monomial(f.monomial));
      own_exponent = add(own_exponent, f.exponent);
    }
    body = mul(body, exp(own_exponent));
    if (body.terms.size() == 1 && body.terms.begin()->first == m && own.size() == binders.size())
      return component(own, body);
    r = mul(r, body.terms.size() == 1 ? component(own, body) : close_each(own, body, depth + 1));
  }
  return r;
}

/// What does not change when indices are renamed: where a symbol stands.
std::string Algebra::signature(Symbol s, const Binder& b, const std::vector<Binder>& all, const Monomial& m) const {
  const auto end = [&](const Affine& a) {
    Affine known = Affine::of(a.constant);
    std::int64_t bound = 0;
    for (const auto& [symbol, c] : a.terms) {
      const bool is_bound =
          std::any_of(all.begin(), all.end(), [&, x = symbol](const Binder& other) { return other.symbol == x; });
      if (is_bound) {
        bound += c;
      } else {
        known = known + times(Affine::symbol(symbol), c);
      }
    }
    return symbols.text(known) + "~" + std::to_string(bound);
  };
  std::vector<std::string> parts;
  for (const auto& [id, e] : m) {
    const Atom& a = atom(id);
    if (!contains(a.free, s)) continue;
    std::string part =
        std::to_string(static_cast<int>(a.kind)) + "." + std::to_string(a.code) + "^" + std::to_string(e);
    if (a.kind == AtomKind::entry) {
      std::vector<std::int64_t> at;
      for (const Affine& subscript : a.subscripts) at.push_back(subscript.coefficient(s));
      // Which of the two comes first is a matter of the names.
      if (final_ && arrays[static_cast<std::size_t>(a.code)].is_symmetric) std::sort(at.begin(), at.end());
      for (const std::int64_t c : at) part += "," + std::to_string(c);
    }
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end());
  std::string r = end(b.lo) + ".." + end(b.hi);
  for (const std::string& part : parts) r += ";" + part;
  return r;
}

/// The one name of a sum whose factors hang together: of all ways to number its indices the one with the least form.
Poly Algebra::component(const std::vector<Binder>& binders, const Poly& body) {
  if (binders.size() > most_binders) throw NotHandled("a sum over more than 6 indices");
  const Monomial& m = body.terms.begin()->first;
  if (binders.size() == 1)
    if (const auto known = closed_form(binders[0], m)) return scaled(*known, body.terms.begin()->second);
  int height = 0;
  for (const auto& [id, e] : m) height = std::max(height, atom(id).height);
  struct Row {
    std::string signature;
    std::size_t binder;
  };
  std::vector<Row> rows;
  for (std::size_t k = 0; k < binders.size(); ++k)
    rows.push_back({signature(binders[k].symbol, binders[k], binders, m), k});
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.signature < b.signature; });
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::optional<std::pair<Monomial, std::vector<Binder>>> best;
  Rational best_factor;
  int tried = 0;
  do {
    bool allowed = true;
    for (std::size_t k = 0; k < order.size(); ++k) allowed = allowed && rows[order[k]].signature == rows[k].signature;
    if (!allowed) continue;
    if (++tried > 720) break;
    Substitution closed;
    for (std::size_t k = 0; k < order.size(); ++k)
      closed.symbols.emplace_back(binders[rows[order[k]].binder].symbol, Affine::symbol(closed_name(height + 1, k)));
    const Poly renamed = substitute(body, closed);
    if (renamed.terms.size() != 1)
      throw NotHandled("a sum whose term changes its form when its index is renamed: " + text(body));
    std::vector<Binder> named;
    for (std::size_t k = 0; k < order.size(); ++k) {
      const Binder& b = binders[rows[order[k]].binder];
      named.push_back({closed_name(height + 1, k), substituted(b.lo, closed), substituted(b.hi, closed)});
    }
    const auto less = [&] {
      if (!best || renamed.terms.begin()->first != best->first)
        return !best || renamed.terms.begin()->first < best->first;
      for (std::size_t k = 0; k < named.size(); ++k) {
        const auto mine = std::tie(named[k].lo, named[k].hi), other = std::tie(best->second[k].lo, best->second[k].hi);
        if (mine != other) return mine < other;
      }
      return false;
    };
    if (less()) {
      best = {renamed.terms.begin()->first, named};
      best_factor = renamed.terms.begin()->second;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  // Ends may mention only indices that stand before.
  std::vector<Binder> sorted;
  for (std::vector<Binder> left = best->second; !left.empty();) {
    const auto next = std::find_if(left.begin(), left.end(), [&](const Binder& b) {
      return std::none_of(left.begin(), left.end(), [&](const Binder& other) {
        return mentions(b.lo, other.symbol) || mentions(b.hi, other.symbol);
      });
    });
    if (next == left.end()) throw NotHandled("sums whose ranges depend on each other");
    sorted.push_back(*next);
    left.erase(next);
  }
  Atom made;
  made.kind = AtomKind::sum;
  made.binders = std::move(sorted);
  made.operands = {of_monomial(best->first)};
  const AtomId id = intern(std::move(made));
  Poly r = of_monomial({{id, 1}});
  if (auto by = by_rule(id)) r = *std::move(by);
  return scaled(r, best_factor * body.terms.begin()->second);
}

}  // namespace nabla::index_form
