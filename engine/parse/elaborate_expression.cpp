#include <nabla/engine/parse/elaborate_expression.hpp>
#include <nabla/engine/parse/parse.hpp>

namespace nabla {

namespace {

/// The free names that are read as numbers, in the order of their first appearance.
std::vector<SyntaxId> free_names(const Syntax& syntax, const std::map<std::string, Shape>& shapes) {
  std::vector<SyntaxId> result;
  std::set<std::string_view> met;
  std::vector<std::string_view> bound;
  std::set<SyntaxId> callees;
  const auto binds = [&](SyntaxId id) {
    const SyntaxKind kind = syntax.kind(id);
    return kind == SyntaxKind::comprehension || kind == SyntaxKind::integral || kind == SyntaxKind::limit;
  };
  walk(
      syntax, syntax.root(),
      [&](SyntaxId id) {
        if (binds(id)) bound.push_back(syntax.spelling(syntax.child(id, 0)));
        if (syntax.kind(id) == SyntaxKind::call) callees.insert(syntax.child(id, 0));
        if (syntax.kind(id) != SyntaxKind::name || callees.contains(id)) return true;
        const std::string_view name = syntax.spelling(id);
        if (std::find(bound.begin(), bound.end(), name) != bound.end() || !met.insert(name).second) return true;
        if (shapes.contains(std::string(name)) || !Elaborator::has_meaning(name)) result.push_back(id);
        return true;
      },
      [&](SyntaxId id) {
        if (binds(id)) bound.pop_back();
      });
  return result;
}

std::string rendered(const Source& source, Place place, const std::string& message) {
  return source.name() + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": error: " + message +
         "\n" + excerpt(source, place);
}

}  // namespace

ElaboratedExpression elaborate_expression(const Source& source, const std::map<std::string, Shape>& shapes,
                                          const SweepOptions& sweep) {
  const Syntax syntax = parse_statement(source);
  ElaboratedExpression result;
  result.workspace = std::make_shared<Workspace>();
  Environment environment;
  Elaborator elaborator(syntax, environment, result.workspace, sweep);
  for (const SyntaxId id : free_names(syntax, shapes)) {
    const std::string name(syntax.spelling(id));
    const auto shape = shapes.find(name);
    Binding binding{.kind = Binding::Kind::variable, .place = syntax.place(id)};
    binding.value.expr = variable(name, shape == shapes.end() ? Shape{} : shape->second);
    result.variables.push_back(binding.value.expr);
    environment.declare(source, name, std::move(binding));
  }
  elaborator.check_names(syntax.root());
  const Value value = elaborator.value(syntax.root());
  if (value.kind == Value::Kind::function)
    throw TypeError(syntax.place(syntax.root()), "this is a function; apply it to something");
  result.is_condition = value.kind == Value::Kind::condition;
  result.value = value.expr;
  result.records = elaborator.records();
  return result;
}

std::string render(const Source& source, const TypeError& error) {
  std::string text = rendered(source, error.place, error.what());
  if (error.shapes.empty()) return text;
  text += error.shapes.size() == 1 ? "  the shape is " : "  the shapes are ";
  for (std::size_t k = 0; k < error.shapes.size(); ++k) {
    if (k > 0) text += k + 1 == error.shapes.size() ? " and " : ", ";
    text += error.shapes[k].is_scalar() ? "[] (a scalar)" : error.shapes[k].to_string();
  }
  return text + "\n";
}

std::string render(const Source& source, const Unsupported& error) {
  return rendered(source, error.place, std::string("not handled: ") + error.what());
}

}  // namespace nabla
