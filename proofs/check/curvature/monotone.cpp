#include <algorithm>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/curvature/curvature.hpp>
#include <nabla/proofs/check/curvature/monotone.hpp>
#include <nabla/proofs/check/curvature/monotone_rules.hpp>
#include <nabla/proofs/check/curvature/prove.hpp>
#include <nabla/proofs/check/identity/identity.hpp>

namespace nabla {

namespace {

using namespace curvature;

constexpr std::size_t most_slopes = 64;

bool is_plain(const Problem& problem) { return problem.derivatives.empty() && problem.must_be_defined.empty(); }

Finding decide_running(const Problem& problem, const Statement& s, const CheckOptions& options, const Budget& budget) {
  const bool up = s.predicate == "increasing";
  const WorkspaceScope scope(problem.workspace);
  using Mode = Ranges::Mode;
  for (const Mode mode : {Mode::all_dimensions, Mode::these_dimensions}) {
    if (mode == Mode::all_dimensions && problem.dimensions.empty()) continue;
    Json cones = Json::array();
    bool defined = false;
    if (!show_runs_by_rules(problem, s.subject, s.over, up, mode, budget, cones, defined)) continue;
    if (mode == Mode::all_dimensions && !defined) continue;
    Json proof;
    proof["by"] = "rules";
    proof["mode"] = mode == Mode::all_dimensions ? "all" : "these";
    proof["cones"] = cones;
    const std::string method = cones.empty() ? "composition of monotone operators" : "signs of derivatives";
    return proved_finding(problem, method, s.predicate + " by " + method, "monotone", std::move(proof),
                          mode == Mode::all_dimensions && is_plain(problem));
  }
  const StatedSet set = stated_set(problem, s.over, options, budget);
  if (set.shape != StatedSet::Shape::convex)
    return undecided("could not show that values of x are joined by a path on which to follow the derivative: " +
                     set.reason);
  const Regular regular = regularity_of(problem, s.subject, s.over, set.is_box);
  if (!regular.continuous) return undecided("the expression may jump, and the rules for monotone operators did not do");
  if (!regular.smooth && !set.is_box) return undecided("the expression may have a kink on a set without interior");
  const bool open = set.is_box;
  const Scalars scalars = in_scalars(problem, s.subject, s.over, open);
  if (scalars.values.size() * scalars.x.size() > most_slopes) return undecided("too many partial derivatives");
  const WorkspaceScope inside(scalars.problem.workspace);
  Json proof;
  proof["by"] = "slopes";
  proof["open"] = open;
  proof["signs"] = Json::array();
  for (const Expr& value : scalars.values)
    for (const Expr& slope : gradient(value, scalars.x)) {
      Json sign;
      if (!show_sign(scalars.problem, slope, up ? SignGoal::nonnegative : SignGoal::nonpositive, budget, sign) &&
          !show_zero(scalars.problem, slope, budget, sign))
        return undecided("could not show the sign of a partial derivative");
      proof["signs"].push_back(std::move(sign));
    }
  return proved_finding(problem, "signs of derivatives", s.predicate + " by the signs of the partial derivatives",
                        "monotone", std::move(proof), false);
}

Finding decide_linear(const Problem& problem, const Statement& s, const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  const Expr& e = s.subject;
  Json proof;
  if (e.ref().is_node()) {
    using Mode = Ranges::Mode;
    const Ref targets[] = {e.ref()};
    const Ranges ranges(problem, targets, Mode::all_dimensions);
    Composition rules(problem.workspace->graph(), ranges, s.over);
    rules.run(e.ref());
    if (rules.of(e.ref()).linear) {
      proof["by"] = "rules";
      return proved_finding(problem, "composition rules", "sums and multiples of the variables", "linear",
                            std::move(proof), ranges.all_defined() && is_plain(problem));
    }
  }
  // E(x + c x') - E(x) - c E(x') with new variables.
  Problem wider = problem;
  const auto give = [&](const std::string& name, const Shape& shape) {
    Given g;
    g.name = name;
    g.variable = variable(name, shape);
    g.set.shape = shape;
    wider.givens.push_back(g);
    return g.variable;
  };
  Replacements sum, other;
  std::vector<Expr> second;
  for (const Expr& x : s.over)
    second.push_back(give(wider.workspace->graph().variable_name(x.ref().id()) + "'", x.shape()));
  const Expr c = give("c'", {});
  for (std::size_t k = 0; k < s.over.size(); ++k) {
    sum.emplace_back(s.over[k], s.over[k] + c * second[k]);
    other.emplace_back(s.over[k], second[k]);
  }
  const Finding f = prove_identity(wider, substitute(e, sum), e + c * substitute(e, other), budget);
  if (f.verdict != Verdict::proved) return undecided("could not show that E(x + c x') = E(x) + c E(x'): " + f.message);
  proof["by"] = "identity";
  proof["data"] = Json::parse(f.certificates.at(0).data);
  return proved_finding(problem, "exact normal form", "E(x + c x') = E(x) + c E(x') identically", "linear",
                        std::move(proof), false);
}

}  // namespace

std::optional<Finding> decide_monotone(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                       const Budget& budget) {
  const Question posed = without_premises(problem, statement);
  const Statement& s = posed.statement;
  if (s.kind != Statement::Kind::predicate) return std::nullopt;
  if (s.predicate == "linear") return decide_linear(posed.problem, s, budget);
  if (s.predicate != "increasing" && s.predicate != "decreasing") return std::nullopt;
  const SignSteps steps(steps_of_a_predicate);
  Finding f = decide_running(posed.problem, s, options, budget);
  if (f.verdict == Verdict::undecided && steps.used_up()) f.message += steps_gone;
  return f;
}

}  // namespace nabla
