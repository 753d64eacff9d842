#include <algorithm>
#include <nabla/proofs/recheck/identity/algebra.hpp>

namespace nabla::rederive {

namespace {

constexpr std::size_t most_atoms = 400;
constexpr std::size_t most_suggestions = 120;
constexpr std::size_t longest_suggestion = 16;

/// A cheap necessary condition of divisibility.
bool may_divide(const Polynomial& b, const Polynomial& a) {
  if (b.terms().size() > a.terms().size() + 64) return false;
  for (const auto& [m, n] : {std::pair(&a.leading_monomial(), &b.leading_monomial()),
                             std::pair(&a.terms().begin()->first, &b.terms().begin()->first)})
    for (const auto& [k, e] : product(*m, power(*n, -unit)))
      if (e < 0) return false;
  return true;
}

}  // namespace

std::uint32_t Algebra::make(Atom atom) {
  if (atoms_.size() >= most_atoms) throw Exhausted("too many independent functions");
  const auto index = static_cast<std::uint32_t>(atoms_.size());
  if (atom.kind == AtomKind::entry) atom.depends = {index};
  atoms_.push_back(std::move(atom));
  return index;
}

void Algebra::set_relation(std::uint32_t atom, std::int64_t degree, const Quotient& value) {
  atoms_[atom].degree = degree;
  atoms_[atom].value = value;
}

Quotient Algebra::power_of_atom(std::uint32_t atom, std::int64_t exponent) const {
  if (exponent == 0) return constant(1);
  return {Polynomial::monomial({{atom, exponent}}), {}};
}

std::set<std::uint32_t> Algebra::dependencies(const Quotient& q) const {
  std::set<std::uint32_t> all;
  const auto add_all = [&](const Polynomial& p) {
    for (const auto& [m, c] : p.terms())
      for (const auto& [k, e] : m) all.insert(atoms_[k].depends.begin(), atoms_[k].depends.end());
  };
  add_all(q.num);
  for (const auto& [f, e] : q.den) add_all(factors_[f]);
  return all;
}

Polynomial Algebra::expanded(const std::map<std::size_t, std::int64_t>& den) {
  Polynomial p(1);
  for (const auto& [f, e] : den) p = product(p, rederive::power(factors_[f], e, meter_), meter_);
  return p;
}

/// Without the factors of the denominator that divide the numerator.
Quotient Algebra::cancelled(Quotient q) {
  if (q.num.is_zero()) return {};
  for (auto it = q.den.begin(); it != q.den.end();) {
    const Polynomial& f = factors_[it->first];
    while (it->second > 0) {
      const Monomial common = q.num.common_monomial();
      const Polynomial plain = q.num.scaled(1, rederive::power(common, -unit));
      if (!may_divide(f, plain)) break;
      Division d = rederive::divide(plain, f, meter_);
      if (!d.remainder.is_zero()) break;
      q.num = d.quotient.scaled(1, common);
      --it->second;
    }
    it = it->second == 0 ? q.den.erase(it) : std::next(it);
  }
  return q;
}

Quotient Algebra::add(const Quotient& a, const Quotient& b, const Rational& times_b) {
  if (a.den == b.den) return cancelled({sum(a.num, b.num, times_b, meter_), a.den});
  std::map<std::size_t, std::int64_t> den = a.den, missing_a, missing_b;
  for (const auto& [f, e] : b.den) den[f] = std::max(den[f], e);
  for (const auto& [f, e] : den) {
    const auto in_a = a.den.find(f), in_b = b.den.find(f);
    const std::int64_t ea = in_a == a.den.end() ? 0 : in_a->second, eb = in_b == b.den.end() ? 0 : in_b->second;
    if (e > ea) missing_a[f] = e - ea;
    if (e > eb) missing_b[f] = e - eb;
  }
  const Polynomial left = product(a.num, expanded(missing_a), meter_);
  const Polynomial right = product(b.num, expanded(missing_b), meter_);
  return cancelled({sum(left, right, times_b, meter_), den});
}

Quotient Algebra::multiply(const Quotient& a, const Quotient& b) {
  // Cancel crosswise first, so that the product stays small.
  const Quotient left = cancelled({a.num, b.den}), right = cancelled({b.num, a.den});
  Quotient r{product(left.num, right.num, meter_), left.den};
  for (const auto& [f, e] : right.den) r.den[f] += e;
  return r.num.is_zero() ? Quotient{} : r;
}

Quotient Algebra::divide(const Quotient& a, const Quotient& b) {
  const Product p = factorise(b.num);
  Quotient inverse{expanded(b.den).scaled(1 / p.c, rederive::power(p.monomial, -unit)), p.factors};
  return multiply(a, cancelled(std::move(inverse)));
}

Quotient Algebra::integer_power(const Quotient& a, std::int64_t n) {
  if (n < 0) return integer_power(divide(constant(1), a), -n);
  Quotient r{rederive::power(a.num, n, meter_), {}};
  if (n != 0)
    for (const auto& [f, e] : a.den) r.den[f] = e * n;
  return r;
}

std::size_t Algebra::factor_number(const Polynomial& p) {
  for (std::size_t f = 0; f < factors_.size(); ++f)
    if (factors_[f] == p) return f;
  factors_.push_back(p);
  return factors_.size() - 1;
}

void Algebra::suggest(const Quotient& q) {
  const std::size_t n = q.num.terms().size();
  if (n < 2 || n > longest_suggestion || suggestions_.size() >= most_suggestions) return;
  Polynomial p = q.num.scaled(1, rederive::power(q.num.common_monomial(), -unit));
  p = p.scaled(1 / p.leading_coefficient());
  if (std::ranges::find(suggestions_, p) == suggestions_.end()) suggestions_.push_back(std::move(p));
}

Product Algebra::factorise(const Polynomial& p) {
  Product r;
  r.monomial = p.common_monomial();
  Polynomial rest = p.scaled(1, rederive::power(r.monomial, -unit));
  r.c = rest.leading_coefficient();
  rest = rest.scaled(1 / r.c);
  std::vector<Polynomial> candidates = suggestions_;
  candidates.insert(candidates.end(), factors_.begin(), factors_.end());
  const auto weight = [](const Polynomial& c) {
    std::int64_t degree = 0;
    for (const auto& [k, e] : c.leading_monomial()) degree += e;
    return std::pair(c.terms().size(), degree);
  };
  std::ranges::stable_sort(candidates, {}, weight);
  for (const Polynomial& c : candidates) {
    while (rest.terms().size() > 1 && may_divide(c, rest)) {
      Division d = rederive::divide(rest, c, meter_);
      if (!d.remainder.is_zero()) break;
      rest = std::move(d.quotient);
      ++r.factors[factor_number(c)];
    }
  }
  if (rest.terms().size() > 1) {
    ++r.factors[factor_number(rest)];
  } else {
    r.c *= rest.leading_coefficient();
    r.monomial = product(r.monomial, rest.leading_monomial());
  }
  return r;
}

/// An atom with a negative exponent is not zero, so multiplying by it decides nothing away, and lets its relation work.
bool Algebra::is_zero(const Quotient& q) {
  const Polynomial num = reduce(q).num;
  Monomial up;
  for (const auto& [k, e] : num.common_monomial())
    if (e < 0) up.emplace_back(k, -e + atoms_[k].degree);
  return num.is_zero() || (!up.empty() && reduce({num.scaled(1, up), {}}).num.is_zero());
}

Quotient Algebra::reduce(Quotient q) {
  const auto whole = [this](std::uint32_t k, std::int64_t e) -> std::int64_t {
    const Atom& a = atoms_[k];
    if (a.degree == 0) return 0;
    const std::int64_t n = e / a.degree - (e % a.degree != 0 && e < 0 ? 1 : 0);
    return n > 0 || a.kind == AtomKind::power_base ? n : 0;
  };
  for (;;) {
    std::optional<std::uint32_t> top;
    for (const auto& [m, c] : q.num.terms())
      for (const auto& [k, e] : m)
        if (whole(k, e) != 0 && (!top || *top < k)) top = k;
    if (!top) break;
    std::map<std::int64_t, Polynomial> parts;  // by how many times the relation applies
    for (const auto& [m, c] : q.num.terms()) {
      std::int64_t n = 0;
      for (const auto& [k, e] : m)
        if (k == *top) n = whole(k, e);
      parts[n].add(product(m, n == 0 ? Monomial{} : Monomial{{*top, -n * atoms_[*top].degree}}), c);
    }
    Quotient all;
    for (const auto& [n, p] : parts) all = add(all, multiply({p, {}}, integer_power(Quotient(atoms_[*top].value), n)));
    q = multiply(all, {Polynomial(1), q.den});
  }
  // Products of two entries of a one-hot vector vanish.
  Polynomial kept;
  for (const auto& [m, c] : q.num.terms()) {
    std::set<std::size_t> groups;
    bool vanishes = false;
    for (const auto& [k, e] : m)
      if (atoms_[k].onehot != 0 && e > 0) vanishes = vanishes || !groups.insert(atoms_[k].onehot).second;
    if (!vanishes) kept.add(m, c);
  }
  if (kept.terms().size() != q.num.terms().size()) return cancelled({kept, q.den});
  return q;
}

}  // namespace nabla::rederive
