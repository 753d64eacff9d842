#include <algorithm>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/gradient/rule.hpp>

namespace nabla {

namespace {

/// Makes new nodes come from where the differentiated node came from.
class OriginScope {
 public:
  OriginScope(Graph& graph, std::uint32_t origin) : graph_(graph), before_(graph.current_origin()) {
    graph_.set_origin(origin);
  }
  ~OriginScope() { graph_.set_origin(before_); }
  OriginScope(const OriginScope&) = delete;
  OriginScope& operator=(const OriginScope&) = delete;

 private:
  Graph& graph_;
  std::uint32_t before_;
};

/// Nodes up to the largest output that depend on an input.
std::vector<bool> dependent(const Graph& graph, NodeId last, std::span<const Expr> inputs) {
  std::vector<bool> active(last + 1, false);
  for (const Expr& x : inputs)
    if (x.ref().is_node() && x.ref().id() <= last) active[x.ref().id()] = true;
  for (NodeId id = 0; id <= last; ++id)
    for (const Ref r : graph.operands(id))
      if (r.is_node() && active[r.id()]) active[id] = true;
  return active;
}

Expr zero_like(const Expr& x) {
  if (x.shape().is_scalar()) return Expr(0);
  return {x.workspace(), x.workspace()->literal(Constant::integer(0), x.shape())};
}

const KinkConvention* convention_for(const SweepOptions& options, std::string_view name) {
  const auto it = std::ranges::find(options.conventions, name, &KinkConvention::operation);
  return it == options.conventions.end() ? nullptr : &*it;
}

/// The contributions under a stated convention: where the operator is at its kink, the convention's value takes the
/// place of the partial.
std::vector<Expr> with_convention(const KinkConvention& convention, Opcode code, Attributes attributes,
                                  const Expr& adjoint, const Expr& y, std::span<const Expr> x,
                                  std::vector<Expr> contributions) {
  const Expr at_kink = kink_condition(code, attributes, x);
  if (at_kink.empty()) throw std::invalid_argument("convention for '" + convention.operation + "': it has no kink");
  for (std::size_t k = 0; k < x.size() && k < 2; ++k) {
    const Expr value = k == 0 ? Expr(convention.value) : 1 - Expr(convention.value);
    const Expr there = broadcast_to(adjoint * value, y.shape());
    const Expr elsewhere = contributions[k].empty() ? zero_like(y) : broadcast_to(contributions[k], y.shape());
    contributions[k] = sum_to(where(at_kink, there, elsewhere), x[k].shape());
  }
  return contributions;
}

}  // namespace

std::vector<Expr> vjp(std::span<const Expr> outputs, std::span<const Expr> seeds, std::span<const Expr> inputs,
                      const SweepOptions& options) {
  std::vector<Expr> result(inputs.size());
  std::shared_ptr<Workspace> workspace;
  NodeId last = 0;
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (seeds[k].shape() != outputs[k].shape())
      throw ShapeError("vjp", "a seed has the shape of its output", {seeds[k].shape(), outputs[k].shape()});
    if (!outputs[k].ref().is_node()) continue;
    workspace = outputs[k].workspace();
    last = std::max(last, outputs[k].ref().id());
  }
  if (workspace) {
    const WorkspaceScope scope(workspace);
    Graph& graph = workspace->graph();
    const std::vector<bool> active = dependent(graph, last, inputs);
    std::vector<Expr> adjoints(last + 1);
    const auto accumulate = [&adjoints](NodeId id, const Expr& c) {
      adjoints[id] = adjoints[id].empty() ? c : adjoints[id] + c;
    };
    for (std::size_t k = 0; k < outputs.size(); ++k)
      if (outputs[k].ref().is_node()) accumulate(outputs[k].ref().id(), seeds[k]);

    std::vector<bool> wanted(last + 1, false);
    for (const Expr& x : inputs)
      if (x.ref().is_node() && x.ref().id() <= last) wanted[x.ref().id()] = true;

    for (NodeId id = last + 1; id-- > 0;) {
      if (adjoints[id].empty() || !active[id]) continue;
      const std::span<const Ref> refs = graph.operands(id);
      if (std::ranges::any_of(refs, [&](Ref r) { return r.is_node() && active[r.id()]; })) {
        const OriginScope from(graph, graph.origin_id(id));
        std::vector<Expr> x;
        for (const Ref r : refs) x.emplace_back(workspace, r);
        const std::vector<Ref> targets(refs.begin(), refs.end());  // the graph grows while the rule runs
        const Expr y(workspace, Ref::node(id));
        const Opcode code = graph.code(id);
        const std::vector<std::int64_t> attributes(graph.attributes(id).begin(), graph.attributes(id).end());
        std::vector<Expr> contributions = pullback_rule(code)(attributes, adjoints[id], y, x);
        if (const KinkConvention* c = convention_for(options, operator_info(code).name))
          contributions = with_convention(*c, code, attributes, adjoints[id], y, x, std::move(contributions));
        for (std::size_t k = 0; k < contributions.size(); ++k)
          if (!contributions[k].empty() && targets[k].is_node() && active[targets[k].id()])
            accumulate(targets[k].id(), contributions[k]);
      }
      if (!wanted[id]) adjoints[id] = Expr();  // let the memory of long chains go as the sweep passes
    }
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].ref().is_node() && inputs[i].ref().id() <= last) result[i] = adjoints[inputs[i].ref().id()];
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (result[i].empty()) {
      const WorkspaceScope scope(inputs[i].workspace());
      result[i] = zero_like(inputs[i]);
    } else if (result[i].shape() != inputs[i].shape()) {
      result[i] = broadcast_to(result[i], inputs[i].shape());
    }
  }
  return result;
}

