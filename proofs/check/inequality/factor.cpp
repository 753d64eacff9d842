#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/polynomial.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>

// The sign of a factor that the normal form does not know.

namespace nabla::inequality {

using normal_form::Atom;
using normal_form::Fraction;
using normal_form::Normaliser;
using normal_form::Ring;
using normal_form::Term;

namespace {

/// p times a positive number without variables of which p has a root too: x where sqrt(x + c) occurs is its square - c.
struct Unrooted {
  normal_form::Polynomial p;
  Rational times;  ///< p here times this is the p that was given
  bool changed = false;
};

Unrooted unrooted(const Normaliser& normal, const normal_form::Polynomial& given) {
  const Ring& ring = given.ring();
  Unrooted result{given, 1};
  for (std::size_t k = 0; k < normal.atoms().size(); ++k) {
    const Atom& root = normal.atoms()[k];
    if (root.kind != Atom::Kind::root || degrees(ring, result.p.get())[k] == 0 || !root.operand->is_polynomial())
      continue;
    const std::vector<std::int64_t> inside = degrees(ring, root.operand->num());
    const std::vector<std::int64_t> outside = degrees(ring, result.p.get());
    for (std::size_t j = 0; j < normal.atoms().size(); ++j) {
      if (inside[j] != 1 || outside[j] == 0 || normal.atoms()[j].kind != Atom::Kind::variable) continue;
      const auto index = static_cast<std::int64_t>(j);
      Fraction slope(ring), rest(ring);
      for (const auto& [e, part] : powers_of(normal_form::Polynomial(ring, root.operand->num()), index))
        (e == 1 ? slope : rest) = Fraction::of(part) / Fraction::of(normal_form::Polynomial(ring, root.operand->den()));
      if (!slope.is_constant()) continue;
      const Fraction by = (Fraction::atom(ring, static_cast<std::int64_t>(k)).power(root.degree) - rest) / slope;
      Fraction all(ring);
      for (const auto& [e, part] : powers_of(result.p, index)) all = all + Fraction::of(part) * by.power(e);
      if (all.is_zero() || !all.is_polynomial()) continue;
      result.times = result.times / Rational(Fraction::of(normal_form::Polynomial(ring, all.den())).constant_text());
      result.p = normal_form::Polynomial(ring, all.num());
      result.changed = true;
      break;
    }
  }
  return result;
}

}  // namespace

/// h is p, or -p, whose sign the normal form does not know.
Proof Prover::by_open_factor(const Problem& region, const Expr& g, const Expr& h, const Normaliser& normal,
                             const normal_form::Polynomial& p, bool negated, bool strict, int depth) {
  if (auto proof = by_boxes(region, h, strict, 1)) return proof;
  const Unrooted plain = unrooted(normal, p);
  const Rational times = negated ? Rational(-plain.times) : plain.times;
  if (auto proof = by_single_atom(region, normal, plain.p, times, strict)) return proof;
  if (auto proof = by_squares(region, normal, plain.p, times, strict)) return proof;
  if (plain.changed) {
    const Fraction value = Fraction::of(plain.p) * Fraction::rational(p.ring(), times.str());
    if (factor(value).powers.size() > 1 || factor(value).powers.at(0).second > 1)
      if (auto proof = by_factors(region, h, strict, depth, normal, value)) return proof;
  }
  if (auto proof = by_square_comparison(region, normal, p, negated, strict, depth)) return proof;
  if (auto proof = by_logarithms(region, normal, p, negated, strict, depth)) return proof;
  return same(h, g) ? std::nullopt : by_calculus(region, h, strict, depth);
}

/// A polynomial in one atom without a root where the atom ranges.
Proof Prover::by_single_atom(const Problem& region, const Normaliser& normal, const normal_form::Polynomial& p,
                             const Rational& times, bool strict) {
  const std::vector<std::int64_t> d = degrees(p.ring(), p.get());
  std::optional<std::size_t> only;
  for (std::size_t k = 0; k < normal.atoms().size(); ++k) {
    if (d[k] == 0) continue;
    if (only) return std::nullopt;
    only = k;
  }
  if (!only || d[*only] > 200) return std::nullopt;
  std::vector<Rational> c(static_cast<std::size_t>(d[*only]) + 1);
  for (const Term& term : terms(p.ring(), p.get())) {
    const std::size_t e = term.powers.empty() ? 0 : static_cast<std::size_t>(term.powers[0].second);
    c[e] = Rational(term.coefficient) * times;
  }
  const Expr atom = transplant(normal.expression(*only), region.workspace);
  normal_form::Range range = normal.atoms()[*only].range;
  const Expr targets[] = {atom};
  Ranges ranges(region, targets);
  ranges.run(wellposed::box_of(region));
  spend(ranges.size());
  if (!ranges.complete()) return std::nullopt;
  const Bounds seen = ranges.of(atom);
  normal_form::Range more;
  const auto exact = [](double x) { return Number<Rational>::of(Constant::dyadic(x)); };
  if (std::isfinite(seen.box.lo)) more.lo = exact(seen.box.lo);
  if (std::isfinite(seen.box.hi)) more.hi = exact(seen.box.hi);
  more.lo_closed = !seen.lo_open;
  more.hi_closed = !seen.hi_open;
  range = intersection(range, more);
  if (!has_sign(c, range, strict)) return std::nullopt;
  Json coefficients = Json::array();
  for (const Rational& x : c) coefficients.push_back(x.str());
  return Json{{"rule", "polynomial"}, {"atom", encoded(region, atom)}, {"coefficients", coefficients}};
}

}  // namespace nabla::inequality
