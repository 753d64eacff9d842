#include <algorithm>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/engine/parse/elaborate_substitute.hpp>
#include <nabla/proofs/check/connective.hpp>
#include <nabla/proofs/check/curvature/breaks.hpp>
#include <nabla/proofs/check/curvature/regular.hpp>
#include <nabla/proofs/check/refute/crossing.hpp>
#include <nabla/proofs/check/wellposed/definedness.hpp>
#include <nabla/proofs/check/wellposed/definedness_exact.hpp>
#include <nabla/proofs/check/wellposed/definedness_search.hpp>
#include <nabla/proofs/check/wellposed/definedness_signs.hpp>
#include <nabla/proofs/check/wellposed/regularity.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

namespace {

using namespace wellposed;

constexpr long kink_bits = 192;
constexpr std::size_t most_germ_directions = 24;
constexpr std::size_t most_diagonal_entries = 5;

Finding finding(Verdict verdict, std::string message) {
  Finding f;
  f.verdict = verdict;
  f.method = "regularity";
  f.message = std::move(message);
  return f;
}

Want wanted(const Statement& predicate) {
  return predicate.predicate == "defined"      ? Want::defined
         : predicate.predicate == "continuous" ? Want::continuous
                                               : Want::differentiable;
}

std::string adjective(Want want) {
  return want == Want::defined ? "defined" : want == Want::continuous ? "continuous" : "differentiable";
}

/// The work on one predicate under premises.
class Decision {
 public:
  Decision(const Problem& problem, const Statement& predicate, std::vector<const Statement*> premises,
           const CheckOptions& options, const Budget& budget)
      : problem_(problem),
        predicate_(predicate),
        premises_(std::move(premises)),
        options_(options),
        budget_(budget),
        want_(wanted(predicate)) {}

  Finding run() {
    Goal goal = definedness_goal(problem_, Demand{{predicate_.subject.ref()}, premises_});
    goal.want = want_;
    for (const Expr& x : predicate_.over) goal.by.push_back(x.ref());
    goal.may_split = false;
    Outcome outcome = prove(*problem_.workspace, goal, budget_);
    if (!outcome.proved()) {
      if (problem_.functions != FunctionTreatment::abstract)
        if (auto found = search(outcome)) {
          // Where a piece has a limit alone, inequalities can be followed.
          const auto apart = apart_at_a_break();
          return apart && apart->witness == found->witness && !has_values_at_breaks() ? *apart : *found;
        }
      if (problem_.functions == FunctionTreatment::none) {
        if (auto found = search_exactly(outcome)) return *found;
        if (auto found = search_crossings()) return *found;
      }
      goal.may_split = true;
      outcome = prove(*problem_.workspace, goal, budget_);
      ask_for_signs(problem_, premises_, goal, outcome, budget_);
    }
    if (!outcome.proved()) {
      if (const auto pieces = in_pieces()) return *pieces;
      if (const auto apart = apart_at_a_break()) return *apart;
      const Graph& graph = problem_.workspace->graph();
      return finding(Verdict::undecided, "could not show that " + describe(graph, outcome.open[0].node) + " is " +
                                             adjective(outcome.open[0].undefined ? Want::defined : want_) +
                                             " wherever it is applied");
    }
    Finding f = finding(Verdict::proved, "every operator in it is " + adjective(want_) + " wherever it is applied");
    f.certificates.push_back(certificate_of(problem_.workspace->graph(), goal, outcome));
    for (const Statement& h : problem_.hypotheses) f.hypotheses.push_back(h.text);
    return f;
  }

 private:
  std::optional<Finding> search(const Outcome& outcome) {
    std::vector<NodeId> suspects;
    for (const Open& o : outcome.open) suspects.push_back(o.node);
    SuspiciousPoints points(problem_, suspects, options_.seed, budget_);
    const Ref of = predicate_.subject.ref();
    std::optional<PointRun> run;
    std::optional<OneSided> sides;
    const auto fails_at = [&](const Point& point) {
      const Precision scope = Precision::of_bits(kink_bits);
      std::string why;
      if (!premises_hold(point)) return why;
      if (!run) {
        run.emplace(problem_.workspace->graph(), std::span<const Ref>(&of, 1));
        sides.emplace(problem_.workspace->graph(), of);
      }
      const Assignment at = assignment_of(problem_, point);
      run->run(at);
      if (run->status(of) == PointValue::Status::undefined) {
        const auto culprit = run->culprit(of);
        why = culprit ? describe(problem_.workspace->graph(), *culprit) + " is applied outside its domain"
                      : "it is undefined";
      } else if (run->status(of) == PointValue::Status::defined && want_ != Want::defined) {
        sides->look_at(at);
        why = break_at(*run, *sides);
      }
      return why;
    };
    while (const auto point = points.next()) {
      if (fails_at(*point).empty()) continue;
      const Point shorter = points.shortened(*point, [&](const Point& p) { return !fails_at(p).empty(); });
      Finding f = finding(Verdict::refuted,
                          "not " + adjective(want_) + " at " + describe(problem_, shorter) + ": " + fails_at(shorter));
      f.witness = to_witness(problem_, shorter);
      f.certificates.push_back({"witness", nlohmann::ordered_json{{"witness", f.witness}}.dump()});
      return f;
    }
    return std::nullopt;
  }

