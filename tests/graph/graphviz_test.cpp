#include <doctest/doctest.h>

#include <nabla/graph/graphviz.hpp>

using nabla::Constant;
using nabla::Graph;
using nabla::GraphvizOptions;
using nabla::NodeId;
using nabla::opcode;
using nabla::Ref;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Sample {
  Graph graph;
  NodeId x = graph.add_variable("x");
  NodeId y = graph.add_variable("y");
  NodeId product = graph.add(opcode<nabla::Mul>, {Ref::node(x), Ref::node(y)});
  NodeId quotient = graph.add(opcode<nabla::Div>, {Ref::node(product), Ref::node(y)});
  NodeId square = graph.add(opcode<nabla::Mul>, {Ref::node(x), Ref::node(x)});
};

}  // namespace

TEST_CASE("graphviz: default labels use the notation, with constants and attributes in place") {
  Graph graph;
  const Ref x = Ref::node(graph.add_variable("x", {3}));
  const Ref third = graph.constant(Constant::ratio(1, 3));
  const std::int64_t two[] = {2};
  const auto label = [&](NodeId id) { return nabla::default_label(graph, id); };
  CHECK(label(x.id()) == "x\n[3]");
  const Ref s = Ref::node(graph.add_variable("s"));
  CHECK(label(graph.add(opcode<nabla::Mul>, {third, s})) == "1/3 * _");
  CHECK(label(graph.add(opcode<nabla::Sub>, {s, third})) == "_ - 1/3");
  CHECK(label(graph.add(opcode<nabla::Sub>, {s, s})) == "-");
  CHECK(label(graph.add(opcode<nabla::Neg>, {s})) == "-");
  CHECK(label(graph.add(opcode<nabla::Exp>, {x})) == "exp\n[3]");
  CHECK(label(graph.add(opcode<nabla::PowI>, {s}, two)) == "_ ^ 2");
  CHECK(label(graph.add(opcode<nabla::Max>, {s, third})) == "max(_, 1/3)");
  CHECK(label(graph.add_literal(Constant::integer(0), {2})) == "0\n[2]");
}

TEST_CASE("graphviz: edges run from operand to user, and carry slots only where order matters") {
  const Sample s;
  const std::string dot = nabla::to_graphviz(s.graph);
  CHECK(contains(dot, "rankdir=LR"));
  CHECK(contains(dot, "n0 -> n2;"));
  CHECK(contains(dot, "n2 -> n3 [headlabel=\"0\"];"));
  CHECK(contains(dot, "n1 -> n3 [headlabel=\"1\"];"));
  const auto first = dot.find("n0 -> n4;");
  CHECK(first != std::string::npos);
  CHECK(dot.find("n0 -> n4;", first + 1) != std::string::npos);
}

TEST_CASE("graphviz: with outputs only what they depend on is drawn") {
  const Sample s;
  const NodeId outputs[] = {s.square};
  const std::string dot = nabla::to_graphviz(s.graph, {.outputs = outputs});
  CHECK(contains(dot, "n4 [label=\"*\", peripheries=2]"));
  CHECK_FALSE(contains(dot, "n1 ["));
  CHECK_FALSE(contains(dot, "n3"));
}

TEST_CASE("graphviz: labels are the caller's, and quotes, backslashes and newlines arrive as written") {
  Graph graph;
  graph.add_variable("x");
  const std::string dot =
      nabla::to_graphviz(graph, {.label = [](const Graph&, NodeId) { return "a \"b\" \\N\nvalue = 1.5"; }});
  CHECK(contains(dot, R"(label="a \"b\" \\N\nvalue = 1.5")"));
}

TEST_CASE("graphviz: a large graph is cut with a note") {
  Graph graph;
  for (int i = 0; i < 100; ++i) graph.add_variable("x");
  const std::string dot = nabla::to_graphviz(graph, {.most_nodes = 10});
  CHECK(contains(dot, "and 90 more nodes"));
  CHECK_FALSE(contains(dot, "n10 "));
}
