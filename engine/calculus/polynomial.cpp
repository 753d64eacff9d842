#include <map>
#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/calculus/dependence.hpp>
#include <nabla/engine/record/build.hpp>

namespace nabla {

namespace {

constexpr std::size_t highest_degree = 24;
using Coefficients = std::vector<Expr>;

Expr plus(const Expr& a, const Expr& b) { return a.empty() ? b : b.empty() ? a : a + b; }

class Extraction {
 public:
  Extraction(const Expr& e, const Expr& t) : workspace_(e.workspace()), moves_(e, t), t_(t) {}

  std::optional<Coefficients> run(const Expr& e) {
    for (const NodeId id : moves_.nodes()) {
      auto c = of(id);
      if (c && c->size() > highest_degree + 1) c.reset();
      done_[id] = std::move(c);
    }
    return at(e.ref());
  }

 private:
  Expr expr(Ref r) const { return {workspace_, r}; }

  std::optional<Coefficients> at(Ref r) const {
    if (!moves_(r)) return Coefficients{expr(r)};
    return done_.at(r.id());
  }

  /// The operator on every coefficient: it is linear in this operand.
  std::optional<Coefficients> each(NodeId id, std::size_t slot) const {
    const Graph& graph = workspace_->graph();
    auto c = at(graph.operands(id)[slot]);
    if (!c) return std::nullopt;
    const auto x = graph.operands(id);
    const std::vector<Ref> fixed(x.begin(), x.end());
    const Attributes own = graph.attributes(id);
    const std::vector<std::int64_t> attributes(own.begin(), own.end());
    for (Expr& e : *c) {
      if (e.empty()) continue;
      std::vector<Ref> operands = fixed;
      operands[slot] = e.ref();
      e = expr(build(*workspace_, graph.code(id), operands, attributes));
    }
    return c;
  }

  /// An operator that is linear in both of its operands.
  std::optional<Coefficients> bilinear(NodeId id, const std::optional<Coefficients>& a,
                                       const std::optional<Coefficients>& b) const {
    if (!a || !b || a->size() + b->size() > highest_degree + 2) return std::nullopt;
    const Opcode code = workspace_->graph().code(id);
    const Attributes own = workspace_->graph().attributes(id);
    const std::vector<std::int64_t> attributes(own.begin(), own.end());
    Coefficients c(a->size() + b->size() - 1);
    for (std::size_t i = 0; i < a->size(); ++i)
      for (std::size_t j = 0; j < b->size(); ++j) {
        if ((*a)[i].empty() || (*b)[j].empty()) continue;
        const Ref operands[] = {(*a)[i].ref(), (*b)[j].ref()};
        c[i + j] = plus(c[i + j], expr(build(*workspace_, code, operands, attributes)));
      }
    return c;
  }

  std::optional<Coefficients> times(const Coefficients& a, const Coefficients& b) const {
    Coefficients c(a.size() + b.size() - 1);
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t j = 0; j < b.size(); ++j)
        if (!a[i].empty() && !b[j].empty()) c[i + j] = plus(c[i + j], a[i] * b[j]);
    return c;
  }

  std::optional<Coefficients> of(NodeId id) {
    const Graph& graph = workspace_->graph();
    const auto x = graph.operands(id);
    const bool scalar = graph.shape(id).is_scalar();
    if (id == t_.ref().id()) return Coefficients{Expr(), Expr(1)};
    const auto is = [&](Opcode code) { return graph.is(id, code); };
    if (is(opcode<Add>) || is(opcode<Sub>)) {
      if (graph.shape(x[0]) != graph.shape(x[1])) return std::nullopt;
      const auto a = at(x[0]), b = at(x[1]);
      if (!a || !b) return std::nullopt;
      Coefficients c = *a;
      c.resize(std::max(a->size(), b->size()));
      for (std::size_t k = 0; k < b->size(); ++k)
        if (!(*b)[k].empty()) c[k] = is(opcode<Add>) ? plus(c[k], (*b)[k]) : c[k].empty() ? -(*b)[k] : c[k] - (*b)[k];
      return c;
    }
    if (is(opcode<Neg>) || is(opcode<Reshape>) || is(opcode<Slice>) || is(opcode<Transpose>) || is(opcode<Sum>) ||
        is(opcode<BroadcastTo>) || is(opcode<SumTo>) || is(opcode<Embed>) || is(opcode<Trace>))
      return each(id, 0);
    if (is(opcode<Div>) && !moves_(x[1])) return each(id, 0);
    if (is(opcode<Mul>) || is(opcode<Dot>) || is(opcode<MatMul>) || is(opcode<Outer>))
      return bilinear(id, at(x[0]), at(x[1]));
    if (is(opcode<Square>) || (is(opcode<PowI>) && graph.attributes(id)[0] > 1)) {
      const std::int64_t n = is(opcode<Square>) ? 2 : graph.attributes(id)[0];
      // |v|^2 is a polynomial although |v| is none.
      if (scalar && x[0].is_node() && graph.is(x[0].id(), opcode<Norm>) && n % 2 == 0 &&
          graph.shape(x[0]).is_scalar()) {
        const auto v = at(graph.operands(x[0].id())[0]);
        if (!v || n != 2) return std::nullopt;
        Coefficients c(2 * v->size() - 1);
        for (std::size_t i = 0; i < v->size(); ++i)
          for (std::size_t j = 0; j < v->size(); ++j)
            if (!(*v)[i].empty() && !(*v)[j].empty()) c[i + j] = plus(c[i + j], sum((*v)[i] * (*v)[j]));
        return c;
      }
      const auto a = at(x[0]);
      if (!a || (a->size() - 1) * static_cast<std::size_t>(std::min<std::int64_t>(n, 100)) > highest_degree)
        return std::nullopt;
      Coefficients c = *a;
      for (std::int64_t k = 1; k < n; ++k) c = *times(c, *a);
      return c;
    }
    return std::nullopt;
  }

  std::shared_ptr<Workspace> workspace_;
  Dependents moves_;
  Expr t_;
  std::map<NodeId, std::optional<Coefficients>> done_;
};

}  // namespace

std::optional<std::vector<Expr>> polynomial_in(const Expr& e, const Expr& t) {
  const WorkspaceScope scope(t.workspace());
  if (!e.ref().is_node()) return Coefficients{e};
  auto c = Extraction(e, t).run(e);
  if (!c) return std::nullopt;
  while (c->size() > 1 && (c->back().empty() || c->back().is(0))) c->pop_back();
  return c;
}

}  // namespace nabla