  /// A point such as sqrt(2) or pi/2 at which it has no value.
  std::optional<Finding> search_exactly(const Outcome& outcome) const {
    std::vector<NodeId> suspects;
    for (const Open& o : outcome.open)
      if (o.undefined) suspects.push_back(o.node);
    if (suspects.empty()) return std::nullopt;
    const Ref of = predicate_.subject.ref();
    const auto failure = find_exact_failure(problem_, {&of, 1}, premises_, suspects, options_.seed, budget_);
    if (!failure) return std::nullopt;
    Finding f = finding(Verdict::refuted, "not " + adjective(want_) + ": " +
                                              describe(problem_.workspace->graph(), failure->culprit) +
                                              " is applied outside its domain there");
    f.witness = to_witness(problem_, failure->point);
    f.certificates.push_back({"witness", nlohmann::ordered_json{{"witness", f.witness}}.dump()});
    return f;
  }

  /// A zero that no text names, at which it has no value, jumps or has a corner.
  std::optional<Finding> search_crossings() const {
    if (!premises_.empty() || want_ == Want::defined) return std::nullopt;  // `defined` was looked at as a statement
    const Ref of[] = {predicate_.subject.ref()};
    std::string why;
    const auto breaks = [&](const Crossing& c, const Assignment& at) {
      if (c.met.b.is_node()) return false;
      PointRun run(problem_.workspace->graph(), of);
      run.run(at, &c.met);
      if (run.status(of[0]) == PointValue::Status::undefined) why = "it is undefined there";
      if (run.status(of[0]) == PointValue::Status::defined) {
        OneSided sides(problem_.workspace->graph(), of[0]);
        sides.look_at(at, &c.met);
        why = break_at(run, sides);
      }
      return !why.empty();
    };
    const auto found = find_at_crossing(problem_, predicate_, options_.seed, budget_, breaks);
    if (!found) return std::nullopt;
    Finding f = finding_at(problem_, *found);
    f.message = "not " + adjective(want_) + " where " + problem_.givens[found->given].name + " is the " + found->text +
                ": " + why;
    return f;
  }

  /// A function of one number that is smooth between breaks.
  std::optional<Finding> in_pieces() const {
    if (want_ == Want::defined || !premises_.empty() || problem_.functions != FunctionTreatment::none)
      return std::nullopt;
    curvature::Json proof;
    if (!curvature::show_regular_pieces(problem_, predicate_.subject, predicate_.over, want_ == Want::differentiable,
                                        budget_, proof))
      return std::nullopt;
    Finding f = finding(Verdict::proved, adjective(want_) + " between breaks and where the pieces meet");
    f.certificates.push_back({"pieces", proof.dump()});
    return f;
  }

  /// Such a function that keeps away from its value, or the slopes of which keep away from each other.
  std::optional<Finding> apart_at_a_break() const {
    if (want_ == Want::defined || !premises_.empty() || problem_.functions != FunctionTreatment::none ||
        problem_.givens.size() != 1)
      return std::nullopt;
    curvature::Json proof;
    const auto at = curvature::find_break(problem_, predicate_.subject, predicate_.over, want_ == Want::differentiable,
                                          budget_, proof);
    if (!at) return std::nullopt;
    const Point point{{{*at}}};
    Finding f = finding(Verdict::refuted, "not " + adjective(want_) + " at " + describe(problem_, point) + ": " +
                                              (proof.contains("left") && proof.contains("right")
                                                   ? "difference quotients on both sides keep apart"
                                                   : "values beside it keep away from the value there"));
    f.witness = to_witness(problem_, point);
    proof["witness"] = f.witness;
    f.certificates.push_back({"apart", proof.dump()});
    return f;
  }

  bool has_values_at_breaks() const {
    return curvature::has_values_at_breaks(problem_, predicate_.subject, predicate_.over, budget_);
  }

