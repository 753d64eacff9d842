#include <filesystem>
#include <iostream>
#include <nabla/app/picture.hpp>
#include <nabla/app/question.hpp>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/graph/compact.hpp>
#include <nabla/graph/graphviz.hpp>
#include <nabla/graph/json.hpp>
#include <nabla/graph/text.hpp>

/// `nabla graph`: the graph of an expression, as a picture (with values and adjoints where they are given) or as data.
namespace nabla::app {

namespace {

namespace fs = std::filesystem;

constexpr int label_digits = 6;

std::string shown(std::span<const double> entries) {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t i = 0; i < entries.size() && i < most; ++i)
    text += (i ? ", " : "") + to_text(entries[i], label_digits);
  if (entries.size() > most) text += ", ...";
  return entries.size() == 1 ? text : "[" + text + "]";
}

/// Labels with the value of each node and, for a scalar expression, its adjoint.
NodeLabel labels_with_values(const Question& q) {
  std::vector<Expr> inputs;
  std::vector<Entries<double>> at;
  for (const Asked& x : q.variables) {
    const Function value(std::span<const Expr>(&*x.value, 1), {});
    inputs.push_back(x.variable);
    at.push_back(value(std::span<const Entries<double>>{})[0]);
  }
  const Function f(std::span<const Expr>(&q.expression, 1), inputs);
  const auto run = std::make_shared<Run<double>>(f.run<double>(at));
  const bool scalar = q.expression.shape().is_scalar();
  if (scalar) run->reverse();
  return [run, scalar](const Graph& graph, NodeId id) {
    std::string label = default_label(graph, id);
    if (run->plan().find(id).empty()) return label;
    label += "\nvalue " + shown(run->value(Ref::node(id)));
    if (scalar) label += "\nadjoint " + shown(run->adjoint(id));
    return label;
  };
}

int run_graph(const std::string& expression, const std::string& at, const std::string& output) {
  const Question q = ask(read_argument(expression), at);
  if (!q.expression.ref().is_node()) throw InputError("nabla: the expression is a constant; its graph is empty");
  const NodeId out = q.expression.ref().id();
  const std::string extension = fs::path(output).extension().string();
  if (extension.empty() || extension == ".txt" || extension == ".json") {
    const Compaction part = compact(q.expression.graph(), {&out, 1});
    const std::string text = extension == ".json" ? to_json(part.graph) : to_text(part.graph);
    if (output.empty())
      std::cout << text;
    else
      write_file(output, text);
    return exit_ok;
  }
  GraphvizOptions options;
  options.outputs = {&out, 1};
  if (!at.empty() && q.has_values()) options.label = labels_with_values(q);
  const std::string dot = to_graphviz(q.expression.graph(), options);
  if (extension == ".dot") {
    write_file(output, dot);
  } else if (extension == ".svg" || extension == ".png" || extension == ".pdf") {
    draw_graphviz(dot, output, extension.substr(1));
  } else {
    throw UsageError("-o takes a file that ends in .svg, .png, .pdf, .dot, .json or .txt, not '" + output + "'");
  }
  return exit_ok;
}

}  // namespace

void add_graph(CLI::App& program, Action& chosen) {
  struct Options {
    std::string expression, at, output;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("graph", "The graph of an expression, as a picture or as data");
  command->add_option("EXPR", options->expression, "An expression; @FILE, or - for standard input")->required();
  command->add_option("--at", options->at, "Values of the variables; a picture then shows values and adjoints");
  command->add_option(
      "-o,--output", options->output,
      "Where to: .svg, .png, .pdf (drawn by Graphviz), .dot, .json, .txt; without it, text to the terminal");
  command->footer("Examples:\n  nabla graph 'log(1+exp(x*y))' --at x=1,y=2 -o picture.svg\n  nabla graph 'x*x + y'");
  command->callback([options, &chosen] {
    chosen = [options] { return run_graph(options->expression, options->at, options->output); };
  });
}

}  // namespace nabla::app
