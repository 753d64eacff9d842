#include <algorithm>
#include <nabla/proofs/check/identity/normal_form.hpp>

namespace nabla::normal_form {

Normaliser::Normaliser(ScalarForm& scalars, const Problem& problem, Session& session,
                       const std::vector<Assumption>& assumptions)
    : scalars_(scalars), problem_(problem), session_(session), ring_(session.capacity, session.steps) {
  assume_equalities(assumptions);
  memo_.clear();
  // Two signs together may make a third thing zero, and an entry that is solved for changes what the others speak of.
  for (std::size_t before = solved_.size() + 1; before != solved_.size();) {
    before = solved_.size();
    for (const Assumption& a : assumptions) assume_signs(a);
  }
  memo_.clear();  // what was computed before the last fact may have asked for a sign that is now known
  conditions_.clear();
}

void Normaliser::assume_equalities(const std::vector<Assumption>& assumptions) {
  for (const Assumption& a : assumptions) {
    if (a.signs != Signs::zero) continue;
    memo_.clear();  // entries solved for in the meantime
    const Form v = value(a.expression);
    if (v.fraction) assume_zero(*v.fraction);
  }
}

void Normaliser::assume_zero(const Fraction& f) {
  if (f.is_zero()) return;
  if (f.is_constant()) throw Contradiction();
  const Polynomial num(ring_, f.num());
  if (solve(num) || assume_terms_zero(num)) return;
  // c r + s = 0 with a root r of u and a constant c says u = (-s / c)^degree.
  for (std::size_t k = 0; k < atoms_.size(); ++k) {
    if (atoms_[k].kind != Atom::Kind::root) continue;
    const auto powers = powers_of(num, static_cast<std::int64_t>(k));
    if (powers.size() != 2 || powers[0].first + powers[1].first != 1) continue;
    const std::size_t one = powers[0].first == 1 ? 0 : 1;
    const Fraction c = Fraction::of(powers[one].second), s = Fraction::of(powers[1 - one].second);
    if (!c.is_constant()) continue;
    const auto implied = reduce(*atoms_[k].operand - (-s / c).power(atoms_[k].degree));
    if (!implied || implied->is_zero()) continue;
    if (implied->is_constant()) throw Contradiction();
    if (solve(Polynomial(ring_, implied->num()))) return;
  }
}

/// A sum of terms of one sign is zero where every term is; a root is zero where its operand is.
bool Normaliser::assume_terms_zero(const Polynomial& p) {
  Signs all = Signs::none;
  std::vector<std::size_t> alone;
  for (const Term& term : terms(ring_, p.get())) {
    Range r = Range::of(Rational(term.coefficient));
    for (const auto& [k, e] : term.powers) r = r * normal_form::power(atoms_[static_cast<std::size_t>(k)].range, e);
    all = all | r.signs();
    if (term.powers.size() == 1) alone.push_back(static_cast<std::size_t>(term.powers[0].first));
  }
  if (!within(all, Signs::nonnegative) && !within(all, Signs::nonpositive)) return false;
  for (const std::size_t k : alone) {
    if (atoms_[k].kind == Atom::Kind::variable) solve(Polynomial(ring_, atom(k).num()));
    if (atoms_[k].kind != Atom::Kind::root) continue;
    const Fraction operand = *atoms_[k].operand;
    assume_zero(operand);
  }
  return true;
}

/// Solves p = 0 for a variable that occurs linearly, with a constant coefficient, and in no other atom.
bool Normaliser::solve(const Polynomial& p) {
  const std::vector<std::int64_t> d = degrees(ring_, p.get());
  for (std::size_t k = atoms_.size(); k-- > 0;) {
    if (d[k] != 1 || atoms_[k].kind != Atom::Kind::variable || solved_.contains(k)) continue;
    const auto index = static_cast<std::int64_t>(k);
    bool hidden = false;
    for (std::size_t j = 0; j < atoms_.size(); ++j)
      hidden = hidden || (j != k && d[j] > 0 && atoms_[j].depends.contains(index));
    Fraction c(ring_), rest(ring_);
    for (const auto& [e, part] : powers_of(p, index)) (e == 1 ? c : rest) = Fraction::of(part);
    if (hidden || !c.is_constant()) continue;
    const Fraction by = -rest / c;
    for (auto& [other, known] : solved_) hidden = hidden || !substituted(known, k, by);
    if (hidden) continue;
    for (auto& [other, known] : solved_) known = *substituted(known, k, by);
    solved_.emplace(k, by);
    // What is known of the entry is now knowledge of the expression.
    const Range& range = atoms_[k].range;
    if (range.lo)
      narrow(by - Fraction::rational(ring_, range.lo->str()), range.lo_closed ? Signs::nonnegative : Signs::positive);
    if (range.hi)
      narrow(Fraction::rational(ring_, range.hi->str()) - by, range.hi_closed ? Signs::nonnegative : Signs::positive);
    return true;
  }
  return false;
}

/// f with an atom replaced; nothing when another of its atoms depends on it.
std::optional<Fraction> Normaliser::substituted(const Fraction& f, std::size_t k, const Fraction& by) const {
  Fraction parts[2] = {Fraction(ring_), Fraction(ring_)};
  for (const bool upper : {true, false}) {
    const Polynomial p(ring_, upper ? f.num() : f.den());
    const std::vector<std::int64_t> d = degrees(ring_, p.get());
    for (std::size_t j = 0; j < atoms_.size(); ++j)
      if (j != k && d[j] > 0 && atoms_[j].depends.contains(static_cast<std::int64_t>(k))) return std::nullopt;
    for (const auto& [e, c] : powers_of(p, static_cast<std::int64_t>(k)))
      parts[upper ? 0 : 1] = parts[upper ? 0 : 1] + Fraction::of(c) * by.power(e);
  }
  if (parts[1].is_zero()) return std::nullopt;
  return parts[0] / parts[1];
}

void Normaliser::assume_signs(const Assumption& a) {
  memo_.clear();
  const Form v = value(a.expression);
  if (v.fraction) narrow(*v.fraction, a.signs);
}

/// Keeps an inequality, and what it gives when added to another in such a way that terms cancel (x < y and y < z).
void Normaliser::add_inequality(const Fraction& f, Signs s) {
  constexpr std::size_t most = 40;
  constexpr int longest_chain = 3;
  const auto length = [this](const Fraction& x) { return fmpz_mpoly_length(x.num(), ring_.context()); };
  const std::size_t count = inequalities_.size();
  for (const Inequality& known : inequalities_)
    if (known.fraction == f && known.signs == s) return;
  if (count >= most) return;
  const int chain = chain_;
  inequalities_.push_back({f, s, chain});
  for (std::size_t k = 0; k < count; ++k) {
    const Inequality other = inequalities_[k];
    if (chain + other.chain > longest_chain) continue;
    const Fraction sum = f + other.fraction;
    if (length(sum) > std::max(length(f), length(other.fraction))) continue;
    const Signs both = s == Signs::positive || other.signs == Signs::positive ? Signs::positive : Signs::nonnegative;
    if (within(signs(sum), both)) continue;
    chain_ = chain + other.chain;
    narrow(sum, both);
    chain_ = chain;
  }
}

/// Takes in that the sign of f is among s.
void Normaliser::narrow(const Fraction& f, Signs s) {
  const Signs both = signs(f) & s;
  if (both == Signs::none) throw Contradiction();
  if (f.is_constant()) return;
  if (both == Signs::zero) assume_zero(f);
  const auto [key, flipped] = fact_key(f);
  facts_[key] = flipped ? negated(both) : both;
  if (within(both, Signs::nonnegative)) add_inequality(f, both);
  if (within(both, Signs::nonpositive)) add_inequality(-f, negated(both));
  // c x + r with constants: a bound of x itself.
  if (!f.is_polynomial()) return;
  const std::vector<std::int64_t> d = degrees(ring_, f.num());
  std::optional<std::size_t> only;
  for (std::size_t k = 0; k < atoms_.size(); ++k) {
    if (d[k] == 0) continue;
    if (d[k] > 1 || only) return;
    only = k;
  }
  if (!only) return;
  Fraction c(ring_), r(ring_);
  for (const auto& [e, part] : powers_of(Polynomial(ring_, f.num()), static_cast<std::int64_t>(*only)))
    (e == 1 ? c : r) = Fraction::of(part);
  const Rational bound((-r / c).constant_text());
  const Signs direction = c.constant_sign() < 0 ? negated(both) : both;
  Range range = Range::of(direction);  // of x - bound
  if (range.lo) range.lo = bound;
  if (range.hi) range.hi = bound;
  atoms_[*only].range = intersection(atoms_[*only].range, range);
}

}  // namespace nabla::normal_form
