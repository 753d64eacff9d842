#include <cstdlib>
#include <map>
#include <nabla/proofs/claim/constant_premise.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nabla/proofs/claim/kink_pattern.hpp>
#include <nabla/proofs/recheck/curvature.hpp>
#include <nabla/proofs/recheck/definedness.hpp>
#include <nabla/proofs/recheck/identity.hpp>
#include <nabla/proofs/recheck/index_replay.hpp>
#include <nabla/proofs/recheck/inequality.hpp>
#include <nabla/proofs/recheck/interpolation.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::confirmed:
      return "confirmed";
    case Outcome::failed:
      return "failed";
    case Outcome::open:
      return "open";
    case Outcome::not_replayed:
      return "not replayed";
  }
  return "open";
}

namespace {

/// The documents of a report, each read once.
class Library {
 public:
  explicit Library(const std::function<std::string(const std::string&)>& read_file) : read_file_(read_file) {}
  const Claim* find(const std::string& file, const std::string& id) {
    auto it = documents_.find(file);
    if (it == documents_.end())
      it = documents_.emplace(file, read_document(Source(file, read_file_(file)), ids_)).first;
    for (const Claim& claim : it->second.claims)
      if (claim.id == id) return &claim;
    return nullptr;
  }

 private:
  const std::function<std::string(const std::string&)>& read_file_;
  ClaimIds ids_;
  std::map<std::string, Document> documents_;
};

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

ReplayedCertificate replay_identity(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence) {
  const Replay again = recheck_identity(problem, statement.sides.at(0), statement.sides.at(1), evidence.dump());
  ReplayedCertificate r;
  // "no" says that it was not derived again, which is not that it is wrong.
  r.outcome = again.answer == Replay::Answer::yes ? Outcome::confirmed : Outcome::open;
  r.message = again.message;
  return r;
}

ReplayedCertificate replay_definedness(const Problem& problem, const Statement& statement,
                                       const nlohmann::ordered_json&) {
  const Replay again = recheck_definedness(problem, statement);
  ReplayedCertificate r;
  r.outcome = again.answer == Replay::Answer::yes ? Outcome::confirmed : Outcome::open;
  r.message = again.message;
  return r;
}

ReplayedCertificate replay_inequality(const Problem& problem, const Statement& statement,
                                      const nlohmann::ordered_json& evidence) {
  const Replay again = recheck_inequality(problem, statement, evidence.dump());
  ReplayedCertificate r;
  r.outcome = again.answer == Replay::Answer::yes ? Outcome::confirmed : Outcome::open;
  r.message = again.message;
  return r;
}

ReplayedCertificate replay_interpolation(const Problem& problem, const Statement& statement,
                                         const nlohmann::ordered_json& evidence) {
  const Replay again = recheck_interpolation(problem, statement, evidence.dump());
  ReplayedCertificate r;
  r.outcome = again.answer == Replay::Answer::yes ? Outcome::confirmed : Outcome::open;
  r.message = again.message;
  return r;
}

/// Who replays a kind of certificate, given the link that it speaks of, elaborated anew.
struct CertificateKind {
  std::string_view kind;
  ReplayedCertificate (*replay)(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence);
};
ReplayedCertificate replay_part(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence);
constexpr CertificateKind replayers[] = {
    {"witness", replay_refutation},
    {"identity", replay_identity},
    {"definedness", replay_definedness},
    {"inequality", replay_inequality},
    {"curvature", replay_curvature},
    {"monotone", replay_monotone},
    {"linear", replay_linear},
    {"lipschitz", replay_lipschitz},
    {"part", replay_part},
    {"interpolation", replay_interpolation},
};

/// Puts in what the certificate says was differentiated without its kinks, where that is equal by this re-checker's own
/// algebra.
class SmoothReplay {
 public:
  SmoothReplay(const nlohmann::ordered_json& patterns, std::string& unconfirmed)
      : patterns_(patterns), unconfirmed_(unconfirmed) {}

  Expr operator()(const Problem& so_far, const Expr& of, const Expr& by) {
    const std::vector<NodeId> kinks = replaceable_kinks(so_far, of, by);
    if (kinks.empty()) return of;
    const auto found = patterns_.find(std::to_string(calls_++));
    if (found == patterns_.end()) return of;
    const auto pattern = found->get<KinkPattern>();
    bool fits = pattern.size() == kinks.size();
    for (std::size_t k = 0; fits && k < kinks.size(); ++k)
      fits = static_cast<std::size_t>(std::abs(pattern[k])) <= of.graph().operands(kinks[k]).size();
    if (!fits) throw std::out_of_range("what was differentiated has other kinks");
    const Expr smooth = with_pattern(of, kinks, pattern);
    const Problem around = around_the_set(so_far, by);
    nlohmann::ordered_json every_hypothesis{{"hypotheses", nlohmann::ordered_json::array()},
                                            {"sets", nlohmann::ordered_json::array()}};
    for (std::size_t h = 0; h < around.hypotheses.size(); ++h) every_hypothesis["hypotheses"].push_back(h);
    const Replay equal = recheck_identity(around, of, smooth, every_hypothesis.dump());
    if (equal.answer != Replay::Answer::yes || !keeps_domain(of, smooth))
      unconfirmed_ = "that the kinks cancel in what is differentiated was not derived again: " + equal.message;
    return smooth;
  }

