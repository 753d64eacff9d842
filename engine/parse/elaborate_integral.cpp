// integral(t in a..b: EXPR): by a primitive function of the integrand, and by the fundamental theorem for the
// derivative of a function variable along a line.
#include <algorithm>
#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/calculus/dependence.hpp>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/linear_form.hpp>
#include <nabla/ops/broadcast.hpp>
#include <nabla/ops/indexing.hpp>
#include <nabla/ops/joining.hpp>
#include <nabla/ops/linear.hpp>

namespace nabla {

namespace {

/// An expression without the steps that a product with one row leaves behind: outer([1], v)[1, :] is v.
Expr without_unit_rows(const Expr& e) {
  if (!e.ref().is_node()) return e;
  const std::shared_ptr<Workspace> workspace = e.workspace();
  const Graph& graph = workspace->graph();
  const std::int64_t size = e.shape().size();
  Ref at = e.ref();
  Expr factor(1);
  while (at.is_node() && graph.as_constant(at) == nullptr) {
    const NodeId id = at.id();
    const auto x = graph.operands(id);
    if ((graph.is(id, opcode<Reshape>) || graph.is(id, opcode<Slice>)) && graph.shape(x[0]).size() == size) {
      at = x[0];  // all entries in their order
      continue;
    }
    if (!graph.is(id, opcode<Outer>)) break;
    const bool first = graph.shape(x[0]).size() == 1;
    Ref unit = x[first ? 0 : 1];
    if (graph.shape(unit).size() != 1) break;
    while (unit.is_node() && graph.as_constant(unit) == nullptr && graph.is(unit.id(), opcode<Reshape>))
      unit = graph.operands(unit.id())[0];
    const Constant* c = graph.as_constant(unit);
    if (c == nullptr) return e;
    factor = factor * Expr(*c);
    at = x[first ? 1 : 0];
  }
  const Constant* c = graph.as_constant(at);
  Expr inside = c != nullptr && size == 1 ? Expr(*c) : Expr(workspace, at);
  if (inside.shape() != e.shape()) inside = reshape(inside, e.shape());
  return factor.is(1) ? inside : factor * inside;
}

bool has_choice(const Expr& e) {
  if (!e.ref().is_node()) return false;
  const Ref target = e.ref();
  const std::vector<bool> needed = reachable(e.graph(), {&target, 1});
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && e.graph().is(id, opcode<Where>)) return true;
  return false;
}

}  // namespace

/// Whether some operator is not continuous.
bool Elaborator::may_jump(const Expr& e) {
  if (!e.ref().is_node()) return false;
  const Ref target = e.ref();
  const std::vector<bool> needed = reachable(e.graph(), {&target, 1});
  for (NodeId id = 0; id < needed.size(); ++id)
    if (needed[id] && e.graph().info(id).facts.regularity == Regularity::discontinuous) return true;
  return false;
}

/// Whether every operator has a value wherever its operands have one.
bool Elaborator::is_total_at(const Expr& e) {
  if (!e.ref().is_node()) return true;
  const Graph& graph = e.graph();
  const Ref target = e.ref();
  const std::vector<bool> needed = reachable(graph, {&target, 1});
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    const auto is = [&](Opcode code) { return graph.is(id, code); };
    if (is(opcode<Variable>) || is(opcode<Literal>) || is(opcode<Add>) || is(opcode<Sub>) || is(opcode<Mul>) ||
        is(opcode<Neg>) || is(opcode<Square>) || is(opcode<Dot>) || is(opcode<MatMul>) || is(opcode<Sum>) ||
        is(opcode<Reshape>) || is(opcode<Slice>) || is(opcode<Transpose>) || is(opcode<Norm>) || is(opcode<Exp>) ||
        is(opcode<Sin>) || is(opcode<Cos>) || is(opcode<Abs>))
      continue;
    // What moves entries or is linear in each operand.
    if (is(opcode<Outer>) || is(opcode<Diag>) || is(opcode<Diagonal>) || is(opcode<Trace>) || is(opcode<Concat>) ||
        is(opcode<Stack>) || is(opcode<Embed>) || is(opcode<Gather>) || is(opcode<ScatterAdd>) ||
        is(opcode<BroadcastTo>) || is(opcode<SumTo>))
      continue;
    if (is(opcode<PowI>) && graph.attributes(id)[0] >= 0) continue;
    if (is(opcode<Relu>) || is(opcode<Max>) || is(opcode<Min>) || is(opcode<Sign>)) continue;
    if (is(opcode<Div>) && graph.operands(id)[1].is_constant() &&
        !graph.constant_at(graph.operands(id)[1].index()).is(0))
      continue;
    return false;
  }
  return true;
}

