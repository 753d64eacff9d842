// Explicit functions that stand for function variables: see InstanceShape.
#include <nabla/ops/broadcast.hpp>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/leaf.hpp>
#include <nabla/ops/linear.hpp>
#include <nabla/proofs/claim/elaborate_function.hpp>
#include <nabla/proofs/claim/elaborate_set.hpp>

namespace nabla {

namespace {

Set nonnegative_reals() {
  Set set = all_of({});
  set.entries.lo = Expr(0);
  set.entries.lo_closed = true;
  return set;
}

Set unit_interval() {
  Set set = nonnegative_reals();
  set.entries.hi = Expr(1);
  set.entries.hi_closed = true;
  return set;
}

Set positive_reals() {
  Set set = nonnegative_reals();
  set.entries.lo_closed = false;
  return set;
}

Expr flat(const Expr& u) { return reshape(u, Shape{u.shape().size()}); }
Expr entry(const Expr& u, std::size_t k) {
  const Expr v = flat(u);
  std::vector<Expr> unit(static_cast<std::size_t>(v.shape().size()), Expr(0));
  unit[k] = Expr(1);
  return dot(stack(unit), v);
}

/// Where a function on the set jumps: at a lower end that belongs to it, so that it has a derivative everywhere else,
/// or inside.
Expr step_in(const Set& domain) {
  const RealSet& reals = domain.entries;
  if (domain.kind != Set::Kind::entries || reals.is_finite() || (reals.lo.empty() && reals.hi.empty())) return Expr(0);
  if (!reals.lo.empty() && reals.lo_closed) return reals.lo;
  if (reals.lo.empty()) return reals.hi - 1;
  return reals.hi.empty() ? reals.lo + 1 : (reals.lo + reals.hi) / 2;
}

}  // namespace

void FunctionReader::instantiate_between(FunctionValue& function, FunctionVariable& variable) {
  if (!variable.strongly_convex.empty()) {
    reason_ = "a constant need not be strongly convex";
    return;
  }
  if (!variable.smooth.empty())
    assume(Expr(0), Comparison::less_equal, variable.smooth, "the class of " + variable.name + " is not empty");
  has_smaller_ = true;
  const Expr value = give(variable.name + ".offset", variable.codomain);
  if (variable.convex || !variable.smooth.empty()) {
    function.instance = [value](const Expr&) { return value; };
    return;
  }
  const Expr top = give(variable.name + ".top", variable.codomain);
  const Expr slope = give(variable.name + ".slope", all_of(Shape{variable.domain.shape.size()}));
  const Expr shift = give(variable.name + ".shift", all_of({}));
  function.instance = [=](const Expr& argument) {
    return value + (top - value) / (1 + square(dot(slope, flat(argument)) + shift));
  };
}

void FunctionReader::instantiate(FunctionValue& function, FunctionVariable& variable) {
  InstanceShape chosen = shape_;
  if (is_between(shape_)) {
    const bool jumps = shape_ == InstanceShape::between_jump && !variable.continuous;
    chosen = jumps ? InstanceShape::jump : InstanceShape::quadratic;
  }
  const std::string& name = variable.name;
  const Shape in = variable.domain.shape, out = variable.codomain.shape;
  const auto size = in.size();
  const auto outputs = out.size();
  const bool has_bound = !variable.smooth.empty();
  const bool free = !variable.convex && variable.strongly_convex.empty() && !has_bound;
  const Expr slope = give(name + ".slope", all_of(Elaborator::joined_shape(out, in)));
  Expr offset, share, width;
  if (!variable.linear) offset = give(name + ".offset", all_of(out));
  const bool curved = !variable.linear && size > 0;
  if (!curved && chosen != InstanceShape::quadratic) {
    reason_ = "a linear function has one explicit form";
    return;
  }
  if (chosen == InstanceShape::huber && !out.is_scalar()) {
    reason_ = "values with a shape are of no class for which this form was made";
    return;
  }
  if (chosen == InstanceShape::kink && (variable.differentiable || has_bound)) {
    reason_ = "a differentiable function has no kink";
    return;
  }
  if ((chosen == InstanceShape::jump || chosen == InstanceShape::crease) && variable.continuous) {
    reason_ = "a continuous function has no jump";
    return;
  }
  if (chosen == InstanceShape::crease && (size < 2 || in.rank() != 1)) {
    reason_ = "a crease needs a vector of two entries";
    return;
  }
  // The least curvature that the class allows; the rest of what it allows is shared out.
  Expr least;
  if (!variable.strongly_convex.empty()) {
    least = variable.strongly_convex;
    if (variable.convex) least = max(least, Expr(0));
  } else if (variable.convex || chosen == InstanceShape::huber) {
    least = Expr(0);
  } else if (has_bound) {
    least = -variable.smooth;
  }
  if (has_bound && !variable.strongly_convex.empty()) least = max(least, -variable.smooth);
  if (curved) share = give(name + ".curvature", has_bound ? unit_interval() : free ? all_of({}) : nonnegative_reals());
  if (chosen == InstanceShape::huber) width = give(name + ".width", positive_reals());
  if (curved && has_bound)
    assume(least, Comparison::less_equal, variable.smooth, "the class of " + name + " is not empty");
  const Expr more = curved && has_bound ? share * (variable.smooth - least) : share;
  variable.least = curved && least.empty() ? Expr(0) : least;
  variable.more = more;
  if (chosen == InstanceShape::jump) variable.step = step_in(variable.domain);
  function.instance = [=, shape = chosen, step = variable.step](const Expr& argument) {
    const Expr u = flat(argument);
    Expr result = reshape(matmul(reshape(slope, Shape{outputs, size}), u), out);
    if (!offset.empty()) result = result + offset;
    if (!curved) return result;
    const auto add = [&](const Expr& term) {
      return result + (out.is_scalar() ? term : nabla::broadcast_to(term, out));
    };
    const Expr half = ratio<Expr>(1, 2);
    if (shape == InstanceShape::quadratic) {
      const Expr curvature = least.empty() ? more : least + more;
      return add(half * curvature * dot(u, u));
    }
    if (!least.empty()) result = add(half * least * dot(u, u));
    if (shape == InstanceShape::crease) {
      const Expr square = dot(u, u);
      return add(more * where(lt(Expr(0), square), entry(u, 0) * entry(u, 1) / square, Expr(0)));
    }
    const Expr v = entry(u, 0);
    const Expr size_of = abs(v);
    if (shape == InstanceShape::kink) return add(more * size_of);
    if (shape == InstanceShape::jump) return add(more * lt(step, v));
    return add(more * where(le(size_of, width), half * v * v, width * size_of - half * width * width));
  };
}

}  // namespace nabla
