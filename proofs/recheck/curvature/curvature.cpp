#include <nabla/proofs/claim/mentions.hpp>
#include <nabla/proofs/recheck/curvature/convex.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include <nabla/proofs/recheck/curvature/statement.hpp>

namespace nabla {

namespace bending {

Bare bare(const Problem& problem, const Statement& statement) {
  const Statement* last = &statement;
  while (last->kind == Statement::Kind::implication) last = &last->children[1];
  Bare b{problem, *last};
  for (const Statement* s = &statement; s != last; s = &s->children[1])
    if (!mentions(s->children[0], last->over)) b.problem.hypotheses.push_back(s->children[0]);
  return b;
}

ReplayedCertificate replayed(bool shown, std::string how, std::string why) {
  ReplayedCertificate r;
  r.outcome = shown ? Outcome::confirmed : Outcome::open;
  r.message = shown ? std::move(how) : std::move(why);
  return r;
}

}  // namespace bending

ReplayedCertificate replay_curvature(const Problem& stated, const Statement& statement,
                                     const nlohmann::ordered_json& evidence) {
  using namespace bending;
  const WorkspaceScope scope(stated.workspace);
  const Bare b = bare(stated, statement);
  const Statement& s = b.predicate;
  std::string why;
  if (s.kind != Statement::Kind::predicate || !replay_convex_set(b.problem, s.over, why))
    return replayed(false, "", why);
  Claimed claimed{.e = s.subject, .over = s.over, .wanted = s.predicate == "concave" ? concave : convex, .modulus = {}};
  if (s.predicate == "strongly_convex") {
    claimed.modulus = s.parameters.at(0);
  } else if (s.predicate != "convex" && s.predicate != "concave") {
    return replayed(false, "", "a certificate of another predicate");
  }
  const bool shown = replay_convex(b.problem, claimed, evidence, why);
  return replayed(shown, "derived again by " + evidence.at("by").get<std::string>(), why);
}

}  // namespace nabla
