#include <algorithm>
#include <map>
#include <nabla/app/question.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/parse/elaborate_expression.hpp>
#include <nabla/engine/run/function.hpp>
#include <ostream>

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

ElaboratedExpression elaborated(const Source& source, const std::map<std::string, Shape>& shapes) {
  try {
    return elaborate_expression(source, shapes);
  } catch (const TypeError& error) {
    throw InputError(render(source, error));
  } catch (const Unsupported& error) {
    throw InputError(render(source, error));
  }
}

struct Given {
  std::string name;
  Expr value;
};

Given read_value(const std::string& part) {
  const auto equals = part.find('=');
  std::string name = part.substr(0, equals);
  std::erase_if(name, [](char c) { return c == ' '; });
  if (equals == std::string::npos || name.empty())
    throw UsageError("--at takes name=value pairs like x=1/3,y=pi, not '" + part + "'");
  const ElaboratedExpression value = elaborated(Source("--at " + name, part.substr(equals + 1)), {});
  if (!value.variables.empty())
    throw UsageError("--at: the value of '" + name + "' must be a constant, not '" + part + "'");
  return {std::move(name), value.value};
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
  std::vector<Given> given;
  std::map<std::string, Shape> shapes;
  for (const std::string& part : split(at)) {
    given.push_back(read_value(part));
    if (!shapes.emplace(given.back().name, given.back().value.shape()).second)
      throw UsageError("--at gives '" + given.back().name + "' twice");
  }
  const ElaboratedExpression read = elaborated(Source(expression.name, expression.text), shapes);
  Question question{.expression = read.value, .variables = {}};
  std::map<std::string, Expr> free;
  for (const Expr& x : read.variables) free.emplace(x.graph().variable_name(x.ref().id()), x);
  for (const Given& g : given) {
    const auto it = free.find(g.name);
    if (it == free.end()) throw UsageError("--at gives '" + g.name + "', which does not occur in the expression");
    question.variables.push_back({g.name, it->second, g.value});
    free.erase(it);
  }
  for (const Expr& x : read.variables) {
    const std::string& name = x.graph().variable_name(x.ref().id());
    if (free.contains(name)) question.variables.push_back({name, x, std::nullopt});
  }
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
