#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <nabla/proofs/check/curvature/definite_matrices.hpp>

namespace nabla::curvature {

namespace {

constexpr std::size_t most_factors = 24;

bool is_matrix(const Graph& graph, Ref ref) { return graph.shape(ref).rank() == 2; }

bool is_nonzero(const Bounds& b) { return b.nonzero || b.box.lo > 0 || b.box.hi < 0; }

bool is_plain_transpose(const Graph& graph, NodeId id) {
  if (!graph.is(id, opcode<Transpose>)) return false;
  const Attributes order = graph.attributes(id);
  return order.empty() || (order.size() == 2 && order[0] == 1 && order[1] == 0);
}

/// Of what a matrix is the transpose, or itself.
Ref untransposed(const Graph& graph, Ref ref) {
  while (ref.is_node() && is_plain_transpose(graph, ref.id())) ref = graph.operands(ref.id())[0];
  return ref;
}

/// A hypothesis says that its determinant is not 0, or that a product of two square matrices, of which it is one, is a
/// multiple of the identity.
bool is_assumed_invertible(const Problem& problem, NodeId id) {
  const Graph& graph = problem.workspace->graph();
  const auto is_zero = [](const Expr& e) { return e.constant() != nullptr && e.is(0); };
  const auto is_determinant = [&](const Expr& e) {
    return e.ref().is_node() && graph.is(e.ref().id(), opcode<Det>) && graph.operands(e.ref().id())[0] == Ref::node(id);
  };
  const auto is_identity = [&](const Expr& e) {
    if (!e.ref().is_node() || !graph.is(e.ref().id(), opcode<Diag>)) return false;
    const Constant* c = graph.as_constant(graph.operands(e.ref().id())[0]);
    return c != nullptr && c->kind() == Constant::Kind::ratio && c->num() != 0;
  };
  const auto is_factor = [&](const Expr& e) {
    if (!e.ref().is_node() || !graph.is(e.ref().id(), opcode<MatMul>)) return false;
    const auto x = graph.operands(e.ref().id());
    const Shape& shape = graph.shape(id);
    return graph.shape(x[0]) == shape && graph.shape(x[1]) == shape && shape[0] == shape[1] &&
           (untransposed(graph, x[0]) == Ref::node(id) || untransposed(graph, x[1]) == Ref::node(id));
  };
  return std::ranges::any_of(problem.hypotheses, [&](const Statement& h) {
    if (h.kind != Statement::Kind::relation || h.comparisons.size() != 1) return false;
    const Expr &a = h.sides[0], &b = h.sides[1];
    switch (h.comparisons[0]) {
      case Comparison::not_equal:
      case Comparison::less:
      case Comparison::greater:
        return (is_determinant(a) && is_zero(b)) || (is_determinant(b) && is_zero(a));
      case Comparison::equal:
        return (is_factor(a) && is_identity(b)) || (is_factor(b) && is_identity(a));
      default:
        return false;
    }
  });
}

bool is_stated_in(const Problem& problem, NodeId id, Set::Kind kind) {
  const Ref ref = Ref::node(id);
  return std::ranges::any_of(problem.givens,
                             [&](const Given& g) { return g.variable.ref() == ref && g.set.kind == kind; }) ||
         std::ranges::any_of(problem.hypotheses, [&](const Statement& h) {
           return h.kind == Statement::Kind::predicate && h.predicate == "in" && h.set.kind == kind &&
                  h.subject.ref() == ref;
         });
}

}  // namespace

DefiniteMatrices::DefiniteMatrices(const Problem& problem, std::span<const Ref> targets, const Ranges& ranges)
    : graph_(problem.workspace->graph()), ranges_(ranges) {
  read_ = reachable(graph_, targets);
  const std::vector<bool>& needed = read_;
  kinds_.resize(needed.size());
  products_.resize(needed.size());
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || !is_matrix(graph_, Ref::node(id))) continue;
    products_[id] = product_of(id);
    const Product& p = products_[id];
    const bool itself = p.whole && p.factors.size() == 1 && p.factors[0].base == id;
    Kind& kind = kinds_[id];
    kind = itself || !p.whole ? kind_of(id, problem) : kind_of(p);
    kind.invertible = kind.invertible || is_assumed_invertible(problem, id);
    kind.definite = kind.definite || (kind.semidefinite && kind.invertible);
  }
}

