#include <algorithm>
#include <cmath>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/run/run.hpp>
#include <nabla/proofs/check/curvature/smooth_form.hpp>
#include <nabla/proofs/check/hypotheses.hpp>
#include <nabla/proofs/check/identity/identity.hpp>

namespace nabla {

namespace {

constexpr std::size_t most_kinks = 12;
constexpr int most_points_drawn = 80;
constexpr std::size_t enough_points = 32;
constexpr long screening_bits = 64;
constexpr std::size_t most_nodes = 2000;  // of the expression; a normal form of a larger one takes too long

/// Values of every entry of every variable: equal ones of either sign, and ones of mixed signs.
constexpr double samples[][3] = {{0.7, 1.3, 2.9},   {-0.7, -1.3, -2.9}, {2.3, 0.4, 1.1},
                                 {-2.3, 0.4, -1.1}, {0.3, -1.9, 0.6},   {-0.2, -3.1, 5.3}};

/// Which operand each node equals at a point in double precision; nothing when one equals none.
std::optional<KinkPattern> pattern_at(Run<double>& run, const Plan& plan, const std::vector<NodeId>& kinks,
                                      const double (&sample)[3]) {
  const Graph& graph = plan.graph();
  std::size_t next = 0;
  for (const NodeId id : plan.nodes()) {
    if (!graph.is(id, opcode<Variable>)) continue;
    std::vector<double> entries(static_cast<std::size_t>(graph.shape(id).size()));
    for (double& x : entries) x = sample[0] * (1 + 0.01 * static_cast<double>(next % 7)) + sample[next % 3] * 1e-3;
    if (sample[0] * sample[1] < 0 || sample[1] * sample[2] < 0)
      for (double& x : entries) x = sample[next % 3];
    ++next;
    run.set(id, entries);
  }
  run.forward();
  KinkPattern pattern;
  for (const NodeId id : kinks) {
    const auto y = run.value(Ref::node(id));
    const auto x = graph.operands(id);
    const auto passes = [&](std::size_t slot, double sign) {
      const auto u = run.value(x[slot]);
      if (u.size() != y.size() && u.size() != 1) return false;
      for (std::size_t i = 0; i < y.size(); ++i)
        if (!(std::fabs(y[i] - sign * u[u.size() == 1 ? 0 : i]) <= 1e-12 * (1 + std::fabs(y[i])))) return false;
      return true;
    };
    std::optional<int> found;
    for (std::size_t slot = 0; slot < x.size() && !found; ++slot) {
      if (passes(slot, 1))
        found = static_cast<int>(slot) + 1;
      else if (passes(slot, -1))
        found = -(static_cast<int>(slot) + 1);
    }
    if (!found && std::ranges::all_of(y, [](double v) { return v == 0; })) found = 0;
    if (!found) return std::nullopt;
    pattern.push_back(*found);
  }
  return pattern;
}

/// The problem with what it has no set for, such as the parameter of a function, among its givens: any real numbers.
Problem with_every_variable(Problem problem, const Plan& plan) {
  for (const NodeId id : plan.nodes()) {
    if (!plan.graph().is(id, opcode<Variable>)) continue;
    const Expr variable(problem.workspace, Ref::node(id));
    if (std::ranges::any_of(problem.givens, [&](const Given& g) { return same(g.variable, variable); })) continue;
    Given given;
    given.name = plan.graph().variable_name(id);
    given.variable = variable;
    given.set = Set{.kind = Set::Kind::entries, .entries = {}, .shape = variable.shape()};
    problem.givens.push_back(std::move(given));
  }
  return problem;
}

/// A few points of the stated set, to tell apart what is not equal before the normal form is asked.
std::vector<Point> stated_points(const Problem& problem) {
  std::vector<Point> found;
  try {
    const StatedPoints stated(problem, 1);
    PointSource source(problem, 1);
    for (int k = 0; k < most_points_drawn && found.size() < enough_points; ++k) {
      const auto point = source.next();
      if (!point) break;
      if (stated.satisfies(*point)) found.push_back(*point);
    }
  } catch (const NotHandled&) {  // a hypothesis that has no meaning at a point
  } catch (const std::invalid_argument&) {
  }
  return found;
}

/// Whether the two certainly differ at one of the points, so that they are not equal on the stated set.
bool differ(const Problem& problem, const Expr& a, const Expr& b, std::span<const Point> points) {
  Statement equation;
  equation.sides = {a, b};
  equation.comparisons = {Comparison::equal};
  try {
    const Judge judge(problem, equation);
    for (const Point& point : points)
      if (judge.at(point, screening_bits).holds == Truth::no) return true;
  } catch (const std::invalid_argument&) {  // a user's own operator
  } catch (const UndefinedError&) {
  } catch (const std::length_error&) {
  }
  return false;
}

}  // namespace

Expr SmoothForms::operator()(const Problem& so_far, const Expr& of, const Expr& by) {
  const std::vector<NodeId> kinks = replaceable_kinks(so_far, of, by);
  if (kinks.empty()) return of;
  const std::size_t call = calls_++;
  if (kinks.size() > most_kinks) return of;
  const auto plan = std::make_shared<const Plan>(
      std::shared_ptr<const Graph>(so_far.workspace, &so_far.workspace->graph()), std::array{of.ref()}, true);
  if (plan->nodes().size() > most_nodes) return of;
  std::vector<KinkPattern> patterns;
  try {
    Run<double> run(plan);
    for (const auto& sample : samples)
      if (const auto p = pattern_at(run, *plan, kinks, sample); p && std::ranges::find(patterns, *p) == patterns.end())
        patterns.push_back(*p);
  } catch (const std::invalid_argument&) {  // an operator that doubles cannot run
    return of;
  }
  const Problem around = around_the_set(so_far, by);
  const Problem sampled = with_every_variable(around, *plan);
  const std::vector<Point> points = patterns.empty() ? std::vector<Point>{} : stated_points(sampled);
  for (const KinkPattern& pattern : patterns) {
    budget_.check();
    const Expr smooth = with_pattern(of, kinks, pattern);
    if (!keeps_domain(of, smooth) || differ(sampled, of, smooth, points)) continue;
    if (!certainly_equal(around, of, smooth, budget_)) continue;
    patterns_[call] = pattern;
    return smooth;
  }
  return of;
}

}  // namespace nabla
