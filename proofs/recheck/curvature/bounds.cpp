#include <algorithm>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/recheck/curvature/bounds.hpp>

namespace nabla::bending {

namespace {

Expr root_of(std::int64_t n) { return n == 1 ? Expr(1) : sqrt(Expr(n)); }

}  // namespace

std::optional<Expr> replay_slope(const Problem& problem, const Expr& f, const Json& step) {
  const WorkspaceScope scope(problem.workspace);
  const auto s = parse_rational(step.at("slope").get<std::string>());
  if (!s) return std::nullopt;
  const Expr bound(to_constant(*s));
  if (!replay_sign(problem, bound - f, Wanted::nonnegative, step.at("signs").at(0)) ||
      !replay_sign(problem, bound + f, Wanted::nonnegative, step.at("signs").at(1)))
    return std::nullopt;
  return bound;
}

Constants::Constants(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Json& steps)
    : problem_(problem), over_(over), ranges_(problem, e.ref()), marks_(problem, ranges_, over), names_(e) {
  marks_.run(e.ref());
  const Ref targets[] = {e.ref()};
  const auto needed = reachable(problem.workspace->graph(), targets);
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || has(marks_.of(Ref::node(id)), still)) continue;
    Expr c = rule(id);
    if (c.empty()) c = stated(id, steps);
    constants_[id] = c;
  }
}

Expr Constants::of(Ref ref) const {
  if (!ref.is_node() || has(marks_.of(ref), still)) return Expr(0);
  const auto it = constants_.find(ref.id());
  return it == constants_.end() ? Expr() : it->second;
}

Expr Constants::rule(NodeId id) const {
  const WorkspaceScope scope(problem_.workspace);
  const Graph& graph = problem_.workspace->graph();
  const std::string name = graph.info(id).name;
  if (graph.info(id).family == Family::leaf) return Expr(1);
  const std::vector<Ref> x(graph.operands(id).begin(), graph.operands(id).end());
  const std::int64_t size = graph.shape(id).size();
  const auto moves = [&](std::size_t k) { return x[k].is_node() && !has(marks_.of(x[k]), still); };
  const auto factor_times = [&](std::size_t k) -> Expr {
    const Expr c = of(x[1 - k]);
    if (c.empty()) return c;
    const Expr f(problem_.workspace, x[k]);
    return (f.shape().is_scalar() ? abs(f) : norm(f)) * c;
  };
  if (name == "add" || name == "sub" || name == "max" || name == "min" || name == "concat" || name == "stack") {
    Expr total(0);
    const bool stretches = name != "concat" && name != "stack";
    if (stretches && x.size() == 2 && moves(0) && moves(1) && std::ranges::none_of(over_, [&](const Expr& v) {
          return depends_on(Expr(problem_.workspace, x[0]), v) && depends_on(Expr(problem_.workspace, x[1]), v);
        })) {
      // Cauchy's inequality for what different variables move.
      const Expr a = of(x[0]), b = of(x[1]);
      if (a.empty() || b.empty()) return {};
      const auto spread = [&](std::size_t k, const Expr& c) {
        return graph.shape(x[k]).size() != size ? c * root_of(size) : c;
      };
      const Expr first = spread(0, a), second = spread(1, b);
      return sqrt(first * first + second * second);
    }
    for (const Ref r : x) {
      const Expr c = of(r);
      if (c.empty()) return c;
      total = total + (stretches && graph.shape(r).size() != size ? c * root_of(size) : c);
    }
    return total;
  }
  if (name == "neg" || name == "norm" || name == "amax" || name == "amin" || name == "logsumexp" || name == "reshape" ||
      name == "transpose" || name == "flip" || name == "slice" || name == "diag" || name == "diagonal" ||
      name == "tril")
    return of(x[0]);
  if (name == "softmax") {
    const Expr c = of(x[0]);
    return c.empty() ? c : Expr(c / Expr(2));
  }
  if ((name == "sum" || name == "mean") && size > 0) {
    const Expr c = of(x[0]);
    if (c.empty()) return c;
    const Expr r = root_of(graph.shape(x[0]).size() / size);
    return name == "sum" ? r * c : c / r;
  }
  if (name == "mul" || name == "dot" || name == "matmul" || name == "outer") {
    if (!moves(0)) return factor_times(0);
    if (!moves(1)) return factor_times(1);
  }
  if (name == "div" && !moves(1) && graph.shape(x[1]).is_scalar()) {
    const Expr c = of(x[0]);
    return c.empty() ? c : Expr(c / abs(Expr(problem_.workspace, x[1])));
  }
  return {};
}

