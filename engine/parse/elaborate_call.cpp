// Calls: special forms, functions of the block, registered operators.
#include <array>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/ops/comparison.hpp>

namespace nabla {

namespace {

/// What takes more than values: conditions, variables, exact integers.
constexpr std::array<std::string_view, 8> special_forms = {"grad",  "jacobian",  "hessian", "diff",
                                                           "where", "indicator", "delta",   "shape"};

/// f40(x) with f40(u) = f39(f39(u)), f39(u) = f38(f38(u)) and so on is short.
constexpr std::size_t most_nodes = 100'000;

std::string counted(std::size_t n) { return std::to_string(n) + (n == 1 ? " argument" : " arguments"); }

}  // namespace

bool Elaborator::is_special_form(std::string_view name) {
  return std::find(special_forms.begin(), special_forms.end(), name) != special_forms.end();
}

std::vector<std::string_view> Elaborator::callable_names() const {
  std::vector<std::string_view> names(special_forms.begin(), special_forms.end());
  for (std::size_t code = 0; code < operator_count(); ++code) {
    const std::string_view name = operator_info(static_cast<Opcode>(code)).name;
    if (is_registered(name)) names.push_back(name);
  }
  for (const std::string_view name : written_out_names()) names.push_back(name);
  return names;
}

void Elaborator::check_arity(SyntaxId id, std::size_t least, std::size_t most) const {
  const std::size_t given = syntax_.children(id).size() - 1;
  if (given >= least && given <= most) return;
  const std::string takes = least == most ? counted(least) : std::to_string(least) + " to " + counted(most);
  throw TypeError(syntax_.anchor(id), in_backquotes(printable(syntax_.text(syntax_.child(id, 0)))) + " takes " + takes +
                                          ", and here " + (given == 1 ? "is " : "are ") + std::to_string(given));
}

Value Elaborator::call(SyntaxId id) {
  const SyntaxId callee = syntax_.child(id, 0);
  FunctionRef function;
  if (syntax_.kind(callee) == SyntaxKind::name) {
    const std::string_view name = syntax_.spelling(callee);
    const Binding* binding = find(name);
    if (binding != nullptr && binding->value.kind != Value::Kind::function) {
      throw TypeError(syntax_.anchor(id), in_backquotes(name) +
                                              " is not a function; a product is written with `*`, an entry "
                                              "with brackets");
    }
    if (binding == nullptr)
      if (auto result = special_form(name, id)) return *std::move(result);
  }
  const Value applied = value(callee);
  if (applied.kind != Value::Kind::function)
    throw TypeError(syntax_.anchor(id),
                    in_backquotes(text(callee)) + " is not a function; a product is written with `*`");
  std::vector<Value> arguments;
  for (const SyntaxId argument : syntax_.children(id).subspan(1)) {
    if (syntax_.kind(argument) == SyntaxKind::tuple)
      throw TypeError(syntax_.place(argument), "(x, y) stands only as the variables of a predicate");
    arguments.push_back(value(argument));
  }
  locate(id);
  return apply_function(applied.function, std::move(arguments), id);
}

std::optional<Value> Elaborator::special_form(std::string_view name, SyntaxId id) {
  if (!is_special_form(name)) return std::nullopt;
  if (name == "grad") return derivative(Transform::grad, id);
  if (name == "jacobian") return derivative(Transform::jacobian, id);
  if (name == "hessian") return derivative(Transform::hessian, id);
  if (name == "diff") return Value{.expr = directional(id)};
  if (name == "where") return Value{.expr = where(id)};
  if (name == "delta") return Value{.expr = delta(id)};
  if (name == "shape") return Value{.expr = shape_vector(id)};
  check_arity(id, 1, 1);  // indicator
  return Value{.expr = condition(syntax_.child(id, 1))};
}

Expr Elaborator::delta(SyntaxId id) {
  check_arity(id, 2, 2);
  const Expr i = scalar(syntax_.child(id, 1), "an index of delta");
  const Expr j = scalar(syntax_.child(id, 2), "an index of delta");
  locate(id);
  return relate(Relation::equal, i, j);
}

Expr Elaborator::shape_vector(SyntaxId id) {
  check_arity(id, 1, 1);
  Expr e;
  capture([&] { e = number(syntax_.child(id, 1)); });  // a shape needs no value
  std::vector<Expr> extents;
  for (const std::int64_t extent : e.shape().extents()) extents.emplace_back(extent);
  locate(id);
  return joined(extents, Shape{static_cast<std::int64_t>(extents.size())}, id);
}

// ---- functions ----

std::shared_ptr<FunctionValue> Elaborator::closure(std::string name, std::span<const std::string> parameters,
                                                   SyntaxId body) {
  auto function = std::make_shared<FunctionValue>();
  function->kind = FunctionValue::Kind::closure;
  function->name = std::move(name);
  function->body = body;
  function->visible = environment_.size();
  std::set<std::string_view> used, variables;
  const auto base_of = [&](SyntaxId id) {
    while (syntax_.kind(id) == SyntaxKind::index) id = syntax_.child(id, 0);
    return syntax_.kind(id) == SyntaxKind::name ? syntax_.spelling(id) : std::string_view();
  };
  walk(
      syntax_, body,
      [&](SyntaxId id) {
        const SyntaxKind kind = syntax_.kind(id);
        if (kind == SyntaxKind::name) used.insert(syntax_.spelling(id));
        if (kind == SyntaxKind::at) variables.insert(syntax_.spelling(syntax_.child(id, 1)));
        if (kind == SyntaxKind::call && syntax_.children(id).size() > 2) {
          const std::string_view callee = base_of(syntax_.child(id, 0));
          if (callee == "grad" || callee == "jacobian" || callee == "hessian" || callee == "diff")
            variables.insert(base_of(syntax_.child(id, 2)));
        }
        return true;
      },
      [](SyntaxId) {});
  for (const std::string& parameter : parameters) {
    function->parameters.push_back({.name = parameter,
                                    .is_variable = variables.contains(parameter),
                                    .is_used = used.contains(parameter),
                                    .set = std::nullopt});
  }
  return function;
}

Value Elaborator::apply_function(const FunctionRef& function, std::vector<Value> arguments, SyntaxId id) {
  const auto numbers = [&] {
    std::vector<Expr> x;
    for (std::size_t k = 0; k < arguments.size(); ++k) x.push_back(as_number(arguments[k], syntax_.child(id, k + 1)));
    return x;
  };
  switch (function->kind) {
    case FunctionValue::Kind::closure:
      check_arity(id, function->parameters.size(), function->parameters.size());
      return apply_closure(function, arguments, id);
    case FunctionValue::Kind::registered: {
      const std::vector<Expr> x = numbers();
      return {.expr = apply_registered(function->name, x, id)};
    }
    case FunctionValue::Kind::derivative:
      check_arity(id, 1, 1);
      return {.expr = apply_derivative(function, numbers()[0], id)};
    case FunctionValue::Kind::opaque:
      check_arity(id, 1, 1);
      return {.expr = apply_opaque(function, numbers()[0], id)};
  }
  return {};
}

Value Elaborator::apply_closure(const FunctionRef& function, const std::vector<Value>& arguments, SyntaxId id) {
  std::vector<std::uint64_t> key{reinterpret_cast<std::uintptr_t>(function.get())};
  for (const Value& argument : arguments) {
    key.push_back(argument.kind == Value::Kind::function ? reinterpret_cast<std::uintptr_t>(argument.function.get())
                                                         : std::uint64_t{argument.expr.ref().bits()});
  }
  for (std::size_t k = 0; k < arguments.size(); ++k)
    if (function->parameters[k].set && arguments[k].kind == Value::Kind::number)
      records_.add(Membership{arguments[k].expr, *function->parameters[k].set, syntax_.place(id), guards_});
  auto found = remembered_.find(key);
  if (found == remembered_.end()) {
    if (workspace_->graph().size() > most_nodes)
      throw Unsupported(syntax_.anchor(id), "calls of functions are not written out past " +
                                                std::to_string(most_nodes) + " operations altogether");
    Replacements variables;
    std::vector<Local> bound;
    Records unused;
    for (std::size_t k = 0; k < arguments.size(); ++k) {
      const FunctionValue::Parameter& parameter = function->parameters[k];
      Binding binding{.kind = Binding::Kind::index, .value = arguments[k], .place = syntax_.place(id)};
      if (arguments[k].kind == Value::Kind::function) {
        binding.kind = Binding::Kind::function;
      } else if (parameter.is_variable) {
        binding.kind = Binding::Kind::variable;
        binding.value.expr = fresh(parameter.name, arguments[k].expr.shape());
        variables.emplace_back(binding.value.expr, arguments[k].expr);
      }
      if (!parameter.is_used && arguments[k].kind == Value::Kind::number)
        unused.add(Requirement{arguments[k].expr, {}});
      bound.push_back({parameter.name, std::move(binding)});
    }
    Value result;
    Records records = capture([&] {
      struct Frame {
        Elaborator& e;
        std::size_t size, barrier, visible;
        explicit Frame(Elaborator& elaborator)
            : e(elaborator), size(e.locals_.size()), barrier(e.barrier_), visible(e.visible_) {}
        ~Frame() {
          e.locals_.resize(size);
          e.barrier_ = barrier;
          e.visible_ = visible;
        }
      } frame(*this);
      barrier_ = locals_.size();
      visible_ = function->visible;
      for (Local& local : bound) locals_.push_back(std::move(local));
      result = value(function->body);
    });
    for (const auto& [variable, argument] : variables) {
      if (result.kind != Value::Kind::function) result.expr = replaced(result.expr, variable, argument);
      replace_in(records, variable, argument);
    }
    records.add(unused, {});
    if (probing_) {
      records_.add(records, guards_);
      return result;
    }
    found = remembered_.emplace(std::move(key), Remembered{function, std::move(result), std::move(records)}).first;
  }
  records_.add(found->second.records, guards_);
  return found->second.value;
}

}  // namespace nabla
