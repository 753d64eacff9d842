#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>

// Inequalities of several variables in which, the others given, one variable has a best value that can be written down.

namespace nabla::inequality {

namespace {

using normal_form::Atom;
using normal_form::Fraction;
using normal_form::Normaliser;

/// Values of the variable at which p is 0, p being affine in one function of the variable that can be undone.
void add_zeros(const Normaliser& normal, const normal_form::Polynomial& p, NodeId variable,
               const std::shared_ptr<Workspace>& workspace, std::vector<Expr>& found) {
  const normal_form::Ring& ring = p.ring();
  const std::vector<std::int64_t> degrees_of = degrees(ring, p.get());
  std::optional<std::size_t> only;
  for (std::size_t k = 0; k < normal.atoms().size(); ++k) {
    if (degrees_of[k] == 0) continue;
    const Expr atom = transplant(normal.expression(k), workspace);
    if (!variables_of(atom).contains(variable)) continue;
    if (only) return;
    only = k;
  }
  if (!only) return;
  const std::int64_t n = degrees_of[*only];
  const Expr atom = transplant(normal.expression(*only), workspace);
  Fraction top(ring), rest(ring);
  for (const auto& [e, part] : powers_of(p, static_cast<std::int64_t>(*only))) {
    if (e != 0 && e != n) return;
    (e == n ? top : rest) = Fraction::of(part);
  }
  const WorkspaceScope scope(workspace);
  Expr value = expression_of(normal, -rest / top, workspace);
  if (n == 2)
    value = sqrt(value);
  else if (n != 1)
    value = pow(value, Expr(1) / Expr(n));
  const Atom& a = normal.atoms()[*only];
  const Expr x(workspace, Ref::node(variable));
  const auto undo = [&](const Expr& inner, const Expr& at) {
    // inner = s x + r
    const Expr r = substituted(inner, {{variable, Expr(0)}}), s = substituted(inner, {{variable, Expr(1)}}) - r;
    found.push_back((at - r) / s);
  };
  if (a.kind == Atom::Kind::variable) {
    found.push_back(value);
    if (n % 2 == 0) found.push_back(-value);
  } else if (a.kind == Atom::Kind::logarithm) {
    undo(inside_of(normal, *only, workspace), exp(value));
  } else if (a.kind == Atom::Kind::root) {
    undo(inside_of(normal, *only, workspace), powi(value, a.degree));
  } else if (a.kind == Atom::Kind::exponential) {
    undo(inside_of(normal, *only, workspace) / Expr(a.denominator), log(value));
  }
}

}  // namespace

/// A polynomial in variables that are not negative, by the order of two of them after the other: written in their
/// distances it often has no negative term left.
Proof Prover::by_order(const Problem& region, const Expr& g, bool strict, int depth) {
  constexpr int latest = 6;
  constexpr std::size_t most = 4;
  const std::set<NodeId> among = variables_of(g);
  if (depth > latest || among.size() < 2 || among.size() > most) return std::nullopt;
  std::vector<Expr> x;
  for (const NodeId v : among) {
    const auto k = given_of(region, v);
    if (!k) return std::nullopt;
    const RealSet& set = region.givens[*k].set.entries;
    if (set.is_finite() || set.lo.empty() || !(Sampler::constant(set.lo) >= 0)) return std::nullopt;
    x.push_back(region.givens[*k].variable);
  }
  bool is_polynomial = false;
  try {
    use_normal_form(region, g, [&](ScalarForm&, Normaliser& normal, const Fraction& f) {
      if (!f.is_polynomial()) return;
      const std::vector<std::int64_t> d = degrees(f.ring(), f.num());
      is_polynomial = true;
      for (std::size_t k = 0; k < normal.atoms().size(); ++k)
        is_polynomial = is_polynomial && (d[k] == 0 || normal.atoms()[k].kind == Atom::Kind::variable);
    });
  } catch (const normal_form::Split&) {
  } catch (const normal_form::Contradiction&) {
  } catch (const normal_form::BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  if (!is_polynomial || seen_to_fail(region, g)) return std::nullopt;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t step = 1; step < x.size(); ++step)
    for (std::size_t i = 0; i + step < x.size(); ++i) pairs.emplace_back(i, i + step);
  const auto [i, j] = pairs[static_cast<std::size_t>(depth) / 2 % pairs.size()];
  const WorkspaceScope scope(region.workspace);
  Json parts = Json::array();
  const Expr e = x[i] - x[j];
  for (const bool up : {true, false}) {
    Problem next = region;
    Statement h;
    h.sides = {e, Expr(0)};
    h.comparisons = {up ? Comparison::greater_equal : Comparison::less_equal};
    next.hypotheses.push_back(std::move(h));
    auto p = prove(next, g, strict, depth + 1);
    if (!p) return std::nullopt;
    parts.push_back(Json{{"sign", up ? "nonnegative" : "nonpositive"}, {"proof", *p}});
  }
  return Json{{"rule", "cases"}, {"of", encoded(region, e)}, {"parts", parts}};
}

/// g is least, in one variable, where its derivative changes from falling to rising: it has the sign there.
Proof Prover::by_least_value(const Problem& whole, const Expr& g, bool strict, int depth, std::size_t k) {
  constexpr int deepest = 5;
  if (depth > deepest) return std::nullopt;
  Problem region = whole;
  const Expr x = whole.givens[k].variable;
  const NodeId v = x.ref().id();
  std::erase_if(region.hypotheses, [&](const Statement& h) {
    return variables_of(h.sides[0]).contains(v) || variables_of(h.sides[1]).contains(v);
  });
  const RealSet set = region.givens[k].set.entries;
  if (set.is_finite()) return std::nullopt;
  const std::shared_ptr<Workspace>& workspace = region.workspace;
  const WorkspaceScope scope(workspace);
  const Expr slope = gradient(g, x);
  spend(500);
  std::vector<Expr> candidates;
  try {
    use_normal_form(region, slope, [&](ScalarForm&, Normaliser& normal, const Fraction& f) {
      for (const auto& [p, e] : factor(f).powers)
        if (e % 2 != 0 && e > 0) add_zeros(normal, p, v, workspace, candidates);
    });
  } catch (const normal_form::Split&) {
  } catch (const normal_form::Contradiction&) {
  } catch (const normal_form::BudgetExceeded&) {
  } catch (const NotHandled&) {
  }
  for (const Expr& at : candidates) {
    if (variables_of(at).contains(v)) continue;
    const Expr face = substituted(g, {{v, at}});
    Problem others = region;
    others.givens[k].set.entries = RealSet();
    // The value lies in the set, and g has the sign there; seen in doubles first.
    if (seen_to_fail(others, face)) continue;
    const Expr gap = (x - at) * slope;
    if (seen_to_fail(region, gap)) continue;
    bool inside = true;
    for (const bool lower : {true, false}) {
      const Expr& end = lower ? set.lo : set.hi;
      if (end.empty()) continue;
      const bool open = !(lower ? set.lo_closed : set.hi_closed);
      const Expr room = lower ? at - end : end - at;
      inside = inside && is_throughout(others, room, open ? Comparison::greater : Comparison::greater_equal);
    }
    if (!inside) continue;
    Problem interior = region;
    interior.givens[k].set.entries.lo_closed = interior.givens[k].set.entries.hi_closed = false;
    try {
      const Expr targets[] = {g, slope, at};
      Ranges ranges(region, targets);
      spend(2 * ranges.size());
      ranges.run(wellposed::box_of(interior));
      if (!ranges.complete() || !ranges.is_regular(g, wellposed::Want::differentiable) || !ranges.is_defined(slope) ||
          !ranges.is_defined(at))
        continue;
      ranges.run(wellposed::box_of(region));
      if (!ranges.complete() || !ranges.is_regular(g, wellposed::Want::continuous) || !ranges.is_defined(at)) continue;
    } catch (const NotHandled&) {
      continue;
    }
    auto p = prove(others, face, strict, depth + 1);
    if (!p) continue;
    Json made{{"rule", "least"}, {"variable", k}, {"at", encoded(region, at)}, {"face", *p}};
    bool all = true;
    for (const bool above : {true, false}) {
      Problem next = interior;
      Statement h;
      h.sides = {x, at};
      h.comparisons = {above ? Comparison::greater : Comparison::less};
      next.hypotheses.push_back(std::move(h));
      auto q = prove(next, above ? slope : -slope, false, depth + 1);
      if (!q) {
        all = false;
        break;
      }
      made[above ? "above" : "below"] = *q;
    }
    if (all) return made;
  }
  return std::nullopt;
}

}  // namespace nabla::inequality
