#include <algorithm>
#include <cmath>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/proofs/check/curvature/lipschitz_bounds.hpp>
#include <nabla/proofs/check/curvature/terms.hpp>
#include <nabla/proofs/check/hypotheses.hpp>

namespace nabla::curvature {

namespace {

constexpr int path_samples = 400;
constexpr double unbounded_from = 1e6, slack = 1e-9;
constexpr std::int64_t largest_denominator = 4096;

/// The fraction of least denominator in [x - slack, x + slack].
std::optional<Rational> simplest_near(double x) {
  for (std::int64_t q = 1; q <= largest_denominator; ++q) {
    const double p = std::round(x * static_cast<double>(q));
    if (std::fabs(p / static_cast<double>(q) - x) <= slack * std::fmax(1.0, x))
      return Rational(static_cast<std::int64_t>(p), q);
  }
  return std::nullopt;
}

Expr root(std::int64_t n) { return n == 1 ? Expr(1) : sqrt(Expr(n)); }

/// |c|, a number where c is one.
Expr magnitude(const Expr& c) {
  const auto number = constant_rational(c);
  return number ? Expr(to_constant(Number<Rational>::abs(*number))) : abs(c);
}

Json cone_of(const Problem& problem, const Cone& cone, const Reduced& r) {
  Json j = names_of(problem.workspace, cone);
  j["ranges"] = r.ranges;
  return j;
}

/// |f| <= s, shown.
std::optional<Rational> shown_bound(const Problem& problem, const Expr& f, const Budget& budget, Json& signs) {
  const auto s = seen_bound(problem, f, budget);
  if (!s) return std::nullopt;
  const Expr bound(to_constant(*s));
  signs = Json::array();
  for (const Expr& gap : {bound - f, bound + f}) {
    Json sign;
    if (!show_zero(problem, gap, budget, sign) && !show_sign(problem, gap, SignGoal::nonnegative, budget, sign))
      return std::nullopt;
    signs.push_back(std::move(sign));
  }
  return s;
}

Bounded show_at_most(const Problem& problem, const Expr& value, const Expr& L, bool uniform, const Budget& budget,
                     Json& proof) {
  const WorkspaceScope scope(problem.workspace);
  Json sign;
  const bool by_itself = same(L, value) || (!L.ref().is_node() && !value.ref().is_node());
  if (!show_zero(problem, L - value, budget, sign) &&
      !show_sign(problem, L - value, SignGoal::nonnegative, budget, sign))
    return Bounded::no;
  proof["sign"] = std::move(sign);
  return uniform && by_itself ? Bounded::uniform : Bounded::yes;
}

}  // namespace

std::optional<Rational> seen_bound(const Problem& problem, const Expr& f, const Budget& budget) {
  if (const auto exact = constant_rational(f)) return Number<Rational>::abs(*exact);
  if (!f.ref().is_node()) return std::nullopt;
  std::vector<Expr> inputs;
  for (const Given& g : problem.givens) inputs.push_back(g.variable);
  const Function function(std::span<const Expr>(&f, 1), inputs);
  StatedPoints stated(problem, 1);
  double most = 0;
  try {
    for (int i = 0; i < path_samples; ++i) {
      budget.check();
      const auto point = stated.next();
      if (!point) break;
      std::vector<Entries<double>> at;
      for (const auto& entries : point->entries) {
        at.emplace_back();
        for (const Rational& x : entries) at.back().push_back(static_cast<double>(x));
      }
      const double y = std::fabs(function(std::span<const Entries<double>>(at))[0][0]);
      if (std::isfinite(y)) most = std::fmax(most, y);
    }
  } catch (const std::invalid_argument&) {
    return std::nullopt;
  }
  if (most > unbounded_from) return std::nullopt;
  if (auto simple = simplest_near(most)) return simple;
  return simplest_near(std::ceil(most * 1024 + 1) / 1024);
}

LipschitzBounds::LipschitzBounds(const Problem& problem, const Expr& e, const std::vector<Expr>& over,
                                 Ranges::Mode mode, const Budget& budget)
    : problem_(problem),
      budget_(budget),
      over_(over),
      ranges_(problem, std::vector<Ref>{e.ref()}, mode),
      rules_(problem.workspace->graph(), ranges_, over) {
  rules_.run(e.ref());
}

Expr LipschitzBounds::of(Ref ref) {
  if (!rules_.depends(ref)) return Expr(0);
  const WorkspaceScope scope(problem_.workspace);
  const Ref targets[] = {ref};
  const auto needed = reachable(problem_.workspace->graph(), targets);
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && !bounds_.contains(id) && rules_.depends(Ref::node(id))) bounds_[id] = rule(id);
  return bounds_.at(ref.id());
}

