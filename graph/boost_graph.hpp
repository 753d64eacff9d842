#pragma once

#include <boost/graph/adjacency_iterator.hpp>
#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <limits>
#include <nabla/graph/users.hpp>

/// Boost.Graph's algorithms on a nabla::Graph, without copying it.
///
/// One direction everywhere: an edge runs from a node to its operand, the way dependence runs and the way the arena
/// stores it. So out_edges(v) are the operands of v, and need no index; topological_sort emits operands first, which is
/// evaluation order; what can be reached from an output is what it depends on. `BidirectionalView` adds in_edges(v),
/// the users of v; boost::make_reverse_graph(view) turns the arrows into the direction of the data.
///
///   Graph               VertexListGraph, EdgeListGraph, IncidenceGraph, AdjacencyGraph
///   BidirectionalView   the same and BidirectionalGraph
///
/// Vertices are node ids; the property map vertex_index is the identity. Constants are operands but no vertices.
/// Boost's lengauer_tarjan_dominator_tree wants every vertex reachable from its root: compact() the graph first.
/// Parallel edges stay (x * x has two) and differ by slot, so adjacent_vertices repeats an operand used twice.
///
/// This header brings in Boost.Graph, and is included by nothing else in nabla: only by who calls an algorithm.
namespace nabla {

/// `source` reads `target` as its operand number `slot`.
struct OperandEdge {
  NodeId source = 0;
  NodeId target = 0;
  std::uint32_t slot = 0;
  friend auto operator<=>(const OperandEdge&, const OperandEdge&) = default;
};

/// The operands of one node that are nodes.
class OperandEdgeIterator
    : public boost::iterator_facade<OperandEdgeIterator, OperandEdge, boost::forward_traversal_tag, OperandEdge> {
 public:
  OperandEdgeIterator() = default;
  OperandEdgeIterator(NodeId source, std::span<const Ref> operands, std::size_t slot)
      : source_(source), operands_(operands), slot_(slot) {
    skip_constants();
  }

 private:
  friend class boost::iterator_core_access;
  OperandEdge dereference() const { return {source_, operands_[slot_].id(), static_cast<std::uint32_t>(slot_)}; }
  bool equal(const OperandEdgeIterator& other) const { return slot_ == other.slot_; }
  void increment() {
    ++slot_;
    skip_constants();
  }
  void skip_constants() {
    while (slot_ < operands_.size() && !operands_[slot_].is_node()) ++slot_;
  }
  NodeId source_ = 0;
  std::span<const Ref> operands_;
  std::size_t slot_ = 0;
};

/// The edges of a whole graph, in the order of their sources.
class EdgeIterator
    : public boost::iterator_facade<EdgeIterator, OperandEdge, boost::forward_traversal_tag, OperandEdge> {
 public:
  EdgeIterator() = default;
  EdgeIterator(const Graph& graph, NodeId source, std::size_t end) : graph_(&graph), source_(source), end_(end) {
    settle();
  }

 private:
  friend class boost::iterator_core_access;
  OperandEdge dereference() const {
    return {source_, graph_->operands(source_)[slot_].id(), static_cast<std::uint32_t>(slot_)};
  }
  bool equal(const EdgeIterator& other) const { return source_ == other.source_ && slot_ == other.slot_; }
  void increment() {
    ++slot_;
    settle();
  }
  void settle() {
    for (; source_ < end_; ++source_, slot_ = 0) {
      const std::span<const Ref> operands = graph_->operands(source_);
      while (slot_ < operands.size() && !operands[slot_].is_node()) ++slot_;
      if (slot_ < operands.size()) return;
    }
  }
  const Graph* graph_ = nullptr;
  NodeId source_ = 0;
  std::size_t slot_ = 0;
  std::size_t end_ = 0;
};

/// The uses of one node as edges that end there.
class UseEdgeIterator
    : public boost::iterator_facade<UseEdgeIterator, OperandEdge, boost::random_access_traversal_tag, OperandEdge> {
 public:
  UseEdgeIterator() = default;
  UseEdgeIterator(NodeId target, const Use* use) : target_(target), use_(use) {}

 private:
  friend class boost::iterator_core_access;
  OperandEdge dereference() const { return {use_->user, target_, use_->slot}; }
  bool equal(const UseEdgeIterator& other) const { return use_ == other.use_; }
  void increment() { ++use_; }
  void decrement() { --use_; }
  void advance(std::ptrdiff_t n) { use_ += n; }
  std::ptrdiff_t distance_to(const UseEdgeIterator& other) const { return other.use_ - use_; }
  NodeId target_ = 0;
  const Use* use_ = nullptr;
};

/// A graph together with its users index. It sees the nodes that existed when it was made; the graph must outlive it.
class BidirectionalView {
 public:
  explicit BidirectionalView(const Graph& graph) : graph_(&graph), users_(graph) {}
  const Graph& graph() const { return *graph_; }
  const UsersIndex& users() const { return users_; }

 private:
  const Graph* graph_;
  UsersIndex users_;
};

}  // namespace nabla

