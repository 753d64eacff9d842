#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/constants.hpp>
#include <nabla/proofs/recheck/curvature/cone.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/pieces.hpp>
#include <nabla/proofs/recheck/curvature/regular.hpp>
#include <nabla/proofs/recheck/curvature/squeeze.hpp>
#include <nabla/proofs/recheck/curvature/statement.hpp>
#include <nabla/proofs/recheck/wellposed/definedness.hpp>

namespace nabla {

namespace bending {

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

bool is_defined_everywhere(const Problem& problem, const Expr& e) {
  Statement s;
  s.kind = Statement::Kind::predicate;
  s.predicate = "defined";
  s.subject = e;
  return recheck_definedness(problem, s).answer == Replay::Answer::yes;
}

namespace {

Expr slope_at(const Expr& piece, const Expr& t, const Expr& at) {
  const Expr slope = gradient(piece, t);
  return slope.ref().is_node() ? substitute(slope, {{t, at}}) : slope;
}

/// Two pieces of which one or both have a limit alone where they meet: the slope is a number there.
bool slopes_meet(const Problem& problem, const Pieces& pieces, const Expr& e, const Expr& t, std::size_t k,
                 const Json& evidence) {
  const auto slope = parse_rational(evidence.at("slope").get<std::string>());
  const auto at = rederive::constant_value<Rational>(pieces.breaks[k]);
  if (!slope || !at) return false;
  const Expr own = chosen_at(e, t, pieces.breaks[k]);
  const auto agrees = [&](const Expr& piece, bool is_above, const Pieces::Ends& ends, const Json& side) {
    if (!side.contains("squeeze"))
      return (is_above ? ends.lo : ends.hi) &&
             replay_zero(problem, slope_at(piece, t, pieces.breaks[k]) - Expr(to_constant(*slope)), side.at("zero"));
    const Limit limit{
        .at = *at, .from_above = is_above, .other = is_above ? ends.to : ends.from, .value = own, .slope = *slope};
    return replay_squeeze(problem, piece, t, limit, 2, side.at("squeeze"));
  };
  return agrees(pieces.h[k], false, pieces.ends[k], evidence.at("left")) &&
         agrees(pieces.h[k + 1], true, pieces.ends[k + 1], evidence.at("right"));
}

}  // namespace
}  // namespace bending

namespace {

using AtBreaks = std::vector<std::pair<Expr, Expr>>;

/// \param at_breaks  when not null, receives the breaks and the derivative at each
ReplayedCertificate in_regular_pieces(const Problem& stated, const Statement& statement,
                                      const nlohmann::ordered_json& evidence, AtBreaks* at_breaks) {
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
    r.lo_closed = k > 0 && pieces->ends[k].lo;
    r.hi_closed = k + 1 < pieces->h.size() && pieces->ends[k].hi;
    if (!exists_everywhere(p, pieces->h[k]) && !is_defined_everywhere(p, pieces->h[k]))
      return replayed(false, "", "a piece may be undefined where it ends");
    if (differentiable ? !is_smooth(p, pieces->h[k], {t}) : !is_continuous(p, pieces->h[k], {t}))
      return replayed(false, "", "a piece may have a kink where it ends");
  }
  for (std::size_t k = 0; differentiable && k < pieces->breaks.size(); ++k) {
    const Json& meet = evidence.at("slopes").at(k);
    if (meet.is_object() && meet.contains("slope")) {
      if (!slopes_meet(*problem, *pieces, e, t, k, meet))
        return replayed(false, "", "the slope of a piece at its end could not be shown again");
      if (at_breaks != nullptr)
        at_breaks->emplace_back(pieces->breaks[k],
                                Expr(to_constant(*parse_rational(meet.at("slope").get<std::string>()))));
      continue;
    }
    if (!pieces->ends[k].hi || !pieces->ends[k + 1].lo) return replayed(false, "", "a piece has no slope at its end");
    const Expr before = slope_at(pieces->h[k], t, pieces->breaks[k]);
    const Expr after = slope_at(pieces->h[k + 1], t, pieces->breaks[k]);
    if (!replay_zero(*problem, after - before, evidence.at("slopes").at(k)))
      return replayed(false, "", "the slopes of two pieces could not be shown again to agree");
    if (at_breaks != nullptr) at_breaks->emplace_back(pieces->breaks[k], before);
  }
  return replayed(true, "pieces that meet, taken apart again", "");
}

}  // namespace

ReplayedCertificate replay_regular_pieces(const Problem& problem, const Statement& statement,
                                          const nlohmann::ordered_json& evidence) {
  return in_regular_pieces(problem, statement, evidence, nullptr);
}

bool replay_derivative_in_pieces(const Problem& problem, const Expr& e, const Expr& t, const Expr& chain,
                                 const nlohmann::ordered_json& evidence) {
  const WorkspaceScope scope(problem.workspace);
  Statement s;
  s.kind = Statement::Kind::predicate;
  s.over = {t};
  s.predicate = "differentiable";
  s.subject = e;
  AtBreaks at_breaks;
  if (in_regular_pieces(problem, s, evidence.at("of"), &at_breaks).outcome != Outcome::confirmed) return false;
  if (!chain.ref().is_node()) return true;
  if (evidence.contains("values")) {
    for (std::size_t k = 0; k < at_breaks.size(); ++k) {
      const Expr value = bending::chosen_at(chain, t, at_breaks[k].first);
      if (!bending::has_value(value) ||
          !bending::replay_zero(problem, value - at_breaks[k].second, evidence.at("values").at(k)))
        return false;
    }
    return true;
  }
  s.predicate = "continuous";
  s.subject = chain;
  return in_regular_pieces(problem, s, evidence.at("slope"), nullptr).outcome == Outcome::confirmed;
}

}  // namespace nabla
