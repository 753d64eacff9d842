#include <doctest/doctest.h>

#include <algorithm>
#include <boost/concept/assert.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/graphviz.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/sequential_vertex_coloring.hpp>
#include <boost/graph/topological_sort.hpp>
#include <nabla/graph/boost_graph.hpp>
#include <nabla/graph/compact.hpp>
#include <numeric>
#include <sstream>

using nabla::BidirectionalView;
using nabla::Graph;
using nabla::NodeId;
using nabla::opcode;
using nabla::OperandEdge;
using nabla::Ref;

BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::ReadablePropertyGraphConcept<Graph, NodeId, boost::vertex_index_t>));
BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<BidirectionalView>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<BidirectionalView>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<BidirectionalView>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<BidirectionalView>));

namespace {

/// x, y, x * x, (x * x) + y, exp of it, and a node that nobody needs.
struct Sample {
  Graph graph;
  NodeId x = graph.add_variable("x");
  NodeId y = graph.add_variable("y");
  NodeId square = graph.add(opcode<nabla::Mul>, {Ref::node(x), Ref::node(x)});
  NodeId sum = graph.add(opcode<nabla::Add>, {Ref::node(square), Ref::node(y)});
  NodeId out = graph.add(opcode<nabla::Exp>, {Ref::node(sum)});
  NodeId unused = graph.add(opcode<nabla::Mul>, {graph.constant(nabla::Constant::integer(3)), Ref::node(y)});
};

/// A chain that doubles in the tree and not in the graph: t[k] = t[k-1] * t[k-1].
Graph chain(std::size_t length) {
  Graph graph;
  NodeId last = graph.add_variable("x");
  for (std::size_t i = 1; i < length; ++i)
    last = graph.add_scalar(opcode<nabla::Mul>, Ref::node(last), Ref::node(last));
  return graph;
}

template <class Pair>
std::vector<OperandEdge> collect(const Pair& range) {
  return {range.first, range.second};
}

}  // namespace

TEST_CASE("boost graph: parallel edges stay and carry their operand slot") {
  const Sample s;
  CHECK(collect(out_edges(s.square, s.graph)) == std::vector<OperandEdge>{{s.square, s.x, 0}, {s.square, s.x, 1}});
  CHECK(out_degree(s.square, s.graph) == 2);
  const BidirectionalView view(s.graph);
  CHECK(collect(in_edges(s.x, view)) == std::vector<OperandEdge>{{s.square, s.x, 0}, {s.square, s.x, 1}});
}

TEST_CASE("boost graph: constants are operands but not vertices, and slots count them") {
  const Sample s;
  CHECK(num_vertices(s.graph) == 6);
  CHECK(collect(out_edges(s.unused, s.graph)) == std::vector<OperandEdge>{{s.unused, s.y, 1}});
}

TEST_CASE("boost graph: the edge list holds every edge once, in both models") {
  const Sample s;
  const BidirectionalView view(s.graph);
  CHECK(num_edges(s.graph) == 6);
  CHECK(num_edges(view) == 6);
  CHECK(collect(edges(s.graph)) == collect(edges(view)));
  CHECK(collect(edges(Graph())).empty());
}

TEST_CASE("boost graph: a view keeps the graph of its making when nodes are added") {
  Sample s;
  const BidirectionalView view(s.graph);
  s.graph.add(opcode<nabla::Neg>, {Ref::node(s.out)});
  CHECK(num_vertices(view) == 6);
  CHECK(in_degree(s.out, view) == 0);
}

TEST_CASE("boost graph: topological_sort runs directly and puts operands first") {
  const Sample s;
  std::vector<NodeId> order;
  boost::topological_sort(s.graph, std::back_inserter(order));
  REQUIRE(order.size() == s.graph.size());
  std::vector<std::size_t> position(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = i;
  for (const OperandEdge& e : collect(edges(s.graph))) CHECK(position[e.target] < position[e.source]);
}

TEST_CASE("boost graph: breadth_first_search from an output reaches what it depends on") {
  const Sample s;
  std::vector<boost::default_color_type> color(s.graph.size());
  boost::breadth_first_search(
      s.graph, s.out,
      boost::color_map(boost::make_iterator_property_map(color.begin(), get(boost::vertex_index, s.graph))));
  CHECK(color[s.x] == boost::black_color);
  CHECK(color[s.y] == boost::black_color);
  CHECK(color[s.unused] == boost::white_color);
}

TEST_CASE("boost graph: breadth_first_search of the reversed view reaches the users of an input") {
  const Sample s;
  const BidirectionalView view(s.graph);
  const auto data_flow = boost::make_reverse_graph(view);
  std::vector<boost::default_color_type> color(s.graph.size());
  boost::breadth_first_search(
      data_flow, s.x,
      boost::color_map(boost::make_iterator_property_map(color.begin(), get(boost::vertex_index, view))));
  CHECK(color[s.out] == boost::black_color);
  CHECK(color[s.y] == boost::white_color);
}

TEST_CASE("boost graph: the dominators of a node are what every path from the output passes") {
  const Sample s;
  const Graph part = nabla::compact(s.graph, {&s.out, 1}).graph;  // drops `unused`; the others keep their ids
  const BidirectionalView view(part);
  std::vector<NodeId> dominator(part.size(), boost::graph_traits<Graph>::null_vertex());
  boost::lengauer_tarjan_dominator_tree(
      view, s.out, boost::make_iterator_property_map(dominator.begin(), get(boost::vertex_index, view)));
  CHECK(dominator[s.x] == s.square);
  CHECK(dominator[s.square] == s.sum);
  CHECK(dominator[s.y] == s.sum);
  CHECK(dominator[s.out] == boost::graph_traits<Graph>::null_vertex());
}

TEST_CASE("boost graph: write_graphviz runs directly") {
  const Sample s;
  std::ostringstream out;
  boost::write_graphviz(out, s.graph);
  CHECK(out.str().find("2->0") != std::string::npos);
  CHECK(out.str().find("4->3") != std::string::npos);
}

TEST_CASE("boost graph: a greedy colouring in id order is proper") {
  const Sample s;
  std::vector<std::size_t> color(s.graph.size());
  const std::size_t used = boost::sequential_vertex_coloring(
      s.graph, boost::make_iterator_property_map(color.begin(), get(boost::vertex_index, s.graph)));
  CHECK(used <= s.graph.size());
  for (const OperandEdge& e : collect(edges(s.graph))) CHECK(color[e.source] != color[e.target]);
}

TEST_CASE("boost graph: a chain of a million nodes sorts without recursion") {
  const Graph graph = chain(1'000'000);
  std::vector<NodeId> order;
  boost::topological_sort(graph, std::back_inserter(order));
  std::vector<NodeId> expected(graph.size());
  std::iota(expected.begin(), expected.end(), NodeId{0});
  CHECK(order == expected);
}

TEST_CASE("users index: a long chain is indexed in order of users") {
  const Graph graph = chain(200'000);
  const nabla::UsersIndex index(graph);
  REQUIRE(index.users(0).size() == 2);
  CHECK(index.users(0)[0] == nabla::Use{1, 0});
  CHECK(index.users(0)[1] == nabla::Use{1, 1});
  CHECK(index.users(static_cast<NodeId>(graph.size() - 1)).empty());
  CHECK(index.use_count() == 2 * (graph.size() - 1));
}
