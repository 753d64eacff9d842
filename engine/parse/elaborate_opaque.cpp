// FunctionRef variables. f(u) is a free variable, and so is the derivative of f at u: what holds for all their values
// holds for every f that is differentiable at the points where it is used.
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/linear_form.hpp>
#include <nabla/ops/linear.hpp>

namespace nabla {

Shape Elaborator::joined_shape(const Shape& a, const Shape& b) {
  std::vector<std::int64_t> extents(a.extents().begin(), a.extents().end());
  extents.insert(extents.end(), b.extents().begin(), b.extents().end());
  return Shape(std::move(extents));
}

std::size_t Elaborator::application(const FunctionRef& function, const Expr& argument, std::string_view text) {
  for (std::size_t k = 0; k < applications_.size(); ++k)
    if (applications_[k].function == function && same(applications_[k].argument, argument)) return k;
  if (const LinearForm form(argument); form.valid()) {
    for (std::size_t k = 0; k < applications_.size(); ++k)
      if (applications_[k].function == function && form == LinearForm(applications_[k].argument)) return k;
  }
  Application made;
  made.function = function;
  made.argument = argument;
  made.text = function->name + "(" + std::string(text) + ")";
  made.value = fresh(made.text, function->codomain);
  applications_.push_back(std::move(made));
  return applications_.size() - 1;
}

Expr Elaborator::apply_opaque(const FunctionRef& function, const Expr& argument, SyntaxId id) {
  if (argument.shape() != function->domain)
    throw TypeError(syntax_.anchor(id), in_backquotes(function->name) + " takes another shape",
                    {function->domain, argument.shape()});
  for (const FunctionValue::Parameter& parameter : function->parameters)
    if (parameter.set) records_.add(Membership{argument, *parameter.set, syntax_.place(id), guards_});
  if (function->instance) {
    instance_applications_.push_back({function, argument, function->instance(argument)});
    return instance_applications_.back().value;
  }
  records_.add(Requirement{argument, guards_});
  return applications_[application(function, argument, text(syntax_.child(id, 1)))].value;
}

Expr Elaborator::linked(const Expr& of, const Expr& by, Replacements& back, Replacements& still, SyntaxId id) {
  for (const ParametricIntegral& i : opaque_integrals_)
    if (depends_on(of, i.value) && (depends_on(i.density, by) || follows(i.density, by)))
      throw Unsupported(syntax_.anchor(id), "a derivative of an integral without a primitive function");
  for (const SupposedLimit& l : supposed_limits_)
    if (depends_on(of, l.value) && (depends_on(l.body, by) || follows(l.body, by)))
      throw Unsupported(syntax_.anchor(id), "a derivative of a limit that is only supposed to exist");
  // An application matters when the expression, or the argument of another that matters, reads its value. Arguments
  // read only applications that were made before.
  std::vector<bool> matters(applications_.size(), false);
  for (std::size_t k = applications_.size(); k-- > 0;) {
    const Application& a = applications_[k];
    matters[k] = depends_on(of, a.value);
    for (std::size_t j = k + 1; j < applications_.size() && !matters[k]; ++j)
      matters[k] = matters[j] && depends_on(applications_[j].argument, a.value);
  }
  Replacements forth;
  for (std::size_t k = 0; k < applications_.size(); ++k) {
    Application& a = applications_[k];
    const Expr argument = substitute(a.argument, forth);
    if (!depends_on(argument, by)) continue;
    if (!a.jacobian.empty() && depends_on(of, a.jacobian))
      deferred_ = "a second derivative of the function variable " + in_backquotes(a.function->name);
    if (!matters[k]) continue;
    if (!a.function->differentiable)
      throw TypeError(syntax_.anchor(id),
                      "a derivative of " + in_backquotes(a.function->name) + ", which is not given as differentiable");
    const Shape from = a.argument.shape();
    const Shape to = a.value.shape();
    if (a.jacobian.empty()) a.jacobian = fresh("D " + a.text, joined_shape(to, from));
    // f(u) becomes f(u) + Df(u) (u - v) with v a copy of u that does not move.
    const Expr copy = fresh("v", from);
    const Expr flat = reshape(a.jacobian, Shape{to.size(), from.size()});
    const Expr moved = matmul(flat, reshape(argument - copy, Shape{from.size()}));
    const Expr follows = a.value + reshape(moved, to);
    forth.emplace_back(a.value, follows);
    back.emplace_back(follows, a.value);
    still.emplace_back(copy, a.argument);
  }
  return substitute(of, forth);
}

Replacements Elaborator::with_applications(Replacements replacements) {
  if (!opens_integrals_)
    for (const ParametricIntegral& i : opaque_integrals_)
      for (const auto& [from, to] : replacements)
        if (depends_on(i.density, from) || follows(i.density, from))
          throw Unsupported({}, "an integral without a primitive function, of what changes");
  for (const SupposedLimit& l : supposed_limits_)
    for (const auto& [from, to] : replacements)
      if (!same(from, l.variable) && (depends_on(l.body, from) || follows(l.body, from)))
        throw Unsupported({}, "a limit that is only supposed to exist, of what changes");
  const std::size_t count = applications_.size();  // what is made meanwhile is at its point already
  for (std::size_t k = 0; k < count; ++k) {
    const Expr before = applications_[k].argument;
    const Expr after = substitute(before, replacements);
    if (same(before, after)) continue;
    const std::string text = applications_[k].text;
    const std::size_t other = application(applications_[k].function, after, "...");
    replacements.emplace_back(applications_[k].value, applications_[other].value);
    if (applications_[k].jacobian.empty()) continue;
    if (applications_[other].jacobian.empty())
      applications_[other].jacobian = fresh("D " + applications_[other].text, applications_[k].jacobian.shape());
    replacements.emplace_back(applications_[k].jacobian, applications_[other].jacobian);
  }
  if (!opens_integrals_) return replacements;
  const std::size_t integrals = opaque_integrals_.size();
  for (std::size_t k = 0; k < integrals; ++k) {
    const ParametricIntegral before = opaque_integrals_[k];
    const Expr density = substitute(before.density, replacements);
    if (!same(density, before.density))
      replacements.emplace_back(before.value, opaque_integral(density, before.inside));
  }
  return replacements;
}

Expr Elaborator::replaced(const Expr& e, const Expr& variable, const Expr& value) {
  return substitute(e, with_applications({{variable, value}}));
}

void Elaborator::replace_in(Records& records, const Expr& variable, const Expr& value) {
  records.substitute(with_applications({{variable, value}}));
}

}  // namespace nabla
