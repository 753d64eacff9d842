#include <algorithm>
#include <nabla/engine/gradient/rule.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/engine/simplify/known.hpp>

namespace nabla {

namespace {

Known::Sign sign_of_constant(const Constant& c) {
  switch (c.kind()) {
    case Constant::Kind::ratio:
      return {c.num() >= 0, c.num() <= 0, c.num() != 0};
    case Constant::Kind::dyadic:
      return {c.as_dyadic() >= 0, c.as_dyadic() <= 0, c.as_dyadic() < 0 || c.as_dyadic() > 0};
    case Constant::Kind::text: {
      const bool negative = c.as_text().starts_with('-');
      return {!negative, negative, true};  // zero fits a ratio
    }
    case Constant::Kind::pi:
    case Constant::Kind::infinity:
      return {true, false, true};
  }
  return {};
}

/// A condition between numbers, decided in rationals.
bool holds_exactly(const Expr& condition) {
  if (const Constant* c = condition.constant()) return sign_of_constant(*c).nonzero;
  try {
    const Function f(condition, {});
    return !f.value<Rational>({}).is_zero();
  } catch (const std::invalid_argument&) {  // not a question for rationals
    return false;
  } catch (const UndefinedError&) {
    return false;
  } catch (const std::length_error&) {
    return false;
  }
}

}  // namespace

void Known::look_up_to(NodeId id) {
  const Graph& graph = workspace_->graph();
  while (signs_.size() <= id) {
    const auto next = static_cast<NodeId>(signs_.size());
    const Sign sign = sign_of(next);
    bool total = !limited(next);
    for (const Ref r : graph.operands(next)) total = total && (r.is_constant() || total_[r.id()]);
    signs_.push_back(sign);
    total_.push_back(total);
  }
}

Known::Sign Known::sign(Ref ref) {
  if (const Constant* c = workspace_->graph().as_constant(ref)) return sign_of_constant(*c);
  look_up_to(ref.id());
  return signs_[ref.id()];
}

bool Known::total(Ref ref) {
  if (ref.is_constant()) return true;
  look_up_to(ref.id());
  return total_[ref.id()];
}

Known::Sign Known::sign_of(NodeId id) {
  const Graph& graph = workspace_->graph();
  if (const Constant* c = graph.as_constant(Ref::node(id))) return sign_of_constant(*c);
  const OperatorInfo& info = graph.info(id);
  if (info.family == Family::leaf) return {};
  const std::span<const Ref> x = graph.operands(id);
  const Reals& range = info.facts.range;
  Sign known{range.lo >= 0, range.hi <= 0, false};
  known.nonzero = range.lo > 0 || range.hi < 0 || range.hole == Hole::zero || (range.lo == 0 && !range.lo_closed) ||
                  (range.hi == 0 && !range.hi_closed);
  const auto operand = [&](std::size_t k) { return sign(x[k]); };
  const Opcode code = graph.code(id);
  if (code == opcode<Neg>) {
    const Sign a = operand(0);
    known = {a.nonpositive, a.nonnegative, a.nonzero};
  } else if (code == opcode<Mul> || code == opcode<Div>) {
    const Sign a = operand(0), b = operand(1);
    const bool same = x[0] == x[1];
    known.nonnegative = same || (a.nonnegative && b.nonnegative) || (a.nonpositive && b.nonpositive);
    known.nonpositive = !same && ((a.nonnegative && b.nonpositive) || (a.nonpositive && b.nonnegative));
    known.nonzero = a.nonzero && (b.nonzero || code == opcode<Div>);
  } else if (code == opcode<Add>) {
    const Sign a = operand(0), b = operand(1);
    known = {a.nonnegative && b.nonnegative, a.nonpositive && b.nonpositive, false};
    known.nonzero = (known.nonnegative || known.nonpositive) && (a.nonzero || b.nonzero);
  } else if (code == opcode<PowI>) {
    const Sign a = operand(0);
    const std::int64_t n = graph.attributes(id)[0];
    known.nonnegative = n % 2 == 0 || a.nonnegative;
    known.nonpositive = n % 2 != 0 && a.nonpositive;
    known.nonzero = n <= 0 || a.nonzero;
  }
  return known;
}

/// Whether the operator itself is undefined somewhere.
bool Known::limited(NodeId id) {
  const Graph& graph = workspace_->graph();
  const OperatorInfo& info = graph.info(id);
  const Opcode code = graph.code(id);
  if (info.family == Family::leaf) return false;
  if (code >= builtin_count) return true;  // a user's definition is not looked into
  const Attributes attributes = graph.attributes(id);
  std::pair<Opcode, std::vector<std::int64_t>> key{code, {}};
  if (info.indexed) key.second.assign(attributes.begin(), attributes.end());
  const auto found = limited_.find(key);
  if (found != limited_.end()) return found->second;
  // Asked in a workspace of its own, so that this graph does not grow.
  const WorkspaceScope scope(std::make_shared<Workspace>());
  std::vector<Expr> operands;
  for (const Ref r : graph.operands(id)) operands.push_back(variable("x", graph.shape(r)));
  const Expr condition = domain_condition(code, attributes, operands);
  return limited_[key] = !condition.empty() && !condition.is(1);
}

bool Known::holds_by_sign(const Expr& condition, const Bindings& bindings) {
  const Graph& rules = condition.graph();
  if (!condition.ref().is_node()) return false;
  NodeId id = condition.ref().id();
  // a != b is 1 - eq(a, b)
  bool unequal = false;
  if (rules.is(id, opcode<Sub>) && rules.operands(id)[1].is_node()) {
    const Constant* one = rules.as_constant(rules.operands(id)[0]);
    if (one == nullptr || !one->is(1)) return false;
    unequal = true;
    id = rules.operands(id)[1].id();
  }
  const bool less = rules.is(id, opcode<Less>);
  const bool at_most = rules.is(id, opcode<LessEqual>);
  if (unequal ? !rules.is(id, opcode<Equal>) : !less && !at_most) return false;
  const Ref left = resolve(condition, rules.operands(id)[0], workspace_, bindings);
  const Ref right = resolve(condition, rules.operands(id)[1], workspace_, bindings);
  if (left.empty() || right.empty()) return false;
  const auto is_zero = [&](Ref r) {
    const Constant* c = workspace_->graph().as_constant(r);
    return c != nullptr && c->is(0);
  };
  if (unequal) return (is_zero(left) && sign(right).nonzero) || (is_zero(right) && sign(left).nonzero);
  if (is_zero(left)) return sign(right).nonnegative && (at_most || sign(right).nonzero);
  if (is_zero(right)) return sign(left).nonpositive && (at_most || sign(left).nonzero);
  return false;
}

bool Known::holds(const SideCondition& condition, const Bindings& bindings) {
  if (condition.kind == SideCondition::Kind::defined) {
    const Ref of = resolve(condition.of, condition.of.ref(), workspace_, bindings);
    if (!of.empty() && total(of)) return true;
  } else {
    if (holds_by_sign(condition.of, bindings)) return true;
    const std::vector<NodeId> letters = letters_of(condition.of);
    const bool closed =
        std::ranges::all_of(letters, [&](NodeId letter) { return bindings.find(letter).is_constant(); });
    if (closed) {
      const std::optional<Expr> instance = instantiate(condition.of, workspace_, bindings);
      return instance && holds_exactly(*instance);
    }
    if (!assumptions_.empty()) {
      const std::optional<Expr> instance = instantiate(condition.of, workspace_, bindings);
      return instance && std::ranges::any_of(assumptions_, [&](const Expr& e) { return same(e, *instance); });
    }
  }
  return false;
}

}  // namespace nabla
