#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality_prover.hpp>

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
    if (variables_of(at).empty() || variables_of(at).contains(v)) continue;
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
