#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/connective.hpp>
#include <nabla/proofs/recheck/constants.hpp>
#include <nabla/proofs/recheck/kinds.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

ReplayedCertificate replay_instance(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence) {
  ReplayedCertificate r;
  r.outcome = Outcome::failed;
  r.message = "not what a premise says of two points";
  if (statement.kind != Statement::Kind::implication || statement.children.size() != 2 || !problem.hypotheses.empty() ||
      problem.functions != FunctionTreatment::none)
    return r;
  const Statement& premise = statement.children[0];
  const std::string& name = premise.predicate;
  const auto u = parse_rational(evidence.at("first").get<std::string>());
  const auto w = parse_rational(evidence.at("second").get<std::string>());
  if (premise.kind != Statement::Kind::predicate || premise.over.size() != 1 || !premise.over[0].shape().is_scalar() ||
      !premise.subject.shape().is_scalar() || !u || !w || *u >= *w)
    return r;
  bool inside = false;
  for (const Given& g : problem.givens)
    inside = inside || (same(g.variable, premise.over[0]) && g.set.kind == Set::Kind::entries &&
                        rederive::lies_in(g.set.entries, *u) && rederive::lies_in(g.set.entries, *w));
  if (!inside) return r;
  const WorkspaceScope scope(problem.workspace);
  const auto value = [&](const Rational& x) {
    const Expr& e = premise.subject;
    return e.ref().is_node() ? substitute(e, {{premise.over[0], Expr(to_constant(x))}}) : e;
  };
  Statement said;
  said.kind = Statement::Kind::relation;
  said.side_places.resize(2);
  const Expr first = value(*u), second = value(*w), middle = value((*u + *w) / 2), chord = (first + second) / Expr(2);
  if (name == "convex" || name == "concave") {
    said.sides = {middle, chord};
    said.comparisons = {name == "convex" ? Comparison::less_equal : Comparison::greater_equal};
  } else if (name == "increasing" || name == "decreasing") {
    said.sides = {first, second};
    said.comparisons = {name == "increasing" ? Comparison::less_equal : Comparison::greater_equal};
  } else {
    return r;
  }
  Statement whole = statement;
  whole.children[0] = std::move(said);
  const std::string kind = evidence.at("kind").get<std::string>();
  if (kind != "inequality") return r;
  return replay_kind(kind, problem, whole, evidence.at("evidence"));
}

ReplayedCertificate replay_part(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence) {
  const Statement* part = &statement;
  for (const nlohmann::ordered_json& step : evidence.at("path")) part = &part->children.at(step.get<std::size_t>());
  return replay_kind(evidence.at("kind").get<std::string>(), problem, *part, evidence.at("evidence"));
}

ReplayedCertificate replay_implied(const Problem& problem, const Statement& statement,
                                   const nlohmann::ordered_json& evidence) {
  Problem under = problem;
  const Statement* conclusion = &statement;
  while (conclusion->kind == Statement::Kind::implication && conclusion->children.size() == 2) {
    under.hypotheses.push_back(conclusion->children[0]);
    conclusion = &conclusion->children[1];
  }
  const std::string kind = evidence.at("kind").get<std::string>();
  if (kind != "identity") {  // what refutes a conclusion says nothing of the whole
    ReplayedCertificate r;
    r.outcome = Outcome::failed;
    r.message = "evidence of this kind for a conclusion proves nothing";
    return r;
  }
  return replay_kind(kind, under, *conclusion, evidence.at("evidence"));
}

}  // namespace nabla