DefiniteMatrices::Product DefiniteMatrices::operand(Ref ref) const {
  return ref.is_node() && ref.id() < products_.size() ? products_[ref.id()] : Product{};
}

DefiniteMatrices::Product DefiniteMatrices::product_of(NodeId id) const {
  const auto x = graph_.operands(id);
  Product p;
  if (is_plain_transpose(graph_, id)) {
    p = operand(x[0]);
    std::ranges::reverse(p.factors);
    for (Product::Factor& f : p.factors) f.transposed = !f.transposed && !kinds_[f.base].symmetric;
    return p;
  }
  if (graph_.is(id, opcode<MatMul>) && is_matrix(graph_, x[0]) && is_matrix(graph_, x[1])) {
    p = operand(x[0]);
    const Product q = operand(x[1]);
    p.whole = p.whole && q.whole && p.factors.size() + q.factors.size() <= most_factors;
    p.factors.insert(p.factors.end(), q.factors.begin(), q.factors.end());
    p.numbers.insert(p.numbers.end(), q.numbers.begin(), q.numbers.end());
    return p;
  }
  const bool times = graph_.is(id, opcode<Mul>), over = graph_.is(id, opcode<Div>);
  if ((times || over) && graph_.shape(x[1]).is_scalar() && is_matrix(graph_, x[0])) {
    p = operand(x[0]);
    p.numbers.push_back(x[1]);
    return p;
  }
  if (times && graph_.shape(x[0]).is_scalar() && is_matrix(graph_, x[1])) {
    p = operand(x[1]);
    p.numbers.push_back(x[0]);
    return p;
  }
  return {.factors = {{id, false}}, .numbers = {}, .whole = true};
}

DefiniteMatrices::Kind DefiniteMatrices::kind_of(const Product& product) const {
  Kind kind;
  // A number that stands twice is a square; a divisor has the sign of its reciprocal.
  bool nonnegative = true, nonzero = true;
  std::vector<Ref> numbers = product.numbers;
  std::ranges::sort(numbers, {}, [](Ref r) { return r.bits(); });
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const Bounds b = ranges_.of(numbers[k]);
    nonzero = nonzero && is_nonzero(b);
    if (k + 1 < numbers.size() && numbers[k + 1] == numbers[k]) {
      ++k;
      continue;
    }
    nonnegative = nonnegative && b.nonnegative();
  }
  const auto& f = product.factors;
  kind.invertible =
      nonzero && std::ranges::all_of(f, [&](const Product::Factor& of) { return kinds_[of.base].invertible; });
  for (std::size_t i = 0, j = f.size() - 1; i < j; ++i, --j) {
    const bool symmetric = kinds_[f[i].base].symmetric;
    if (f[i].base != f[j].base || (!symmetric && f[i].transposed == f[j].transposed)) return kind;
  }
  const bool centred = f.size() % 2 == 1;
  const Kind centre = centred ? kinds_[f[f.size() / 2].base] : Kind{true, true, true, true};
  kind.symmetric = centre.symmetric;
  kind.semidefinite = nonnegative && centre.semidefinite;
  kind.definite = kind.semidefinite && kind.invertible;  // with an inverse, no form of it vanishes
  return kind;
}

bool DefiniteMatrices::sums_to_at_most_one(Ref ref, const Problem& problem) const {
  if (!ref.is_node() || graph_.shape(ref).rank() != 1) return false;
  if (graph_.is(ref.id(), opcode<Softmax>)) return true;
  return is_stated_in(problem, ref.id(), Set::Kind::simplex) || is_stated_in(problem, ref.id(), Set::Kind::onehot);
}