 private:
  const nlohmann::ordered_json& patterns_;
  std::string& unconfirmed_;
  std::size_t calls_ = 0;
};

ReplayedCertificate replay_kind(const std::string& kind, const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence) {
  for (const CertificateKind& replayer : replayers)
    if (replayer.kind == kind) return replayer.replay(problem, statement, evidence);
  ReplayedCertificate r;
  r.outcome = Outcome::not_replayed;
  r.message = "no replay of this kind of certificate yet";
  return r;
}

/// Evidence about a part of a statement: the child of a negation, premise or conclusion.
ReplayedCertificate replay_part(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence) {
  const Statement* part = &statement;
  for (const nlohmann::ordered_json& step : evidence.at("path")) part = &part->children.at(step.get<std::size_t>());
  return replay_kind(evidence.at("kind").get<std::string>(), problem, *part, evidence.at("evidence"));
}

ReplayedCertificate replay(const Claim& claim, const std::string& kind, const nlohmann::ordered_json& data) {
  if (kind == "index-identity")  // of a link for all dimensions at once
    return replay_every_dimension(claim, data.at("show").get<std::size_t>(), data.at("link").get<std::size_t>());
  Choice choice;
  for (const auto& [name, value] : data.at("dimensions").items()) choice.emplace_back(name, value.get<std::int64_t>());
  std::string unconfirmed;
  const nlohmann::ordered_json smooth = data.contains("smooth") ? data.at("smooth") : nlohmann::ordered_json::object();
  const auto [treatment, shape] = parse_treatment(data.at("functions").get<std::string>());
  const Problem problem = elaborate(claim, choice, treatment, SmoothReplay{smooth, unconfirmed}, shape);
  Statement statement = problem.shows.at(data.at("show").get<std::size_t>());
  const auto link = data.at("link").get<std::size_t>();
  if (statement.kind == Statement::Kind::relation) {
    statement.sides = {statement.sides.at(link), statement.sides.at(link + 1)};
    statement.comparisons = {statement.comparisons.at(link)};
  }
  if (auto rest = without_constant_premises(statement)) statement = std::move(*rest);
  if (!unconfirmed.empty()) {
    ReplayedCertificate r;
    r.message = std::move(unconfirmed);
    return r;
  }
  return replay_kind(kind, problem, statement, data.at("evidence"));
}

}  // namespace

std::vector<ReplayedCertificate> recheck(std::string_view report,
                                         const std::function<std::string(const std::string&)>& read_file) {
  const nlohmann::ordered_json j = nlohmann::ordered_json::parse(report, nullptr, false);
  if (j.is_discarded() || !j.is_object() || j.value("schema", "") != "nabla.verify/1")
    throw std::invalid_argument("not a report of `nabla verify --json` (schema nabla.verify/1)");
  Library library(read_file);
  std::vector<ReplayedCertificate> replays;
  try {
    for (const nlohmann::ordered_json& claim : j.at("claims")) {
      const std::string id = claim.at("id");
      if (!claim.contains("shows")) continue;
      const Claim* found = library.find(claim.at("file"), id);
      for (const nlohmann::ordered_json& show : claim.at("shows"))
        for (const nlohmann::ordered_json& link : show.at("links")) {
          if (!link.contains("certificates")) continue;
          for (const nlohmann::ordered_json& certificate : link.at("certificates")) {
            const std::string kind = certificate.at("kind");
            ReplayedCertificate r;
            if (found == nullptr) {
              r.outcome = Outcome::failed;
              r.message = "the document has no such claim";
            } else {
              try {
                r = replay(*found, kind, certificate.at("data"));
              } catch (const IllPosed& error) {
                r.outcome = Outcome::failed;
                r.message = error.what();
              } catch (const NotHandled& error) {
                r.message = error.what();
              } catch (const SyntaxError& error) {
                r.outcome = Outcome::failed;
                r.message = error.what();
              }
            }
            r.id = id;
            r.kind = kind;
            replays.push_back(std::move(r));
          }
        }
    }
  } catch (const nlohmann::json::exception& error) {
    throw std::invalid_argument(std::string("the report is damaged: ") + error.what());
  } catch (const std::out_of_range& error) {
    throw std::invalid_argument(std::string("the report does not fit its documents: ") + error.what());
  }
  return replays;
}

}  // namespace nabla
