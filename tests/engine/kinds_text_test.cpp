#include <doctest/doctest.h>

#include <engine/operator_examples.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/parse/elaborate.hpp>
#include <nabla/engine/parse/parse.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/graph/equal.hpp>
#include <nabla/graph/json.hpp>
#include <nabla/graph/text.hpp>

// Every operator of the registry, and its symbolic derivative, written as text and read back.

namespace {

using namespace nabla;
using namespace nabla::examples;

/// The operator applied, and with it in one graph its derivatives by every operand.
Applied with_derivatives(const Example& example) {
  Applied applied(example);
  const WorkspaceScope scope(applied.output.workspace());
  const Expr seed = variable("seed", applied.output.shape());
  static_cast<void>(vjp({&applied.output, 1}, {&seed, 1}, applied.inputs));
  return applied;
}

/// An expression that the language of claims reads, in the workspace of the variables.
Expr read(const std::string& text, const std::vector<Expr>& variables) {
  const Source source("text", text);
  const Syntax syntax = parse_expression(source);
  Environment environment;
  for (const Expr& x : variables) {
    Binding binding;
    binding.value.expr = x;
    environment.declare(source, x.graph().variable_name(x.ref().id()), binding);
  }
  Elaborator elaborator(syntax, environment, variables[0].workspace());
  return elaborator.number(syntax.root());
}

}  // namespace

TEST_CASE("the graph of every operator and of its derivative is the same read back from text and from JSON") {
  for_each([](const Example& example) {
    CAPTURE(example.describe());
    const Applied applied = with_derivatives(example);
    const Graph& graph = applied.output.graph();
    CHECK(equal(graph_from_text(to_text(graph)), graph));
    CHECK(equal(graph_from_json(to_json(graph)), graph));
  });
}

TEST_CASE("every elementwise operator is printed so that the language of claims reads the same operator back") {
  std::size_t same_node = 0, same_value = 0;
  for_each([&](const Example& example) {
    if (operator_info(example.code).family != Family::elementwise) return;
    const Applied applied(example);
    const std::string text = to_string(applied.output);
    CAPTURE(text);
    const Expr again = read(text, applied.inputs);
    if (same(again, applied.output)) {
      ++same_node;
      return;
    }
    // A number that stands for a condition is written as the condition; an operator of order 0 under its own name.
    const std::vector<Entries<double>> at = entries<double>(example);
    const Function reread(std::span<const Expr>(&again, 1), applied.inputs);
    CHECK(reread(std::span<const Entries<double>>(at)) == applied.function()(std::span<const Entries<double>>(at)));
    ++same_value;
  });
  CHECK(same_node > 4 * same_value);
}
