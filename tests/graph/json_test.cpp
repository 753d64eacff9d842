#include <doctest/doctest.h>

#include <nabla/graph/equal.hpp>
#include <nabla/graph/json.hpp>
#include <nlohmann/json.hpp>

using nabla::Constant;
using nabla::equal;
using nabla::Graph;
using nabla::graph_from_json;
using nabla::GraphFormatError;
using nabla::NodeId;
using nabla::opcode;
using nabla::Ref;
using nabla::to_json;

namespace {

Graph sample() {
  Graph graph;
  const NodeId x = graph.add_variable("x \"1\"", {3});
  const std::int64_t two[] = {2};
  graph.set_origin(graph.intern_origin(nabla::Origin{"model.cpp", 12, 7}));
  const NodeId square = graph.add(opcode<nabla::PowI>, {Ref::node(x)}, two);
  graph.add(opcode<nabla::Mul>, {graph.constant(Constant::ratio(1, 3)), Ref::node(square)});
  graph.add_literal(Constant::dyadic(0.1));
  graph.add_literal(Constant::pi(), {2, 0});
  return graph;
}

std::string in_document(const std::string& nodes) { return R"({"schema": "nabla.graph/1", "nodes": [)" + nodes + "]}"; }

void check_complaint(const std::string& document, const std::string& place, const std::string& part) {
  try {
    graph_from_json(document);
    FAIL("accepted: " << document);
  } catch (const GraphFormatError& error) {
    INFO(error.what());
    CHECK(error.place().find(place) != std::string::npos);
    CHECK(error.message().find(part) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("graph JSON: is valid, versioned and names operators") {
  const auto document = nlohmann::json::parse(to_json(sample(), {.origins = true}));
  CHECK(document["schema"] == "nabla.graph/1");
  const auto expected = nlohmann::json::parse(
      R"({"op": "mul", "operands": ["1/3", 1], "shape": [3],
          "origin": {"file": "model.cpp", "line": 12, "column": 7}})");
  CHECK(document["nodes"][2] == expected);
  CHECK(document["nodes"][3]["value"] == "0x1.999999999999ap-4");
}

TEST_CASE("graph JSON: survives writing and reading, with origins and without") {
  const Graph graph = sample();
  CHECK(equal(graph_from_json(to_json(graph)), graph));
  const Graph back = graph_from_json(to_json(graph, {.origins = true}));
  CHECK(equal(back, graph));
  for (NodeId id = 0; id < graph.size(); ++id) CHECK(back.origin(id) == graph.origin(id));
  CHECK(equal(graph_from_json(to_json(Graph())), Graph()));
}

TEST_CASE("graph JSON: a name that is not UTF-8 is refused in writing") {
  Graph graph;
  graph.add_variable("\xFF");
  CHECK_THROWS_AS(to_json(graph), std::invalid_argument);
}

TEST_CASE("graph JSON: what is not JSON is named with line and column") {
  try {
    graph_from_json("{\n  \"schema\": oops}");
    FAIL("accepted");
  } catch (const GraphFormatError& error) {
    CHECK(error.line() == 2);
    CHECK(error.column() >= 13);
    CHECK(error.column() <= 14);
  }
  check_complaint("", "graph JSON", "not JSON");
  check_complaint("\xFF\xFE", "graph JSON", "not JSON");
}

TEST_CASE("graph JSON: what is no graph is named with its path") {
  check_complaint("[]", "document", "schema");
  check_complaint(R"({"schema": "nabla.graph/2", "nodes": []})", "schema", "nabla.graph/1");
  check_complaint(R"({"schema": "nabla.graph/1", "nodes": 3})", "nodes", "array");
  check_complaint(in_document("3"), "nodes[0]", "object");
  check_complaint(in_document(R"({"name": "x"})"), "nodes[0]", "'op' is missing");
  check_complaint(in_document(R"({"op": "exp", "operand": [0]})"), "nodes[0]", "no field 'operand'");
  check_complaint(in_document(R"({"op": "exp", "operands": [0]})"), "nodes[0]", "not an earlier node");
  check_complaint(in_document(R"({"op": "exp", "operands": [-1]})"), "nodes[0].operands[0]", "number of a node");
  check_complaint(in_document(R"({"op": "exp", "operands": [1e400]})"), "graph JSON", "");
  check_complaint(in_document(R"({"op": "exp", "operands": ["0.1"]})"), "nodes[0].operands[0]", "not a constant");
  check_complaint(in_document(R"({"op": "literal", "value": "1", "shape": [1.5]})"), "nodes[0].shape[0]", "integer");
  check_complaint(in_document(R"({"op": "literal", "value": "1", "shape": [18446744073709551615]})"),
                  "nodes[0].shape[0]", "too large");
}

TEST_CASE("graph JSON: deep nesting does not overflow the stack") {
  std::string deep(1'000'000, '[');
  check_complaint(deep, "graph JSON", "not JSON");
  deep += std::string(1'000'000, ']');
  check_complaint(in_document(deep), "nodes[0]", "object");
}
