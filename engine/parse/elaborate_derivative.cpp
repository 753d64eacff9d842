// grad, jacobian, hessian, diff of expressions and of functions; EXPR at x = EXPR.
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/ops/joining.hpp>

namespace nabla {

/// What a derivative is taken by: a variable, and the entries of it that were named, innermost index first.
struct Elaborator::Target {
  Expr variable;
  std::vector<SyntaxId> indices;
};

Expr Elaborator::fresh(std::string_view name, const Shape& shape) {
  // No name of the language has this form, so that it meets no other variable.
  return variable(std::string(name) + "#" + std::to_string(++fresh_), shape);
}

Elaborator::Target Elaborator::target(SyntaxId id, std::string_view asker) {
  Target result;
  while (syntax_.kind(id) == SyntaxKind::index) {
    result.indices.insert(result.indices.begin(), id);
    id = syntax_.child(id, 0);
  }
  result.variable = variable_named(id, asker);
  return result;
}

Expr Elaborator::variable_named(SyntaxId id, std::string_view asker) {
  const Place where = syntax_.place(id);
  const std::string by = in_backquotes(text(id));
  const std::string asked(asker);
  if (syntax_.kind(id) != SyntaxKind::name)
    throw TypeError(where,
                    by + " is not a variable; " + asked + " takes a given variable, or an index or slice of one");
  const Binding* binding = find(syntax_.spelling(id));
  if (binding == nullptr) {
    if (is_registered(syntax_.spelling(id)) || is_special_form(syntax_.spelling(id)) || syntax_.spelling(id) == "pi")
      throw TypeError(where, by + " is not a variable");
    unknown(id);
  }
  switch (binding->kind) {
    case Binding::Kind::variable:
      return binding->value.expr;
    case Binding::Kind::abbreviation:
      throw TypeError(
          where, by + " is an abbreviation, and " + asked + " takes a given variable" +
                     (is_special_form(asker) ? ": write `let c(" + text(id) + ") = ...` and `grad(c)(" + text(id) + ")`"
                                             : std::string()));
    case Binding::Kind::function:
      throw TypeError(where, by + " is a function; " + asked + " takes a given variable");
    case Binding::Kind::dimension:
    case Binding::Kind::index:
      break;
  }
  throw TypeError(where, by + " is an exact number here; " + asked + " takes a given variable");
}

void Elaborator::record_derivative(const Expr& of, const Expr& by, const Replacements& at, SyntaxId id) {
  records_.add(Derivative{of, by, syntax_.anchor(id), text(id), at, guards_});
}

Expr Elaborator::smooth_form(const Expr& of, const Expr& by, const Replacements& still) {
  if (!smooth_form_ || probing_ || !still.empty()) return of;
  const Expr smooth = smooth_form_(of, by);
  if (!same(smooth, of)) records_.add(Requirement{of, guards_});
  return smooth;
}

Expr Elaborator::differentiate(Transform transform, const Expr& of, const Expr& by, SyntaxId id) {
  if (transform != Transform::jacobian && !of.shape().is_scalar())
    throw TypeError(syntax_.anchor(id),
                    std::string(spelling(transform)) + " is of a scalar" +
                        (transform == Transform::grad ? "; jacobian takes a tensor" : ""),
                    {of.shape()});
  if (transform == Transform::hessian) {
    const Expr first = differentiate(Transform::grad, of, by, id);
    return differentiate(Transform::jacobian, first, by, id);
  }
  check_size(joined_shape(of.shape(), by.shape()), id);
  if (of.ref().is_node()) {  // a sweep for each output
    const auto nodes = static_cast<std::int64_t>(workspace_->graph().size());
    spend(of.shape().size() * (1 + nodes / 256), "Jacobians of so many outputs are not written out", id);
  }
  locate(id);
  Replacements back, still;
  const Expr through = smooth_form(linked(of, by, back, still, id), by, still);
  record_derivative(through, by, still, id);
  return substitute(nabla::jacobian(through, by, sweep_), back);
}

Value Elaborator::derivative(Transform transform, SyntaxId id) {
  check_arity(id, 1, 2);
  const SyntaxId first = syntax_.child(id, 1);
  if (syntax_.children(id).size() == 2) {
    const Value inside = value(first);
    if (inside.kind != Value::Kind::function) {
      throw TypeError(syntax_.anchor(id), std::string(spelling(transform)) + " of an expression needs the variable: " +
                                              std::string(spelling(transform)) + "(EXPR, x)");
    }
    FunctionRef& made = derivatives_[{transform, inside.function.get()}];
    if (!made) {
      FunctionValue function;
      function.kind = FunctionValue::Kind::derivative;
      function.name = text(id);
      function.transform = transform;
      function.inside = inside.function;
      made = std::make_shared<FunctionValue>(std::move(function));
    }
    return {.kind = Value::Kind::function, .function = made};
  }
  const Target by = target(syntax_.child(id, 2), spelling(transform));
  const Expr of = number(first);
  Expr result = differentiate(transform, of, by.variable, id);
  if (by.indices.empty()) return {.expr = result};
  // Slicing the derivative by the whole variable; a Hessian is sliced on both sides.
  const std::size_t sides = transform == Transform::hessian ? 2 : 1;
  std::size_t axis = of.shape().rank();
  for (std::size_t side = 0; side < sides; ++side) {
    std::vector<std::int64_t> rest(by.variable.shape().extents().begin(), by.variable.shape().extents().end());
    for (const SyntaxId index : by.indices) {
      const Subscripts wanted = subscripts(index, Shape(rest), 0);
      locate(id);
      // The axes of a second side stand behind and are kept.
      const std::size_t behind = result.shape().rank() - axis - rest.size();
      Subscripts all = wanted;
      all.resize(wanted.size() + behind);
      result = select(result, axis, all);
      std::vector<std::int64_t> left;
      for (std::size_t k = 0; k < wanted.size(); ++k)
        if (!wanted[k]) left.push_back(rest[k]);
      rest = std::move(left);
    }
    axis += rest.size();
  }
  return {.expr = result};
}

Expr Elaborator::directional(SyntaxId id) {
  check_arity(id, 3, 3);
  const Target by = target(syntax_.child(id, 2), "diff");
  const Expr of = number(syntax_.child(id, 1));
  const Expr along = number(syntax_.child(id, 3));
  locate(id);
  Replacements back, still;
  const Expr through = smooth_form(linked(of, by.variable, back, still, id), by.variable, still);
  record_derivative(through, by.variable, still, id);
  // u -> u J is linear in u; its derivative along h by u is J h (two sweeps back, whatever the shapes).
  const Expr u = fresh("u", of.shape());
  Expr pulled = vjp({&through, 1}, {&u, 1}, {&by.variable, 1}, sweep_)[0];
  for (const SyntaxId index : by.indices) pulled = select(pulled, 0, subscripts(index, pulled.shape(), 0));
  if (pulled.shape() != along.shape())
    throw TypeError(syntax_.place(syntax_.child(id, 3)), "the direction has the shape of what diff is taken by",
                    {pulled.shape(), along.shape()});
  locate(id);
  return substitute(vjp({&pulled, 1}, {&along, 1}, {&u, 1})[0], back);
}

Expr Elaborator::apply_derivative(const FunctionRef& function, const Expr& argument, SyntaxId id) {
  std::vector<std::uint64_t> key{reinterpret_cast<std::uintptr_t>(function.get()), argument.ref().bits()};
  auto found = remembered_.find(key);
  if (found == remembered_.end()) {
    Expr result;
    const Expr point = fresh("x", argument.shape());
    Records records = capture([&] {
      const Value inside = apply_function(function->inside, {Value{.expr = point}}, id);
      const Expr of = as_number(inside, id);
      result = differentiate(function->transform, of, point, id);
    });
    result = replaced(result, point, argument);
    replace_in(records, point, argument);
    if (probing_) {
      records_.add(records, guards_);
      return result;
    }
    found = remembered_.emplace(std::move(key), Remembered{function, Value{.expr = result}, std::move(records)}).first;
  }
  records_.add(found->second.records, guards_);
  return found->second.value.expr;
}

Value Elaborator::substituted(SyntaxId id) {
  const Expr variable = variable_named(syntax_.child(id, 1), "`at`");
  const Expr by = number(syntax_.child(id, 2));
  if (by.shape() != variable.shape())
    throw TypeError(syntax_.place(syntax_.child(id, 2)), "what replaces a variable has its shape",
                    {variable.shape(), by.shape()});
  Expr result;
  Records records = capture([&] { result = number(syntax_.child(id, 0)); });
  result = replaced(result, variable, by);
  replace_in(records, variable, by);
  records_.add(records, guards_);
  return {.expr = result};
}

}  // namespace nabla
