#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/proofs/check/identity/identity.hpp>
#include <nabla/proofs/check/refute/exact_constant.hpp>
#include <nabla/proofs/check/refute/exact_point.hpp>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

/// The givens that the sides depend on: one, a number in an interval.
std::optional<std::size_t> only_variable(const Problem& problem, const Statement& s) {
  std::optional<std::size_t> only;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    const Given& given = problem.givens[g];
    if (!depends_on(s.sides[0], given.variable) && !depends_on(s.sides[1], given.variable)) continue;
    const bool is_number = given.set.kind == Set::Kind::entries && given.set.shape.is_scalar();
    if (only || !is_number || given.set.entries.is_finite()) return std::nullopt;
    only = g;
  }
  return only;
}

bool shows(const Problem& problem, const Expr& e, const Expr& x, wellposed::Want want, const Budget& budget) {
  wellposed::Goal goal = wellposed::goal_over(problem);
  goal.targets = {e.ref()};
  goal.want = want;
  goal.by = {x.ref()};
  return wellposed::prove(*problem.workspace, goal, budget).proved();
}

/// Texts of points of the set at which to look.
std::vector<std::string> points_of(const RealSet& set) {
  std::vector<std::string> texts;
  for (const auto& [end, closed] : {std::pair(set.lo, set.lo_closed), std::pair(set.hi, set.hi_closed)})
    if (!end.empty() && closed) texts.push_back(to_string(end));
  for (const char* text : {"0", "1", "-1", "1/2", "2"})
    if (contains(set, *parse_rational(text)) == Truth::yes) texts.emplace_back(text);
  return texts;
}

}  // namespace

std::optional<Finding> decide_constant_difference(const Problem& problem, const Statement& statement,
                                                  const CheckOptions&, const Budget& budget) {
  if (statement.kind != Statement::Kind::relation || statement.comparisons.size() != 1 ||
      statement.comparisons[0] != Comparison::equal || !problem.hypotheses.empty() || !problem.derivatives.empty() ||
      problem.functions != FunctionTreatment::none)
    return std::nullopt;
  const WorkspaceScope scope(problem.workspace);
  const Expr f = statement.sides[0] - statement.sides[1];
  const auto g = only_variable(problem, statement);
  if (!g || !f.shape().is_scalar() || !f.ref().is_node()) return std::nullopt;
  const Given& given = problem.givens[*g];
  const Expr& x = given.variable;
  Finding open;
  open.message = "not shown to be constant";
  if (!shows(problem, f, x, wellposed::Want::continuous, budget)) return open;
  Problem inside = problem;
  inside.givens[*g].set.entries.lo_closed = inside.givens[*g].set.entries.hi_closed = false;
  if (!shows(inside, f, x, wellposed::Want::differentiable, budget)) return open;
  const Expr slope = gradient(f, x);
  nlohmann::json data;
  if (slope.ref().is_node()) {
    const Finding vanishes = prove_identity(inside, slope, Expr(0), budget);
    if (vanishes.verdict != Verdict::proved) return open;
    data["slope"] = nlohmann::json::parse(vanishes.certificates.at(0).data);
  } else if (!slope.is(0)) {
    return open;
  }
  const ExactJudge judge(problem);
  Point start;
  for (const Given& other : problem.givens)
    start.entries.emplace_back(static_cast<std::size_t>(other.set.shape.size()), Rational(0));
  for (const std::string& text : points_of(given.set.entries)) {
    budget.check();
    const auto constant = named_constant(problem.workspace, text);
    if (!constant) continue;
    ExactPoint point = to_exact(problem, start);
    point.entries[*g][0] = *constant;
    if (judge.at(statement, point).holds != Truth::yes) continue;
    data["variable"] = given.name;
    data["at"] = text;
    Finding f_is_zero;
    f_is_zero.verdict = Verdict::proved;
    f_is_zero.method = "a derivative that is 0, and one point";
    f_is_zero.certificates.push_back({"constant", data.dump()});
    return f_is_zero;
  }
  return open;
}

}  // namespace nabla
