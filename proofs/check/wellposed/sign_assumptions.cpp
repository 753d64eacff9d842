#include <nabla/engine/record/build.hpp>
#include <nabla/proofs/check/comparison.hpp>
#include <nabla/proofs/check/wellposed/sign_assumptions.hpp>

namespace nabla::wellposed {

namespace {

constexpr int deepest_condition = 200;

bool is_integer(const Graph& graph, Ref ref, std::int64_t n) {
  const Constant* c = graph.as_constant(ref);
  return c != nullptr && c->is(n);
}

/// Whether a condition is 0 or 1 everywhere, as far as its outermost operators show.
bool is_boolean(const Graph& graph, Ref ref, int depth = 0) {
  if (is_integer(graph, ref, 0) || is_integer(graph, ref, 1)) return true;
  if (!ref.is_node() || depth > deepest_condition) return false;
  const NodeId id = ref.id();
  const auto x = graph.operands(id);
  const auto each = [&](std::size_t from) {
    for (std::size_t k = from; k < x.size(); ++k)
      if (!is_boolean(graph, x[k], depth + 1)) return false;
    return true;
  };
  if (graph.is(id, opcode<Less>) || graph.is(id, opcode<LessEqual>) || graph.is(id, opcode<Equal>)) return true;
  if (graph.is(id, opcode<Sub>)) return is_integer(graph, x[0], 1) && is_boolean(graph, x[1], depth + 1);
  if (graph.is(id, opcode<Mul>) || graph.is(id, opcode<Min>) || graph.is(id, opcode<Max>) || graph.is(id, opcode<Prod>))
    return each(0);
  return graph.is(id, opcode<Where>) && each(1);
}

struct Pending {
  Ref condition;
  bool nonzero;
  int depth;
};

Ref zero(Workspace& workspace) { return workspace.graph().constant(Constant::integer(0)); }

bool is_scalar(const Graph& graph, Ref ref) { return graph.shape(ref).is_scalar(); }

/// Of tensors that differ: the length of their difference, in the forms in which it is written, is positive.
void add_lengths(Workspace& workspace, const Expr& a, const Expr& b, std::vector<Assumption>& found) {
  const Constant* c = b.constant();
  const Expr d = c != nullptr && c->is(0) ? a : a - b;
  if (!d.ref().is_node() || d.shape().is_scalar()) return;
  std::vector<Expr> positive{norm(d), sum(powi(d, 2)), sum(d * d)};
  if (d.shape().rank() == 1) positive.push_back(dot(d, d));
  for (const Expr& e : positive) found.push_back({e.ref(), Comparison::greater, zero(workspace)});
}

}  // namespace

void assume(Workspace& workspace, Ref condition, bool nonzero, std::vector<Assumption>& found) {
  const Ref nothing = zero(workspace);
  const Graph& graph = workspace.graph();
  std::vector<Pending> todo{{condition, nonzero, 0}};
  while (!todo.empty()) {
    const Pending now = todo.back();
    todo.pop_back();
    const Ref c = now.condition;
    if (!c.is_node() || now.depth > deepest_condition) continue;
    const bool scalar = is_scalar(graph, c);
    if ((!now.nonzero && !scalar) || graph.shape(c).size() == 0) continue;
    const NodeId id = c.id();
    const auto x = graph.operands(id);
    const auto also = [&](Ref r, bool yes) { todo.push_back({r, yes, now.depth + 1}); };
    const auto relation = [&](Comparison how) {
      const Comparison holds = now.nonzero ? how : opposite(how);
      if (holds != Comparison::not_equal || scalar) found.push_back({x[0], holds, x[1]});
    };
    if (scalar) found.push_back({c, now.nonzero ? Comparison::not_equal : Comparison::equal, nothing});
    if (graph.is(id, opcode<Less>)) {
      relation(Comparison::less);
    } else if (graph.is(id, opcode<LessEqual>)) {
      relation(Comparison::less_equal);
    } else if (graph.is(id, opcode<Equal>)) {
      relation(Comparison::equal);
    } else if (graph.is(id, opcode<Sub>) && is_integer(graph, x[0], 1)) {
      // 1 - c: not c, where c is 0 or 1; that it is 0 says c = 1 whatever c is.
      if (!now.nonzero || is_boolean(graph, x[1])) also(x[1], !now.nonzero);
    } else if (now.nonzero && (graph.is(id, opcode<Mul>) || graph.is(id, opcode<Masked>))) {
      // A factor that is stretched need not be a scalar for "every entry": each of its entries is met.
      also(x[0], true);
      also(x[1], true);
    } else if (now.nonzero && graph.is(id, opcode<Min>) && is_boolean(graph, x[0]) && is_boolean(graph, x[1])) {
      also(x[0], true);
      also(x[1], true);
    } else if (!now.nonzero && graph.is(id, opcode<Max>) && is_boolean(graph, x[0]) && is_boolean(graph, x[1])) {
      also(x[0], false);
      also(x[1], false);
    } else if (now.nonzero && (graph.is(id, opcode<Prod>) || graph.is(id, opcode<Neg>) ||
                               graph.is(id, opcode<Reshape>) || graph.is(id, opcode<Div>))) {
      also(x[0], true);
    } else if (graph.is(id, opcode<Where>) && scalar) {
      // Nonzero although one branch is 0, or 0 although one branch is 1: the other branch is taken.
      const std::int64_t other = now.nonzero ? 0 : 1;
      if (is_integer(graph, x[2], other)) {
        also(x[0], true);
        also(x[1], now.nonzero);
      } else if (is_integer(graph, x[1], other)) {
        also(x[0], false);
        also(x[2], now.nonzero);
      }
    }
  }
}

void assume(Workspace& workspace, const Statement& s, std::vector<Assumption>& found) {
  const Graph& graph = workspace.graph();
  const auto link = [&](const Statement& of, std::size_t k, bool holds) {
    const Ref a = of.sides[k].ref();
    const Ref b = of.sides[k + 1].ref();
    const Comparison how = holds ? of.comparisons[k] : opposite(of.comparisons[k]);
    const bool scalars = is_scalar(graph, a) && is_scalar(graph, b);
    // Of tensors, that a relation fails or that they differ says something about some entry only.
    if (scalars || (holds && how != Comparison::not_equal))
      found.push_back({a, how, b});
    else if (how == Comparison::not_equal)
      add_lengths(workspace, of.sides[k], of.sides[k + 1], found);
  };
  if (s.kind == Statement::Kind::relation) {
    for (std::size_t k = 0; k < s.comparisons.size(); ++k) link(s, k, true);
  } else if (s.kind == Statement::Kind::negation && s.children[0].kind == Statement::Kind::relation &&
             s.children[0].comparisons.size() == 1) {
    link(s.children[0], 0, false);
  } else if (s.kind == Statement::Kind::predicate && s.predicate == "in" && s.set.kind == Set::Kind::entries &&
             !s.set.entries.is_finite()) {
    const RealSet& set = s.set.entries;
    if (!set.lo.empty())
      found.push_back({s.subject.ref(), set.lo_closed ? Comparison::greater_equal : Comparison::greater, set.lo.ref()});
    if (!set.hi.empty())
      found.push_back({s.subject.ref(), set.hi_closed ? Comparison::less_equal : Comparison::less, set.hi.ref()});
  }
}

void add_differences(Workspace& workspace, std::vector<Assumption>& found) {
  const Ref nothing = zero(workspace);
  const std::size_t count = found.size();
  for (std::size_t k = 0; k < count; ++k) {
    const Assumption a = found[k];
    for (const Ref side : {a.left, a.right}) {
      // x + y is y + x.
      if (!side.is_node() || !workspace.graph().info(side.id()).facts.commutative) continue;
      const auto x = workspace.graph().operands(side.id());
      const Ref swapped[] = {x[1], x[0]};
      const Ref other = build(workspace, workspace.graph().code(side.id()), swapped, {});
      if (other.is_node())
        found.push_back(side == a.left ? Assumption{other, a.how, a.right} : Assumption{a.left, a.how, other});
    }
    if (is_integer(workspace.graph(), a.left, 0) || is_integer(workspace.graph(), a.right, 0)) continue;
    const Ref forward[] = {a.left, a.right};
    const Ref backward[] = {a.right, a.left};
    const Ref d = build(workspace, opcode<Sub>, forward, {});
    const Ref e = build(workspace, opcode<Sub>, backward, {});
    if (d.is_node()) found.push_back({d, a.how, nothing});
    if (e.is_node()) found.push_back({e, mirrored(a.how), nothing});
  }
}

}  // namespace nabla::wellposed
