#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/squeeze.hpp>
#include <nabla/proofs/recheck/definedness.hpp>
#include <nabla/proofs/recheck/definite.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>
#include <nabla/proofs/recheck/interpolation/interpolation.hpp>
#include <nabla/proofs/recheck/kinds.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

/// "no" says that it was not derived again, which is not that it is wrong.
ReplayedCertificate certificate_of(const Replay& again) {
  ReplayedCertificate r;
  r.outcome = again.answer == Replay::Answer::yes ? Outcome::confirmed : Outcome::open;
  r.message = again.message;
  return r;
}

ReplayedCertificate replay_refutation(const Problem& problem, const Statement& statement,
                                      const nlohmann::ordered_json& evidence) {
  std::vector<std::pair<std::string, std::vector<std::string>>> witness;
  for (const auto& [name, entries] : evidence.at("witness").items())
    witness.emplace_back(name, entries.get<std::vector<std::string>>());
  PairNames pairs;
  if (evidence.contains("points"))
    for (const nlohmann::ordered_json& p : evidence.at("points"))
      pairs.points.push_back(
          {p.at("variable").get<std::string>(), p.at("first").get<std::string>(), p.at("second").get<std::string>()});
  pairs.weight = evidence.value("weight", "");
  return replay_witness(problem, statement, witness, pairs);
}

ReplayedCertificate replay_zero_between(const Problem& problem, const Statement& statement,
                                        const nlohmann::ordered_json& evidence) {
  const auto texts = [&](const char* end) {
    WitnessTexts point;
    for (const auto& [name, entries] : evidence.at(end).items())
      point.emplace_back(name, entries.get<std::vector<std::string>>());
    return point;
  };
  return replay_crossing(problem, statement, texts("from"), texts("to"));
}

ReplayedCertificate replay_identity(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence) {
  ReplayedCertificate r;
  if (statement.kind != Statement::Kind::relation || statement.comparisons.size() != 1 ||
      statement.comparisons[0] == Comparison::not_equal || statement.comparisons[0] == Comparison::less ||
      statement.comparisons[0] == Comparison::greater) {
    r.outcome = Outcome::failed;
    r.message = "that two sides are equal does not prove this";
    return r;
  }
  return certificate_of(recheck_identity(problem, statement.sides.at(0), statement.sides.at(1), evidence.dump()));
}

ReplayedCertificate replay_definedness(const Problem& problem, const Statement& statement,
                                       const nlohmann::ordered_json& evidence) {
  const bool is_total = statement.kind == Statement::Kind::predicate &&
                        (statement.predicate == "continuous" || statement.predicate == "differentiable");
  if (is_total && evidence.contains("goals") && evidence.at("goals").empty()) {
    ReplayedCertificate r;  // that it is well-posed; whether it is true is for another certificate
    r.outcome = Outcome::confirmed;
    r.message = "true or false, never ill-posed";
    return r;
  }
  return certificate_of(recheck_definedness(problem, statement, evidence.dump()));
}

ReplayedCertificate replay_inequality(const Problem& problem, const Statement& statement,
                                      const nlohmann::ordered_json& evidence) {
  return certificate_of(recheck_inequality(problem, statement, evidence.dump()));
}

ReplayedCertificate replay_every_point(const Problem& problem, const Statement& statement,
                                       const nlohmann::ordered_json&) {
  return replay_exhaustive(problem, statement);
}

ReplayedCertificate replay_interpolation(const Problem& problem, const Statement& statement,
                                         const nlohmann::ordered_json& evidence) {
  return certificate_of(recheck_interpolation(problem, statement, evidence.dump()));
}

/// Who replays a kind of certificate, given the link that it speaks of, elaborated anew.
struct CertificateKind {
  std::string_view kind;
  ReplayedCertificate (*replay)(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence);
};
ReplayedCertificate replay_part(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence);
ReplayedCertificate replay_implied(const Problem& problem, const Statement& statement,
                                   const nlohmann::ordered_json& evidence);
ReplayedCertificate replay_instance(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence);
constexpr CertificateKind replayers[] = {
    {"witness", replay_refutation},      {"identity", replay_identity},
    {"definedness", replay_definedness}, {"inequality", replay_inequality},
    {"curvature", replay_curvature},     {"monotone", replay_monotone},
    {"linear", replay_linear},           {"lipschitz", replay_lipschitz},
    {"pieces", replay_regular_pieces},   {"part", replay_part},
    {"implied", replay_implied},         {"interpolation", replay_interpolation},
    {"exhaustive", replay_every_point},  {"definite", replay_definite},
    {"crossing", replay_zero_between},   {"constant", replay_constant},
    {"instance", replay_instance},       {"apart", replay_apart},
};

/// An implication whose premise is taken at two points.
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
                        bending::lies_in(g.set.entries, *u) && bending::lies_in(g.set.entries, *w));
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

/// Evidence about a part of a statement: the child of a negation, premise or conclusion.
ReplayedCertificate replay_part(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence) {
  const Statement* part = &statement;
  for (const nlohmann::ordered_json& step : evidence.at("path")) part = &part->children.at(step.get<std::size_t>());
  return replay_kind(evidence.at("kind").get<std::string>(), problem, *part, evidence.at("evidence"));
}

/// Evidence for a conclusion, where what is before every `implies` counts as assumed.
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

}  // namespace

ReplayedCertificate replay_kind(const std::string& kind, const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence) {
  for (const CertificateKind& replayer : replayers)
    if (replayer.kind == kind) return replayer.replay(problem, statement, evidence);
  ReplayedCertificate r;
  r.outcome = Outcome::not_replayed;
  r.message = "no replay of this kind of certificate yet";
  return r;
}

}  // namespace nabla