bool Elaborator::follows(const Expr& e, const Expr& t) const {
  std::vector<bool> moves(applications_.size(), false);  // arguments read only applications that were made before
  const auto reads = [&](const Expr& of, std::size_t k) {
    const Application& a = applications_[k];
    return depends_on(of, a.value) || (!a.jacobian.empty() && depends_on(of, a.jacobian));
  };
  for (std::size_t k = 0; k < applications_.size(); ++k) {
    moves[k] = depends_on(applications_[k].argument, t);
    for (std::size_t j = 0; j < k && !moves[k]; ++j) moves[k] = moves[j] && reads(applications_[k].argument, j);
    if (moves[k] && reads(e, k)) return true;
  }
  // Integrals read only values that were made before; functions of integrals are not opened.
  std::vector<bool> follow(opaque_integrals_.size(), false);
  for (std::size_t k = 0; k < opaque_integrals_.size(); ++k) {
    const Expr& density = opaque_integrals_[k].density;
    follow[k] = depends_on(density, t);
    for (std::size_t j = 0; j < k && !follow[k]; ++j)
      follow[k] = follow[j] && depends_on(density, opaque_integrals_[j].value);
    if (follow[k] && depends_on(e, opaque_integrals_[k].value)) return true;
  }
  return false;
}

/// The variable of integrals that so many others stand around: two that are inside of each other have two.
Expr Elaborator::open_inside(std::size_t around) {
  while (open_insides_.size() <= around) open_insides_.push_back(fresh("s", {}));
  return open_insides_[around];
}

/// The variable that stands for an integral; the same for the same integral, written twice.
Expr Elaborator::opaque_integral(const Expr& density, const Expr& inside) {
  for (const ParametricIntegral& known : opaque_integrals_)
    if (same(known.density, density) && same(known.inside, inside)) return known.value;
  opaque_integrals_.push_back({fresh("integral", {}), density, inside});
  return opaque_integrals_.back().value;
}

bool Elaborator::has_continuous_functions(const Expr& e, const Expr& t, bool derivatives) const {
  return std::ranges::all_of(applications_, [&](const Application& a) {
    if (!follows(a.argument, t) && !depends_on(a.argument, t)) return true;
    const bool by_derivative = !a.jacobian.empty() && depends_on(e, a.jacobian);
    return a.function->continuous && (!by_derivative || (derivatives && a.function->continuous_derivative));
  });
}

Expr Elaborator::primitive(const Expr& integrand, const Expr& t, Place where) {
  // <Df(u(t)), c u'(t)> is the derivative of c f(u(t)).
  Expr rest = integrand, along(0);
  const std::size_t count = applications_.size();
  for (std::size_t k = 0; k < count; ++k) {
    const Application a = applications_[k];
    if (a.jacobian.empty() || !a.value.shape().is_scalar() || !depends_on(a.argument, t) ||
        !depends_on(rest, a.jacobian))
      continue;
    if (!a.function->continuous_derivative)
      throw Unsupported(where, "an integral of a derivative of " + in_backquotes(a.function->name) +
                                   ", which need not be continuous");
    const auto line = polynomial_in(a.argument, t);
    if (!line || line->size() != 2) return {};
    const Expr weight = without_unit_rows(gradient(rest, a.jacobian));
    const Expr& speed = (*line)[1];
    if (depends_on(weight, a.jacobian) || follows(weight, t)) return {};
    const auto factor = proportion(weight, speed);
    if (!factor) return {};
    rest = substitute(rest, {{a.jacobian, zeros(a.jacobian.shape())}});
    along = along + Expr(*factor) * a.value;
  }
  if (follows(rest, t)) return {};
  const auto found = antiderivative(rest, t);
  return found ? along + *found : Expr();
}