Expr LipschitzBounds::rule(NodeId id) {
  const Graph& graph = problem_.workspace->graph();
  if (graph.info(id).family == Family::leaf) return Expr(1);
  const std::vector<Ref> x(graph.operands(id).begin(), graph.operands(id).end());
  const std::int64_t size = graph.shape(id).size();
  const auto bound = [&](Ref r) { return rules_.depends(r) ? bounds_[r.id()] : Expr(0); };
  // An operand that is stretched to all entries counts as often.
  const auto stretched = [&](Ref r) -> Expr {
    const Expr b = bound(r);
    if (b.empty() || graph.shape(r) == graph.shape(id)) return b;
    read_extent_ = read_extent_ || rules_.depends(r);
    return Expr(b * root(size));
  };
  const auto sum_of = [&](bool stretch) -> Expr {
    Expr total(0);
    for (const Ref r : x) {
      const Expr b = stretch ? stretched(r) : bound(r);
      if (b.empty()) return {};
      total = total + b;
    }
    return total;
  };
  const auto times = [&](Ref factor, Ref r) -> Expr {
    const Expr b = bound(r);
    if (b.empty()) return {};
    const Expr c(problem_.workspace, factor);
    return (c.shape().is_scalar() ? abs(c) : norm(c)) * b;
  };
  const Expr only = x.size() == 1 ? bound(x[0]) : Expr();
  // Terms that read different variables are moved apart: |(a, b) (s, t)| <= sqrt(a^2 + b^2) |(s, t)|.
  const auto apart = [&]() -> Expr {
    for (const Expr& v : over_)
      if (std::ranges::count_if(x, [&](Ref r) { return r.is_node() && depends_on(Expr(problem_.workspace, r), v); }) >
          1)
        return {};
    Expr total(0);
    for (const Ref r : x) {
      const Expr b = stretched(r);
      if (b.empty()) return {};
      total = total + b * b;
    }
    return sqrt(total);
  };
  switch (graph.code(id)) {
    case opcode<Add>:
    case opcode<Sub>:
    case opcode<Max>:
    case opcode<Min>: {
      if (x.size() == 2 && rules_.depends(x[0]) && rules_.depends(x[1]))
        if (Expr both = apart(); !both.empty()) return both;
      return sum_of(true);
    }
    case opcode<Concat>:
    case opcode<Stack>:
      return sum_of(false);
    case opcode<Neg>:
    case opcode<Norm>:
    case opcode<Amax>:
    case opcode<Amin>:
    case opcode<LogSumExp>:
    case opcode<Reshape>:
    case opcode<Transpose>:
    case opcode<Flip>:
    case opcode<Slice>:
    case opcode<Diag>:
    case opcode<Diagonal>:
    case opcode<Tril>:
      return only;
    case opcode<Softmax>:
      return only.empty() ? only : Expr(only / Expr(2));
    case opcode<Sum>:
      read_extent_ = true;
      return only.empty() || size == 0 ? Expr() : Expr(root(graph.shape(x[0]).size() / size) * only);
    case opcode<Mean>:
      read_extent_ = true;
      return only.empty() || size == 0 ? Expr() : Expr(only / root(graph.shape(x[0]).size() / size));
    case opcode<Mul>:
    case opcode<Dot>:
    case opcode<MatMul>:
    case opcode<Outer>:
      if (!rules_.depends(x[0])) return times(x[0], x[1]);
      if (!rules_.depends(x[1])) return times(x[1], x[0]);
      break;
    case opcode<Div>:
      if (!rules_.depends(x[1]) && graph.shape(x[1]).is_scalar()) {
        const Expr b = bound(x[0]);
        return b.empty() ? b : Expr(b / abs(Expr(problem_.workspace, x[1])));
      }
      break;
    default:
      break;
  }
  return elementwise(id);
}

