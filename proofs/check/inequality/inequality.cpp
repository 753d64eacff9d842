#include <algorithm>
#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nabla/proofs/check/inequality/prover.hpp>

namespace nabla {

namespace {

using namespace inequality;

/// What a proof of one goal says of a difference that is to be nonzero: which sign it has.
Proof prove_goal(Prover& prover, const Problem& region, const Goal& goal) {
  const WorkspaceScope scope(region.workspace);
  const Expr& g = goal.value;
  switch (goal.sign) {
    case SignGoal::nonnegative:
      return prover.prove(region, g, false);
    case SignGoal::positive:
      return prover.prove(region, g, true);
    case SignGoal::nonpositive:
      return prover.prove(region, -g, false);
    case SignGoal::negative:
      return prover.prove(region, -g, true);
    case SignGoal::nonzero:
      if (auto p = prover.prove(region, g, true)) return Json{{"rule", "nonzero"}, {"sign", "up"}, {"proof", *p}};
      if (auto p = prover.prove(region, -g, true)) return Json{{"rule", "nonzero"}, {"sign", "down"}, {"proof", *p}};
      if (auto p = prover.prove(region, powi(g, 2), true))
        return Json{{"rule", "nonzero"}, {"sign", "square"}, {"proof", *p}};
      return std::nullopt;
  }
  return std::nullopt;
}

void name_rules(const Json& proof, std::set<std::string>& names) {
  if (proof.is_object()) {
    if (proof.contains("rule")) names.insert(proof["rule"].get<std::string>());
    for (const auto& [key, value] : proof.items())
      if (key != "value" && key != "atom" && key != "at") name_rules(value, names);
  } else if (proof.is_array()) {
    for (const Json& value : proof) name_rules(value, names);
  }
}

/// How a report names the rules of a proof.
std::string method_of(const Json& proofs) {
  static const std::pair<const char*, const char*> words[] = {
      {"monotone", "monotonicity from a contact or an end"},
      {"sum", "exact normal form with terms and factors of known sign"},
      {"polynomial", "polynomials without roots on an interval"},
      {"boxes", "enclosures on boxes"},
      {"zero", "exact normal form"},
      {"cases", "cases of signs"},
      {"replace", "hypotheses solved for a variable"},
      {"either", "operators by cases"},
      {"periodic", "one period"},
      {"least", "the least value in one variable"},
      {"tail", "a fall towards a limit"},
      {"contrary", "a contradiction to a hypothesis"},
  };
  std::set<std::string> names;
  name_rules(proofs, names);
  std::string text;
  for (const auto& [name, word] : words)
    if (names.contains(name)) text += (text.empty() ? "" : ", ") + std::string(word);
  return text.empty() ? "signs of constants" : text;
}

bool seen_to_fail(Prover& prover, const Problem& region, const Goal& goal) {
  if (goal.sign == SignGoal::nonzero) return false;
  const WorkspaceScope scope(region.workspace);
  const bool up = goal.sign == SignGoal::nonnegative || goal.sign == SignGoal::positive;
  return prover.seen_to_fail(region, up ? goal.value : -goal.value);
}

/// The goals that were shown, or those that are left to be shown.
bool all_proved(Prover& prover, const Question& question, Json& proofs, std::size_t& failed) {
  for (std::size_t k = 0; k < question.goals.size(); ++k) {
    auto p = prove_goal(prover, question.region, question.goals[k]);
    if (question.any) {
      proofs.push_back(p ? *p : Json());
      if (p) return true;
      continue;
    }
    if (!p) {
      failed = k;
      return false;
    }
    proofs.push_back(std::move(*p));
  }
  return !question.any;
}

/// The stated hypotheses without which the same search finds no proof; all of them where the proof was a long one.
std::vector<std::string> needed_hypotheses(Question question, std::int64_t steps, const Budget& budget) {
  constexpr std::int64_t long_proof = 150'000, least_steps = 3'000;
  std::vector<std::string> needed;
  for (const Statement& h : question.region.hypotheses)
    if (!h.text.empty() && std::ranges::find(needed, h.text) == needed.end()) needed.push_back(h.text);
  if (steps > long_proof) return needed;
  for (std::size_t k = needed.size(); k-- > 0;) {
    Question fewer = question;
    std::erase_if(fewer.region.hypotheses, [&](const Statement& h) { return h.text == needed[k]; });
    Prover prover(budget, 2 * steps + least_steps);
    Json proofs = Json::array();
    std::size_t failed = 0;
    try {
      if (std::ranges::any_of(fewer.goals, [&](const Goal& goal) { return seen_to_fail(prover, fewer.region, goal); }))
        continue;
      if (!all_proved(prover, fewer, proofs, failed)) continue;
    } catch (const OutOfSteps&) {
      continue;
    }
    question = std::move(fewer);
    needed.erase(needed.begin() + static_cast<std::ptrdiff_t>(k));
  }
  return needed;
}

/// \param steps  that may be spent; afterwards what is left
Finding decide(const Question& question, const Budget& budget, bool name_hypotheses, std::int64_t& steps) {
  Finding finding;
  finding.method = "inequality";
  Json proofs = Json::array();
  Prover prover(budget, steps);
  struct Count {
    const Prover& prover;
    std::int64_t& steps;
    ~Count() { steps = prover.left(); }
  } count{prover, steps};
  std::size_t failed = 0;
  try {
    if (!all_proved(prover, question, proofs, failed)) {
      finding.message =
          question.any ? "no entry whose sides differ everywhere was found" : "no proof of the inequality was found";
      if (!question.any && question.goals.size() > 1) finding.message += " for entry " + std::to_string(failed + 1);
      return finding;
    }
  } catch (const OutOfSteps&) {
    finding.message = "the steps of the search for a proof of the inequality are used up";
    return finding;
  }
  if (name_hypotheses) finding.hypotheses = needed_hypotheses(question, steps - prover.left(), budget);
  finding.verdict = Verdict::proved;
  finding.method = method_of(proofs);
  finding.certificates.push_back({"inequality", Json{{"goals", proofs}}.dump()});
  return finding;
}

}  // namespace

Finding prove_sign(const Problem& problem, const Expr& g, SignGoal goal, const Budget& budget) {
  std::int64_t steps = steps_of_an_inequality;
  return prove_sign(problem, g, goal, budget, steps);
}

Finding prove_sign(const Problem& problem, const Expr& g, SignGoal goal, const Budget& budget, std::int64_t& steps) {
  try {
    return decide(question_of(problem, g, goal), budget, false, steps);
  } catch (const NotHandled& reason) {
    Finding finding;
    finding.message = reason.what();
    return finding;
  }
}

std::optional<Finding> decide_inequality(const Problem& problem, const Statement& statement, const CheckOptions&,
                                         const Budget& budget) {
  const auto question = question_of(problem, statement);
  if (!question) return std::nullopt;
  std::int64_t steps = steps_of_an_inequality;
  return decide(*question, budget, true, steps);
}

}  // namespace nabla
