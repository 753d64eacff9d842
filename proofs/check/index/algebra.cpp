// The ring of forms: atoms, their products, and the relations that hold everywhere.
#include <algorithm>
#include <nabla/proofs/check/index/algebra.hpp>

namespace nabla::index_form {

namespace {

constexpr int deepest = 120;

void note(std::vector<Symbol>& into, const Affine& a) {
  for (const auto& [s, c] : a.terms) into.push_back(s);
}

template <class T>
void make_set(std::vector<T>& v) {
  std::sort(v.begin(), v.end());
  v.erase(std::unique(v.begin(), v.end()), v.end());
}

std::string key_of(const Affine& a) {
  std::string k = std::to_string(a.constant);
  for (const auto& [s, c] : a.terms) k += "+" + std::to_string(c) + "s" + std::to_string(s);
  return k;
}

}  // namespace

Depth::Depth(int& d) : depth(++d) {
  if (depth > deepest) {
    --depth;
    throw NotHandled("an expression as deep as this, for every dimension");
  }
}

void Algebra::step() {
  if (++steps_ > most_steps) throw NotHandled("the budget of the index form is spent");
  if (steps_ % 1024 == 0) budget_.check();
}

Poly Algebra::number(const Rational& c) {
  Poly p;
  if (!c.is_zero()) p.terms.emplace(Monomial{}, c);
  return p;
}

std::string Algebra::key(const Poly& p) {
  std::string k;
  for (const auto& [m, c] : p.terms) {
    k += c.str();
    for (const auto& [a, e] : m) k += "*" + std::to_string(a) + "^" + std::to_string(e);
    k += ";";
  }
  return k;
}

AtomId Algebra::intern(Atom a) {
  step();
  std::string k = std::to_string(static_cast<int>(a.kind)) + ":" + std::to_string(a.code);
  for (const Affine& s : a.subscripts) k += "[" + key_of(s);
  for (const std::int64_t n : a.attributes) k += "@" + std::to_string(n);
  for (const Binder& b : a.binders) k += "{" + std::to_string(b.symbol) + "," + key_of(b.lo) + "," + key_of(b.hi);
  for (const Poly& p : a.operands) k += "(" + key(p);
  const auto found = index_.find(k);
  if (found != index_.end()) return found->second;
  for (const Affine& s : a.subscripts) note(a.free, s);
  for (const Binder& b : a.binders) {
    note(a.free, b.lo);
    note(a.free, b.hi);
  }
  if (a.kind == AtomKind::entry) a.arrays.push_back(a.code);
  for (const Poly& p : a.operands)
    for (const auto& [m, c] : p.terms)
      for (const auto& [id, e] : m) {
        const Atom& inner = atom(id);
        a.free.insert(a.free.end(), inner.free.begin(), inner.free.end());
        a.arrays.insert(a.arrays.end(), inner.arrays.begin(), inner.arrays.end());
        a.height = std::max(a.height, inner.height);
      }
  make_set(a.free);
  make_set(a.arrays);
  for (const Binder& b : a.binders) std::erase(a.free, b.symbol);
  if (!a.binders.empty()) ++a.height;
  atoms_.push_back(std::move(a));
  const auto id = static_cast<AtomId>(atoms_.size() - 1);
  index_.emplace(std::move(k), id);
  return id;
}

Poly Algebra::of_monomial(const Monomial& m) const {
  Poly p;
  p.terms.emplace(m, 1);
  return p;
}

Poly Algebra::of_atom(AtomId id, std::int64_t exponent) { return power(of_monomial({{id, 1}}), exponent); }

std::optional<AtomId> Algebra::single_atom(const Poly& p) const {
  if (p.terms.size() != 1 || p.terms.begin()->second != 1) return std::nullopt;
  const Monomial& m = p.terms.begin()->first;
  if (m.size() != 1 || m[0].second != 1) return std::nullopt;
  return m[0].first;
}

Poly Algebra::affine(const Affine& a) {
  Poly p = number(a.constant);
  for (const auto& [s, c] : a.terms) {
    Atom symbol;
    symbol.kind = AtomKind::symbol;
    symbol.subscripts = {Affine::symbol(s)};
    p = add(p, scaled(of_monomial({{intern(std::move(symbol)), 1}}), c));
  }
  return p;
}

std::optional<Affine> Algebra::as_affine(const Poly& p) const {
  Affine a;
  for (const auto& [m, c] : p.terms) {
    if (denominator(c) != 1 || abs(numerator(c)) > (std::int64_t{1} << 40)) return std::nullopt;
    const auto n = static_cast<std::int64_t>(numerator(c));
    if (m.empty()) {
      a.constant += n;
    } else if (m.size() == 1 && m[0].second == 1 && atom(m[0].first).kind == AtomKind::symbol) {
      a = a + times(atom(m[0].first).subscripts[0], n);
    } else {
      return std::nullopt;
    }
  }
  return a;
}

Poly Algebra::add(const Poly& a, const Poly& b) {
  if (a.terms.size() < b.terms.size()) return add(b, a);
  Poly r = a;
  for (const auto& [m, c] : b.terms) {
    const auto [it, is_new] = r.terms.emplace(m, c);
    if (is_new) continue;
    it->second += c;
    if (it->second.is_zero()) r.terms.erase(it);
  }
  return r;
}

Poly Algebra::scaled(const Poly& a, const Rational& c) {
  if (c.is_zero()) return {};
  Poly r = a;
  for (auto& [m, coefficient] : r.terms) coefficient *= c;
  return r;
}

Poly Algebra::mul(const Poly& a, const Poly& b) {
  if (a.is_zero() || b.is_zero()) return {};
  if (a.is_constant()) return scaled(b, a.constant());
  if (b.is_constant()) return scaled(a, b.constant());
  Poly r;
  for (const auto& [x, c] : a.terms)
    for (const auto& [y, d] : b.terms) r = add(r, scaled(product(x, y), c * d));
  return r;
}

Poly Algebra::power(const Poly& p, std::int64_t n) {
  if (n < 0) return power(inverse(p), -n);
  constexpr std::int64_t most = 64;
  if (n > most && p.terms.size() > 1) throw NotHandled("a power as high as this, for every dimension");
  if (n > (std::int64_t{1} << 20)) throw NotHandled("a power as high as this");
  if (n <= 1) return n == 0 ? number(1) : p;
  const Poly half = power(p, n / 2);
  const Poly square = mul(half, half);
  return n % 2 == 0 ? square : mul(square, p);
}

Poly Algebra::product(const Monomial& a, const Monomial& b) {
  step();
  const Depth level(product_depth_);
  Monomial m;
  std::size_t i = 0, j = 0;
  const auto take = [&](AtomId id, std::int64_t e) {
    if (e == 0) return;
    if (e > (1 << 24) || e < -(1 << 24)) throw NotHandled("a power as high as this");
    m.emplace_back(id, e);
  };
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a[i].first < b[j].first)) {
      take(a[i].first, a[i].second);
      ++i;
    } else if (i == a.size() || b[j].first < a[i].first) {
      take(b[j].first, b[j].second);
      ++j;
    } else {
      take(a[i].first, a[i].second + b[j].second);
      ++i;
      ++j;
    }
  }
  // One exponential: e^x e^y = e^(x + y).
  Poly exponent;
  int count = 0;
  bool is_plain = true;
  for (const auto& [id, e] : m) {
    if (atom(id).kind != AtomKind::exponential) continue;
    ++count;
    is_plain = is_plain && e == 1;
    exponent = add(exponent, scaled(atom(id).operands[0], e));
  }
  if (count > 1 || !is_plain) {
    std::erase_if(m, [&](const auto& factor) { return atom(factor.first).kind == AtomKind::exponential; });
    return mul(of_monomial(m), exp(exponent));
  }
  if (auto r = apply_relations(m)) return *std::move(r);
  return of_monomial(m);
}

