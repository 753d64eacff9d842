#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/point.hpp>
#include <nabla/proofs/check/refute/exact_value.hpp>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>
#include <nabla/proofs/check/wellposed/definedness_exact.hpp>
#include <set>

namespace nabla::wellposed {

namespace {

constexpr std::size_t most_exact_entries = 6;  // that are moved
constexpr std::size_t most_exact_points = 40;
constexpr std::size_t most_exact_nodes = 400;
constexpr int grid_steps = 80;
constexpr long exact_search_bits = 192;
constexpr double guess_tolerance = 1e-11;

/// An entry of a given that ranges over an interval.
struct Moving {
  std::size_t given, entry;
  double lo, hi;
};

double as_double(const Expr& e, double absent) {
  if (e.empty()) return absent;
  const auto ball = constant_ball(e);
  return ball && ball->is_finite() ? ball->approximate() : absent;
}

/// |f| along one entry, in doubles; infinite outside the set and where there is no value.
class AlongEntry {
 public:
  AlongEntry(const Problem& problem, const Expr& f, const Point& base, const Moving& moving)
      : problem_(problem), of_(f.ref()), point_(base), moving_(moving), run_(problem.workspace->graph(), {&of_, 1}) {}

  double operator()(double t) {
    const Rational x = Number<Rational>::of(Constant::dyadic(t));
    if (contains(problem_.givens[moving_.given].set.entries, x) != Truth::yes) return INFINITY;
    point_.entries[moving_.given][moving_.entry] = x;
    run_.run(assignment_of(problem_, point_));
    const PointValue& value = run_.entries(of_)[0];
    const double y = value.is_defined() ? std::fabs(value.ball().approximate()) : INFINITY;
    return std::isnan(y) ? INFINITY : y;
  }

  /// Places at which it comes down to 0 or nearly so.
  std::vector<double> zeros() {
    const double lo = std::max(moving_.lo, std::isfinite(moving_.hi) ? moving_.hi - 20 : -10);
    const double hi = std::min(moving_.hi, std::isfinite(moving_.lo) ? moving_.lo + 20 : 10);
    std::vector<double> found, y;
    const double step = (hi - lo) / grid_steps;
    for (int k = 0; k <= grid_steps; ++k) y.push_back((*this)(lo + step * k));
    for (std::size_t k = 1; k + 1 < y.size(); ++k) {
      if (!(y[k] <= y[k - 1] && y[k] <= y[k + 1]) || y[k] == INFINITY) continue;
      // The least value between the neighbours: |f| has one valley there, or else nothing is found.
      double a = lo + step * static_cast<double>(k - 1), b = lo + step * static_cast<double>(k + 1);
      for (int halving = 0; halving < 90 && b - a > 1e-15 * (1 + std::fabs(a)); ++halving) {
        const double third = (b - a) / 3;
        if ((*this)(a + third) < (*this)(b - third))
          b -= third;
        else
          a += third;
      }
      if ((*this)((a + b) / 2) < 1e-9) found.push_back((a + b) / 2);
    }
    return found;
  }

