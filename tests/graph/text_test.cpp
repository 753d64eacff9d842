#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/graph/equal.hpp>
#include <nabla/graph/text.hpp>

using nabla::Constant;
using nabla::equal;
using nabla::Graph;
using nabla::graph_from_text;
using nabla::GraphFormatError;
using nabla::NodeId;
using nabla::opcode;
using nabla::Ref;
using nabla::to_text;

namespace {

const std::string header = "nabla graph 1\n";

/// What reading a text complains about.
GraphFormatError complaint(const std::string& text) {
  try {
    graph_from_text(text);
  } catch (const GraphFormatError& error) {
    return error;
  }
  FAIL("the text was accepted: " << text);
  throw std::logic_error("unreachable");
}

void check_complaint(const std::string& lines, std::uint32_t line, std::uint32_t column, const std::string& part) {
  const GraphFormatError error = complaint(header + lines);
  INFO(error.what());
  CHECK(error.line() == line);
  CHECK(error.column() == column);
  CHECK(error.message().find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("graph text: reads as it is documented") {
  Graph graph;
  const NodeId x = graph.add_variable("x", {3});
  const std::int64_t two[] = {2};
  const NodeId square = graph.add(opcode<nabla::PowI>, {Ref::node(x)}, two);
  graph.add(opcode<nabla::Mul>, {graph.constant(Constant::ratio(1, 3)), Ref::node(square)});
  graph.set_origin(graph.intern_origin(nabla::Origin{"model.cpp", 12, 7}));
  graph.add_literal(Constant::dyadic(3.0));
  CHECK(to_text(graph) ==
        "nabla graph 1\n"
        "%0 = variable \"x\" : [3]\n"
        "%1 = powi %0 {2} : [3]\n"
        "%2 = mul 1/3, %1 : [3]\n"
        "%3 = literal 0x1.8p+1\n");
  CHECK(to_text(graph, {.origins = true}).ends_with("%3 = literal 0x1.8p+1 @ \"model.cpp\":12:7\n"));
}

TEST_CASE("graph text: every operator of the registry survives writing and reading") {
  const nabla::Shape shapes[] = {{}, {2}, {2, 2}, {1, 2, 2}};
  const std::vector<std::vector<std::int64_t>> attribute_lists = {{}, {0}, {1}, {2, 2}, {0, 1}, {0, 1, 1}, {2, 0, 1}};
  Graph graph;
  std::vector<NodeId> inputs;
  for (const nabla::Shape& shape : shapes) inputs.push_back(graph.add_variable("v" + shape.to_string(), shape));
  for (nabla::Opcode code = 0; code < nabla::builtin_count; ++code) {
    const nabla::OperatorInfo& info = nabla::operator_info(code);
    if (info.family == nabla::Family::leaf) continue;
    bool seen = false;
    for (const NodeId input : inputs)
      for (const auto& attributes : attribute_lists) {
        if (info.family == nabla::Family::elementwise && attributes.size() != (info.indexed ? 1u : 0u)) continue;
        const std::size_t arity = info.arity == nabla::variadic ? 2 : static_cast<std::size_t>(info.arity);
        try {
          graph.add(code, std::vector<Ref>(arity, Ref::node(input)), attributes);
          seen = true;
        } catch (const nabla::ShapeError&) {
        }
      }
    // Structured operators may need stranger shapes than these.
    CAPTURE(info.name);
    CHECK((seen || info.family == nabla::Family::structured));
  }
  CHECK(equal(graph_from_text(to_text(graph)), graph));
}

TEST_CASE("graph text: constants are exact, whatever they are") {
  Graph graph;
  const double inf = std::numeric_limits<double>::infinity();
  for (const double x : {0.0, -0.0, 0.1, -1.5, 5e-324, 1.7976931348623157e308, inf, -inf, std::nan(""), -std::nan("7")})
    graph.add_literal(Constant::dyadic(x));
  for (const char* text : {"0", "-7/3", "123456789012345678901234567890", "-1/123456789012345678901234567890"})
    graph.add_literal(Constant::text(text));
  graph.add_literal(Constant::pi(), {2, 2});
  graph.add_literal(Constant::infinity());
  CHECK(equal(graph_from_text(to_text(graph)), graph));
}

TEST_CASE("graph text: any name survives, quotes, newlines and bad UTF-8 among them") {
  Graph graph;
  graph.add_variable("");
  graph.add_variable("a \"quoted\\\" # name\n\twith\x7F \xFF\xC0 bytes");
  graph.add_variable("\xC3\xA9", {0, 4});
  CHECK(equal(graph_from_text(to_text(graph)), graph));
}

TEST_CASE("graph text: origins survive when they are written") {
  Graph graph;
  graph.add_variable("x");
  graph.set_origin(graph.intern_origin(nabla::Origin{"a \"file\".cpp", 3, 14}));
  graph.add(opcode<nabla::Exp>, {Ref::node(0)});
  graph.set_origin(graph.intern_origin(nabla::Origin{"", 5, 0}));
  graph.add(opcode<nabla::Exp>, {Ref::node(1)});
  const Graph with = graph_from_text(to_text(graph, {.origins = true}));
  for (NodeId id = 0; id < graph.size(); ++id) CHECK(with.origin(id) == graph.origin(id));
  const Graph without = graph_from_text(to_text(graph));
  CHECK(without.origin(1) == nabla::Origin{});
  CHECK(equal(with, without));
}

TEST_CASE("graph text: blank lines, comments, blanks and CRLF do not count") {
  const Graph graph = graph_from_text(
      "\r\n  # a picture of nothing\r\nnabla graph 1\r\n\r\n  %0=variable\"x\"# an input\r\n\t%1 = mul %0 , 2 \r\n");
  CHECK(to_text(graph) == "nabla graph 1\n%0 = variable \"x\"\n%1 = mul %0, 2\n");
}

TEST_CASE("graph text: an empty graph has a header") {
  CHECK(graph_from_text(header).size() == 0);
  CHECK(complaint("").message().find("header") != std::string::npos);
  CHECK(complaint("nabla graph 2\n").message().find("nabla graph 1") != std::string::npos);
}

TEST_CASE("graph text: mistakes are named with line and column") {
  check_complaint("%1 = variable \"x\"\n", 2, 2, "in order");
  check_complaint("%0 = variable \"x\"\n%1 = tahn %0\n", 3, 6, "no operator named 'tahn'");
  check_complaint("%0 = neg %0\n", 2, 6, "not an earlier node");
  check_complaint("%0 = neg %18446744073709551616\n", 2, 11, "too large");
  check_complaint("%0 = neg %-1\n", 2, 11, "expected the id");
  check_complaint("%0 = variable \"x\"\n%1 = add %0\n", 3, 6, "takes 2 operands, not 1");
  check_complaint("%0 = variable \"x\" : [2]\n%1 = exp %0\n", 3, 6, "gives [2]");
  check_complaint("%0 = variable \"x\" : [-2]\n", 2, 6, "negative");
  check_complaint("%0 = variable \"x\" : [4611686018427387904, 4611686018427387904]\n", 2, 6, "more entries than fit");
  check_complaint("%0 = variable\n", 2, 6, "needs a name");
  check_complaint("%0 = variable \"x\n", 2, 15, "not closed");
  check_complaint("%0 = variable \"x\\q\"\n", 2, 17, "after the backslash");
  check_complaint("%0 = literal\n", 2, 6, "needs a value");
  check_complaint("%0 = literal 0.1\n", 2, 14, "not a constant");
  check_complaint("%0 = literal 1/0\n", 2, 14, "denominator is zero");
  check_complaint("%0 = literal 0x1.0000000000000001p+0\n", 2, 14, "not the form");
  check_complaint("%0 = literal 0x-1p+0\n", 2, 14, "not a constant");
  check_complaint("%0 = powi 2\n", 2, 6, "takes one attribute");
  check_complaint("%0 = exp 2 {1}\n", 2, 6, "no attributes");
  check_complaint("%0 = exp 2 garbage\n", 2, 12, "end of the line");
  check_complaint("%0 = exp 2 @ \"f\":x:1\n", 2, 18, "a line");
  check_complaint("nonsense\n", 2, 1, "expected a node");
}

TEST_CASE("graph text: no attributes that a file may state make an operator misbehave") {
  const std::int64_t big = std::numeric_limits<std::int64_t>::max();
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::vector<std::vector<std::int64_t>> attribute_lists = {{},
                                                                  {0},
                                                                  {-1},
                                                                  {7},
                                                                  {big},
                                                                  {least},
                                                                  {0, 0},
                                                                  {1, -5},
                                                                  {big, big},
                                                                  {0, 1, 0},
                                                                  {0, big, 1},
                                                                  {least, least, least},
                                                                  {3, 2, 1, 0},
                                                                  {0, 2, 1, 0, 2, 1},
                                                                  {0, 2, big, least, 2, 1}};
  const std::vector<std::vector<std::int64_t>> shapes = {{}, {0}, {3}, {2, 2}, {0, 2}, {2, 0}, {2, 2, 2}};
  Graph graph;
  for (const auto& extents : shapes) graph.add_variable("x", nabla::Shape(extents));
  const std::size_t inputs = graph.size();
  for (nabla::Opcode code = 0; code < nabla::builtin_count; ++code)
    for (const auto& attributes : attribute_lists)
      for (std::uint64_t input = 0; input < inputs; ++input)
        for (std::size_t count = 0; count < 4; ++count) {
          nabla::SavedNode node{.operation = nabla::operator_info(code).name};
          node.attributes = attributes;
          node.operands.assign(count, input);
          if (count > 1) node.operands.back() = std::uint64_t{0};
          try {
            append_saved(graph, node);
          } catch (const std::invalid_argument& error) {
            CHECK_FALSE(std::string(error.what()).empty());
          }
        }
  CHECK(equal(graph_from_text(to_text(graph)), graph));
}

TEST_CASE("graph text: a chain of a million nodes survives") {
  Graph graph;
  graph.add_variable("x");
  for (NodeId id = 0; id < 1'000'000; ++id) graph.add_scalar(opcode<nabla::Add>, Ref::node(id), Ref::node(id));
  CHECK(equal(graph_from_text(to_text(graph)), graph));
}

TEST_CASE("graph equality: names, constants, attributes, slots and shapes all count") {
  const Graph base =
      graph_from_text(header + "%0 = variable \"x\"\n%1 = variable \"y\"\n%2 = sub %0, %1\n%3 = powi 2 {3}\n");
  CHECK(equal(base, base));
  for (const char* other : {"%0 = variable \"x\"\n%1 = variable \"y\"\n%2 = sub %1, %0\n%3 = powi 2 {3}\n",
                            "%0 = variable \"x\"\n%1 = variable \"z\"\n%2 = sub %0, %1\n%3 = powi 2 {3}\n",
                            "%0 = variable \"x\"\n%1 = variable \"y\"\n%2 = sub %0, %1\n%3 = powi 2 {4}\n",
                            "%0 = variable \"x\"\n%1 = variable \"y\"\n%2 = sub %0, %1\n%3 = powi 0x1p+1 {3}\n",
                            "%0 = variable \"x\"\n%1 = variable \"y\"\n%2 = add %0, %1\n%3 = powi 2 {3}\n",
                            "%0 = variable \"x\" : [1]\n%1 = variable \"y\"\n%2 = sub %0, %1 : [1]\n%3 = powi 2 {3}\n",
                            "%0 = variable \"x\"\n%1 = variable \"y\"\n%2 = sub %0, %1\n"})
    CHECK_FALSE(equal(base, graph_from_text(header + other)));
}