Value Elaborator::integral(SyntaxId id) {
  for (const std::size_t end : {1u, 2u})
    if (syntax_.kind(syntax_.child(id, end)) == SyntaxKind::infinity ||
        (syntax_.kind(syntax_.child(id, end)) == SyntaxKind::negate &&
         syntax_.kind(syntax_.child(syntax_.child(id, end), 0)) == SyntaxKind::infinity))
      throw Unsupported(syntax_.anchor(id), "integrals up to infinity are not computed");
  const Expr from = scalar(syntax_.child(id, 1), "the beginning of an integral");
  const Expr to = scalar(syntax_.child(id, 2), "the end of an integral");
  const std::string_view name = syntax_.spelling(syntax_.child(id, 0));
  const Expr t = fresh(name, {});
  Expr body;
  Records records = capture([&] { body = number_with(name, t, syntax_.place(id), syntax_.child(id, 3)); });
  locate(id);
  const Expr found = primitive(body, t, syntax_.anchor(id));
  // Of an integral inside of another a primitive function by cases helps little: its quotients cancel at the borders.
  const bool is_by_cases = !found.empty() && opens_integrals_ && bound_depth_ > 0 && applications_.empty() &&
                           body.shape().is_scalar() && has_choice(found) && !has_choice(body);
  const bool is_open = found.empty() || is_by_cases;
  const bool is_of_functions = is_open && body.shape().is_scalar() && follows(body, t) && is_total_at(body) &&
                               !may_jump(body) && has_continuous_functions(body, t, true);
  if (is_open && !is_of_functions && !(opens_integrals_ && applications_.empty() && body.shape().is_scalar()))
    throw Unsupported(syntax_.anchor(id), "an integral of which no primitive function was found");
  if (is_open && bound_depth_ > 0 && !opens_integrals_)
    throw Unsupported(syntax_.anchor(id), "an integral without a primitive function inside another or a limit");
  const Expr open = is_open ? open_inside(static_cast<std::size_t>(bound_depth_)) : Expr();
  // What is asked for inside is read between the ends.
  const Expr inside = fresh(name, {});
  const Expr between = from + (to - from) * inside;
  replace_in(records, t, between);
  if (!is_total_at(body)) records.add(Requirement{replaced(body, t, between), {}});
  if (!probing_) between_ends_.push_back(inside);
  if (is_open) between_ends_.push_back(open);
  records_.add(records, guards_);
  if (is_open) return {.expr = opaque_integral((to - from) * replaced(body, t, from + (to - from) * open), open)};
  const Expr result = replaced(found, t, to) - replaced(found, t, from);
  if (bound_depth_ == 0 && !probing_ && body.shape().is_scalar() && follows(body, t))
    computed_integrals_.push_back({result, body, t, from, to});
  return {.expr = body.shape().is_scalar() ? result : reshape(result, body.shape())};
}

std::vector<ParametricIntegral> Elaborator::computed_integrals() {
  std::vector<ParametricIntegral> all;
  if (opaque_integrals_.empty()) return all;
  const WorkspaceScope scope(workspace_);
  for (const auto& [value, integrand, variable, from, to] : computed_integrals_)
    if (std::ranges::none_of(all, [&](const ParametricIntegral& known) { return same(known.value, value); }))
      all.push_back(
          {value, (to - from) * replaced(integrand, variable, from + (to - from) * open_inside(0)), open_inside(0)});
  return all;
}

}  // namespace nabla
