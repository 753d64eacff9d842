#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/inequality/region.hpp>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>
#include <nabla/proofs/check/wellposed/definedness_crossing.hpp>
#include <nabla/proofs/check/wellposed/definedness_exact.hpp>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>

namespace nabla::wellposed {

namespace {

constexpr int most_bases = 3;
constexpr std::size_t most_entries = 6;
constexpr long crossing_bits = 128;

/// An enclosure of a rational.
Bounds around(const Rational& x) { return Bounds(Number<Interval>::of(to_constant(x))); }

/// Walks along an entry of a given, the others fixed, and calls use(before, after) for neighbouring points of the set
/// at which e certainly has opposite signs, until that returns true.
template <class Use>
bool along_entry(const Problem& problem, const Expr& e, const Point& start, std::size_t g, std::size_t i, Use use) {
  const Ref of = e.ref();
  std::optional<Point> before;
  Truth before_positive = Truth::unknown;
  for (int k = -40; k <= 40; ++k) {
    const Rational t(k, 4);
    if (contains(problem.givens[g].set.entries, t) != Truth::yes) continue;
    Point point = start;
    point.entries[g][i] = t;
    PointRun run(problem.workspace->graph(), std::span<const Ref>(&of, 1));
    run.run(assignment_of(problem, point));
    const PointValue& value = run.entries(of)[0];
    const Truth positive = value.zero() == Truth::no ? value.positive() : Truth::unknown;
    if (before && positive != Truth::unknown && before_positive != Truth::unknown && positive != before_positive &&
        use(*before, point))
      return true;
    before = point;
    before_positive = positive;
  }
  return false;
}

bool is_interval(const Given& given) {
  return given.set.kind == Set::Kind::entries && !given.set.entries.is_finite() && given.variable.ref().is_node();
}

/// The same pair of points moved together by halving, to a hundredth of its width or so.
std::pair<Point, Point> narrowed(const Problem& problem, const Expr& e, Point a, Point b, std::size_t g,
                                 std::size_t i) {
  constexpr int halvings = 8;
  const Ref of = e.ref();
  const auto positive = [&](const Point& at) {
    PointRun run(problem.workspace->graph(), std::span<const Ref>(&of, 1));
    run.run(assignment_of(problem, at));
    const PointValue& value = run.entries(of)[0];
    return value.zero() == Truth::no ? value.positive() : Truth::unknown;
  };
  const Truth at_a = positive(a);
  for (int k = 0; k < halvings; ++k) {
    Point middle = a;
    middle.entries[g][i] = (a.entries[g][i] + b.entries[g][i]) / 2;
    const Truth here = positive(middle);
    if (here == Truth::unknown) break;
    (here == at_a ? a : b) = middle;
  }
  return {a, b};
}

/// The difference at whose change of sign an operator has its kink, its partials jumping there; empty for others.
Expr kink_difference(const Problem& problem, NodeId node) {
  const Graph& graph = problem.workspace->graph();
  const auto operand = [&](std::size_t k) { return Expr(problem.workspace, graph.operands(node)[k]); };
  if (graph.is(node, opcode<Abs>) || graph.is(node, opcode<Relu>)) return operand(0);
  if (graph.is(node, opcode<Max>) || graph.is(node, opcode<Min>)) return operand(0) - operand(1);
  return {};
}

/// Whether everything is differentiable by the variables over the box.
bool differentiable_over(const Problem& problem, std::vector<Ref> targets, std::vector<Ref> by, const Box& box,
                         const Budget& budget) {
  Goal goal;
  goal.targets = std::move(targets);
  goal.want = Want::differentiable;
  goal.by = std::move(by);
  goal.box = box;
  return prove(*problem.workspace, goal, budget).proved();
}

/// Whether an entry of e certainly is not 0 anywhere on the box.
bool nonzero_over(const Problem& problem, const Expr& e, std::size_t i, const Box& box) {
  if (!e.ref().is_node()) return e.constant() != nullptr && !e.is(0);
  const Ref of = e.ref();
  Survey survey(problem.workspace->graph(), std::span<const Ref>(&of, 1), {});
  survey.run(box);
  return !survey.impossible() && survey.bounds(of)[i].nonzero;
}

/// Whether enclosures show that every hypothesis holds on all of the box.
bool hypotheses_hold_over(const Problem& problem, const Box& box) {
  for (const Statement& h : problem.hypotheses) {
    if (h.kind != Statement::Kind::relation) return false;
    for (std::size_t k = 0; k < h.comparisons.size(); ++k) {
      const Expr difference = h.sides[k] - h.sides[k + 1];
      if (!difference.ref().is_node()) return false;
      const Ref of = difference.ref();
      Survey survey(problem.workspace->graph(), std::span<const Ref>(&of, 1), {});
      survey.run(box);
      if (survey.impossible() || !std::ranges::all_of(survey.bounds(of), [&](const Bounds& b) {
            return compared(h.comparisons[k], b.box, Interval(0)) == Truth::yes;
          }))
        return false;
    }
  }
  return true;
}

}  // namespace

/// Everything between two points that differ in one entry. A real interval is convex, so all of it is in the sets.
Box box_between(const Problem& problem, const Point& a, const Point& b) {
  Box box;
  for (std::size_t h = 0; h < a.entries.size(); ++h) {
    auto& entries = box[problem.givens[h].variable.ref().id()];
    for (std::size_t i = 0; i < a.entries[h].size(); ++i) {
      const Interval x = around(a.entries[h][i]).box, y = around(b.entries[h][i]).box;
      entries.push_back(Bounds(Interval(std::min(x.lo, y.lo), std::max(x.hi, y.hi))));
    }
  }
  return box;
}

std::optional<std::pair<Point, Point>> find_crossing(const Problem& problem, NodeId node, std::uint64_t seed,
                                                     const Budget& budget) {
  const Expr e = vanishing(problem, node);
  if (e.empty() || !e.ref().is_node() || !e.shape().is_scalar()) return std::nullopt;
  Goal continuity;
  continuity.targets = {e.ref()};
  continuity.want = Want::continuous;
  PointSource source(problem, seed);
  const Precision scope = Precision::of_bits(crossing_bits);
  std::optional<std::pair<Point, Point>> found;
  for (int base = 0; base < most_bases; ++base) {
    const auto start = source.next();
    if (!start) return std::nullopt;
    for (std::size_t g = 0; g < start->entries.size(); ++g) {
      if (!is_interval(problem.givens[g])) continue;
      for (std::size_t i = 0; i < std::min(most_entries, start->entries[g].size()); ++i) {
        budget.check();
        along_entry(problem, e, *start, g, i, [&](const Point& a, const Point& b) {
          continuity.box = box_between(problem, a, b);
          if (prove(*problem.workspace, continuity, budget).proved() && hypotheses_hold_over(problem, continuity.box))
            found = {a, b};
          return found.has_value();
        });
        if (found) return found;
      }
    }
  }
  return std::nullopt;
}

std::optional<std::pair<Point, Point>> find_kink(const Problem& problem, const Derivative& derivative, NodeId node,
                                                 std::uint64_t seed, const Budget& budget) {
  const WorkspaceScope workspace(problem.workspace);
  const Expr u = kink_difference(problem, node);
  const Expr k(problem.workspace, Ref::node(node));
  if (u.empty() || !u.ref().is_node() || !u.shape().is_scalar() || !k.shape().is_scalar()) return std::nullopt;
  if (!derivative.of.shape().is_scalar() || !derivative.by.ref().is_node() ||
      asked_along(derivative.text) != Along::all_entries)
    return std::nullopt;
  const auto given =
      std::ranges::find_if(problem.givens, [&](const Given& g) { return same(g.variable, derivative.by); });
  if (given == problem.givens.end() || !is_interval(*given)) return std::nullopt;
  const auto g = static_cast<std::size_t>(given - problem.givens.begin());

  const Expr by = derivative.by;
  const Expr w = variable("the value at the kink");
  const Expr outer = inequality::substituted(derivative.of, {{node, w}});
  const Expr speed = gradient(u, by), slope = gradient(outer, w);
  std::vector<Ref> operands(problem.workspace->graph().operands(node).begin(),
                            problem.workspace->graph().operands(node).end());
  PointSource source(problem, seed);
  const Precision scope = Precision::of_bits(crossing_bits);
  std::optional<std::pair<Point, Point>> found;
  for (int base = 0; base < most_bases && !found; ++base) {
    const auto start = source.next();
    if (!start) break;
    for (std::size_t i = 0; i < std::min(most_entries, start->entries[g].size()) && !found; ++i) {
      budget.check();
      along_entry(problem, u, *start, g, i, [&](const Point& a, const Point& b) {
        const auto [from, to] = narrowed(problem, u, a, b, g, i);
        Box box = box_between(problem, from, to);
        if (!differentiable_over(problem, operands, {by.ref()}, box, budget) || !nonzero_over(problem, speed, i, box))
          return false;
        Survey value(problem.workspace->graph(), std::vector<Ref>{k.ref()}, {});
        value.run(box);
        if (value.impossible()) return false;
        const Interval range = value.bounds(k.ref())[0].box;
        box[w.ref().id()] = {Bounds(Interval(range.lo, range.hi))};
        if (differentiable_over(problem, {outer.ref()}, {by.ref(), w.ref()}, box, budget) &&
            nonzero_over(problem, slope, 0, box))
          found = {from, to};
        return found.has_value();
      });
    }
  }
  return found;
}

}  // namespace nabla::wellposed