  /// \pre sides look at the point of the run
  std::string break_at(const PointRun& run, OneSided& sides) const {
    using Step = OneSided::Step;
    const std::span<const PointValue> values = run.entries(predicate_.subject.ref());
    const auto on_line = [&](NodeId x, std::span<const Step> line) {
      budget_.check();
      std::string why = sides.no_continuity(x, line, values);
      if (why.empty() && want_ == Want::differentiable) why = sides.no_derivative(x, line);
      return why;
    };
    for (const Expr& x : predicate_.over) {
      if (!x.ref().is_node()) continue;
      const auto n = std::min(most_germ_directions, static_cast<std::size_t>(x.shape().size()));
      for (std::size_t i = 0; i < n; ++i) {
        const Step step{i, 1};
        if (std::string why = on_line(x.ref().id(), {&step, 1}); !why.empty()) return why;
      }
    }
    // Partial derivatives may all exist where there is no differential.
    for (const Expr& x : predicate_.over) {
      if (!x.ref().is_node()) continue;
      const auto n = std::min(most_diagonal_entries, static_cast<std::size_t>(x.shape().size()));
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
          for (const int sign : {1, -1}) {
            const Step line[] = {{j, 1}, {i, sign}};
            std::string why = on_line(x.ref().id(), line);
            if (why.empty() && want_ == Want::differentiable)
              why = sides.no_differential(x.ref().id(), line[0], line[1]);
            if (!why.empty()) return why + ", on a diagonal of two entries";
          }
    }
    return "";
  }

  bool premises_hold(const Point& point) const {
    return std::ranges::all_of(
        premises_, [&](const Statement* premise) { return Judge(problem_, *premise).at(point).holds == Truth::yes; });
  }

  const Problem& problem_;
  const Statement& predicate_;
  std::vector<const Statement*> premises_;
  const CheckOptions& options_;
  const Budget& budget_;
  Want want_;
};

/// Whether the predicate says the same at all values of what it does not quantify over.
bool is_closed(const Problem& problem, const Statement& predicate) {
  for (const Given& g : problem.givens) {
    const bool quantified = std::ranges::any_of(predicate.over, [&](const Expr& x) { return same(x, g.variable); });
    if (!quantified && depends_on(predicate.subject, g.variable)) return false;
  }
  return problem.functions == FunctionTreatment::none;
}

/// A point of the stated set; nothing when none was found.
std::optional<Point> any_point(const Problem& problem, const CheckOptions& options) {
  try {
    return StatedPoints(problem, options.seed).next();
  } catch (const NotHandled&) {
    return std::nullopt;
  }
}

/// `not P`: true where P fails, so the verdict on P turns over where P does not depend on the point.
Finding negated(const Problem& problem, const Statement& predicate, Finding inner, const CheckOptions& options) {
  const bool pointwise = predicate.predicate == "defined";
  if (inner.verdict == Verdict::proved) {
    const auto point = any_point(problem, options);
    if (!point) return finding(Verdict::undecided, "what is negated holds, but no point of the set was found");
    Finding f = finding(Verdict::refuted, "what is negated holds: " + inner.message);
    f.witness = to_witness(problem, *point);
    f.certificates = of_part(std::move(inner.certificates), 0);
    return f;
  }
  if (inner.verdict == Verdict::refuted) {
    if (!pointwise && is_closed(problem, predicate)) {
      inner.verdict = Verdict::proved;
      inner.certificates = of_part(std::move(inner.certificates), 0);
      return inner;
    }
    return finding(Verdict::undecided,
                   "what is negated fails at some point, but perhaps not at all (" + inner.message + ")");
  }
  return inner;
}

bool premise_moves(const Statement& premise, const Statement& predicate) {
  for (const Expr& side : premise.sides)
    for (const Expr& x : predicate.over)
      if (depends_on(side, x)) return true;
  return false;
}

}  // namespace

std::optional<Finding> decide_regularity(const Problem& problem, const Statement& statement,
                                         const CheckOptions& options, const Budget& budget) {
  const WorkspaceScope scope(problem.workspace);
  try {
    if (is_total_predicate(statement)) return Decision(problem, statement, {}, options, budget).run();
    if (statement.kind == Statement::Kind::negation && is_total_predicate(statement.children[0]))
      return negated(problem, statement.children[0],
                     Decision(problem, statement.children[0], {}, options, budget).run(), options);
    if (statement.kind == Statement::Kind::implication && statement.children.size() == 2 &&
        is_total_predicate(statement.children[1])) {
      const Statement& premise = statement.children[0];
      if (premise.kind != Statement::Kind::relation || premise_moves(premise, statement.children[1]))
        return finding(Verdict::undecided, "a premise that is not a relation of what stays fixed");
      return Decision(problem, statement.children[1], {&premise}, options, budget).run();
    }
  } catch (const NotHandled& reason) {
    return finding(Verdict::undecided, reason.what());
  }
  return std::nullopt;
}

std::optional<Finding> decide_gradient_exists(const Problem& problem, const Statement& statement,
                                              const CheckOptions& options, const Budget& budget) {
  if (statement.kind != Statement::Kind::predicate ||
      (statement.predicate != "smooth" && statement.predicate != "cocoercive"))
    return std::nullopt;
  Statement gradient = statement;
  gradient.predicate = "differentiable";
  gradient.parameters.clear();
  std::optional<Finding> found = decide_regularity(problem, gradient, options, budget);
  if (!found || found->verdict != Verdict::refuted) return std::nullopt;
  found->message = statement.predicate + " functions have a gradient; this is " + found->message;
  return found;
}

}  // namespace nabla
