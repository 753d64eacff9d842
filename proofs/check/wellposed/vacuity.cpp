#include <algorithm>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/decide.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/wellposed/definedness.hpp>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>
#include <nabla/proofs/check/wellposed/vacuity.hpp>

namespace nabla {

namespace vacuity {

namespace {

using namespace wellposed;

constexpr long constant_bits = 1024;
/// A look at the hypotheses alone is not worth the effort of a refutation.
constexpr int points_of_a_look = 16;

Statement comparison_of(const Expr& left, Comparison how, const Expr& right, Place place, std::string text) {
  Statement s;
  s.place = place;
  s.text = std::move(text);
  s.sides = {left, right};
  s.side_places = {place, place};
  s.comparisons = {how};
  return s;
}

/// What the constants of the classes of function variables have to satisfy, so that there is a function at all: of a
/// function on all of R[n], n > 0, that is mu-strongly convex and L-smooth.
std::vector<Statement> class_conditions(const Problem& problem) {
  std::vector<Statement> conditions;
  for (const FunctionVariable& f : problem.function_variables) {
    const bool everywhere = f.domain.kind == Set::Kind::entries && f.domain.entries.is_all();
    if (!everywhere || f.domain.shape.size() == 0) continue;
    const auto add = [&](const Expr& left, const Expr& right, const char* why) {
      conditions.push_back(comparison_of(left, Comparison::less_equal, right, f.place,
                                         "no function is of the class of `" + f.name + "`, " + why));
    };
    if (!f.smooth.empty()) add(Expr(0), f.smooth, "whose constant of smoothness is negative");
    if (!f.smooth.empty() && !f.strongly_convex.empty())
      add(f.strongly_convex, f.smooth, "whose constant of strong convexity is above that of smoothness");
    if (f.linear && !f.strongly_convex.empty()) add(f.strongly_convex, Expr(0), "linear and strongly convex");
  }
  return conditions;
}

bool before(const Place& a, const Place& b) { return a.line != b.line ? a.line < b.line : a.column < b.column; }

/// The truth of a statement whatever the variables are.
Truth constant_truth(const Problem& problem, const Statement& s) {
  if (s.kind == Statement::Kind::negation) return !constant_truth(problem, s.children.at(0));
  if (s.kind != Statement::Kind::relation) return Truth::unknown;
  std::vector<Ref> sides;
  for (const Expr& e : s.sides) {
    if (e.constant() == nullptr && e.workspace() != problem.workspace) return Truth::unknown;
    sides.push_back(e.constant() == nullptr ? e.ref() : problem.workspace->graph().constant(*e.constant()));
  }
  const Precision scope = Precision::of_bits(constant_bits);
  PointRun run(problem.workspace->graph(), sides);
  run.run({});
  Truth all = Truth::yes;
  for (std::size_t k = 0; k < s.comparisons.size(); ++k) {
    const auto a = run.entries(sides[k]), b = run.entries(sides[k + 1]);
    const std::size_t n = a.empty() || b.empty() ? 0 : std::max(a.size(), b.size());
    const bool any = s.comparisons[k] == Comparison::not_equal;
    Truth link = truth(!any);
    for (std::size_t i = 0; i < n; ++i) {
      const Truth t = compared(s.comparisons[k], a[a.size() == 1 ? 0 : i], b[b.size() == 1 ? 0 : i]);
      link = any ? (link || t) : (link && t);
    }
    all = all && link;
  }
  return all;
}

/// Whether ranges show that the first `count` of the problem's hypotheses cannot all hold.
bool impossible(const Problem& problem, std::size_t count) {
  Problem part = problem;
  part.hypotheses.resize(count);
  Goal goal = goal_over(part);
  goal.targets.clear();
  for (const Given& g : part.givens) goal.targets.push_back(g.variable.ref());
  add_differences(*part.workspace, goal.assumptions);
  Survey survey(part.workspace->graph(), goal.targets, goal.assumptions);
  survey.run(goal.box);
  return survey.impossible();
}

Finding vacuous(const std::string& why, std::optional<Place> place) {
  Finding f;
  f.verdict = Verdict::ill_posed;
  f.method = "hypotheses";
  f.message = "vacuous: " + why;
  f.place = place;
  return f;
}

Finding vacuous_by(const Statement& hypothesis, bool of_class, bool first) {
  if (of_class) return vacuous(hypothesis.text, hypothesis.place);
  return vacuous("no point satisfies the hypotheses" +
                     (first ? std::string() : " (`" + hypothesis.text + "` contradicts those before it)"),
                 hypothesis.place);
}

/// The hypotheses with the conditions of the classes among them, in the order of the text.
struct Conditions {
  Problem problem;
  std::vector<bool> of_class;