namespace boost {

template <>
struct graph_traits<nabla::Graph> {
  using vertex_descriptor = nabla::NodeId;
  using edge_descriptor = nabla::OperandEdge;
  using directed_category = directed_tag;
  using edge_parallel_category = allow_parallel_edge_tag;
  struct traversal_category : incidence_graph_tag, adjacency_graph_tag, vertex_list_graph_tag, edge_list_graph_tag {};
  using vertices_size_type = std::size_t;
  using edges_size_type = std::size_t;
  using degree_size_type = std::size_t;
  using vertex_iterator = counting_iterator<nabla::NodeId>;
  using edge_iterator = nabla::EdgeIterator;
  using out_edge_iterator = nabla::OperandEdgeIterator;
  using in_edge_iterator = void;
  using adjacency_iterator =
      adjacency_iterator_generator<nabla::Graph, nabla::NodeId, nabla::OperandEdgeIterator>::type;
  static constexpr vertex_descriptor null_vertex() { return std::numeric_limits<vertex_descriptor>::max(); }
};

template <>
struct graph_traits<nabla::BidirectionalView> : graph_traits<nabla::Graph> {
  struct traversal_category : bidirectional_graph_tag,
                              adjacency_graph_tag,
                              vertex_list_graph_tag,
                              edge_list_graph_tag {};
  using in_edge_iterator = nabla::UseEdgeIterator;
  using adjacency_iterator =
      adjacency_iterator_generator<nabla::BidirectionalView, nabla::NodeId, nabla::OperandEdgeIterator>::type;
};

template <>
struct property_map<nabla::Graph, vertex_index_t> {
  using type = typed_identity_property_map<nabla::NodeId>;
  using const_type = type;
};
template <>
struct property_map<nabla::BidirectionalView, vertex_index_t> : property_map<nabla::Graph, vertex_index_t> {};

}  // namespace boost

namespace nabla {

namespace detail {

inline const Graph& arena_of(const Graph& g) { return g; }
inline const Graph& arena_of(const BidirectionalView& view) { return view.graph(); }
inline std::size_t vertex_count(const Graph& g) { return g.size(); }
inline std::size_t vertex_count(const BidirectionalView& view) { return view.users().size(); }

template <class G>
concept BoostModel = std::same_as<G, Graph> || std::same_as<G, BidirectionalView>;

}  // namespace detail

// What Boost.Graph finds by argument-dependent lookup. Constant time but for num_edges of a plain graph.

template <detail::BoostModel G>
std::size_t num_vertices(const G& g) {
  return detail::vertex_count(g);
}
template <detail::BoostModel G>
auto vertices(const G& g) {
  using Iterator = boost::counting_iterator<NodeId>;
  return std::pair(Iterator(0), Iterator(static_cast<NodeId>(num_vertices(g))));
}

template <detail::BoostModel G>
auto edges(const G& g) {
  const std::size_t n = num_vertices(g);
  const Graph& arena = detail::arena_of(g);
  return std::pair(EdgeIterator(arena, 0, n), EdgeIterator(arena, static_cast<NodeId>(n), n));
}
/// Linear in the number of nodes: the arena keeps no count.
inline std::size_t num_edges(const Graph& g) {
  const auto [begin, end] = edges(g);
  return static_cast<std::size_t>(std::distance(begin, end));
}
inline std::size_t num_edges(const BidirectionalView& view) { return view.users().use_count(); }

inline NodeId source(const OperandEdge& edge, const Graph&) { return edge.source; }
inline NodeId source(const OperandEdge& edge, const BidirectionalView&) { return edge.source; }
inline NodeId target(const OperandEdge& edge, const Graph&) { return edge.target; }
inline NodeId target(const OperandEdge& edge, const BidirectionalView&) { return edge.target; }

template <detail::BoostModel G>
auto out_edges(NodeId id, const G& g) {
  const std::span<const Ref> operands = detail::arena_of(g).operands(id);
  return std::pair(OperandEdgeIterator(id, operands, 0), OperandEdgeIterator(id, operands, operands.size()));
}
template <detail::BoostModel G>
std::size_t out_degree(NodeId id, const G& g) {
  const auto [begin, end] = out_edges(id, g);
  return static_cast<std::size_t>(std::distance(begin, end));
}
template <detail::BoostModel G>
auto adjacent_vertices(NodeId id, const G& g) {
  using Iterator = typename boost::graph_traits<G>::adjacency_iterator;
  const auto [begin, end] = out_edges(id, g);
  return std::pair(Iterator(begin, &g), Iterator(end, &g));
}

inline auto in_edges(NodeId id, const BidirectionalView& view) {
  const std::span<const Use> users = view.users().users(id);
  return std::pair(UseEdgeIterator(id, users.data()), UseEdgeIterator(id, users.data() + users.size()));
}
inline std::size_t in_degree(NodeId id, const BidirectionalView& view) { return view.users().users(id).size(); }
inline std::size_t degree(NodeId id, const BidirectionalView& view) {
  return in_degree(id, view) + out_degree(id, view);
}

template <detail::BoostModel G>
boost::typed_identity_property_map<NodeId> get(boost::vertex_index_t, const G&) {
  return {};
}
template <detail::BoostModel G>
NodeId get(boost::vertex_index_t, const G&, NodeId id) {
  return id;
}

}  // namespace nabla
