#include <algorithm>
#include <nabla/proofs/check/inequality/prover.hpp>

// By contradiction: where the end of a variable does not hold, a hypothesis does not.

namespace nabla::inequality {

Proof Prover::by_contradiction(const Problem& region, const Expr& g, bool strict, int depth) {
  const std::set<NodeId> among = variables_of(g);
  if (among.size() != 1 || region.hypotheses.empty()) return std::nullopt;
  const NodeId v = *among.begin();
  const auto k = given_of(region, v);
  if (!k || region.givens[*k].set.entries.is_finite()) return std::nullopt;
  // g = c (x - at)
  const WorkspaceScope scope(region.workspace);
  const Expr x(region.workspace, Ref::node(v));
  const Expr rest = substituted(g, {{v, Expr(0)}});
  Problem bare = region;
  bare.hypotheses.clear();
  const auto c = rational_constant(bare, substituted(g, {{v, Expr(1)}}) - rest);
  if (!c || c->is_zero() || !is_zero(bare, g - (Expr(to_constant(*c)) * x + rest))) return std::nullopt;
  const Expr root = -rest / Expr(to_constant(*c));
  const auto exact = rational_constant(bare, root);
  const Expr at = exact ? Expr(to_constant(*exact)) : root;
  for (std::size_t i = 0; i < region.hypotheses.size(); ++i) {
    const Statement& h = region.hypotheses[i];
    const Comparison how = h.comparisons[0];
    if (how == Comparison::equal || how == Comparison::not_equal) continue;
    const bool up = how == Comparison::greater || how == Comparison::greater_equal;
    const Expr slack = up ? h.sides[0] - h.sides[1] : h.sides[1] - h.sides[0];
    if (!variables_of(slack).contains(v)) continue;
    const bool open = how == Comparison::less || how == Comparison::greater;
    Problem beyond = with_end(region, *k, c->sign() < 0, at, strict);
    beyond.hypotheses.erase(beyond.hypotheses.begin() + static_cast<std::ptrdiff_t>(i));
    if (seen_to_fail(beyond, -slack)) continue;
    if (auto p = prove(beyond, -slack, !open, depth + 1))
      return Json{{"rule", "contrary"}, {"hypothesis", i},           {"variable", *k},
                  {"factor", c->str()}, {"at", encoded(region, at)}, {"proof", *p}};
  }
  return std::nullopt;
}

}  // namespace nabla::inequality
