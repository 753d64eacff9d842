#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/curvature/curvature.hpp>
#include <nabla/proofs/check/curvature/definite.hpp>
#include <nabla/proofs/check/curvature/definite_matrices.hpp>
#include <nabla/proofs/check/curvature/semidefinite.hpp>

namespace nabla {

namespace {

using curvature::DefiniteMatrices;
using curvature::Ranges;

constexpr std::int64_t most_definite_rows = 3;

/// What a statement asks of a matrix.
struct AskedOfMatrix {
  Ref matrix;
  bool definite = false;  ///< else semidefinite
  Expr vector{};          ///< must not be 0, where not empty
};

/// e > 0 (e >= 0, not strict): what of.
std::optional<AskedOfMatrix> asked_by_sign(const Problem& problem, const Expr& e, bool strict) {
  if (!e.ref().is_node()) return std::nullopt;
  const Graph& graph = problem.workspace->graph();
  const NodeId id = e.ref().id();
  const auto x = graph.operands(id);
  if (graph.is(id, opcode<Det>) || graph.is(id, opcode<Trace>)) {
    if (strict && graph.is(id, opcode<Trace>) && graph.shape(x[0])[0] == 0) return std::nullopt;
    return AskedOfMatrix{x[0], strict};
  }
  if (!graph.is(id, opcode<Dot>)) return std::nullopt;
  for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
    const Ref image = x[1 - k];
    if (!image.is_node() || !graph.is(image.id(), opcode<MatMul>)) continue;
    const auto f = graph.operands(image.id());
    for (const std::size_t m : {std::size_t{0}, std::size_t{1}})
      if (f[1 - m] == x[k] && graph.shape(f[m]).rank() == 2)
        return AskedOfMatrix{f[m], strict, strict ? Expr(problem.workspace, x[k]) : Expr()};
  }
  return std::nullopt;
}

std::optional<AskedOfMatrix> asked_by(const Problem& problem, const Statement& s) {
  if (s.kind == Statement::Kind::predicate && s.predicate == "in" && s.set.kind == Set::Kind::spd)
    return AskedOfMatrix{s.subject.ref(), true};
  if (s.kind != Statement::Kind::relation || s.comparisons.size() != 1) return std::nullopt;
  const auto is_zero = [](const Expr& e) { return e.constant() != nullptr && e.is(0); };
  const Comparison how = s.comparisons[0];
  const bool left = is_zero(s.sides[1]), right = is_zero(s.sides[0]);
  if (left == right) return std::nullopt;
  const Expr& e = s.sides[left ? 0 : 1];
  const Comparison above = left ? Comparison::greater : Comparison::less;
  const Comparison at_least = left ? Comparison::greater_equal : Comparison::less_equal;
  if (how == above || how == Comparison::not_equal) return asked_by_sign(problem, e, true);
  return how == at_least ? asked_by_sign(problem, e, false) : std::nullopt;
}

/// Whether a hypothesis says that a vector is not 0: of its norm, its square, or itself.
bool is_assumed_nonzero(const Problem& problem, const Expr& v) {
  const Graph& graph = problem.workspace->graph();
  const auto is_length = [&](const Expr& e) {
    if (!e.ref().is_node()) return false;
    const NodeId id = e.ref().id();
    const auto x = graph.operands(id);
    if (graph.is(id, opcode<Norm>)) return x[0] == v.ref();
    return graph.is(id, opcode<Dot>) && x[0] == v.ref() && x[1] == v.ref();
  };
  const auto number = [](const Expr& e) {
    return e.constant() != nullptr && e.constant()->kind() == Constant::Kind::ratio;
  };
  return std::ranges::any_of(problem.hypotheses, [&](const Statement& h) {
    if (h.kind != Statement::Kind::relation || h.comparisons.size() != 1) return false;
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      const Expr &e = h.sides[k], &other = h.sides[1 - k];
      if (!number(other)) continue;
      const bool zero = other.is(0), positive = other.constant()->num() > 0;
      const Comparison how = h.comparisons[0];
      const bool is_above = how == (k == 0 ? Comparison::greater : Comparison::less);
      const bool is_least = how == (k == 0 ? Comparison::greater_equal : Comparison::less_equal);
      if (how == Comparison::not_equal && zero && (e.ref() == v.ref() || is_length(e))) return true;
      if (!is_length(e)) continue;
      if ((is_above && (zero || positive)) || (is_least && positive) || (how == Comparison::equal && positive))
        return true;
    }
    return false;
  });
}

