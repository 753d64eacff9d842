#include <fstream>
#include <iostream>
#include <nabla/app/question.hpp>
#include <nabla/engine/compile/source.hpp>

/// `nabla compile`: an expression of scalars as a C++ function with its gradient.
namespace nabla::app {

namespace {

int run_compile(const std::string& expression, const std::string& name, const std::string& output) {
  const bool is_name = !name.empty() &&
                       name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
                           "0123456789") == std::string::npos &&
                       !(name[0] >= '0' && name[0] <= '9');
  if (!is_name) throw UsageError("--name takes a C++ name, not '" + name + "'");
  const Question q = ask(read_argument(expression), "");
  if (!q.expression.ref().is_node())
    throw InputError("nabla: the expression is a constant; there is nothing to compile");
  std::vector<Expr> variables;
  std::string list;
  for (const Asked& x : q.variables) {
    list += "//   x[" + std::to_string(variables.size()) + "] = " + x.name + "\n";
    variables.push_back(x.variable);
  }
  const std::string text = "// Inputs:\n" + list + to_cpp_source(Function({&q.expression, 1}, variables), name);
  if (output.empty()) {
    std::cout << text;
    return exit_ok;
  }
  std::ofstream file(output, std::ios::binary);
  file << text;
  if (!file.flush()) throw InputError("nabla: cannot write " + output);
  return exit_ok;
}

}  // namespace

void add_compile(CLI::App& program, Action& chosen) {
  struct Options {
    std::string expression, name = "f", output;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "compile", "An expression of scalars as C++: a function for its value, one for its gradient");
  command->add_option("EXPR", options->expression, "An expression; @FILE, or - for standard input")->required();
  command->add_option("--name", options->name, "Name of the function; NAME_gradient is the other")
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "A header to write; without it, text to the terminal");
  command->footer("Example:\n  nabla compile 'log(1+exp(x*y))' --name model -o model.hpp");
  command->callback([options, &chosen] {
    chosen = [options] { return run_compile(options->expression, options->name, options->output); };
  });
}

}  // namespace nabla::app