Expr LipschitzBounds::elementwise(NodeId id) {
  const auto cone = cone_at(problem_.workspace->graph(), rules_, id, 1);
  if (!cone) return {};
  const Ref u = cone->moving[0];
  const Expr inner = bounds_[u.id()];
  if (inner.empty() || problem_.workspace->graph().shape(u) != problem_.workspace->graph().shape(id)) return {};
  const Reduced r = reduce(problem_, *cone, ranges_, false);
  // Between the values of u too.
  if (!r.h.ref().is_node()) return {};
  const Ref targets[] = {r.h.ref()};
  wellposed::Survey survey(r.h.graph(), targets, {});
  survey.run(wellposed::box_of(r.problem));
  if (!std::ranges::all_of(survey.nodes(), [&](NodeId n) { return survey.defined(n); }) ||
      !is_continuous(problem_.workspace->graph(), rules_, ranges_, *cone))
    return {};
  Json step = cone_of(problem_, *cone, r);
  Rational s;
  {
    const WorkspaceScope inside(r.problem.workspace);
    const auto found = shown_bound(r.problem, gradient(r.h, r.t[0]), budget_, step["signs"]);
    if (!found) return {};
    s = *found;
  }
  step["slope"] = s.str();
  steps_.push_back(std::move(step));
  return Expr(to_constant(s)) * inner;
}

Bounded show_lipschitz_bound(const Problem& problem, const Expr& f, const std::vector<Expr>& over, const Expr& L,
                             Ranges::Mode mode, const Budget& budget, Json& proof) {
  const WorkspaceScope scope(problem.workspace);
  if (!f.ref().is_node()) return Bounded::no;
  LipschitzBounds bounds(problem, f, over, mode, budget);
  const bool uniform = mode == Ranges::Mode::all_dimensions;
  if (uniform && !bounds.ranges().all_defined()) return Bounded::no;
  const Expr value = bounds.of(f.ref());
  if (value.empty()) return Bounded::no;
  proof["steps"] = bounds.steps();
  return show_at_most(problem, value, L, uniform && !bounds.read_extent(), budget, proof);
}

Bounded show_smooth_bound(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Expr& L,
                          Ranges::Mode mode, const Budget& budget, Json& proof) {
  const WorkspaceScope scope(problem.workspace);
  const Expr plain = without_norms(e);
  if (!plain.ref().is_node()) return Bounded::no;
  LipschitzBounds bounds(problem, plain, over, mode, budget);
  bool uniform = mode == Ranges::Mode::all_dimensions;
  if (uniform && !bounds.ranges().all_defined()) return Bounded::no;
  const Graph& graph = problem.workspace->graph();
  Expr total(0);
  proof["terms"] = Json::array();
  for (const Term& term : terms_of(plain, bounds.rules())) {
    const NodeId id = term.node.ref().id();
    if (bounds.rules().of(term.node.ref()).affine()) {
      proof["terms"].push_back(nullptr);
      continue;
    }
    Expr factor = magnitude(term.factor);
    Ref inside = term.node.ref();
    Json step;
    Ref u;
    if (graph.is(id, opcode<Sum>) || graph.is(id, opcode<Mean>)) {
      inside = graph.operands(id)[0];
      if (!graph.shape(id).is_scalar()) return Bounded::no;
      if (graph.is(id, opcode<Mean>)) {
        uniform = false;
        factor = factor / Expr(graph.shape(inside).size());
      }
    } else if (graph.is(id, opcode<LogSumExp>) && graph.shape(id).is_scalar()) {
      u = graph.operands(id)[0];
      step["logsumexp"] = true;
      factor = factor / Expr(2);
    }
    if (u.empty()) {
      if (!inside.is_node() || !bounds.rules().depends(inside)) return Bounded::no;
      const auto cone = cone_at(graph, bounds.rules(), inside.id(), 1);
      if (!cone) return Bounded::no;
      u = cone->moving[0];
      if (graph.shape(u) != graph.shape(inside)) return Bounded::no;
      const Reduced r = reduce(problem, *cone, bounds.ranges(), false);
      if (!is_smooth(r)) return Bounded::no;
      step = cone_of(problem, *cone, r);
      const WorkspaceScope inner(r.problem.workspace);
      const auto s = shown_bound(r.problem, gradient(gradient(r.h, r.t[0]), r.t[0]), budget, step["signs"]);
      if (!s) return Bounded::no;
      step["slope"] = s->str();
      const WorkspaceScope back(problem.workspace);
      factor = factor * Expr(to_constant(*s));
    }
    if (!bounds.rules().of(u).affine()) return Bounded::no;
    const Expr gain = bounds.of(u);
    if (gain.empty()) return Bounded::no;
    total = total + factor * powi(gain, 2);
    proof["terms"].push_back(std::move(step));
  }
  proof["steps"] = bounds.steps();
  return show_at_most(problem, total, L, uniform && !bounds.read_extent(), budget, proof);
}

}  // namespace nabla::curvature
