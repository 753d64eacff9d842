#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/definedness_at.hpp>
#include <nabla/proofs/check/definedness_crossing.hpp>
#include <nabla/proofs/check/definedness_proof.hpp>

namespace nabla::wellposed {

namespace {

constexpr int most_bases = 3;
constexpr std::size_t most_entries = 6;
constexpr long point_bits = 128;

/// What must not vanish where the node is applied; empty for nodes of other kinds.
Expr vanishing(const Problem& problem, NodeId node) {
  const Graph& graph = problem.workspace->graph();
  const auto operand = [&](std::size_t k) { return Expr(problem.workspace, graph.operands(node)[k]); };
  if (graph.is(node, opcode<Div>)) return operand(1);
  if (graph.is(node, opcode<Reciprocal>)) return operand(0);
  if (graph.is(node, opcode<PowI>) && graph.attributes(node)[0] < 0) return operand(0);
  if (graph.is(node, opcode<Tan>)) return cos(operand(0));
  return {};
}

/// An enclosure of a rational.
Bounds around(const Rational& x) { return Bounds(Number<Interval>::of(to_constant(x))); }

}  // namespace

std::optional<std::pair<Point, Point>> find_crossing(const Problem& problem, NodeId node, std::uint64_t seed,
                                                     const Budget& budget) {
  const Expr e = vanishing(problem, node);
  if (e.empty() || !e.ref().is_node() || !e.shape().is_scalar()) return std::nullopt;
  const Ref of = e.ref();
  Goal continuity;
  continuity.targets = {of};
  continuity.want = Want::continuous;
  PointSource source(problem, seed);
  const Precision scope = Precision::of_bits(point_bits);
  for (int base = 0; base < most_bases; ++base) {
    const auto start = source.next();
    if (!start) return std::nullopt;
    for (std::size_t g = 0; g < start->entries.size(); ++g) {
      const Set& set = problem.givens[g].set;
      if (set.kind != Set::Kind::entries || set.entries.is_finite() || !problem.givens[g].variable.ref().is_node())
        continue;
      for (std::size_t i = 0; i < std::min(most_entries, start->entries[g].size()); ++i) {
        budget.check();
        std::optional<Point> before;
        Truth before_positive = Truth::unknown;
        std::vector<Rational> steps;
        for (int k = -40; k <= 40; ++k) steps.emplace_back(k, 4);
        for (const Rational& t : steps) {
          if (contains(set.entries, t) != Truth::yes) continue;
          Point point = *start;
          point.entries[g][i] = t;
          PointRun run(problem.workspace->graph(), std::span<const Ref>(&of, 1));
          run.run(assignment_of(problem, point));
          const PointValue& value = run.entries(of)[0];
          const Truth positive = value.zero() == Truth::no ? value.positive() : Truth::unknown;
          if (before && positive != Truth::unknown && before_positive != Truth::unknown &&
              positive != before_positive) {
            // A real interval is convex, so what lies between is in the sets too.
            for (std::size_t h = 0; h < start->entries.size(); ++h) {
              auto& box = continuity.box[problem.givens[h].variable.ref().id()];
              box.clear();
              for (const Rational& x : start->entries[h]) box.push_back(around(x));
            }
            const Interval lo = around(before->entries[g][i]).box, hi = around(t).box;
            continuity.box[problem.givens[g].variable.ref().id()][i] = Bounds(Interval(lo.lo, hi.hi));
            if (prove(*problem.workspace, continuity, budget).proved()) return std::pair{*before, point};
          }
          before = point;
          before_positive = positive;
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace nabla::wellposed
