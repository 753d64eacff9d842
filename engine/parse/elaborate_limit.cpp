// limit(h -> a: EXPR): a difference quotient is a derivative; a quotient of functions that vanish together is that of
// their derivatives; what is continuous is read at a.
#include <algorithm>
#include <cmath>
#include <map>
#include <nabla/engine/calculus/antiderivative.hpp>
#include <nabla/engine/calculus/bounded_factor.hpp>
#include <nabla/engine/calculus/dependence.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/engine/parse/linear_form.hpp>
#include <nabla/engine/record/build.hpp>
#include <nabla/engine/run/function.hpp>
#include <tuple>

namespace nabla {

namespace {

constexpr int most_derivatives = 6;

/// The value of a function at 0 or 1 where it is an integer or a half: an enclosure without a radius.
std::optional<Constant> special_value(const Graph& graph, NodeId id, const Constant& x) {
  if ((!x.is(0) && !x.is(1)) || graph.code(id) >= builtin_count || graph.info(id).family != Family::elementwise ||
      !graph.attributes(id).empty())
    return std::nullopt;
  const WorkspaceScope scope(std::make_shared<Workspace>());
  const Expr operand[] = {Expr(x)};
  const Expr applied = detail::append(graph.code(id), {}, operand, std::vector<std::int64_t>());
  const Ball value = Function(applied, {}).value<Ball>({});
  const double twice = 2 * value.lower_double();
  if (!value.is_exact() || std::abs(twice) > 2 || twice != std::floor(twice)) return std::nullopt;
  return Constant::ratio(static_cast<std::int64_t>(twice), 2);
}

/// Functions of exact constants put in: exp(0) is 1, and 0 times what certainly has a value is 0.
template <class Total>
Expr folded(const Expr& e, const Total& is_total) {
  if (!e.ref().is_node()) return e;
  const std::shared_ptr<Workspace> workspace = e.workspace();
  Graph& graph = workspace->graph();
  const Ref target = e.ref();
  const std::vector<bool> needed = reachable(graph, {&target, 1});
  std::map<NodeId, Ref> moved;
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id]) continue;
    std::vector<Ref> operands;
    std::vector<Constant> constants;
    bool changed = false;
    for (const Ref r : graph.operands(id)) {
      const auto it = r.is_node() ? moved.find(r.id()) : moved.end();
      operands.push_back(it == moved.end() ? r : it->second);
      changed = changed || it != moved.end();
      const Constant* c = graph.as_constant(operands.back());
      if (c != nullptr && graph.shape(operands.back()).is_scalar()) constants.push_back(*c);
    }
    if (operands.empty()) continue;
    if (constants.size() == operands.size() && graph.attributes(id).empty())
      if (const auto value = fold_function(graph.info(id).name, constants)) {
        moved[id] = graph.constant(*value);
        continue;
      }
    if (operands.size() == 1 && constants.size() == 1)
      if (const auto value = special_value(graph, id, constants[0])) {
        moved[id] = graph.constant(*value);
        continue;
      }
    if (graph.is(id, opcode<Mul>) && graph.shape(id).is_scalar() && constants.size() == 1 && constants[0].is(0)) {
      const Ref other = graph.as_constant(operands[0]) != nullptr ? operands[1] : operands[0];
      if (is_total(Expr(workspace, other))) {
        moved[id] = graph.constant(Constant::integer(0));
        continue;
      }
    }
    if (!changed) continue;
    const Attributes own = graph.attributes(id);
    const std::vector<std::int64_t> attributes(own.begin(), own.end());
    moved[id] = build(*workspace, graph.code(id), operands, attributes);
  }
  const auto it = moved.find(target.id());
  return it == moved.end() ? e : Expr(workspace, it->second);
}

