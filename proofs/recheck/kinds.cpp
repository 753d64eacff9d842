#include <nabla/proofs/recheck/connective.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/definite.hpp>
#include <nabla/proofs/recheck/identity/identity.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>
#include <nabla/proofs/recheck/interpolation/interpolation.hpp>
#include <nabla/proofs/recheck/kinds.hpp>
#include <nabla/proofs/recheck/matrix/matrix_identity.hpp>
#include <nabla/proofs/recheck/quadrature/quadrature.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nabla/proofs/recheck/wellposed/definedness.hpp>
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
constexpr CertificateKind replayers[] = {
    {"witness", replay_refutation},
    {"identity", replay_identity},
    {"definedness", replay_definedness},
    {"inequality", replay_inequality},
    {"curvature", replay_curvature},
    {"monotone", replay_monotone},
    {"linear", replay_linear},
    {"lipschitz", replay_lipschitz},
    {"pieces", replay_regular_pieces},
    {"part", replay_part},
    {"implied", replay_implied},
    {"interpolation", replay_interpolation},
    {"exhaustive", replay_every_point},
    {"definite", replay_definite},
    {"crossing", replay_zero_between},
    {"constant", replay_constant},
    {"instance", replay_instance},
    {"apart", replay_apart},
    {"words", replay_words},
    {"counterexample", replay_counterexample},
    {"quadrature", replay_quadrature},
};

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