 private:
  const Problem& problem_;
  const Ref of_;
  Point point_;
  const Moving& moving_;
  PointRun run_;
};

/// The targets at an exact point: the node to blame where one of them certainly has no value.
std::optional<NodeId> culprit_at(const Problem& problem, std::span<const Ref> targets, const ExactPoint& point) {
  const Graph& graph = problem.workspace->graph();
  std::vector<Ref> refs;
  for (const auto& entries : point.entries)
    for (const NamedConstant& c : entries) refs.push_back(c.value.ref());
  const ExactScope scope;
  using Status = ExactValue::Status;
  Values<ExactValue> constants(graph, refs), values(graph, targets);
  if (values.nodes().size() > most_exact_nodes) return std::nullopt;
  for (const NodeId id : constants.nodes()) constants.compute(id);
  std::size_t next = 0;
  std::map<NodeId, std::size_t> first;
  for (std::size_t g = 0; g < point.entries.size(); ++g) {
    first[problem.givens[g].variable.ref().id()] = next;
    next += point.entries[g].size();
  }
  const auto status = [](std::span<const ExactValue> entries) {
    Status all = Status::defined;
    for (const ExactValue& x : entries) all = std::max(all, x.status());
    return all;
  };
  std::optional<NodeId> culprit;
  for (const NodeId id : values.nodes()) {
    if (!graph.is(id, opcode<Variable>)) {
      values.compute(id);
      const bool fine = std::ranges::all_of(
          graph.operands(id), [&](Ref r) { return status(std::as_const(values).entries(r)) == Status::defined; });
      if (!culprit && fine && status(values.entries(id)) == Status::undefined) culprit = id;
      continue;
    }
    const auto at = first.find(id);
    const auto entries = values.entries(id);
    for (std::size_t i = 0; i < entries.size(); ++i)
      entries[i] = at == first.end() ? ExactValue::of_status(Status::unknown)
                                     : std::as_const(constants).entries(refs[at->second + i])[0];
  }
  for (const Ref t : targets)
    if (status(std::as_const(values).entries(t)) == Status::undefined) return culprit;
  return std::nullopt;
}

}  // namespace

Expr vanishing(const Problem& problem, NodeId node) {
  const Graph& graph = problem.workspace->graph();
  // Of |u|, u^2 and sqrt(u) what changes its sign is u.
  const auto operand = [&](std::size_t k) {
    Ref r = graph.operands(node)[k];
    while (r.is_node() &&
           (graph.is(r.id(), opcode<Abs>) || graph.is(r.id(), opcode<Square>) || graph.is(r.id(), opcode<Sqrt>) ||
            (graph.is(r.id(), opcode<PowI>) && graph.attributes(r.id())[0] > 0)))
      r = graph.operands(r.id())[0];
    return Expr(problem.workspace, r);
  };
  if (graph.is(node, opcode<Div>)) return operand(1);
  if (graph.is(node, opcode<Reciprocal>) || graph.is(node, opcode<Log>)) return operand(0);
  if (graph.is(node, opcode<PowI>) && graph.attributes(node)[0] < 0) return operand(0);
  if (graph.is(node, opcode<Tan>)) return cos(operand(0));
  return {};
}

std::optional<ExactFailure> find_exact_failure(const Problem& problem, std::span<const Ref> targets,
                                               std::span<const Statement* const> premises,
                                               std::span<const NodeId> suspects, std::uint64_t seed,
                                               const Budget& budget) {
  const WorkspaceScope workspace(problem.workspace);
  const Precision scope = Precision::of_bits(exact_search_bits);
  const auto base = PointSource(problem, seed).next();
  if (!base) return std::nullopt;
  const auto failing = [&](ExactPoint point) -> std::optional<ExactFailure> {
    const ExactJudge judge(problem);
    const auto culprit = culprit_at(problem, targets, point);
    if (!culprit || !judge.satisfies(point)) return std::nullopt;
    if (!std::ranges::all_of(premises, [&](const Statement* p) { return judge.at(*p, point).holds == Truth::yes; }))
      return std::nullopt;
    return ExactFailure{std::move(point), *culprit};
  };
  // Constants need no entry to be moved: tan(pi / 2).
  if (auto found = failing(to_exact(problem, *base))) return found;
  std::vector<Moving> moving;
  for (std::size_t g = 0; g < problem.givens.size(); ++g) {
    const Set& set = problem.givens[g].set;
    if (set.kind != Set::Kind::entries || set.entries.is_finite() || !problem.givens[g].variable.ref().is_node())
      continue;
    for (std::size_t i = 0; i < base->entries[g].size() && moving.size() < most_exact_entries; ++i)
      moving.push_back({g, i, as_double(set.entries.lo, -INFINITY), as_double(set.entries.hi, INFINITY)});
  }
  std::vector<Expr> must_not_vanish;
  for (const NodeId node : suspects) {
    const Expr e = vanishing(problem, node);
    if (!e.empty() && e.ref().is_node() && e.shape().is_scalar()) must_not_vanish.push_back(e);
  }
  // Constants join the graph, which must not grow while numbers are run through it: first all guesses, then all points.
  std::vector<std::pair<const Moving*, std::string>> guesses;
  for (const Moving& m : moving) {
    budget.check();
    const RealSet& set = problem.givens[m.given].set.entries;
    std::vector<double> places;
    for (const Expr& e : must_not_vanish)
      for (const double zero : AlongEntry(problem, e, *base, m).zeros()) places.push_back(zero);
    // Last, because an end that is rational is near to many constants.
    if (set.lo_closed && std::isfinite(m.lo)) places.push_back(m.lo);
    if (set.hi_closed && std::isfinite(m.hi)) places.push_back(m.hi);
    for (const double place : places)
      for (const std::string& text : constants_near(place, guess_tolerance))
        if (!parse_rational(text)) guesses.emplace_back(&m, text);
  }
  std::size_t looked_at = 0;
  for (const auto& [m, text] : guesses) {
    budget.check();
    const auto constant = named_constant(problem.workspace, text);
    if (!constant || ++looked_at > most_exact_points) continue;
    ExactPoint point = to_exact(problem, *base);
    point.entries[m->given][m->entry] = *constant;
    if (auto found = failing(std::move(point))) return found;
  }
  return std::nullopt;
}

}  // namespace nabla::wellposed
