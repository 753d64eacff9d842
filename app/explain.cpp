#include <fmt/format.h>

#include <iostream>
#include <nabla/app/code.hpp>
#include <nabla/app/lesson/lesson.hpp>
#include <nabla/app/picture.hpp>
#include <nabla/app/question.hpp>
#include <nabla/engine/explain/trace.hpp>
#include <nabla/engine/print/print.hpp>

/// `nabla explain`: reverse (or forward) mode over an expression, step by step.
namespace nabla::app {

namespace {

/// Where all digits are at hand (the page, the JSON), of what a reader can follow; the terminal shows two numbers of
/// them.
const std::vector<int> many_digits{7, 16, 34, 50, 100}, few_digits{7, 16};
constexpr std::size_t most_nodes_for_many_digits = 60;

struct Options {
  std::string expression, trace, at, mode = "reverse", dot, svg, html;
  std::vector<int> digits;
  std::size_t nodes = 0;
  bool json = false, latex = false;
};

struct Explained {
  EvaluationTrace trace;
  std::string source_text, cpp;
};

/// What stands for one step when nobody said: all of it in the JSON, which programs read; what fits a page elsewhere.
std::size_t most_nodes(const Options& options) {
  if (options.nodes > 0) return options.nodes;
  return options.json ? std::size_t{10'000} : ExplainOptions{}.most_nodes;
}

Explained explain_expression(const Options& options) {
  const NamedText text = read_argument(options.expression);
  const Question q = ask(text, options.at);
  if (!q.expression.shape().is_scalar())
    throw InputError("nabla: the expression has shape " + q.expression.shape().to_string() +
                     "; explain follows a scalar (sum(...) or one entry of it)");
  if (!q.expression.ref().is_node())
    throw InputError("nabla: the expression is a constant; there is nothing to explain");
  if (!q.has_values())
    throw UsageError("the expression has variables without a value: " + q.missing() + "; give them with --at x=1/3");
  std::vector<Expr> inputs, at;
  for (const Asked& x : q.variables) {
    inputs.push_back(x.variable);
    at.push_back(*x.value);
  }
  const Function f(std::span<const Expr>(&q.expression, 1), inputs);
  std::vector<int> digits = options.digits;
  if (digits.empty()) {
    const bool many = (options.json || !options.html.empty()) && f.plan()->nodes().size() <= most_nodes_for_many_digits;
    digits = many ? many_digits : few_digits;
  }
  Explained result{.trace = {}, .source_text = text.text, .cpp = {}};
  try {
    result.trace = explain(f, at,
                           {.digits = digits,
                            .forward = options.mode == "forward",
                            .source = to_string(q.expression, {.tree_limit = 2000, .limit = 4000}),
                            .most_nodes = most_nodes(options)});
  } catch (const std::invalid_argument& error) {
    throw InputError(std::string("nabla: ") + error.what());
  }
  if (!options.html.empty()) {
    try {
      result.cpp = code_of(std::span<const Expr>(&q.expression, 1), q);
    } catch (const std::exception&) {  // not everything has C++; the page is one without that button
    }
  }
  return result;
}

Explained read_trace(const Options& options) {
  if (!options.expression.empty() || !options.at.empty() || !options.digits.empty() || options.nodes > 0)
    throw UsageError("--trace has an expression, its values and their digits already");
  try {
    return {.trace = trace_from_json(read_file(options.trace)), .source_text = {}, .cpp = {}};
  } catch (const std::invalid_argument& error) {
    throw InputError("nabla: " + options.trace + ": " + error.what());
  }
}

int run_explain(const Options& options) {
  if (options.expression.empty() == options.trace.empty()) throw UsageError("explain takes an expression, or --trace");
  const Explained explained = options.trace.empty() ? explain_expression(options) : read_trace(options);
  const EvaluationTrace& trace = explained.trace;
  bool written = false;
  if (!options.dot.empty()) {
    write_file(options.dot, to_graphviz(trace));
    written = true;
  }
  if (!options.svg.empty()) {
    draw_graphviz(to_graphviz(trace), options.svg, "svg");
    written = true;
  }
  if (!options.html.empty()) {
    write_file(
        options.html,
        lesson_html(trace, {.cpp = explained.cpp, .latex = to_latex(trace), .source_text = explained.source_text}));
    written = true;
  }
  if (options.json)
    std::cout << to_json(trace);
  else if (options.latex)
    std::cout << to_latex(trace);
  else if (!written)
    std::cout << to_text(trace);
  if (trace.scopes > 0 && (written || options.json || options.latex))
    std::cerr << fmt::format("note: {} operations are shown as {} scopes; with a larger --nodes each is a step\n",
                             trace.operations, trace.scopes);
  return exit_ok;
}

}  // namespace

void add_explain(CLI::App& program, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("explain", "Differentiation step by step, with the numbers");
  command->add_option("EXPR", options->expression, "A scalar expression; @FILE, or - for standard input");
  command->add_option("--trace", options->trace,
                      "In place of EXPR: a trace as JSON, as nabla::to_json(nabla::explain(recording)) writes it for a "
                      "C++ function");
  command->add_option("--at", options->at, "Values of the variables: x=1.5,y=-2");
  command
      ->add_option("--digits", options->digits,
                   "Significant digits; several, as in 7,16,50: the fewest in the steps [7,16; for --html and --json "
                   "7,16,34,50,100]")
      ->delimiter(',')
      ->check(CLI::Range(1, 10000));
  command->add_option("--mode", options->mode, "reverse: one sweep back; forward: a sweep for each input")
      ->check(CLI::IsMember({"reverse", "forward"}))
      ->capture_default_str();
  command
      ->add_option("--nodes", options->nodes,
                   "Beyond so many nodes operations are shown by scopes, each one step [200; for --json 10000]")
      ->check(CLI::PositiveNumber);
  command->add_flag("--json", options->json, "The trace as JSON (schema nabla.trace/1)");
  command->add_flag("--latex", options->latex, "An align block of the sweeps and a TikZ picture");
  command->add_option("--html", options->html, "Write a page on which the steps can be walked, for any browser");
  command->add_option("--dot", options->dot,
                      "Write the graph, with values, adjoints and local derivatives, for Graphviz");
  command->add_option("--svg", options->svg, "Draw it (by Graphviz)");
  command->footer(
      "Examples:\n  nabla explain 'log(1+exp(x*y))' --at x=1.5,y=-2\n"
      "  nabla explain 'x*x' --at x=3 --mode forward\n  nabla explain 'x*sin(x)' --at x=2 --digits 7,50 --json\n"
      "  nabla explain --trace loss.json --html loss.html");
  command->callback([options, &chosen] { chosen = [options] { return run_explain(*options); }; });
}

}  // namespace nabla::app
