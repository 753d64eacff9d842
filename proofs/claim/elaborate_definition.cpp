#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/ops/linear.hpp>
#include <nabla/proofs/claim/elaborate_definition.hpp>

namespace nabla {

bool is_polynomial(const Expr& e, bool squared_norms) {
  if (!e.ref().is_node()) return true;
  const Graph& graph = e.graph();
  const Ref target = e.ref();
  const std::vector<bool> needed = reachable(graph, {&target, 1});
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    const auto is = [&](Opcode code) { return graph.is(id, code); };
    const bool known = is(opcode<Variable>) || is(opcode<Literal>) || is(opcode<Add>) || is(opcode<Sub>) ||
                       is(opcode<Mul>) || is(opcode<Neg>) || is(opcode<Square>) || is(opcode<Dot>) ||
                       is(opcode<MatMul>) || is(opcode<Sum>) || is(opcode<Reshape>) ||
                       (is(opcode<PowI>) && graph.attributes(id)[0] >= 0 &&
                        !(graph.operands(id)[0].is_node() && graph.is(graph.operands(id)[0].id(), opcode<Norm>))) ||
                       (is(opcode<Div>) && graph.operands(id)[1].is_constant() &&
                        !graph.constant_at(graph.operands(id)[1].index()).is(0));
    const bool square_of_norm = is(opcode<Norm>) || (is(opcode<PowI>) && graph.attributes(id)[0] == 2);
    if (!known && !(square_of_norm && squared_norms)) return false;
    // A norm may be read by its square alone.
    if (!is(opcode<PowI>) || graph.attributes(id)[0] != 2)
      for (const Ref r : graph.operands(id))
        if (r.is_node() && graph.is(r.id(), opcode<Norm>)) return false;
  }
  return !graph.is(target.id(), opcode<Norm>);
}

namespace {

Expr inner(const Expr& a, const Expr& b) { return a.shape().is_scalar() ? a * b : sum(a * b); }
Expr length(const Expr& a) { return a.shape().is_scalar() ? abs(a) : norm(a); }

}  // namespace

std::vector<bool> moving_applications(const Elaborator& elaborator, const std::vector<Expr>& over) {
  const auto& made = elaborator.applications();
  std::vector<bool> moves(made.size(), false);  // arguments read only applications that were made before
  for (std::size_t k = 0; k < made.size(); ++k) {
    const Expr& u = made[k].argument;
    moves[k] = std::ranges::any_of(over, [&](const Expr& x) { return depends_on(u, x); });
    for (std::size_t j = 0; j < k && !moves[k]; ++j)
      moves[k] =
          moves[j] && (depends_on(u, made[j].value) || (!made[j].jacobian.empty() && depends_on(u, made[j].jacobian)));
  }
  return moves;
}

bool reads_function(const Elaborator& elaborator, const Expr& e, const std::vector<Expr>& over) {
  const auto moves = [&](const Expr& u) {
    return std::ranges::any_of(over, [&](const Expr& x) { return depends_on(u, x); });
  };
  const std::vector<bool> moving = moving_applications(elaborator, over);
  for (std::size_t k = 0; k < moving.size(); ++k) {
    const Application& a = elaborator.applications()[k];
    if (moving[k] && (depends_on(e, a.value) || (!a.jacobian.empty() && depends_on(e, a.jacobian)))) return true;
  }
  return std::ranges::any_of(elaborator.instance_applications(),
                             [&](const auto& a) { return moves(a.argument) && moves(e); });
}