/// Nothing where no relation applies to the product.
std::optional<Poly> Algebra::apply_relations(const Monomial& m) {
  for (std::size_t k = 0; k < m.size(); ++k) {
    const auto [id, e] = m[k];
    const Atom& a = atom(id);
    const auto others = [&](std::int64_t exponent) {
      Monomial rest = m;
      if (exponent == 0) {
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
      } else {
        rest[k].second = exponent;
      }
      return of_monomial(rest);
    };
    switch (a.kind) {
      case AtomKind::equal:
      case AtomKind::at_least:
      case AtomKind::positive:
        if (e < 0) throw NotHandled("division by a condition");
        if (e > 1) return mul(others(0), of_monomial({{id, 1}}));  // conditions are 0 or 1
        break;
      case AtomKind::function:
        if (a.code == opcode<Sqrt> && (e > 1 || e < 0)) {
          const std::int64_t odd = ((e % 2) + 2) % 2;
          return mul(others(odd), power(a.operands[0], (e - odd) / 2));
        }
        break;
      case AtomKind::inverse: {
        if (e < 0) return mul(others(0), power(a.operands[0], -e));
        // (1 + c e^u) q = 1: e^u q = (1 - q) / c, so the exponent beside q can be kept within one u of 0.
        const Poly& p = a.operands[0];
        if (p.terms.size() != 2 || p.terms.begin()->second != 1 || !p.terms.begin()->first.empty()) break;
        const auto& [other, c] = *p.terms.rbegin();
        if (other.size() != 1 || atom(other[0].first).kind != AtomKind::exponential) break;
        const Poly& u = atom(other[0].first).operands[0];
        for (const auto& [f, fe] : m) {
          if (atom(f).kind != AtomKind::exponential) continue;
          const Poly& x = atom(f).operands[0];
          const auto found = x.terms.find(u.terms.begin()->first);
          if (found == x.terms.end()) continue;
          const Rational ratio = found->second / u.terms.begin()->second;
          Monomial plain = m;  // without the exponential, and with one q less
          std::erase_if(plain, [&](const auto& factor) { return factor.first == f; });
          if (ratio >= 1) {
            for (auto& factor : plain)
              if (factor.first == id) --factor.second;
            std::erase_if(plain, [](const auto& factor) { return factor.second == 0; });
            const Poly less = mul(of_monomial(plain), exp(sub(x, u)));
            return scaled(sub(less, mul(less, of_monomial({{id, 1}}))), 1 / c);
          }
          if (ratio < 0) {
            const Poly more = exp(add(x, u));
            Monomial fewer = plain;
            for (auto& factor : fewer)
              if (factor.first == id) --factor.second;
            std::erase_if(fewer, [](const auto& factor) { return factor.second == 0; });
            // e^x q = e^x - c e^(x + u) q
            return sub(mul(of_monomial(fewer), of_monomial({{f, 1}})), scaled(mul(of_monomial(plain), more), c));
          }
        }
        break;
      }
      default:
        break;
    }
  }
  // delta(i, j) f(j) = delta(i, j) f(i)
  for (std::size_t k = 0; k < m.size(); ++k) {
    const Atom& a = atom(m[k].first);
    if (a.kind != AtomKind::equal) continue;
    const Affine& zero_here = a.subscripts[0];
    const auto eliminated = [&]() -> Symbol {
      Symbol best = 0;
      for (const auto& [s, c] : zero_here.terms)
        if ((c == 1 || c == -1) && (best == 0 || (best > 0 && (s < 0 || s > best)) || (best < 0 && s < best))) best = s;
      return best;
    }();
    if (eliminated == 0) continue;
    const std::int64_t c = zero_here.coefficient(eliminated);
    const Affine value = times(zero_here - times(Affine::symbol(eliminated), c), -c);
    Monomial rest = m;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
    const bool occurs = std::any_of(rest.begin(), rest.end(), [&](const auto& factor) {
      return std::binary_search(atom(factor.first).free.begin(), atom(factor.first).free.end(), eliminated);
    });
    if (occurs) return mul(substitute(of_monomial(rest), eliminated, value), of_monomial({m[k]}));
  }
  // Of x > 0 and -x > 0 one fails.
  for (const auto& [id, e] : m) {
    if (atom(id).kind != AtomKind::positive) continue;
    const Poly opposite = scaled(atom(id).operands[0], -1);
    for (const auto& [other, f] : m)
      if (atom(other).kind == AtomKind::positive && atom(other).operands[0] == opposite) return Poly{};
  }
  if (!final_) return std::nullopt;
  // x (-x > 0) = x - x (x > 0)
  for (std::size_t k = 0; k < m.size(); ++k) {
    const Atom& a = atom(m[k].first);
    if (a.kind != AtomKind::positive) continue;
    const auto x = single_atom(scaled(a.operands[0], -1));
    if (!x || std::none_of(m.begin(), m.end(), [&](const auto& f) { return f.first == *x && f.second > 0; })) continue;
    Monomial rest = m;
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
    return sub(of_monomial(rest), mul(of_monomial(rest), positive(of_monomial({{*x, 1}}))));
  }
  return apply_binary(m);
}

