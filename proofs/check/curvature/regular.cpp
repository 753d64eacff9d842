#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/cone.hpp>
#include <nabla/proofs/check/curvature/regular.hpp>
#include <nabla/proofs/check/curvature/squeeze.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla::curvature {

std::optional<Problem> around_interval(const Problem& problem, const Expr& e, const Expr& t) {
  Problem around;
  around.workspace = problem.workspace;
  for (const Given& g : problem.givens) {
    if (!same(g.variable, t)) {
      if (depends_on(e, g.variable)) return std::nullopt;
      continue;
    }
    if (g.set.kind != Set::Kind::entries || !g.set.shape.is_scalar() || g.set.entries.is_finite()) return std::nullopt;
    Given wide = g;
    RealSet& r = wide.set.entries;
    if (!r.lo.empty() && r.lo_closed) r.lo = r.lo - Expr(1);
    if (!r.hi.empty() && r.hi_closed) r.hi = r.hi + Expr(1);
    r.lo_closed = r.hi_closed = false;
    around.givens.push_back(std::move(wide));
  }
  if (around.givens.size() != 1) return std::nullopt;
  return around;
}

bool is_regular_piece(const Problem& problem, const Expr& t, const Piece& piece, bool differentiable) {
  if (!piece.h.ref().is_node()) return true;
  Problem p = on_piece(problem, t, piece);
  p.givens[0].set.entries.lo_closed = piece.lo.has_value() && piece.has_lo;
  p.givens[0].set.entries.hi_closed = piece.hi.has_value() && piece.has_hi;
  const Ref targets[] = {piece.h.ref()};
  wellposed::Survey survey(piece.h.graph(), targets, {});
  survey.run(wellposed::box_of(p));
  if (survey.impossible()) return false;
  return std::ranges::all_of(survey.nodes(), [&](NodeId id) {
    if (!survey.defined(id)) return false;
    return survey.kink_free(id) ||
           (!differentiable && piece.h.graph().info(id).facts.regularity != Regularity::discontinuous);
  });
}

namespace {

/// The derivative where two pieces meet of which one or both have a limit there alone.
std::optional<Rational> common_slope(const Problem& problem, const Expr& e, const Expr& t, const Piece& left,
                                     const Piece& right, const Budget& budget, Json& proof) {
  const Rational at = *left.hi;
  Approach below{.at = at, .from_above = false, .other = left.lo, .value = chosen_value(e, t, at)};
  Approach above{.at = at, .from_above = true, .other = right.hi, .value = below.value};
  const auto slope = left.has_hi ? guess_slope(right.h, t, above) : guess_slope(left.h, t, below);
  if (!slope) return std::nullopt;
  below.slope = above.slope = *slope;
  proof["slope"] = slope->str();
  const auto agrees = [&](const Piece& piece, bool has_value, const Approach& approach, Json& side) {
    if (!has_value) return show_squeezed(problem, piece.h, t, approach, true, budget, side["squeeze"]);
    const Expr own = value_at(gradient(piece.h, t), t, at);
    return show_zero(problem, own - Expr(to_constant(*slope)), budget, side["zero"]);
  };
  if (!agrees(left, left.has_hi, below, proof["left"]) || !agrees(right, right.has_lo, above, proof["right"]))
    return std::nullopt;
  return slope;
}

}  // namespace

bool show_regular_pieces(const Problem& problem, const Expr& e, const std::vector<Expr>& over, bool differentiable,
                         const Budget& budget, Json& proof, std::vector<std::pair<Rational, Expr>>* at_breaks) {
  if (over.size() != 1 || !over[0].shape().is_scalar() || !e.shape().is_scalar() || !e.ref().is_node()) return false;
  const Expr& t = over[0];
  const WorkspaceScope scope(problem.workspace);
  const auto around = around_interval(problem, e, t);
  if (!around) return false;
  Json j;
  j["wanted"] = differentiable ? "differentiable" : "continuous";
  const auto pieces = continuous_pieces(*around, e, t, budget, j);
  if (!pieces) return false;
  for (const Piece& piece : *pieces)
    if (!is_regular_piece(*around, t, piece, differentiable)) return false;
  j["slopes"] = Json::array();
  for (std::size_t k = 0; differentiable && k + 1 < pieces->size(); ++k) {
    const Rational at = *(*pieces)[k].hi;
    if (!(*pieces)[k].has_hi || !(*pieces)[k + 1].has_lo) {
      Json meet;
      const auto slope = common_slope(*around, e, t, (*pieces)[k], (*pieces)[k + 1], budget, meet);
      if (!slope) return false;
      j["slopes"].push_back(std::move(meet));
      if (at_breaks != nullptr) at_breaks->emplace_back(at, Expr(to_constant(*slope)));
      continue;
    }
    const Expr before = value_at(gradient((*pieces)[k].h, t), t, at);
    const Expr after = value_at(gradient((*pieces)[k + 1].h, t), t, at);
    Json same_slope;
    if (!show_zero(*around, after - before, budget, same_slope)) return false;
    j["slopes"].push_back(std::move(same_slope));
    if (at_breaks != nullptr) at_breaks->emplace_back(at, before);
  }
  proof = std::move(j);
  return true;
}

}  // namespace nabla::curvature