  explicit Conditions(const Problem& stated) : problem(stated), of_class(stated.hypotheses.size(), false) {
    for (Statement& condition : class_conditions(stated)) {
      std::size_t at = 0;
      while (at < problem.hypotheses.size() && !before(condition.place, problem.hypotheses[at].place)) ++at;
      problem.hypotheses.insert(problem.hypotheses.begin() + static_cast<std::ptrdiff_t>(at), std::move(condition));
      of_class.insert(of_class.begin() + static_cast<std::ptrdiff_t>(at), true);
    }
  }
};

/// What holds where a relation of scalars does not.
std::optional<Statement> opposite(const Statement& s) {
  if (s.kind == Statement::Kind::negation) return s.children.at(0);
  if (s.kind != Statement::Kind::relation || s.comparisons.size() != 1) return std::nullopt;
  if (s.sides[0].shape().size() != 1 || s.sides[1].shape().size() != 1) return std::nullopt;
  static constexpr std::pair<Comparison, Comparison> opposites[] = {
      {Comparison::equal, Comparison::not_equal},    {Comparison::not_equal, Comparison::equal},
      {Comparison::less, Comparison::greater_equal}, {Comparison::greater_equal, Comparison::less},
      {Comparison::greater, Comparison::less_equal}, {Comparison::less_equal, Comparison::greater}};
  Statement other = s;
  for (const auto& [from, to] : opposites)
    if (s.comparisons[0] == from) other.comparisons[0] = to;
  return other;
}

bool is_proved(const Problem& problem, const Statement& statement, const CheckOptions& options, const Budget& budget) {
  for (const Decider decider : deciders()) {
    budget.check();
    try {
      const auto finding = decider(problem, statement, options, budget);
      if (finding && finding->verdict == Verdict::proved) return true;
    } catch (const std::runtime_error& error) {
      if (dynamic_cast<const Cut*>(&error) != nullptr) throw;
    } catch (const std::logic_error&) {
    }
  }
  return false;
}

/// A hypothesis that fails wherever the others hold and it has a value.
std::optional<Finding> refuted_hypothesis(const Problem& problem, const CheckOptions& options, const Budget& budget) {
  for (std::size_t h = problem.hypotheses.size(); h-- > 0;) {
    const auto fails = opposite(problem.hypotheses[h]);
    if (!fails) continue;
    Problem rest = problem;
    rest.hypotheses.erase(rest.hypotheses.begin() + static_cast<std::ptrdiff_t>(h));
    if (is_proved(rest, *fails, options, budget))
      return vacuous_by(problem.hypotheses[h], false, problem.hypotheses.size() == 1);
  }
  return std::nullopt;
}

/// Whether hypotheses read what stands for the values of functions.
bool speaks_of_functions(const Problem& problem) {
  const auto reads = [&](const Expr& e) {
    return std::ranges::any_of(problem.applications, [&](const FunctionApplication& a) {
      return depends_on(e, a.value) || (!a.derivative.empty() && depends_on(e, a.derivative));
    });
  };
  const auto speaks = [&](const auto& self, const Statement& s) -> bool {
    return std::ranges::any_of(s.sides, reads) || (!s.subject.empty() && reads(s.subject)) ||
           std::ranges::any_of(s.children, [&](const Statement& c) { return self(self, c); });
  };
  return std::ranges::any_of(problem.hypotheses, [&](const Statement& h) { return speaks(speaks, h); });
}

/// Whether a point is found at which the hypotheses certainly hold.
bool has_point(const Problem& problem, const CheckOptions& options, const Budget& budget) {
  try {
    if (StatedPoints(problem, options.seed).next()) return true;
    // Whatever refutes what is false satisfies the hypotheses.
    const WorkspaceScope scope(problem.workspace);
    const Statement falsum = comparison_of(Expr(0), Comparison::equal, Expr(1), {}, "0 == 1");
    CheckOptions look = options;
    look.points = points_of_a_look;
    const auto found = refute(problem, falsum, look, budget);
    return found && found->verdict == Verdict::refuted;
  } catch (const NotHandled&) {
  } catch (const std::invalid_argument&) {
  } catch (const UndefinedError&) {
  } catch (const std::length_error&) {
  }
  return false;
}

}  // namespace

}  // namespace vacuity

std::optional<Finding> find_contradiction(const Problem& stated) {
  using namespace vacuity;
  const WorkspaceScope scope(stated.workspace);
  const Conditions all(stated);
  const Problem& problem = all.problem;
  const std::size_t count = problem.hypotheses.size();
  const auto by = [&](std::size_t k) { return vacuous_by(problem.hypotheses[k], all.of_class[k], k == 0); };
  std::size_t constant = count;
  for (std::size_t k = 0; k < count && constant == count; ++k) {
    try {
      if (constant_truth(problem, problem.hypotheses[k]) == Truth::no) constant = k;
    } catch (const NotHandled&) {
    }
  }
  if (!impossible(problem, count)) {
    if (constant < count) return by(constant);
    return std::nullopt;
  }
  if (impossible(problem, 0)) return vacuous("the set of a variable is empty", std::nullopt);
  std::size_t k = 0;
  while (k < constant && !impossible(problem, k + 1)) ++k;
  return by(std::min(k, count - 1));
}

Inhabitation look_for_inhabitant(const Posed& posed, const CheckOptions& options, const Budget& budget) {
  using namespace vacuity;
  Inhabitation seen;
  if (posed.general) {
    const Problem& general = posed.general->problem;
    const bool of_functions = speaks_of_functions(general);
    if (general.hypotheses.empty() || (!of_functions && has_point(general, options, budget))) {
      seen.found = true;
      return seen;
    }
  }
  for (const Posed::Form& instance : posed.instances)
    if (has_point(instance.problem, options, budget)) {
      seen.found = true;
      return seen;
    }
  if (posed.general) seen.vacuous = refuted_hypothesis(posed.general->problem, options, budget);
  return seen;
}

}  // namespace nabla
