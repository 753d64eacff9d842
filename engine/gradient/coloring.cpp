#include <algorithm>
#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/graph/sequential_vertex_coloring.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <nabla/engine/gradient/coloring.hpp>
#include <numeric>

namespace nabla {

bool SparsityPattern::contains(std::size_t i, std::size_t j) const {
  return std::ranges::binary_search(row(i), static_cast<std::uint32_t>(j));
}

void SparsityPattern::push_row(std::span<const std::uint32_t> indices) {
  column_indices.insert(column_indices.end(), indices.begin(), indices.end());
  row_starts.push_back(column_indices.size());
  ++rows;
}

SparsityPattern transpose(const SparsityPattern& pattern) {
  SparsityPattern t;
  t.rows = pattern.columns;
  t.columns = pattern.rows;
  t.row_starts.assign(pattern.columns + 1, 0);
  for (const std::uint32_t j : pattern.column_indices) ++t.row_starts[j + std::size_t{1}];
  std::partial_sum(t.row_starts.begin(), t.row_starts.end(), t.row_starts.begin());
  t.column_indices.resize(pattern.nonzeros());
  std::vector<std::size_t> next(t.row_starts.begin(), t.row_starts.end() - 1);
  for (std::size_t i = 0; i < pattern.rows; ++i)
    for (const std::uint32_t j : pattern.row(i)) t.column_indices[next[j]++] = static_cast<std::uint32_t>(i);
  return t;
}

SparsityPattern intersection(const SparsityPattern& a, const SparsityPattern& b) {
  SparsityPattern both;
  both.columns = a.columns;
  std::vector<std::uint32_t> row;
  for (std::size_t i = 0; i < a.rows; ++i) {
    row.clear();
    std::ranges::set_intersection(a.row(i), b.row(i), std::back_inserter(row));
    both.push_row(row);
  }
  return both;
}

namespace {

/// The columns of a pattern as vertices, joined where they have a row in common; edges are walked, never stored. A
/// column may appear several times among the neighbours of another.
class ColumnGraph {
 public:
  explicit ColumnGraph(const SparsityPattern& pattern) : pattern_(&pattern), by_column_(transpose(pattern)) {}
  const SparsityPattern& pattern() const { return *pattern_; }
  const SparsityPattern& by_column() const { return by_column_; }

 private:
  const SparsityPattern* pattern_;
  SparsityPattern by_column_;
};

class NeighbourIterator
    : public boost::iterator_facade<NeighbourIterator, std::uint32_t, boost::forward_traversal_tag, std::uint32_t> {
 public:
  NeighbourIterator() = default;
  NeighbourIterator(const ColumnGraph& graph, std::uint32_t column, std::size_t row)
      : graph_(&graph), column_(column), row_(row) {
    settle();
  }

 private:
  friend class boost::iterator_core_access;
  std::span<const std::uint32_t> rows() const { return graph_->by_column().row(column_); }
  std::span<const std::uint32_t> entries() const { return graph_->pattern().row(rows()[row_]); }
  std::uint32_t dereference() const { return entries()[at_]; }
  bool equal(const NeighbourIterator& other) const { return row_ == other.row_ && at_ == other.at_; }
  void increment() {
    ++at_;
    settle();
  }
  void settle() {
    for (; row_ < rows().size(); ++row_, at_ = 0) {
      const std::span<const std::uint32_t> in_row = entries();
      while (at_ < in_row.size() && in_row[at_] == column_) ++at_;
      if (at_ < in_row.size()) return;
    }
  }
  const ColumnGraph* graph_ = nullptr;
  std::uint32_t column_ = 0;
  std::size_t row_ = 0;
  std::size_t at_ = 0;
};

}  // namespace
}  // namespace nabla

namespace boost {

template <>
struct graph_traits<nabla::ColumnGraph> {
  using vertex_descriptor = std::uint32_t;
  using edge_descriptor = void;
  using directed_category = undirected_tag;
  using edge_parallel_category = allow_parallel_edge_tag;
  struct traversal_category : adjacency_graph_tag, vertex_list_graph_tag {};
  using vertices_size_type = std::size_t;
  using degree_size_type = std::size_t;
  using vertex_iterator = counting_iterator<std::uint32_t>;
  using adjacency_iterator = nabla::NeighbourIterator;
  using out_edge_iterator = void;
  using in_edge_iterator = void;
  using edge_iterator = void;
  using edges_size_type = std::size_t;
};

}  // namespace boost