/// Whether it is 0 by its form: a combination of products that have a factor of this kind, and others that certainly
/// have a value. The other answer says nothing.
template <class Total>
bool vanishes(const Expr& e, const Total& is_total, int depth = 0) {
  constexpr int deepest = 12;
  const LinearForm form(e);
  if (!form.valid() || depth > deepest) return false;
  const Graph& graph = e.graph();
  for (const auto& [bits, factor] : form.terms()) {
    if (bits >= graph.size()) return false;  // a constant
    const auto id = static_cast<NodeId>(bits);
    const auto is = [&](Opcode code) { return graph.is(id, code); };
    if (!is(opcode<MatMul>) && !is(opcode<Mul>) && !is(opcode<Dot>) && !is(opcode<Outer>) && !is(opcode<Sum>) &&
        !is(opcode<Reshape>) && !is(opcode<Slice>) && !is(opcode<Transpose>) && !is(opcode<Norm>) && !is(opcode<Abs>))
      return false;
    const auto span = graph.operands(id);
    const std::vector<Ref> x(span.begin(), span.end());
    std::size_t zeros = 0, others = 0;
    for (const Ref r : x) {
      const Expr operand(e.workspace(), r);
      if (vanishes(operand, is_total, depth + 1)) {
        ++zeros;
      } else if (!is_total(operand)) {
        ++others;
      }
    }
    if (zeros == 0 || others > 0) return false;
  }
  return true;
}

/// Whether it divides, or takes a logarithm, by what vanishes: then it says nothing of what is near.
template <class Total>
bool breaks_down(const Expr& e, const Total& is_total) {
  if (!e.ref().is_node()) return false;
  const Graph& graph = e.graph();
  const Ref target = e.ref();
  const std::vector<bool> needed = reachable(graph, {&target, 1});
  for (NodeId id = 0; id < needed.size(); ++id) {
    if (!needed[id] || graph.operands(id).empty()) continue;
    const auto is = [&](Opcode code) { return graph.is(id, code); };
    const bool divides = is(opcode<Div>);
    if (!divides && !is(opcode<Log>) && !is(opcode<Reciprocal>) && !is(opcode<Pow>) && !is(opcode<PowI>)) continue;
    if (is(opcode<PowI>) && graph.attributes(id)[0] >= 0) continue;
    if (vanishes(Expr(e.workspace(), graph.operands(id)[divides ? 1 : 0]), is_total)) return true;
  }
  return false;
}

/// Whether every operator between h and the expression is analytic on its domain.
bool is_analytic(const Expr& e, const Expr& h) {
  const Graph& graph = e.graph();
  const Dependents between(e, h);
  for (const NodeId id : between.nodes()) {
    const bool known = graph.code(id) < builtin_count && graph.info(id).facts.regularity == Regularity::smooth;
    if (!known) return false;
  }
  return true;
}

/// Whether every operator between h and the expression is continuous.
bool is_continuous(const Expr& e, const Expr& h) {
  const Graph& graph = e.graph();
  const Dependents between(e, h);
  for (const NodeId id : between.nodes())
    if (graph.code(id) >= builtin_count || graph.info(id).facts.regularity == Regularity::discontinuous) return false;
  return true;
}

/// Numerator and denominator, 1 where there is none.
std::pair<Expr, Expr> quotient(const Expr& e) {
  if (!e.ref().is_node() || !e.graph().is(e.ref().id(), opcode<Div>)) return {e, Expr(1)};
  const auto x = e.graph().operands(e.ref().id());
  const Ref first = x[0], second = x[1];
  return {Expr(e.workspace(), first), Expr(e.workspace(), second)};
}

/// a - b, in which what the linear forms have in common cancels; nothing where they do not say.
std::optional<Expr> difference(const Expr& a, const Expr& b) {
  const LinearForm p(a), q(b);
  if (a.shape() != b.shape() || !p.valid() || !q.valid()) return std::nullopt;
  const std::size_t size = a.graph().size();
  Expr sum;
  const auto add = [&](std::uint64_t leaf, std::int64_t num, std::int64_t den) {
    if (leaf >= size) return false;
    const Expr part = Expr(Constant::ratio(num, den)) * Expr(a.workspace(), Ref::node(static_cast<NodeId>(leaf)));
    sum = sum.empty() ? part : sum + part;
    return true;
  };
  for (const auto& [leaf, c] : p.terms()) {
    const auto other = q.terms().find(leaf);
    if (other != q.terms().end() && other->second == c) continue;
    if (!add(leaf, c.first, c.second)) return std::nullopt;
  }
  for (const auto& [leaf, c] : q.terms()) {
    const auto other = p.terms().find(leaf);
    if (other != p.terms().end() && other->second == c) continue;
    if (!add(leaf, -c.first, c.second)) return std::nullopt;
  }
  return sum.empty() ? std::nullopt : std::optional(sum);
}

bool is_nonzero_constant(const Expr& e) {
  const Constant* c = e.constant();
  return c != nullptr && !c->is(0);
}

}  // namespace