/// What {0, 1} and onehot say.
std::optional<Poly> Algebra::apply_binary(const Monomial& m) {
  for (std::size_t k = 0; k < m.size(); ++k) {
    const Atom& a = atom(m[k].first);
    if (a.kind != AtomKind::entry || !arrays[static_cast<std::size_t>(a.code)].is_binary) continue;
    if (m[k].second > 1) {
      Monomial once = m;
      once[k].second = 1;
      return product(once, {});
    }
    if (!arrays[static_cast<std::size_t>(a.code)].is_onehot || m[k].second < 1) continue;
    for (std::size_t j = k + 1; j < m.size(); ++j) {
      const Atom& b = atom(m[j].first);
      if (b.kind != AtomKind::entry || b.code != a.code || m[j].second < 1) continue;
      Monomial one = m;
      one.erase(one.begin() + static_cast<std::ptrdiff_t>(j));
      return mul(equal(a.subscripts[0] - b.subscripts[0]), of_monomial(one));
    }
  }
  return std::nullopt;
}

Poly Algebra::entry(int array, std::vector<Affine> subscripts) {
  if (final_ && arrays[static_cast<std::size_t>(array)].is_symmetric && subscripts[1] < subscripts[0])
    std::swap(subscripts[0], subscripts[1]);
  Atom a;
  a.kind = AtomKind::entry;
  a.code = array;
  a.subscripts = std::move(subscripts);
  const AtomId id = intern(std::move(a));
  if (auto r = by_rule(id)) return *std::move(r);
  return of_monomial({{id, 1}});
}

