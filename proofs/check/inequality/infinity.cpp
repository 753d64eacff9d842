#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/check/inequality/limit.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>
#include <nabla/proofs/check/point.hpp>

// Unbounded variables: functions that repeat, and functions that fall towards their limit.

namespace nabla::inequality {

/// Functions of sin and cos of one variable are looked at over one period.
std::optional<Proof> Prover::by_period(const Problem& region, const Expr& g, bool strict, int depth) {
  const std::shared_ptr<Workspace>& workspace = region.workspace;
  if (!g.ref().is_node()) return std::nullopt;
  const WorkspaceScope scope(workspace);
  const Ref target[] = {g.ref()};
  const std::vector<bool> needed = reachable(workspace->graph(), target);
  for (const NodeId v : variables_of(g)) {
    const auto k = given_of(region, v);
    if (!k) return std::nullopt;
    const RealSet& set = region.givens[*k].set.entries;
    if (set.is_finite() || !set.lo.empty() || !set.hi.empty()) continue;
    bool spoken_of = false;
    for (const Statement& h : region.hypotheses)
      spoken_of = spoken_of || variables_of(h.sides[0]).contains(v) || variables_of(h.sides[1]).contains(v);
    if (spoken_of) continue;
    // What x is read through: angles a x + b.
    std::vector<bool> moves(needed.size());
    std::vector<Expr> slopes;
    bool repeats = true;
    for (NodeId id = 0; id < needed.size() && repeats; ++id) {
      if (!needed[id]) continue;
      if (id == v) {
        moves[id] = true;
        continue;
      }
      const Graph& graph = workspace->graph();
      const std::vector<Ref> operands(graph.operands(id).begin(), graph.operands(id).end());
      const bool inside =
          std::ranges::any_of(operands, [&](Ref r) { return r.is_node() && r.id() < moves.size() && moves[r.id()]; });
      if (!inside) continue;
      if (graph.code(id) != opcode<Sin> && graph.code(id) != opcode<Cos>) {
        moves[id] = true;
        continue;
      }
      const Expr angle(workspace, operands[0]);
      const Expr at_zero = substituted(angle, {{v, Expr(0)}});
      const Expr a = substituted(angle, {{v, Expr(1)}}) - at_zero;
      const Expr x(workspace, Ref::node(v));
      repeats = variables_of(a).empty() && is_zero(region, angle - (a * x + at_zero));
      slopes.push_back(a);
    }
    if (!repeats || slopes.empty() || moves[g.ref().id()]) continue;
    // The periods 2 pi / a have a common multiple where the ratios of the a are rational.
    Rational common = 1;
    for (const Expr& a : slopes) {
      const auto ratio = rational_constant(region, a / slopes[0]);
      if (!ratio || ratio->is_zero()) {
        repeats = false;
        break;
      }
      // gcd(p/q, r/s) = gcd(p s, r q) / (q s)
      const auto p = numerator(common) * denominator(*ratio), q = numerator(*ratio) * denominator(common);
      common = Rational(gcd(p, q), denominator(common) * denominator(*ratio));
    }
    if (!repeats || common.is_zero()) continue;
    const Precision digits(30);
    const auto first = constant_ball(slopes[0]);
    if (!first || !(first->certainly_positive() || first->certainly_negative())) continue;
    const Expr unit = Expr(to_constant(common)) * (first->certainly_positive() ? slopes[0] : -slopes[0]);
    const auto plain = rational_constant(region, unit);
    const Expr half =
        plain ? Expr(to_constant(Rational(1) / *plain)) * Expr(Constant::pi()) : Expr(Constant::pi()) / unit;
    Problem once = with_end(region, *k, true, -half, true);
    once = with_end(once, *k, false, half, true);
    Json turns = Json::array();
    for (const Expr& a : slopes) {
      const auto n = rational_constant(region, a / unit);
      if (!n || denominator(*n) != 1) return std::nullopt;
      turns.push_back(static_cast<std::int64_t>(numerator(*n)));
    }
    auto p = prove(once, g, strict, depth + 1);
    if (!p) return Proof();
    return Proof(
        Json{{"rule", "periodic"}, {"variable", *k}, {"half", encoded(region, half)}, {"turns", turns}, {"proof", *p}});
  }
  return std::nullopt;
}

std::optional<Expr> Prover::limit_at(const Problem& region, const Expr& g, std::size_t k, bool upper) {
  const Expr x = region.givens[k].variable;
  const NodeId v = x.ref().id();
  const WorkspaceScope scope(region.workspace);
  spend(100);
  const auto zero = [&](const Expr& e) { return is_zero(region, e); };
  const auto growth = growth_at_infinity(upper ? g : substituted(g, {{v, -x}}), v, zero);
  return growth ? finite_limit(*growth) : std::nullopt;
}

/// g falls, as the variable runs to an infinity, towards a limit that has the sign.
Proof Prover::by_tail(const Problem& whole, const Expr& g, bool strict, int depth, std::size_t k, bool upper) {
  const Expr x = whole.givens[k].variable;
  const NodeId v = x.ref().id();
  const RealSet& set = whole.givens[k].set.entries;
  if (in_tail_ || set.is_finite() || !(upper ? set.hi : set.lo).empty()) return std::nullopt;
  Problem region = whole;
  std::erase_if(region.hypotheses, [&](const Statement& h) {
    return variables_of(h.sides[0]).contains(v) || variables_of(h.sides[1]).contains(v);
  });
  const WorkspaceScope scope(region.workspace);
  const auto limit = limit_at(region, g, k, upper);
  if (!limit) return std::nullopt;
  const bool above = constant(region, *limit, true).has_value();
  if (!above && !constant(region, *limit, false)) return std::nullopt;
  const Expr slope = gradient(g, x);
  Problem inside = region;
  inside.givens[k].set.entries.lo_closed = inside.givens[k].set.entries.hi_closed = false;
  try {
    const Expr targets[] = {g, slope};
    Ranges ranges(region, targets);
    spend(2 * ranges.size());
    ranges.run(wellposed::box_of(inside));
    if (!ranges.complete() || !ranges.is_regular(g, wellposed::Want::differentiable) || !ranges.is_defined(slope))
      return std::nullopt;
    ranges.run(wellposed::box_of(region));
    if (!ranges.complete() || !ranges.is_regular(g, wellposed::Want::continuous)) return std::nullopt;
  } catch (const NotHandled&) {
    return std::nullopt;
  }
  const bool strictly = strict && !above;
  in_tail_ = true;
  auto p = prove(inside, upper ? -slope : slope, strictly, depth + 1);
  in_tail_ = false;
  if (!p) return std::nullopt;
  return Json{{"rule", "tail"}, {"variable", k}, {"upper", upper}, {"strict_slope", strictly}, {"slope", *p}};
}

}  // namespace nabla::inequality