/// Of a quotient of polynomials, by the highest powers.
Expr Elaborator::limit_at_infinity(const Expr& above, const Expr& below, const Expr& h, bool negative, Place where) {
  const auto p = polynomial_in(above, h), q = polynomial_in(below, h);
  if (!p || !q) throw Unsupported(where, "a limit at infinity of what is no quotient of polynomials");
  const Expr &lead = p->back(), &divisor = q->back();
  if (divisor.empty() || !is_nonzero_constant(divisor) || (p->size() >= q->size() && lead.empty()))
    throw Unsupported(where, "a limit at infinity whose highest power may vanish");
  if (p->size() < q->size()) return Expr(0);
  if (p->size() == q->size()) return lead / divisor;
  if (!is_nonzero_constant(lead)) throw Unsupported(where, "a limit at infinity whose highest power may vanish");
  throw TypeError(where, std::string("the limit does not exist: it diverges at ") + (negative ? "-oo" : "oo"));
}

Expr Elaborator::number_with(std::string_view name, const Expr& variable, const Place& place, SyntaxId body) {
  locals_.push_back({name, Binding{.kind = Binding::Kind::variable, .value = {.expr = variable}, .place = place}});
  struct Pop {
    std::vector<Local>& locals;
    int& depth;
    ~Pop() {
      locals.pop_back();
      --depth;
    }
  } pop{locals_, ++bound_depth_};
  return number(body);
}

Value Elaborator::limit(SyntaxId id) {
  const Place where = syntax_.anchor(id);
  const SyntaxId target = syntax_.child(id, 1);
  const bool negative = syntax_.kind(target) == SyntaxKind::negate;
  const bool at_infinity = syntax_.kind(negative ? syntax_.child(target, 0) : target) == SyntaxKind::infinity;
  const Expr a = at_infinity ? Expr() : scalar(target, "where a limit is taken");
  const std::string_view name = syntax_.spelling(syntax_.child(id, 0));
  const Expr h = fresh(name, {});
  Expr body;
  Records records = capture([&] { body = number_with(name, h, syntax_.place(id), syntax_.child(id, 2)); });
  locate(id);
  if (!depends_on(body, h) && !follows(body, h)) {
    records_.add(records, guards_);
    return {.expr = body};
  }
  if (opens_integrals_ && follows(body, h) && applications_.empty())
    throw Unsupported(where, "a limit of an integral without a primitive function");
  if (!records.derivatives().empty())
    for (const Derivative& d : records.derivatives())
      for (const auto& [variable, value] : d.at)
        if (depends_on(value, h)) throw Unsupported(where, "a limit of a derivative at a moving point");
  if (const auto rest = follows(body, h) ? std::nullopt : beside_bounded_factors(body, h)) {
    const bool was_uncertain = std::exchange(uncertain_limit_, false);
    bool vanishing = false;
    try {
      Records none;
      const auto [high, low] = quotient(*rest);
      const Expr tends_to =
          at_infinity ? limit_at_infinity(high, low, h, negative, where) : limit_of(*rest, h, a, none, id);
      const Expr value = folded(tends_to, is_total_at);
      vanishing = !uncertain_limit_ && (value.is(0) || vanishes(value, is_total_at));
    } catch (const Unsupported&) {
    } catch (const TypeError&) {  // without the bounded factors there is no limit
    }
    uncertain_limit_ = was_uncertain;
    if (vanishing) return {.expr = Expr(0)};
  }
  const auto [above, below] = quotient(body);
  if (follows(below, h)) throw Unsupported(where, "a limit with a function variable in a denominator");
  if (at_infinity) {
    if (follows(above, h)) throw Unsupported(where, "a limit of a function variable at infinity");
    return {.expr = limit_at_infinity(above, below, h, negative, where)};
  }
  try {
    return {.expr = limit_of(body, h, a, records, id)};
  } catch (const Unsupported&) {
    const auto value = supposed_limit(body, h, a, id);
    if (!value) throw;
    replace_in(records, h, a);
    records_.add(records, guards_);
    return {.expr = *value};
  }
}

