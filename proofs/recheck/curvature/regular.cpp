#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/curvature/cone.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/pieces.hpp>
#include <nabla/proofs/recheck/curvature/statement.hpp>

namespace nabla {

namespace bending {

namespace {

Expr slope_at(const Expr& piece, const Expr& t, const Expr& at) {
  const Expr slope = gradient(piece, t);
  return slope.ref().is_node() ? substitute(slope, {{t, at}}) : slope;
}

/// The set of the one variable, its closed ends moved outwards, or nothing where the expression has others.
std::optional<Problem> widened(const Problem& problem, const Expr& e, const Expr& t) {
  Problem p;
  p.workspace = problem.workspace;
  for (const Given& g : problem.givens) {
    if (same(g.variable, t)) {
      p.givens.push_back(g);
    } else if (depends_on(e, g.variable)) {
      return std::nullopt;
    }
  }
  if (p.givens.size() != 1 || p.givens[0].set.kind != Set::Kind::entries) return std::nullopt;
  RealSet& r = p.givens[0].set.entries;
  if (r.is_finite()) return std::nullopt;
  if (!r.lo.empty() && r.lo_closed) r.lo = r.lo - Expr(1);
  if (!r.hi.empty() && r.hi_closed) r.hi = r.hi + Expr(1);
  r.lo_closed = r.hi_closed = false;
  return p;
}

}  // namespace
}  // namespace bending

ReplayedCertificate replay_regular_pieces(const Problem& stated, const Statement& statement,
                                          const nlohmann::ordered_json& evidence) {
  using namespace bending;
  const WorkspaceScope scope(stated.workspace);
  const bool differentiable = statement.predicate == "differentiable";
  if (statement.kind != Statement::Kind::predicate || (!differentiable && statement.predicate != "continuous") ||
      statement.over.size() != 1 || !statement.over[0].shape().is_scalar() || !statement.subject.shape().is_scalar())
    return replayed(false, "", "a certificate of another predicate");
  const Expr &e = statement.subject, &t = statement.over[0];
  const auto problem = widened(stated, e, t);
  if (!problem) return replayed(false, "", "not a function of one variable in an interval");
  std::string why;
  const auto pieces = replay_pieces(*problem, e, t, evidence, why);
  if (!pieces) return replayed(false, "", why);
  for (std::size_t k = 0; k < pieces->h.size(); ++k) {
    Problem p = pieces->problems[k];
    RealSet& r = p.givens[0].set.entries;  // where it meets its neighbours too
    r.lo_closed = k > 0;
    r.hi_closed = k + 1 < pieces->h.size();
    if (!exists_everywhere(p, pieces->h[k])) return replayed(false, "", "a piece may be undefined where it ends");
    if (differentiable ? !is_smooth(p, pieces->h[k], {t}) : !is_continuous(p, pieces->h[k], {t}))
      return replayed(false, "", "a piece may have a kink where it ends");
  }
  for (std::size_t k = 0; differentiable && k < pieces->breaks.size(); ++k) {
    const Expr before = slope_at(pieces->h[k], t, pieces->breaks[k]);
    const Expr after = slope_at(pieces->h[k + 1], t, pieces->breaks[k]);
    if (!replay_zero(*problem, after - before, evidence.at("slopes").at(k)))
      return replayed(false, "", "the slopes of two pieces could not be shown again to agree");
  }
  return replayed(true, "pieces that meet, taken apart again", "");
}

}  // namespace nabla
