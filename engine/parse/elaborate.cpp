// Names, literals, and the walk over a tree; the rest is in elaborate_*.cpp by subject.
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/elaborate_constant.hpp>
#include <nabla/engine/parse/suggest.hpp>

namespace nabla {

Elaborator::Elaborator(const Syntax& syntax, Environment& environment, std::shared_ptr<Workspace> workspace,
                       SweepOptions sweep)
    : syntax_(syntax),
      environment_(environment),
      workspace_(std::move(workspace)),
      scope_(workspace_),
      sweep_(std::move(sweep)),
      origins_(syntax.size(), 0) {}

Elaborator::~Elaborator() { workspace_->graph().set_origin(0); }

std::string Elaborator::text(SyntaxId id) const { return printable(syntax_.text(id)); }

void Elaborator::locate(SyntaxId id) {
  Graph& graph = workspace_->graph();
  if (origins_[id] == 0) {
    const Place place = syntax_.anchor(id);
    origins_[id] = graph.intern_origin(Origin{syntax_.source().name(), place.line, place.column});
  }
  graph.set_origin(origins_[id]);
}

void Elaborator::check_size(const Shape& shape, SyntaxId id) const {
  bool fits = true;
  std::int64_t size = 1;
  for (const std::int64_t extent : shape.extents()) {
    if (extent == 0) return;
    fits = fits && extent <= size_limit && size <= size_limit / extent;
    if (fits) size *= extent;
  }
  if (!fits)
    throw Unsupported(syntax_.anchor(id), "a tensor of shape " + shape.to_string() + " has more than " +
                                              std::to_string(size_limit) + " entries");
}

void Elaborator::spend(std::int64_t terms, std::string_view on, SyntaxId id) {
  if (terms > term_limit || terms_ > term_limit - terms)
    throw Unsupported(syntax_.anchor(id),
                      std::string(on) + " past " + std::to_string(term_limit) + " terms altogether");
  terms_ += terms;
}

Expr Elaborator::zeros(const Shape& shape) const {
  if (shape.is_scalar()) return Expr(0);
  return {workspace_, workspace_->literal(Constant::integer(0), shape)};
}

Expr Elaborator::apply(std::string_view operation, std::span<const Expr> operands) const {
  return detail::append(static_cast<Opcode>(find_operator(operation)), {}, operands, {});
}

Expr Elaborator::apply(std::string_view operation, std::initializer_list<Expr> operands) const {
  return apply(operation, std::span<const Expr>(operands.begin(), operands.size()));
}

// ---- what the caller wants ----

Expr Elaborator::as_number(const Value& value, SyntaxId id) const {
  switch (value.kind) {
    case Value::Kind::number:
      return value.expr;
    case Value::Kind::condition:
      throw TypeError(syntax_.anchor(id),
                      "a condition stands where a number is needed; indicator(...) makes one of it");
    case Value::Kind::function:
      break;
  }
  throw TypeError(syntax_.anchor(id),
                  in_backquotes(text(id)) + " is a function; a number is needed, so apply it to something");
}

Expr Elaborator::number(SyntaxId id) { return as_number(value(id), id); }

Expr Elaborator::scalar(SyntaxId id, std::string_view what) {
  const Expr e = number(id);
  if (!e.shape().is_scalar()) throw TypeError(syntax_.place(id), std::string(what) + " must be a scalar", {e.shape()});
  return e;
}

std::int64_t Elaborator::integer(SyntaxId id, std::string_view what) {
  const std::optional<Constant> exact = exact_value(scalar(id, what));
  if (exact && exact->is_integer()) return exact->num();
  if (exact && is_integer(*exact))
    throw Unsupported(syntax_.place(id), in_backquotes(text(id)) + " is too large for " + std::string(what));
  throw TypeError(syntax_.place(id), std::string(what) + " must be an exact integer that is known here, and " +
                                         in_backquotes(text(id)) + " is " + (exact ? exact->to_string() : "not known"));
}

Expr Elaborator::condition(SyntaxId id) {
  const Value v = value(id);
  if (v.kind != Value::Kind::condition)
    throw TypeError(syntax_.anchor(id), "a condition is needed, such as x > 0; " + in_backquotes(text(id)) + " is " +
                                            (v.kind == Value::Kind::number ? "a number" : "a function"));
  return v.expr;
}

Shape Elaborator::shape(std::span<const SyntaxId> dimensions) {
  std::vector<std::int64_t> extents;
  for (const SyntaxId id : dimensions) {
    std::int64_t extent = integer(id, "a dimension");
    if (extent < 0) {
      if (!probing_) throw TypeError(syntax_.place(id), "a dimension is negative: " + std::to_string(extent));
      extent = 0;
    }
    extents.push_back(extent);
  }
  const Shape result(std::move(extents));
  if (!dimensions.empty()) check_size(result, dimensions[0]);
  return result;
}

// ---- names ----

const Binding* Elaborator::find(std::string_view name) const {
  for (std::size_t i = locals_.size(); i-- > barrier_;)
    if (locals_[i].name == name) return &locals_[i].binding;
  return environment_.find(name, visible_);
}

void Elaborator::unknown(SyntaxId id) const {
  const std::string_view name = syntax_.spelling(id);
  std::vector<std::string_view> candidates(environment_.names().begin(), environment_.names().end());
  for (std::size_t i = barrier_; i < locals_.size(); ++i) candidates.push_back(locals_[i].name);
  for (const std::string_view callable : callable_names()) candidates.push_back(callable);
  candidates.push_back("pi");
  const auto near = did_you_mean(name, candidates);
  throw UnknownName(
      syntax_.source(), syntax_.anchor(id),
      "nothing here is called " + in_backquotes(name) + (near ? "; did you mean " + in_backquotes(*near) + "?" : ""));
}

void Elaborator::check_names(SyntaxId root, std::vector<std::string_view> bound) const {
  const auto binds = [&](SyntaxId id) {
    const SyntaxKind kind = syntax_.kind(id);
    return kind == SyntaxKind::comprehension || kind == SyntaxKind::integral || kind == SyntaxKind::limit;
  };
  walk(
      syntax_, root,
      [&](SyntaxId id) {
        if (binds(id)) bound.push_back(syntax_.spelling(syntax_.child(id, 0)));
        if (syntax_.kind(id) != SyntaxKind::name) return true;
        const std::string_view name = syntax_.spelling(id);
        if (std::find(bound.begin(), bound.end(), name) == bound.end() && find(name) == nullptr && !has_meaning(name))
          unknown(id);
        return true;
      },
      [&](SyntaxId id) {
        if (binds(id)) bound.pop_back();
      });
}

Value Elaborator::name(SyntaxId id) {
  const std::string_view name = syntax_.spelling(id);
  if (const Binding* binding = find(name)) {
    if (binding->kind == Binding::Kind::abbreviation) records_.add(binding->records, guards_);
    return binding->value;
  }
  if (name == "pi") return {.expr = Expr(Constant::pi())};
  if (is_registered(name)) {
    FunctionRef& function = registered_[name];
    if (!function) function = std::make_shared<FunctionValue>(FunctionValue{.name = std::string(name)});
    return {.kind = Value::Kind::function, .function = function};
  }
  if (is_special_form(name))
    throw TypeError(syntax_.anchor(id), in_backquotes(name) + " needs its arguments in parentheses");
  unknown(id);
}

Value Elaborator::literal(SyntaxId id) {
  const auto constant = literal_constant(syntax_.spelling(id));
  if (!constant) throw Unsupported(syntax_.anchor(id), "a number with so many digits");
  return {.expr = Expr(*constant)};
}

// ---- trees ----

Value Elaborator::value(SyntaxId id) {
  struct Depth {
    int& depth;
    explicit Depth(int& d) : depth(++d) {}
    ~Depth() { --depth; }
  } level(depth_);
  if (depth_ > depth_limit)
    throw Unsupported(syntax_.anchor(id), "more than " + std::to_string(depth_limit) +
                                              " expressions inside each other, calls of functions included");
  // 1 + 1 + ... + 1 is as deep as it is long.
  std::vector<SyntaxId> spine;
  while (syntax_.kind(id) == SyntaxKind::binary) {
    spine.push_back(id);
    id = syntax_.child(id, 0);
  }
  try {
    Value result = leaf(id);
    for (; !spine.empty(); spine.pop_back()) {
      const Expr left = as_number(result, syntax_.child(spine.back(), 0));
      const Expr right = number(syntax_.child(spine.back(), 1));
      id = spine.back();
      locate(id);
      result = {.expr = binary(id, left, right)};
      check_size(result.expr.shape(), id);
    }
    return result;
  } catch (const ShapeError& error) {
    throw TypeError(syntax_.anchor(id), in_backquotes(error.operation()) + ": " + error.reason(), error.shapes());
  } catch (const std::length_error& error) {
    throw Unsupported(syntax_.anchor(id), error.what());
  }
}

Value Elaborator::leaf(SyntaxId id) {
  switch (syntax_.kind(id)) {
    case SyntaxKind::number:
      return literal(id);
    case SyntaxKind::name:
      return name(id);
    case SyntaxKind::vector:
      return {.expr = vector(id)};
    case SyntaxKind::matrix:
      return {.expr = matrix(id)};
    case SyntaxKind::call:
      return call(id);
    case SyntaxKind::index:
      return {.expr = indexed(id)};
    case SyntaxKind::transpose:
      return {.expr = transposed(id)};
    case SyntaxKind::negate: {
      const Expr operand = number(syntax_.child(id, 0));
      locate(id);
      return {.expr = -operand};
    }
    case SyntaxKind::comprehension:
      return comprehension(id);
    case SyntaxKind::at:
      return substituted(id);
    case SyntaxKind::relation:
      return relation(id);
    case SyntaxKind::implication:
      return implication(id);
    case SyntaxKind::negation: {
      const Expr operand = condition(syntax_.child(id, 0));
      locate(id);
      return {.kind = Value::Kind::condition, .expr = Expr(1) - operand};
    }
    case SyntaxKind::integral:
      return integral(id);
    case SyntaxKind::limit:
      return limit(id);
    case SyntaxKind::membership:
      throw Unsupported(syntax_.anchor(id), "in(...) stands as a statement of its own, not inside an expression");
    case SyntaxKind::infinity:
      throw TypeError(syntax_.anchor(id), "`oo` is an end of an interval, not a number");
    case SyntaxKind::tuple:
      throw TypeError(syntax_.anchor(id), "(x, y) stands only as the variables of a predicate; a vector is [x, y]");
    default:
      throw TypeError(syntax_.anchor(id), in_backquotes(text(id)) + " is not an expression");
  }
}

}  // namespace nabla