Poly Algebra::equal(Affine a) {
  if (a.is_constant()) return number(a.constant == 0 ? 1 : 0);
  if (symbols.is_positive(a) || symbols.is_positive(times(a, -1))) return {};
  if (a.terms.front().second < 0) a = times(a, -1);
  Atom made;
  made.kind = AtomKind::equal;
  made.subscripts = {std::move(a)};
  return of_monomial({{intern(std::move(made)), 1}});
}

Poly Algebra::at_least(const Affine& a) {
  if (symbols.is_nonnegative(a)) return number(1);
  if (symbols.is_positive(times(a, -1))) return {};
  if (a.terms.front().second < 0)  // not the opposite
    return sub(number(1), at_least(times(a, -1) - Affine::of(1)));
  Atom made;
  made.kind = AtomKind::at_least;
  made.subscripts = {a};
  return of_monomial({{intern(std::move(made)), 1}});
}

std::vector<Symbol> Algebra::free_symbols(const Poly& p) const {
  std::vector<Symbol> free;
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m) free.insert(free.end(), atom(id).free.begin(), atom(id).free.end());
  make_set(free);
  return free;
}

bool Algebra::depends_on(const Poly& p, int array) const {
  for (const auto& [m, c] : p.terms)
    for (const auto& [id, e] : m)
      if (std::binary_search(atom(id).arrays.begin(), atom(id).arrays.end(), array)) return true;
  return false;
}

}  // namespace nabla::index_form