Expr Constants::stated(NodeId id, const Json& steps) const {
  const Graph& graph = problem_.workspace->graph();
  std::string why;
  for (const Json& step : steps) {
    if (step.at("moving").size() != 1 || names_.find(step.at("node").get<std::string>()) != Ref::node(id)) continue;
    const Ref u = names_.find(step.at("moving").at(0).get<std::string>());
    if (u.empty() || graph.shape(u) != graph.shape(id)) continue;
    const Expr inner = of(u);
    const auto small = small_problem(problem_, marks_, ranges_, names_, id, step, false, why);
    if (inner.empty() || !small || !exists_everywhere(small->problem, small->h) ||
        !is_continuous(small->problem, small->h, small->t))
      continue;
    const WorkspaceScope inside(small->problem.workspace);
    const auto s = replay_slope(small->problem, gradient(small->h, small->t[0]), step);
    if (!s) continue;
    const WorkspaceScope back(problem_.workspace);
    return Expr(*s->constant()) * inner;
  }
  return {};
}

bool replay_lipschitz_bound(const Problem& problem, const Expr& f, const std::vector<Expr>& over, const Expr& L,
                            const Json& proof, std::string& why) {
  const WorkspaceScope scope(problem.workspace);
  why = "the bound of the composition could not be shown again";
  if (!f.ref().is_node()) return false;
  const Constants constants(problem, f, over, proof.at("steps"));
  const Expr value = constants.of(f.ref());
  return !value.empty() && replay_sign(problem, L - value, Wanted::nonnegative, proof.at("sign"));
}

bool replay_smooth_bound(const Problem& problem, const Expr& e, const std::vector<Expr>& over, const Expr& L,
                         const Json& proof, std::string& why) {
  const WorkspaceScope scope(problem.workspace);
  why = "the bound of second derivatives could not be shown again";
  const Expr plain = norms_written_out(e);
  if (!plain.ref().is_node()) return false;
  const Constants constants(problem, plain, over, proof.at("steps"));
  const Marks& marks = constants.marks();
  Expr total(0);
  std::size_t next = 0;
  for (const Summand& term : summands_of(plain, marks)) {
    const Json& step = proof.at("terms").at(next++);
    if (step.is_null()) {
      if (!has(marks.of(term.node.ref()), affine)) return false;
      continue;
    }
    const Graph& graph = problem.workspace->graph();
    const NodeId id = term.node.ref().id();
    const std::string name = graph.info(id).name;
    if (!graph.shape(id).is_scalar()) return false;
    Expr factor = abs(term.factor);
    Ref u, inside = term.node.ref();
    if (step.contains("logsumexp")) {
      if (name != "logsumexp") return false;
      u = graph.operands(id)[0];
      factor = factor / Expr(2);
    } else {
      if (name == "sum" || name == "mean") inside = graph.operands(id)[0];
      if (name == "mean") factor = factor / Expr(graph.shape(inside).size());
      if (step.at("moving").size() != 1) return false;
      u = constants.names().find(step.at("moving").at(0).get<std::string>());
      if (u.empty() || graph.shape(u) != graph.shape(inside)) return false;
      const auto small =
          small_problem(problem, marks, constants.ranges(), constants.names(), inside.id(), step, false, why);
      if (!small || !is_smooth(small->problem, small->h, small->t)) return false;
      const WorkspaceScope inner(small->problem.workspace);
      const auto s = replay_slope(small->problem, gradient(gradient(small->h, small->t[0]), small->t[0]), step);
      if (!s) return false;
      const WorkspaceScope back(problem.workspace);
      factor = factor * Expr(*s->constant());
    }
    if (!has(marks.of(u), affine)) return false;
    const Expr gain = constants.of(u);
    if (gain.empty()) return false;
    total = total + factor * powi(gain, 2);
  }
  return replay_sign(problem, L - total, Wanted::nonnegative, proof.at("sign"));
}

}  // namespace nabla::bending
