#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/curvature/cone.hpp>
#include <nabla/proofs/recheck/wellposed/definedness.hpp>
#include <nabla/proofs/recheck/witness/witness.hpp>
#include <nlohmann/json.hpp>

/// Two sides that are equal at one point, and the difference of which has no slope.
namespace nabla {

namespace replay {

Truth Replay::holds_at_texts(const Statement& statement) const {
  const auto p = read_point(problem_, texts_);
  if (!p || stated(*p)) return Truth::unknown;
  return decided([&]<class V>() {
           const auto at = all_values<V>(*p);
           return at ? truth_at<V>(statement, *at) : Truth::unknown;
         })
      .truth;
}

}  // namespace replay

namespace {

/// Whether a number has a slope everywhere inside of an interval but at countably many points: each operator with kinks
/// is a continuous one of one operand, made of operators without kinks, which are analytic, that is not the same
/// everywhere, so that it is at a kink at isolated points.
bool has_slope_nearly_everywhere(const Problem& inside, const Expr& f, const std::string& name) {
  const Graph& graph = inside.workspace->graph();
  const Ref of[] = {f.ref()};
  const std::vector<bool> read = reachable(graph, of);
  std::vector<bool> is_analytic(read.size(), false);
  for (NodeId id = 0; id < read.size(); ++id) {
    if (!read[id]) continue;
    const auto x = graph.operands(id);
    const bool is_built_in = graph.code(id) < builtin_count && graph.shape(id).is_scalar();
    if (!is_built_in) return false;
    const Facts& facts = graph.info(id).facts;
    const bool below = std::ranges::all_of(x, [&](Ref r) { return !r.is_node() || is_analytic[r.id()]; });
    const bool has_kinks = !facts.kinks.empty() || facts.regularity != Regularity::smooth;
    is_analytic[id] = below && !has_kinks;
    if (!has_kinks) continue;
    if (facts.regularity == Regularity::discontinuous || x.size() != 1 || !below) return false;
    if (!x[0].is_node()) continue;
    // Two points at which the operand differs.
    Statement same_value;
    same_value.kind = Statement::Kind::relation;
    same_value.comparisons = {Comparison::equal};
    const Expr operand(inside.workspace, x[0]);
    bool differs = false;
    for (const auto& [p, q] : {std::pair{"1/3", "1/2"}, {"-1/3", "-1/2"}, {"3", "2"}, {"-3", "-2"}}) {
      const auto at = parse_rational(p);
      same_value.sides = {operand, substitute(operand, {{inside.givens[0].variable, Expr(to_constant(*at))}})};
      const WitnessTexts there{{name, {q}}}, here{{name, {p}}};
      const PairNames no_pairs;
      differs = differs || (replay::Replay(inside, there, no_pairs).holds_at_texts(same_value) == Truth::no &&
                            replay::Replay(inside, here, no_pairs).holds_at_texts(same_value) != Truth::no);
    }
    if (!differs) return false;
  }
  return true;
}

}  // namespace

ReplayedCertificate replay_constant(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence) {
  const auto answer = replay::answers("constant");
  const WorkspaceScope scope(problem.workspace);
  if (statement.kind != Statement::Kind::relation || statement.comparisons.size() != 1 ||
      statement.comparisons[0] != Comparison::equal || !statement.sides[0].shape().is_scalar())
    return answer(Outcome::failed, "a certificate of another statement");
  const auto name = evidence.at("variable").get<std::string>();
  Problem alone;  // the one variable in its set, whatever is assumed
  alone.workspace = problem.workspace;
  for (const Given& g : problem.givens) {
    if (g.name == name) {
      alone.givens.push_back(g);
    } else if (depends_on(statement.sides[0], g.variable) || depends_on(statement.sides[1], g.variable)) {
      return answer(Outcome::failed, "another variable is read");
    }
  }
  if (alone.givens.size() != 1 || alone.givens[0].set.kind != Set::Kind::entries ||
      !alone.givens[0].set.shape.is_scalar() || alone.givens[0].set.entries.is_finite())
    return answer(Outcome::failed, "not a number in an interval");
  const Expr x = alone.givens[0].variable;
  const Expr f = statement.sides[0] - statement.sides[1];
  Problem inside = alone;
  inside.givens[0].set.entries.lo_closed = inside.givens[0].set.entries.hi_closed = false;
  if (recheck_definedness(alone, statement).answer != Replay::Answer::yes)
    return answer(Outcome::open, "a side may not exist somewhere");
  if (!bending::is_continuous(alone, f, {x})) return answer(Outcome::open, "the difference may jump");
  // A continuous function whose derivative is 0 but at countably many points is constant.
  if (!bending::is_smooth(inside, f, {x}) && !has_slope_nearly_everywhere(inside, f, name))
    return answer(Outcome::open, "the difference may have no slope somewhere");
  const Expr slope = gradient(f, x);
  const bool is_flat =
      slope.ref().is_node()
          ? recheck_identity(inside, slope, Expr(0), evidence.at("slope").dump()).answer == Replay::Answer::yes
          : slope.is(0);
  if (!is_flat) return answer(Outcome::open, "that the slope is 0 was not derived again");
  const WitnessTexts texts{{name, {evidence.at("at").get<std::string>()}}};
  const PairNames no_pairs;
  if (replay::Replay(alone, texts, no_pairs).holds_at_texts(statement) != Truth::yes)
    return answer(Outcome::open, "the sides could not be shown to be equal at the point");
  return answer(Outcome::confirmed, "no slope, and equal at a point");
}

}  // namespace nabla
