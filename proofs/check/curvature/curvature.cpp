#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/curvature.hpp>
#include <nabla/proofs/check/curvature/prove.hpp>
#include <nabla/proofs/claim/mentions.hpp>

namespace nabla {

namespace curvature {

namespace {}  // namespace

const char* const steps_gone = "; the steps for signs of derivatives are used up";

Question without_premises(const Problem& problem, const Statement& statement) {
  const Statement* last = &statement;
  while (last->kind == Statement::Kind::implication) last = &last->children[1];
  Question posed{problem, *last};
  for (const Statement* s = &statement; s != last; s = &s->children[1])
    if (!mentions(s->children[0], last->over)) posed.problem.hypotheses.push_back(s->children[0]);
  return posed;
}

std::optional<Finding> finding_of_set(const StatedSet& set, const Statement& statement) {
  if (set.shape == StatedSet::Shape::convex) return std::nullopt;
  Finding f;
  f.place = statement.place;
  f.message = set.reason;
  if (set.shape == StatedSet::Shape::not_convex) {
    f.verdict = Verdict::ill_posed;
    f.method = "a set that is not convex";
    f.message = statement.predicate + " needs a convex set: " + set.reason;
  }
  return f;
}

Finding proved_finding(const Problem& problem, std::string method, std::string message, std::string kind,
                       nlohmann::ordered_json proof, bool uniform) {
  proof["uniform"] = uniform;
  Finding f;
  f.verdict = Verdict::proved;
  f.method = std::move(method);
  f.message = std::move(message);
  for (const Statement& h : problem.hypotheses) f.hypotheses.push_back(h.text);
  f.certificates.push_back({std::move(kind), proof.dump()});
  return f;
}

}  // namespace curvature

std::optional<Finding> decide_curvature(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                        const Budget& budget) {
  using namespace curvature;
  const Question posed = without_premises(problem, statement);
  const Statement& s = posed.statement;
  if (s.kind != Statement::Kind::predicate) return std::nullopt;
  const bool strongly = s.predicate == "strongly_convex";
  if (!strongly && s.predicate != "convex" && s.predicate != "concave") return std::nullopt;
  const StatedSet set = stated_set(posed.problem, s.over, options, budget);
  if (auto f = finding_of_set(set, s)) return f;
  const Expr modulus = strongly ? s.parameters.at(0) : Expr();
  const bool convex = s.predicate != "concave";
  const SignSteps steps(steps_of_a_predicate);
  const Convexity c = show_convex(posed.problem, s.subject, s.over, convex, modulus, set, budget);
  if (!c.proved) return undecided(c.message + (steps.used_up() ? steps_gone : ""));
  std::string message = s.predicate + " by " + c.method;
  return proved_finding(posed.problem, c.method, std::move(message), "curvature", c.proof, c.uniform);
}

}  // namespace nabla