/// The value of a limit of function variables that is supposed to exist: a free variable, or one and what the
/// difference of the two expressions tends to, when no function variable is left in it. Nothing where neither may be.
std::optional<Expr> Elaborator::supposed_limit(const Expr& body, const Expr& h, const Expr& a, SyntaxId id) {
  if (!follows(body, h)) return std::nullopt;
  for (const SupposedLimit& known : std::vector(supposed_limits_)) {
    if (!same(known.target, a) || known.value.shape() != body.shape()) continue;
    const auto [above, below] = quotient(replaced(body, h, known.variable));
    const auto [known_above, known_below] = quotient(known.body);
    if (!same(below, known_below)) continue;
    const auto rest = difference(above, known_above);
    if (!rest || follows(*rest, known.variable)) continue;
    try {
      Records none;
      return known.value + limit_of(*rest / below, known.variable, a, none, id);
    } catch (const Unsupported&) {
    } catch (const TypeError&) {  // the difference has no limit: the two do not exist together
    }
  }
  if (!supposing_ || probing_ || bound_depth_ > 0 || !guards_.empty()) return std::nullopt;
  supposed_limits_.push_back({body, h, a, fresh("limit", body.shape())});
  return supposed_limits_.back().value;
}

bool Elaborator::vanishes_at(const Expr& e, const Expr& h, const Expr& a) {
  if (vanishes(folded(replaced(e, h, a), is_total_at), is_total_at)) return true;
  if (!a.is(0)) return false;
  Replacements moved = with_applications({{h, a}});
  moved.erase(moved.begin());  // h itself stays, so that what is multiplied by it is seen
  const auto p = polynomial_in(substitute(e, moved), h);
  return p && (p->front().empty() || vanishes(folded(p->front(), is_total_at), is_total_at));
}

Expr Elaborator::limit_of(const Expr& body, const Expr& h, const Expr& a, Records& records, SyntaxId id) {
  const Place where = syntax_.anchor(id);
  Expr above, below;
  std::tie(above, below) = quotient(body);
  // A difference quotient: exactly the derivative, which exists when the limit does.
  const auto line = polynomial_in(below, h);
  if (line && line->size() == 2 && is_nonzero_constant((*line)[1]) && vanishes_at(below, h, a) &&
      vanishes_at(above, h, a)) {
    if (breaks_down(replaced(above, h, a), is_total_at))
      throw Unsupported(where, "a limit of an expression that is undefined where it is taken");
    Expr slope;
    Records asked;
    try {
      asked = capture([&] { slope = differentiate(Transform::jacobian, above, h, id); });
    } catch (const TypeError&) {
      // The limit may exist all the same, or be what a hypothesis speaks of.
      throw Unsupported(where, "a limit of a difference quotient of a function that is not given as differentiable");
    }
    slope = replaced(slope, h, a);
    replace_in(asked, h, a);
    replace_in(records, h, a);
    records_.add(asked, guards_);
    for (const Requirement& r : records.requirements()) records_.add(Requirement{r.of, guards_});
    return slope / (*line)[1];
  }
  if (follows(body, h)) {
    if (!is_total_at(body) || may_jump(body) || !has_continuous_functions(body, h, true))
      throw Unsupported(where, "a limit of a function variable that is no difference quotient");
    replace_in(records, h, a);
    records_.add(records, guards_);
    return replaced(body, h, a);
  }
  if (is_analytic(body, h)) return analytic_limit(body, h, a, records, where);
  if (is_total_at(body) && is_continuous(body, h)) {
    replace_in(records, h, a);
    records_.add(records, guards_);
    return replaced(body, h, a);
  }
  return limit_from_sides(body, h, a, records, where);
}

Expr Elaborator::analytic_limit(const Expr& body, const Expr& h, const Expr& a, const Records& records, Place where) {
  if (!is_analytic(body, h)) throw Unsupported(where, "a limit of an expression that may have a kink or a jump there");
  auto [above, below] = quotient(body);
  const auto at_target = [&](const Expr& e) { return folded(replaced(e, h, a), is_total_at); };
  for (int k = 0; k <= most_derivatives; ++k) {
    const Expr low = at_target(below), high = at_target(above);
    if (!vanishes_at(below, h, a)) {
      if (!is_nonzero_constant(low) || !records.requirements().empty()) uncertain_limit_ = true;
      uncertain_limit_ = uncertain_limit_ || !is_total_at(high);
      return high / low;
    }
    if (!vanishes_at(above, h, a)) {
      if (is_nonzero_constant(high) && below.shape().is_scalar())
        throw TypeError(where, "the limit does not exist: the denominator tends to 0 and the numerator does not");
      throw Unsupported(where, "a limit of a quotient whose denominator vanishes");
    }
    above = jacobian(above, h, sweep_);
    below = jacobian(below, h, sweep_);
  }
  throw Unsupported(where, "a limit of a quotient that vanishes to a high order");
}

}  // namespace nabla
