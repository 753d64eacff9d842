#include <iostream>
#include <nabla/app/lesson/lesson.hpp>
#include <nabla/app/picture.hpp>
#include <nabla/app/question.hpp>
#include <nabla/engine/explain/trace.hpp>
#include <nabla/engine/print/print.hpp>

/// `nabla explain`: reverse (or forward) mode over an expression, step by step.
namespace nabla::app {

namespace {

struct Options {
  std::string expression, at, mode = "reverse", dot, svg, html;
  std::vector<int> digits{7, 16};
  bool json = false, latex = false;
};

int run_explain(const Options& options) {
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
  EvaluationTrace trace;
  try {
    trace =
        explain(Function(std::span<const Expr>(&q.expression, 1), inputs), at,
                {.digits = options.digits, .forward = options.mode == "forward", .source = to_string(q.expression)});
  } catch (const std::invalid_argument& error) {
    throw InputError(std::string("nabla: ") + error.what());
  }
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
    if (trace.is_forward) throw UsageError("the page is about reverse mode; leave --mode forward out");
    LessonPage page{.cpp = {}, .latex = to_latex(trace), .source_text = text.text};
    try {
      page.cpp =
          to_cpp(std::span<const Expr>(&q.expression, 1), {.name = "f", .number = "double", .parameters = inputs});
    } catch (const std::invalid_argument&) {  // C++ is written for scalars
    }
    write_file(options.html, lesson_html(trace, page));
    written = true;
  }
  if (options.json)
    std::cout << to_json(trace);
  else if (options.latex)
    std::cout << to_latex(trace);
  else if (!written)
    std::cout << to_text(trace);
  return exit_ok;
}

}  // namespace

void add_explain(CLI::App& program, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("explain", "Differentiation step by step, with the numbers");
  command->add_option("EXPR", options->expression, "A scalar expression; @FILE, or - for standard input")->required();
  command->add_option("--at", options->at, "Values of the variables: x=1.5,y=-2");
  command
      ->add_option("--digits", options->digits, "Significant digits; several, as in 7,16,50: the fewest in the steps")
      ->delimiter(',')
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command->add_option("--mode", options->mode, "reverse: one sweep back; forward: a sweep for each input")
      ->check(CLI::IsMember({"reverse", "forward"}))
      ->capture_default_str();
  command->add_flag("--json", options->json, "The trace as JSON (schema nabla.trace/1)");
  command->add_flag("--latex", options->latex, "An align block of the sweeps and a TikZ picture");
  command->add_option("--html", options->html, "Write a page on which the steps can be walked, for any browser");
  command->add_option("--dot", options->dot,
                      "Write the graph, with values, adjoints and local derivatives, for Graphviz");
  command->add_option("--svg", options->svg, "Draw it (by Graphviz)");
  command->footer(
      "Examples:\n  nabla explain 'log(1+exp(x*y))' --at x=1.5,y=-2\n"
      "  nabla explain 'x*x' --at x=3 --mode forward\n  nabla explain 'x*sin(x)' --at x=2 --digits 7,50 --json");
  command->callback([options, &chosen] { chosen = [options] { return run_explain(*options); }; });
}

}  // namespace nabla::app