Statement unfolded(Elaborator& elaborator, const Statement& p, const std::vector<Given>& givens,
                   const std::vector<Statement>& hypotheses, std::vector<Given>& second, SyntaxId id) {
  const auto refuse = [&](const std::string& why) {
    throw NotHandled("`" + p.predicate + "` of an expression with a function variable in it" + why);
  };
  if (p.over.size() != 1) refuse(" as a function of several variables");
  const Expr& x = p.over[0];
  const auto given = std::ranges::find_if(givens, [&](const Given& g) { return same(g.variable, x); });
  if (given == givens.end() || given->set.kind != Set::Kind::entries || given->set.entries.is_finite())
    refuse(" over this set");
  for (const Statement& h : hypotheses) {
    std::vector<const Statement*> open{&h};
    while (!open.empty()) {
      const Statement& s = *open.back();
      open.pop_back();
      for (const Expr& side : s.sides)
        if (depends_on(side, x)) refuse(" under an assumption about " + given->name);
      if (!s.subject.empty()) refuse(" under an assumption that is a predicate");
      for (const Statement& child : s.children) open.push_back(&child);
    }
  }
  const auto add = [&](const std::string& name, Set set) {
    const Expr made = variable(name, set.shape);
    second.push_back({name, made, std::move(set), p.place});
    return made;
  };
  const Expr y = add(given->name + " (second)", given->set);
  const auto at = [&](const Expr& point) { return elaborator.moved(p.subject, x, point); };
  Statement s;
  s.place = p.place;
  s.text = p.text;
  s.comparisons = {Comparison::less_equal};
  s.side_places = {p.place, p.place};
  const bool strongly = p.predicate == "strongly_convex";
  if (p.predicate == "convex" || p.predicate == "concave" || strongly) {
    Set unit;
    unit.entries.lo = Expr(0);
    unit.entries.hi = Expr(1);
    unit.entries.lo_closed = unit.entries.hi_closed = true;
    const Expr t = add("share of " + given->name, std::move(unit));
    const Expr between = at(t * x + (Expr(1) - t) * y);
    Expr chord = t * p.subject + (Expr(1) - t) * at(y);
    if (strongly) chord = chord - ratio<Expr>(1, 2) * p.parameters[0] * (t * (Expr(1) - t)) * inner(x - y, x - y);
    s.sides = {between, chord};
    if (p.predicate == "concave") std::swap(s.sides[0], s.sides[1]);
    return s;
  }
  if (p.predicate == "lipschitz") {
    s.sides = {length(p.subject - at(y)), p.parameters[0] * length(x - y)};
    return s;
  }
  if (p.predicate == "smooth" || p.predicate == "cocoercive") {
    if (!is_polynomial(p.subject)) refuse(" and an operator that may have a kink");
    Expr slope;
    try {
      elaborator.capture([&] { slope = elaborator.gradient_of(p.subject, x, id); });
    } catch (const TypeError&) {
      refuse(" that need not be differentiable");
    }
    const Expr turn = slope - elaborator.moved(slope, x, y);
    if (p.predicate == "smooth") {
      s.sides = {length(turn), p.parameters[0] * length(x - y)};
    } else {
      s.sides = {inner(turn, turn) / p.parameters[0], inner(turn, x - y)};
    }
    return s;
  }
  refuse("");
  return s;
}

Expr regular_form(Elaborator& elaborator, const Expr& e, const std::vector<Expr>& over, bool differentiable,
                  const std::vector<FunctionVariable>& functions, std::vector<Given>& second) {
  Replacements forth;
  const auto free = [&](const std::string& name, const Shape& shape, const Place& place) {
    const Expr made = variable(name, shape);
    second.push_back({name, made, Set{.kind = Set::Kind::entries, .entries = {}, .shape = shape}, place});
    return made;
  };
  for (const Application& a : elaborator.applications()) {
    const Expr argument = substitute(a.argument, forth);
    if (std::ranges::none_of(over, [&](const Expr& x) { return depends_on(argument, x); })) continue;
    if (!a.jacobian.empty() && depends_on(e, a.jacobian))
      throw NotHandled("regularity of a derivative of the function variable `" + a.function->name + "`");
    const auto f =
        std::ranges::find_if(functions, [&](const FunctionVariable& v) { return v.name == a.function->name; });
    if (f == functions.end() || !(differentiable ? f->differentiable : f->continuous))
      throw NotHandled("the function variable `" + a.function->name + "` need not be " +
                       (differentiable ? "differentiable" : "continuous"));
    const Shape from = argument.shape(), to = a.value.shape();
    const Expr slope = free("slope of " + a.text, Elaborator::joined_shape(to, from), {});
    const Expr still = free("argument of " + a.text, from, {});
    const Expr flat = reshape(slope, Shape{to.size(), from.size()});
    forth.emplace_back(a.value, a.value + reshape(matmul(flat, reshape(argument - still, Shape{from.size()})), to));
  }
  return substitute(e, forth);
}

bool asks_for_derivatives_alone(const Records& asked) {
  const auto is_differentiated = [&](const Requirement& r) {
    return std::ranges::any_of(asked.derivatives(), [&](const Derivative& d) { return same(d.of, r.of); });
  };
  return !asked.derivatives().empty() && asked.memberships().empty() &&
         std::ranges::all_of(asked.requirements(), is_differentiated);
}

}  // namespace nabla