namespace nabla {
namespace {

// What Boost.Graph finds by argument-dependent lookup.
std::size_t num_vertices(const ColumnGraph& g) { return g.pattern().columns; }
std::pair<boost::counting_iterator<std::uint32_t>, boost::counting_iterator<std::uint32_t>> vertices(
    const ColumnGraph& g) {
  using Iterator = boost::counting_iterator<std::uint32_t>;
  return {Iterator(0), Iterator(static_cast<std::uint32_t>(num_vertices(g)))};
}
std::pair<NeighbourIterator, NeighbourIterator> adjacent_vertices(std::uint32_t v, const ColumnGraph& g) {
  return {NeighbourIterator(g, v, 0), NeighbourIterator(g, v, g.by_column().row(v).size())};
}

/// Vertices with most entries first, equal ones in their own order.
std::vector<std::uint32_t> largest_first(const SparsityPattern& by_vertex) {
  std::vector<std::uint32_t> order(by_vertex.rows);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(
      order, [&](std::uint32_t a, std::uint32_t b) { return by_vertex.row(a).size() > by_vertex.row(b).size(); });
  return order;
}

}  // namespace

Coloring color_columns(const SparsityPattern& pattern) {
  Coloring result;
  result.color.assign(pattern.columns, 0);
  if (pattern.columns == 0) return result;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < pattern.rows; ++i) longest = std::max(longest, pattern.row(i).size());
  if (longest == pattern.columns) {  // a full row: all differ, and walking the edges would be quadratic for nothing
    std::iota(result.color.begin(), result.color.end(), 0U);
    result.count = static_cast<std::uint32_t>(pattern.columns);
    return result;
  }
  const ColumnGraph graph(pattern);
  const std::vector<std::uint32_t> order = largest_first(graph.by_column());
  const boost::typed_identity_property_map<std::uint32_t> index;
  const auto color = boost::make_iterator_property_map(result.color.begin(), index);
  const auto in_order = boost::make_iterator_property_map(order.begin(), index);
  result.count = static_cast<std::uint32_t>(boost::sequential_vertex_coloring(graph, in_order, color));
  return result;
}

Coloring star_coloring(const SparsityPattern& pattern) {
  constexpr std::uint32_t none = UINT32_MAX;
  const std::size_t n = pattern.rows;
  Coloring result;
  result.color.assign(n, none);
  std::vector<std::uint32_t>& color = result.color;
  std::vector<std::uint32_t> forbidden_by(n + 1, none);  // the vertex for which a color was last ruled out
  std::vector<std::uint32_t> seen_by(n + 1, none);       // the same for colors met once among the neighbours
  std::vector<std::uint32_t> twice_by(n + 1, none);      // and twice

  for (const std::uint32_t v : largest_first(pattern)) {
    for (const std::uint32_t w : pattern.row(v)) {
      if (w == v || color[w] == none) continue;
      forbidden_by[color[w]] = v;
      if (seen_by[color[w]] == v) twice_by[color[w]] = v;
      seen_by[color[w]] = v;
    }
    // No path of two colors through v: it would begin v - w - x with v and x alike, and go on to a vertex of w's color
    // at either end.
    for (const std::uint32_t w : pattern.row(v)) {
      if (w == v || color[w] == none) continue;
      const bool other_end = twice_by[color[w]] == v;
      for (const std::uint32_t x : pattern.row(w)) {
        if (x == v || x == w || color[x] == none || forbidden_by[color[x]] == v) continue;
        const bool goes_on = other_end || std::ranges::any_of(pattern.row(x), [&](std::uint32_t y) {
                               return y != w && y != x && color[y] == color[w];
                             });
        if (goes_on) forbidden_by[color[x]] = v;
      }
    }
    std::uint32_t c = 0;
    while (forbidden_by[c] == v) ++c;
    color[v] = c;
    result.count = std::max(result.count, c + 1);
  }
  return result;
}

}  // namespace nabla