std::vector<Expr> gradient(const Expr& y, std::span<const Expr> inputs, const SweepOptions& options) {
  if (!y.shape().is_scalar())
    throw ShapeError("gradient", "the expression must be a scalar; use jacobian for a tensor", {y.shape()});
  const WorkspaceScope scope(y.workspace());
  const Expr seed(1);
  return vjp({&y, 1}, {&seed, 1}, inputs, options);
}

Expr gradient(const Expr& y, const Expr& input, const SweepOptions& options) {
  return gradient(y, {&input, 1}, options)[0];
}

Expr jvp(const Expr& y, std::span<const Expr> inputs, std::span<const Expr> tangents, const SweepOptions& options) {
  const WorkspaceScope scope(y.workspace());
  // The product u -> u J is linear in u; pulling back through it with respect to u gives J t.
  const Expr u = variable("u", y.shape());
  const std::vector<Expr> pulled = vjp({&y, 1}, {&u, 1}, inputs, options);
  return vjp(pulled, tangents, {&u, 1})[0];
}

namespace {

Shape joined(const Shape& a, const Shape& b) {
  std::vector<std::int64_t> extents(a.extents().begin(), a.extents().end());
  extents.insert(extents.end(), b.extents().begin(), b.extents().end());
  return Shape(std::move(extents));
}

}  // namespace

Expr jacobian(const Expr& y, const Expr& x, const SweepOptions& options) {
  if (y.shape().is_scalar()) return gradient(y, x, options);
  const WorkspaceScope scope(y.workspace());
  const std::int64_t rows = y.shape().size();
  const Shape result = joined(y.shape(), x.shape());
  if (rows == 0) return {y.workspace(), y.workspace()->literal(Constant::integer(0), result)};
  const Expr flat = reshape(y, Shape{rows});
  std::vector<Expr> parts;
  for (std::int64_t i = 0; i < rows; ++i) {
    const Expr row = reshape(slice(flat, {{i, i + 1}}), Shape{});
    parts.push_back(gradient(row, x, options));
  }
  return reshape(stack(parts), result);
}

Expr hessian(const Expr& y, const Expr& x, const SweepOptions& options) {
  return jacobian(gradient(y, x, options), x, options);
}

}  // namespace nabla
