#include <algorithm>
#include <nabla/app/question.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/parse.hpp>
#include <nabla/engine/run/function.hpp>
#include <ostream>
#include <set>

namespace nabla::app {

namespace {

/// Pieces between commas outside of brackets: "x=1,v=[1,2]" has two.
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '(' || c == '{') ++depth;
    if (c == ']' || c == ')' || c == '}') --depth;
    if (c == ',' && depth == 0) {
      parts.push_back(std::move(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!part.empty() || !parts.empty()) parts.push_back(std::move(part));
  return parts;
}

[[noreturn]] void report(const TypeError& error, const Source& source) {
  std::string message = error.what();
  for (std::size_t i = 0; i < error.shapes.size(); ++i)
    message += (i == 0 ? " (shapes " : ", ") + error.shapes[i].to_string();
  if (!error.shapes.empty()) message += ")";
  throw InputError(SyntaxError(source, error.place, message).render());
}

template <class Elaborate>
auto reported(const Source& source, Elaborate elaborate) {
  try {
    return elaborate();
  } catch (const TypeError& error) {
    report(error, source);
  } catch (const Unsupported& error) {
    throw InputError(SyntaxError(source, error.place, error.what()).render());
  }
}

/// Names that nothing inside the expression binds and that do not name a function being called.
std::vector<std::string> free_names(const Syntax& syntax) {
  std::vector<std::string> found;
  std::vector<std::string> bound;
  const auto binder = [&](SyntaxId id) {
    const SyntaxKind k = syntax.kind(id);
    return k == SyntaxKind::comprehension || k == SyntaxKind::integral || k == SyntaxKind::limit;
  };
  std::set<SyntaxId> skipped;
  walk(
      syntax, syntax.root(),
      [&](SyntaxId id) {
        const auto children = syntax.children(id);
        if (syntax.kind(id) == SyntaxKind::call && syntax.kind(children[0]) == SyntaxKind::name)
          skipped.insert(children[0]);
        if (binder(id)) {
          skipped.insert(children[0]);
          bound.emplace_back(syntax.spelling(children[0]));
        }
        if (syntax.kind(id) == SyntaxKind::name && !skipped.contains(id)) {
          const std::string name(syntax.spelling(id));
          if (name != "pi" && std::ranges::find(bound, name) == bound.end() &&
              std::ranges::find(found, name) == found.end())
            found.push_back(name);
        }
        return true;
      },
      [&](SyntaxId id) {
        if (binder(id)) bound.pop_back();
      });
  return found;
}

}  // namespace

bool Question::has_values() const {
  return std::ranges::all_of(variables, [](const Asked& x) { return x.value.has_value(); });
}

std::string Question::missing() const {
  std::string names;
  for (const Asked& x : variables)
    if (!x.value) names += (names.empty() ? "" : ", ") + x.name;
  return names;
}

Question ask(const NamedText& expression, const std::string& at) {
  const auto workspace = std::make_shared<Workspace>();
  Question question;
  for (const std::string& part : split(at)) {
    const auto equals = part.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError("--at takes name=value pairs like x=1/3,y=pi, not '" + part + "'");
    std::string name = part.substr(0, equals);
    std::erase_if(name, [](char c) { return c == ' '; });
    for (const Asked& x : question.variables)
      if (x.name == name) throw UsageError("--at gives '" + name + "' twice");
    const Source source("--at " + name, part.substr(equals + 1));
    const Syntax syntax = parse_expression(source);
    Environment empty;
    const Expr value = reported(source, [&] {
      Elaborator elaborator(syntax, empty, workspace);
      elaborator.check_names(syntax.root());
      return elaborator.number(syntax.root());
    });
    question.variables.push_back({name, {}, value});
  }
  const Source source(expression.name, expression.text);
  const Syntax syntax = parse_expression(source);
  const std::vector<std::string> names = free_names(syntax);
  for (const Asked& x : question.variables)
    if (std::ranges::find(names, x.name) == names.end())
      throw UsageError("--at gives '" + x.name + "', which does not occur in the expression");
  for (const std::string& name : names)
    if (std::ranges::find(question.variables, name, &Asked::name) == question.variables.end())
      question.variables.push_back({name, {}, std::nullopt});
  const WorkspaceScope scope(workspace);
  Environment environment;
  for (Asked& x : question.variables) {
    x.variable = variable(x.name, x.value ? x.value->shape() : Shape{});
    Binding binding;
    binding.value.expr = x.variable;
    environment.declare(source, x.name, std::move(binding));
  }
  question.expression = reported(source, [&] {
    Elaborator elaborator(syntax, environment, workspace);
    elaborator.check_names(syntax.root());
    return elaborator.number(syntax.root());
  });
  return question;
}

void report_kinks(const Question& question, std::ostream& out) {
  std::vector<Expr> inputs;
  std::vector<Entries<double>> at;
  for (const Asked& x : question.variables) {
    const Function value(std::span<const Expr>(&*x.value, 1), {});
    inputs.push_back(x.variable);
    at.push_back(value(std::span<const Entries<double>>{})[0]);
  }
  const Function f(std::span<const Expr>(&question.expression, 1), inputs);
  const Run<double> run = f.run<double>(at);
  for (const Kink& kink : run.kinks())
    out << "note: " << kink.operation << " meets a point without a derivative (" << kink.convention << ")\n";
}

}  // namespace nabla::app
