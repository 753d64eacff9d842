#include <algorithm>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>
#include <numeric>

// Steps that replace g by another function of the same sign: exp of a sum of logarithms, differences of squares, the
// reciprocal of the variable.

namespace nabla::inequality {

namespace {

using normal_form::Atom;
using normal_form::Fraction;
using normal_form::Normaliser;
using normal_form::Signs;
using normal_form::Term;
using normal_form::within;

constexpr std::int64_t largest_power = 12;
constexpr int deepest = 6;  // of steps that make expressions larger

/// A polynomial of degree one.
bool is_line(const Fraction& f) {
  if (!f.is_polynomial()) return false;
  std::int64_t degree = 0;
  for (const Term& term : terms(f.ring(), f.num())) {
    std::int64_t total = 0;
    for (const auto& [k, e] : term.powers) total += e;
    degree = std::max(degree, total);
  }
  return degree <= 1;
}

}  // namespace

Expr expression_of(const Normaliser& normal, const Fraction& f, const std::shared_ptr<Workspace>& workspace) {
  const Expr num = transplant(normal.expression(normal_form::Polynomial(f.ring(), f.num())), workspace);
  const Expr den = transplant(normal.expression(normal_form::Polynomial(f.ring(), f.den())), workspace);
  const WorkspaceScope scope(workspace);
  return num / den;
}

Expr inside_of(const Normaliser& normal, std::size_t atom, const std::shared_ptr<Workspace>& workspace) {
  return expression_of(normal, *normal.atoms()[atom].operand, workspace);
}

/// g = (sum of c log(a) + rest) / scale with whole c: g >= 0 where the product of the a with c > 0 is at least
/// exp(-rest) times that of the others.
Proof Prover::by_exponential(const Problem& region, const Normaliser& normal, const Fraction& f, bool strict,
                             int depth) {
  if (depth > deepest) return std::nullopt;
  const std::vector<std::int64_t> up = degrees(f.ring(), f.num()), down = degrees(f.ring(), f.den());
  Fraction rest = f;
  struct Log {
    Rational c;
    Expr of;
  };
  std::vector<Log> logs;
  std::int64_t scale = 1;
  for (std::size_t k = 0; k < normal.atoms().size(); ++k) {
    if (normal.atoms()[k].kind != Atom::Kind::logarithm || (up[k] == 0 && down[k] == 0)) continue;
    if (up[k] != 1 || down[k] != 0) return std::nullopt;
    for (const auto& [e, p] : powers_of(normal_form::Polynomial(f.ring(), f.num()), static_cast<std::int64_t>(k))) {
      if (e != 1) continue;
      const Fraction c = Fraction::of(p) / Fraction::of(normal_form::Polynomial(f.ring(), f.den()));
      if (!c.is_constant()) return std::nullopt;
      rest = rest - c * Fraction::atom(f.ring(), static_cast<std::int64_t>(k));
      logs.push_back({Rational(c.constant_text()), inside_of(normal, k, region.workspace)});
      if (denominator(logs.back().c) > largest_power) return std::nullopt;
      scale = std::lcm(scale, static_cast<std::int64_t>(denominator(logs.back().c)));
    }
  }
  if (logs.empty() || scale > largest_power) return std::nullopt;
  const WorkspaceScope scope(region.workspace);
  const Rational m(scale);
  const Expr scaled_rest = Expr(to_constant(m)) * expression_of(normal, rest, region.workspace);
  Expr left(1), right = rest.is_zero() ? Expr(1) : exp(-scaled_rest);
  Json list = Json::array();
  for (const Log& log : logs) {
    const Rational c = log.c * m;
    if (abs(c) > largest_power) return std::nullopt;
    const auto n = static_cast<std::int64_t>(numerator(c));
    (n > 0 ? left : right) = (n > 0 ? left : right) * powi(log.of, n > 0 ? n : -n);
    list.push_back(Json{{"power", n}, {"of", encoded(region, log.of)}});
    if (!positive(region, log.of)) return std::nullopt;
  }
  auto p = prove(region, left - right, strict, depth + 1);
  if (!p) return std::nullopt;
  return Json{{"rule", "exponential"},
              {"scale", m.str()},
              {"logs", list},
              {"rest", encoded(region, scaled_rest)},
              {"proof", *p}};
}

/// Whether e > 0 is seen from ranges or signs of its normal form.
bool Prover::positive(const Problem& region, const Expr& e) {
  if (e.constant() != nullptr) return constant(region, e, true).has_value();
  return by_boxes(region, e, true, 1).has_value() || sign_by_normal_form(region, e) == Signs::positive;
}

/// g = a - b with a sum a of terms that are not negative: g >= 0 where a^2 >= b^2.
Proof Prover::by_square_comparison(const Problem& region, const Normaliser& normal, const normal_form::Polynomial& p,
                                   bool negated, bool strict, int depth) {
  if (depth > deepest) return std::nullopt;
  const normal_form::Ring& ring = p.ring();
  Fraction a(ring), b(ring);
  bool root = false;
  for (const Term& term : terms(ring, p.get())) {
    Fraction value = Fraction::rational(ring, term.coefficient);
    if (negated) value = -value;
    for (const auto& [k, e] : term.powers) {
      value = value * Fraction::atom(ring, k).power(e);
      const Atom& atom = normal.atoms()[static_cast<std::size_t>(k)];
      root = root || (atom.kind == Atom::Kind::root && !atom.depends.empty());
    }
    if (within(normal.signs(value), Signs::nonnegative))
      a = a + value;
    else
      b = b - value;
  }
  if (!root || a.is_zero() || b.is_zero()) return std::nullopt;
  const Expr left = expression_of(normal, a, region.workspace), right = expression_of(normal, b, region.workspace);
  const WorkspaceScope scope(region.workspace);
  auto proof = prove(region, powi(left, 2) - powi(right, 2), strict, depth + 1);
  if (!proof) return std::nullopt;
  return Json{
      {"rule", "squares"}, {"left", encoded(region, left)}, {"right", encoded(region, right)}, {"proof", *proof}};
}

/// g = a - b with a and b positive and a or b one term with an exponential in it: g >= 0 where log(a) >= log(b).
Proof Prover::by_logarithms(const Problem& region, const Normaliser& normal, const normal_form::Polynomial& p,
                            bool negated, bool strict, int depth) {
  constexpr int latest = 4;
  if (depth > latest || in_logarithms_) return std::nullopt;
  const normal_form::Ring& ring = p.ring();
  Fraction a(ring), b(ring);
  std::size_t above = 0, below = 0;
  bool above_grows = false, below_grows = false;
  for (const Term& term : terms(ring, p.get())) {
    Fraction value = Fraction::rational(ring, term.coefficient);
    if (negated) value = -value;
    bool grows = false;
    for (const auto& [k, e] : term.powers) {
      value = value * Fraction::atom(ring, k).power(e);
      const Atom& atom = normal.atoms()[static_cast<std::size_t>(k)];
      // e^x and its powers are read as they are; what stands beside is not.
      grows = grows || (atom.kind == Atom::Kind::exponential && !is_line(*atom.operand));
    }
    const Signs s = normal.signs(value);
    if (within(s, Signs::nonnegative)) {
      a = a + value;
      ++above;
      above_grows = above_grows || grows;
    } else if (within(s, Signs::nonpositive)) {
      b = b - value;
      ++below;
      below_grows = below_grows || grows;
    } else {
      return std::nullopt;
    }
  }
  if (!((above == 1 && above_grows && below > 0) || (below == 1 && below_grows && above > 0))) return std::nullopt;
  if (!within(normal.signs(a), Signs::positive) || !within(normal.signs(b), Signs::positive)) return std::nullopt;
  const Expr left = expression_of(normal, a, region.workspace), right = expression_of(normal, b, region.workspace);
  const WorkspaceScope scope(region.workspace);
  in_logarithms_ = true;
  auto proof = prove(region, log(left) - log(right), strict, depth + 1);
  in_logarithms_ = false;
  if (!proof) return std::nullopt;
  return Json{
      {"rule", "logarithms"}, {"left", encoded(region, left)}, {"right", encoded(region, right)}, {"proof", *proof}};
}

/// A variable that runs to infinity from a positive number on (or to minus infinity) as the reciprocal of another: a
/// contact at infinity is then one at 0.
Proof Prover::by_reciprocal(const Problem& region, const Expr& g, bool strict, int depth, std::size_t k) {
  const Expr x = region.givens[k].variable;
  const NodeId v = x.ref().id();
  const RealSet set = region.givens[k].set.entries;
  const bool upper = set.hi.empty() && !set.lo.empty(), lower = set.lo.empty() && !set.hi.empty();
  if ((!upper && !lower) || depth > deepest) return std::nullopt;
  const Expr& end = upper ? set.lo : set.hi;
  const double from = Sampler::constant(end);
  if (!(upper ? from > 0 : from < 0)) return std::nullopt;
  const WorkspaceScope scope(region.workspace);
  const Expr by = Expr(1) / x;
  Problem next = substituted(region, v, by);
  RealSet& to = next.givens[k].set.entries;
  to = RealSet();
  (upper ? to.lo : to.hi) = Expr(0);
  (upper ? to.hi : to.lo) = Expr(1) / end;
  (upper ? to.hi_closed : to.lo_closed) = upper ? set.lo_closed : set.hi_closed;
  auto p = prove(next, substituted(g, {{v, by}}), strict, depth + 1);
  if (!p) return std::nullopt;
  return Json{{"rule", "reciprocal"}, {"variable", k}, {"proof", *p}};
}

}  // namespace nabla::inequality
