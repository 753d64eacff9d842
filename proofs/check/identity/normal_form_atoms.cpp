#include <algorithm>
#include <nabla/proofs/check/identity/normal_form.hpp>
#include <numeric>

namespace nabla::normal_form {

namespace {
constexpr std::int64_t most_atoms = 256;
}

std::optional<std::size_t> Normaliser::find_atom(const std::string& key) const {
  const auto it = atom_index_.find(key);
  if (it == atom_index_.end()) return std::nullopt;
  return it->second;
}

std::size_t Normaliser::make_atom(const std::string& key, Atom made) {
  if (static_cast<std::int64_t>(atoms_.size()) >= session_.capacity) {
    if (session_.capacity >= most_atoms) throw BudgetExceeded("the expressions need too many independent functions");
    session_.capacity *= 2;
    throw Restart();
  }
  const auto number = session_.names.emplace(key, static_cast<int>(session_.names.size())).first->second;
  made.name = "#" + std::to_string(number);
  atom_index_.emplace(key, atoms_.size());
  atoms_.push_back(std::move(made));
  return atoms_.size() - 1;
}

std::optional<std::size_t> Normaliser::as_atom(const Fraction& f) const {
  if (!f.is_polynomial() || fmpz_mpoly_length(f.num(), ring_.context()) != 1) return std::nullopt;
  const std::vector<Term> list = terms(ring_, f.num());
  if (list[0].powers.size() != 1 || list[0].powers[0].second != 1 ||
      !(f == atom(static_cast<std::size_t>(list[0].powers[0].first))))
    return std::nullopt;
  return static_cast<std::size_t>(list[0].powers[0].first);
}

std::int64_t Normaliser::denominator_for(const std::string& key, std::int64_t needed) {
  std::int64_t& finest = session_.denominators.emplace(key, 1).first->second;
  if (finest % needed == 0) return finest;
  finest = std::lcm(finest, needed);
  if (finest > 10'000) throw BudgetExceeded("an exponent has too large a denominator");
  if (find_atom(key)) throw Restart();
  return finest;
}

std::set<std::int64_t> Normaliser::dependencies(const Fraction& f) const {
  std::set<std::int64_t> all;
  for (const fmpz_mpoly_struct* p : {f.num(), f.den()}) {
    const std::vector<std::int64_t> d = degrees(ring_, p);
    for (std::size_t k = 0; k < atoms_.size(); ++k)
      if (d[k] > 0) all.insert(atoms_[k].depends.begin(), atoms_[k].depends.end());
  }
  return all;
}

// The order of terms does not depend on the order in which atoms were made, so that equal fractions have equal texts in
// every attempt of a session.
std::string Normaliser::text(const fmpz_mpoly_struct* p, bool described) const {
  std::vector<std::string> parts;
  for (const Term& term : terms(ring_, p)) {
    std::vector<std::string> factors;
    for (const auto& [k, e] : term.powers) {
      const Atom& a = atoms_[static_cast<std::size_t>(k)];
      factors.push_back((described ? a.description : a.name) + (e == 1 ? "" : "^" + std::to_string(e)));
    }
    std::ranges::sort(factors);
    std::string part = factors.empty() || (term.coefficient != "1" && term.coefficient != "-1") ? term.coefficient
                       : term.coefficient == "-1"                                               ? "-"
                                                                                                : "";
    bool first = part.empty() || part == "-";
    for (const std::string& factor : factors) {
      part += (first ? "" : "*") + factor;
      first = false;
    }
    parts.push_back(part);
  }
  std::ranges::sort(parts);
  std::string all;
  for (const std::string& part : parts) all += (all.empty() || part[0] == '-' ? "" : "+") + part;
  return parts.empty() ? "0" : all;
}

std::string Normaliser::text(const Fraction& f) const {
  return "(" + text(f.num(), false) + ")/(" + text(f.den(), false) + ")";
}

std::string Normaliser::describe(const Fraction& f) const {
  constexpr std::size_t longest = 240;
  std::string all = text(f.num(), true);
  if (fmpz_mpoly_is_one(f.den(), ring_.context()) == 0) all = "(" + all + ") / (" + text(f.den(), true) + ")";
  if (all.size() > longest) {
    all.resize(longest);
    all += "...";
  }
  return all;
}

std::optional<Fraction> Normaliser::reduce(Fraction f) const {
  const auto reducible = [this](const fmpz_mpoly_struct* p) -> std::optional<std::size_t> {
    const std::vector<std::int64_t> d = degrees(ring_, p);
    for (std::size_t k = atoms_.size(); k-- > 0;)
      if (atoms_[k].degree > 0 && d[k] >= atoms_[k].degree) return k;
    return std::nullopt;
  };
  const auto once = [this](const fmpz_mpoly_struct* p, std::size_t k) {
    Fraction sum(ring_);
    for (const auto& [e, c] : powers_of(Polynomial(ring_, p), static_cast<std::int64_t>(k)))
      sum =
          sum + Fraction::of(c) * atom(k).power(e % atoms_[k].degree) * atoms_[k].reduced->power(e / atoms_[k].degree);
    return sum;
  };
  // Products of two entries of a one-hot vector vanish.
  const auto without_products = [this](Fraction p) {
    for (std::size_t i = 0; i < atoms_.size(); ++i)
      for (std::size_t j = i + 1; j < atoms_.size(); ++j) {
        if (atoms_[i].onehot == 0 || atoms_[i].onehot != atoms_[j].onehot) continue;
        const std::vector<std::int64_t> d = degrees(ring_, p.num());
        if (d[i] == 0 || d[j] == 0) continue;
        Fraction kept(ring_);
        for (const auto& [e, c] : powers_of(Polynomial(ring_, p.num()), static_cast<std::int64_t>(i)))
          for (const auto& [e2, c2] : powers_of(c, static_cast<std::int64_t>(j)))
            if (e == 0 || e2 == 0) kept = kept + Fraction::of(c2) * atom(i).power(e) * atom(j).power(e2);
        p = kept;
      }
    return p;
  };
  const bool has_groups = std::ranges::any_of(atoms_, [](const Atom& a) { return a.onehot != 0; });
  for (bool changed = true; changed;) {
    changed = false;
    while (const auto k = reducible(f.num())) f = once(f.num(), *k) / Fraction::of(Polynomial(ring_, f.den()));
    if (has_groups) {
      const Fraction num = without_products(Fraction::of(Polynomial(ring_, f.num())));
      f = num / Fraction::of(Polynomial(ring_, f.den()));
    }
    if (const auto k = reducible(f.den())) {
      const Fraction den = once(f.den(), *k);
      if (den.is_zero()) return std::nullopt;
      f = Fraction::of(Polynomial(ring_, f.num())) / den;
      changed = true;
    }
  }
  return f;
}

std::pair<std::string, bool> Normaliser::fact_key(const Fraction& f) const {
  const Fraction primitive = f / f.content();
  const std::string plus = text(primitive);
  const std::string minus = text(-primitive);
  return plus < minus ? std::pair(plus, false) : std::pair(minus, true);
}

Signs Normaliser::signs(const Polynomial& p, bool factored) const {
  if (p.length() == 0) return Signs::zero;
  Range range = Range::of(Rational(0));
  for (const Term& term : terms(ring_, p.get())) {
    Range r = Range::of(Rational(term.coefficient));
    for (const auto& [k, e] : term.powers) r = r * normal_form::power(atoms_[static_cast<std::size_t>(k)].range, e);
    range = range + r;
  }
  Signs s = range.signs();
  if (s == Signs::positive || s == Signs::negative) return s;
  const auto fact = facts_.empty() ? std::pair<std::string, bool>() : fact_key(Fraction::of(p));
  if (const auto it = facts_.find(fact.first); it != facts_.end())
    s = s & (fact.second ? negated(it->second) : it->second);
  constexpr std::int64_t longest = 60;
  if (factored || s == Signs::positive || s == Signs::negative || p.length() > longest) return s;
  const Factors f = factor(Fraction::of(p));
  if (f.powers.size() == 1 && f.powers[0].second == 1) return s;
  Signs all = f.constant.constant_sign() < 0 ? Signs::negative : Signs::positive;
  for (const auto& [base, e] : f.powers) all = product(all, normal_form::power(signs(base, true), e));
  return s & all;
}

Signs Normaliser::signs(const Fraction& f) const {
  if (f.is_zero()) return Signs::zero;
  if (f.is_constant()) return f.constant_sign() < 0 ? Signs::negative : Signs::positive;
  Signs s =
      product(signs(Polynomial(ring_, f.num()), false), signs(Polynomial(ring_, f.den()), false) & Signs::nonzero);
  if (!facts_.empty()) {
    const auto [key, flipped] = fact_key(f);
    if (const auto it = facts_.find(key); it != facts_.end()) s = s & (flipped ? negated(it->second) : it->second);
  }
  return s;
}

void Normaliser::note_condition(const Fraction& f, Signs needed, std::string_view what) {
  if (!within(signs(f), needed)) conditions_.insert(describe(f) + std::string(what));
}

}  // namespace nabla::normal_form
