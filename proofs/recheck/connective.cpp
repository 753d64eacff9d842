#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/connective.hpp>
#include <nabla/proofs/recheck/constants.hpp>
#include <nabla/proofs/recheck/evidence.hpp>
#include <nabla/proofs/recheck/kinds.hpp>
#include <nabla/proofs/recheck/witness/witness.hpp>
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

ReplayedCertificate replay_counterexample(const Problem& problem, const Statement& statement,
                                          const nlohmann::ordered_json& evidence) {
  ReplayedCertificate r;
  r.outcome = Outcome::failed;
  r.message = "no values at which a premise holds and the conclusion fails";
  if (statement.kind != Statement::Kind::implication || statement.children.size() != 2 ||
      problem.functions != FunctionTreatment::none || !problem.derivatives.empty())
    return r;
  const Statement &premise = statement.children[0], &conclusion = statement.children[1];
  if (premise.kind != Statement::Kind::predicate || !replay::is_about_points(premise) ||
      conclusion.kind != Statement::Kind::relation)
    return r;
  const WorkspaceScope scope(problem.workspace);
  const auto moves = [&](const Expr& e) {
    return std::ranges::any_of(premise.over, [&](const Expr& v) { return !e.empty() && depends_on(e, v); });
  };
  WitnessTexts witness;
  std::vector<std::pair<Expr, Expr>> values;
  for (const auto& [name, entries] : evidence.at("witness").items())
    witness.emplace_back(name, entries.get<std::vector<std::string>>());
  for (const Given& g : problem.givens) {
    if (g.set.kind != Set::Kind::entries) return r;
    if (moves(g.variable)) continue;
    const auto text = std::ranges::find(witness, g.name, [](const auto& w) { return w.first; });
    if (!g.set.shape.is_scalar() || text == witness.end() || text->second.size() != 1) return r;
    const auto value = parse_rational(text->second[0]);
    if (!value) return r;
    values.emplace_back(g.variable, Expr(to_constant(*value)));
  }
  const auto reads = [&](const Expr& e) {
    return std::ranges::any_of(values, [&](const auto& v) { return !e.empty() && depends_on(e, v.first); });
  };
  // What the premise quantifies over must range over the same whatever the values.
  Problem there = problem;
  there.hypotheses.clear();
  for (const Given& g : problem.givens) {
    if (!moves(g.variable)) continue;
    const RealSet& set = g.set.entries;
    if (reads(set.lo) || reads(set.hi) || std::ranges::any_of(set.elements, reads)) return r;
  }
  for (const Statement& h : problem.hypotheses) {
    if (h.kind != Statement::Kind::relation) return r;
    if (!std::ranges::any_of(h.sides, reads))
      there.hypotheses.push_back(h);
    else if (std::ranges::any_of(h.sides, moves))
      return r;
  }
  const ReplayedCertificate fails = replay_witness(problem, conclusion, witness);
  if (fails.outcome != Outcome::confirmed) return fails;
  Statement holds = premise;
  const auto put = [&](const Expr& e) { return !e.empty() && e.ref().is_node() ? substitute(e, values) : e; };
  holds.subject = put(premise.subject);
  for (Expr& e : holds.parameters) e = put(e);
  bool shown = false;
  for (const nlohmann::ordered_json& one : evidence.at("premise")) {
    const std::string kind = one.at("kind").get<std::string>();
    const auto said = weighing::said_by(holds, kind, one.at("evidence"), problem.functions);
    if (!said || !said->path.empty() || !said->holds) continue;
    const ReplayedCertificate again = replay_kind(kind, there, holds, one.at("evidence"));
    if (again.outcome != Outcome::confirmed) return again;
    shown = true;
  }
  if (!shown) return r;
  r.outcome = Outcome::confirmed;
  r.message = "the premise holds there, and the conclusion fails";
  return r;
}

}  // namespace nabla