DefiniteMatrices::Kind DefiniteMatrices::kind_of(NodeId id, const Problem& problem) const {
  const auto x = graph_.operands(id);
  const auto kind = [&](Ref r) { return r.is_node() && is_matrix(graph_, r) ? kinds_[r.id()] : Kind{}; };
  const auto is = [&](Ref r, Opcode code) { return r.is_node() && graph_.is(r.id(), code); };
  Kind k;
  if (is_stated_in(problem, id, Set::Kind::spd)) return {true, true, true, true};
  k.symmetric = is_stated_in(problem, id, Set::Kind::sym);
  switch (graph_.code(id)) {
    case opcode<Diag>: {
      const Bounds b = ranges_.of(x[0]);
      k = {true, b.nonnegative(), b.positive(), is_nonzero(b)};
      break;
    }
    case opcode<Outer>:
      k.symmetric = k.semidefinite = x[0] == x[1];
      break;
    case opcode<Neg>:
      k.symmetric = kind(x[0]).symmetric;
      k.invertible = kind(x[0]).invertible;
      break;
    case opcode<Inv>:
      k = kind(x[0]);
      k.invertible = true;
      break;
    case opcode<Add>: {
      const Kind a = kind(x[0]), b = kind(x[1]);
      k.symmetric = k.symmetric || (a.symmetric && b.symmetric);
      k.semidefinite = a.semidefinite && b.semidefinite;
      k.definite = k.semidefinite && (a.definite || b.definite);
      break;
    }
    case opcode<Sub>:
      if (is(x[0], opcode<Diag>) && is(x[1], opcode<Outer>)) {
        const Ref p = graph_.operands(x[0].id())[0];
        const auto with = graph_.operands(x[1].id());
        k.symmetric = with[0] == with[1];
        k.semidefinite = with[0] == p && with[1] == p && ranges_.of(p).nonnegative() && sums_to_at_most_one(p, problem);
      } else {
        k.symmetric = k.symmetric || (kind(x[0]).symmetric && kind(x[1]).symmetric);
      }
      break;
    case opcode<Mul>:
      if (is_matrix(graph_, x[0]) && is_matrix(graph_, x[1]) && graph_.shape(x[0]) == graph_.shape(x[1])) {
        const Kind a = kind(x[0]), b = kind(x[1]);
        k.symmetric = k.symmetric || (a.symmetric && b.symmetric);
        k.semidefinite = a.semidefinite && b.semidefinite;
        k.definite = a.definite && b.definite;
      }
      break;
    default:
      break;
  }
  k.definite = k.definite || (k.semidefinite && k.invertible);
  k.invertible = k.definite || k.invertible;
  return k;
}

bool DefiniteMatrices::is_semidefinite(Ref matrix) const {
  return matrix.is_node() && matrix.id() < kinds_.size() && kinds_[matrix.id()].semidefinite;
}

bool DefiniteMatrices::is_definite(Ref matrix) const {
  return matrix.is_node() && matrix.id() < kinds_.size() && kinds_[matrix.id()].definite;
}

std::vector<NodeId> DefiniteMatrices::definite() const {
  std::vector<NodeId> result;
  for (NodeId id = 0; id < kinds_.size(); ++id)
    if (kinds_[id].definite) result.push_back(id);
  return result;
}

std::vector<NodeId> DefiniteMatrices::invertible() const {
  std::vector<NodeId> result;
  for (NodeId id = 0; id < kinds_.size(); ++id)
    if (kinds_[id].invertible) result.push_back(id);
  return result;
}

std::vector<NodeId> DefiniteMatrices::nonnegative_forms() const {
  std::vector<NodeId> result;
  for (NodeId id = 0; id < read_.size(); ++id) {
    if (!read_[id] || !graph_.is(id, opcode<Dot>)) continue;
    const auto x = graph_.operands(id);
    bool found = false;
    for (const std::size_t k : {std::size_t{0}, std::size_t{1}}) {
      if (!x[1 - k].is_node() || !graph_.is(x[1 - k].id(), opcode<MatMul>)) continue;
      const auto f = graph_.operands(x[1 - k].id());
      found = found || (f[1] == x[k] && is_semidefinite(f[0])) || (f[0] == x[k] && is_semidefinite(f[1]));
    }
    if (found) result.push_back(id);
  }
  return result;
}

}  // namespace nabla::curvature
