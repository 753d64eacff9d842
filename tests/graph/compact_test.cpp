#include <doctest/doctest.h>

#include <nabla/graph/compact.hpp>
#include <nabla/graph/equal.hpp>
#include <nabla/graph/text.hpp>

using nabla::compact;
using nabla::Compaction;
using nabla::Graph;
using nabla::NodeId;
using nabla::opcode;
using nabla::Ref;

TEST_CASE("compaction: keeps what the outputs depend on, in order, and says where it went") {
  const Graph graph = nabla::graph_from_text(
      "nabla graph 1\n"
      "%0 = variable \"x\"\n%1 = variable \"unused\"\n%2 = literal 1/3 : [2]\n%3 = exp %1\n"
      "%4 = mul %0, %2 : [2]\n%5 = powi %4 {3} : [2]\n%6 = neg %5 : [2]\n");
  const NodeId outputs[] = {5};
  const Compaction made = compact(graph, outputs);
  const NodeId gone = Compaction::dropped;
  CHECK(made.new_ids == std::vector<NodeId>{0, gone, 1, gone, 2, 3, gone});
  CHECK(equal(made.graph, nabla::graph_from_text("nabla graph 1\n"
                                                 "%0 = variable \"x\"\n%1 = literal 1/3 : [2]\n"
                                                 "%2 = mul %0, %1 : [2]\n%3 = powi %2 {3} : [2]\n")));
}

TEST_CASE("compaction: can keep every variable, for a function's signature") {
  Graph graph;
  graph.add_variable("x");
  graph.add_variable("y");
  const NodeId out = graph.add(opcode<nabla::Exp>, {Ref::node(1)});
  CHECK(compact(graph, {&out, 1}).graph.variables().size() == 1);
  const Compaction made = compact(graph, {&out, 1}, nabla::KeepVariables::yes);
  CHECK(equal(made.graph, graph));
}

TEST_CASE("compaction: origins and constants move along") {
  Graph graph;
  graph.constant(nabla::Constant::integer(5));
  graph.add_variable("x");
  graph.set_origin(graph.intern_origin(nabla::Origin{"f.cpp", 1, 2}));
  graph.add(opcode<nabla::Exp>, {Ref::node(0)});
  graph.set_origin(graph.intern_origin(nabla::Origin{"f.cpp", 3, 4}));
  const NodeId out = graph.add(opcode<nabla::Mul>, {graph.constant(0.1), Ref::node(0)});
  const Compaction made = compact(graph, {&out, 1});
  CHECK(made.graph.origin(0) == nabla::Origin{});
  CHECK(made.graph.origin(1) == nabla::Origin{"f.cpp", 3, 4});
  CHECK(made.graph.constant_at(made.graph.operands(1)[0].index()) == nabla::Constant::dyadic(0.1));
  CHECK(made.graph.constant_count() == 1);
}

TEST_CASE("compaction: of an output that is not there is an error, of no output is empty") {
  Graph graph;
  graph.add_variable("x");
  const NodeId missing = 7;
  CHECK_THROWS_AS(compact(graph, {&missing, 1}), std::out_of_range);
  CHECK(compact(graph, {}).graph.size() == 0);
}

TEST_CASE("compaction: a chain of a million nodes needs no stack") {
  Graph graph;
  graph.add_variable("x");
  for (NodeId id = 0; id < 1'000'000; ++id) graph.add_scalar(opcode<nabla::Mul>, Ref::node(id), Ref::node(id));
  const NodeId out = 500'000;
  CHECK(compact(graph, {&out, 1}).graph.size() == 500'001);
}
