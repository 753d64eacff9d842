#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/curvature_cone.hpp>
#include <nabla/proofs/recheck/definedness.hpp>
#include <nabla/proofs/recheck/witness.hpp>
#include <nlohmann/json.hpp>

/// Two sides that are equal at one point, and the difference of which has no slope.
namespace nabla {

namespace replay {

Truth Replay::holds_at_texts(const Statement& statement) const {
  std::vector<Expr> givens;
  std::vector<std::string> names;
  for (const Given& g : problem_.givens) {
    givens.push_back(g.variable);
    names.push_back(g.name);
  }
  const auto p = read_point(problem_, givens, names, texts_);
  if (!p || stated(*p)) return Truth::unknown;
  return decided([&]<class V>() {
           const auto at = all_values<V>(*p);
           return at ? truth_at<V>(statement, *at) : Truth::unknown;
         })
      .truth;
}

}  // namespace replay

ReplayedCertificate replay_constant(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence) {
  ReplayedCertificate r;
  r.kind = "constant";
  const auto answer = [&](Outcome outcome, std::string message) {
    r.outcome = outcome;
    r.message = std::move(message);
    return r;
  };
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
  if (recheck_definedness(alone, statement).answer != Replay::Answer::yes &&
      !(bending::exists_everywhere(alone, statement.sides[0]) && bending::exists_everywhere(alone, statement.sides[1])))
    return answer(Outcome::open, "a side may not exist somewhere");
  if (!bending::is_continuous(alone, f, {x})) return answer(Outcome::open, "the difference may jump");
  if (!bending::is_smooth(inside, f, {x})) return answer(Outcome::open, "the difference may have no slope somewhere");
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