Finding open_matrix(std::string reason) {
  Finding f;
  f.message = std::move(reason);
  return f;
}

/// Sylvester's criterion.
std::optional<Finding> by_minors(const Problem& problem, const Expr& m, const Budget& budget) {
  const std::int64_t n = m.shape()[0];
  if (n > most_definite_rows || n == 0) return std::nullopt;
  const WorkspaceScope scope(problem.workspace);
  const auto at = [&](std::int64_t i, std::int64_t j) {
    const std::vector<Range> cut{{i, i + 1}, {j, j + 1}};
    return reshape(slice(m, cut), Shape{});
  };
  const curvature::SignSteps steps(curvature::steps_of_a_predicate);
  curvature::Json symmetric = curvature::Json::array(), minors = curvature::Json::array();
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < i; ++j)
      if (!curvature::show_zero(problem, at(i, j) - at(j, i), budget, symmetric.emplace_back())) return std::nullopt;
  for (std::int64_t k = 1; k <= n; ++k) {
    const auto two = [&](std::int64_t r, std::int64_t i, std::int64_t j) {
      return at(r, i) * at(r + 1, j) - at(r, j) * at(r + 1, i);
    };
    const Expr minor = k == 1   ? at(0, 0)
                       : k == 2 ? two(0, 0, 1)
                                : at(0, 0) * two(1, 1, 2) - at(0, 1) * two(1, 0, 2) + at(0, 2) * two(1, 0, 1);
    if (!curvature::show_sign(problem, minor, SignGoal::positive, budget, minors.emplace_back())) return std::nullopt;
  }
  curvature::Json proof{{"by", "minors"}, {"symmetric", std::move(symmetric)}, {"minors", std::move(minors)}};
  return curvature::proved_finding(problem, "leading minors", "symmetric, with positive leading minors", "definite",
                                   std::move(proof), false);
}

}  // namespace

std::optional<Finding> decide_definite(const Problem& stated, const Statement& statement, const CheckOptions&,
                                       const Budget& budget) {
  const curvature::Question posed = curvature::without_premises(stated, statement);
  const Problem& problem = posed.problem;
  const WorkspaceScope scope(problem.workspace);
  const auto asked = asked_by(problem, posed.statement);
  if (!asked || !asked->matrix.is_node()) return std::nullopt;
  budget.check();
  std::vector<NodeId> definite;
  const Ref targets[] = {asked->matrix};
  bool shown = false;
  {
    const Ranges ranges(problem, targets, Ranges::Mode::all_dimensions);
    const DefiniteMatrices matrices(problem, targets, ranges);
    shown = asked->definite ? matrices.is_definite(asked->matrix) : matrices.is_semidefinite(asked->matrix);
    definite = matrices.definite();
  }
  if (shown && !asked->vector.empty() && !is_assumed_nonzero(problem, asked->vector))
    return open_matrix("the vector of a form may be 0");
  if (shown) {
    std::vector<Ref> read{asked->matrix};
    for (const Expr& e : posed.statement.sides) read.push_back(e.ref());
    const Ranges again(problem, read, Ranges::Mode::all_dimensions, definite);
    return curvature::proved_finding(
        problem, asked->definite ? "positive definite by composition" : "positive semidefinite by composition",
        "sums, congruences, inverses and products of matrices that are", "definite", curvature::Json{{"by", "rules"}},
        again.all_defined());
  }
  if (posed.statement.kind == Statement::Kind::predicate)
    if (auto f = by_minors(problem, posed.statement.subject, budget)) return f;
  return open_matrix("the rules do not show that a matrix is positive definite");
}

}  // namespace nabla
