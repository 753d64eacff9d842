#include <algorithm>
#include <nabla/engine/print/layout.hpp>
#include <nabla/ops/joining.hpp>

namespace nabla::detail {

namespace {

bool is_vector_literal(const Graph& graph, NodeId id) {
  const Attributes axis = graph.attributes(id);
  return graph.is(id, opcode<Stack>) && (axis.empty() || axis[0] == 0) &&
         std::ranges::all_of(graph.operands(id), [&](Ref r) { return graph.shape(r).is_scalar(); });
}

/// A reshape that drops axes of one entry, of all of x or of a slice of x, is what an index makes.
std::optional<Layout> as_entry(const Graph& graph, NodeId id) {
  Ref base = graph.operands(id)[0];
  if (!base.is_node()) return std::nullopt;
  Attributes ranges;
  if (graph.is(base.id(), opcode<Slice>)) {
    ranges = graph.attributes(base.id());
    base = graph.operands(base.id())[0];
  }
  const Shape& from = graph.shape(base);
  const Shape& to = graph.shape(id);
  if (to.rank() >= from.rank()) return std::nullopt;
  Layout made{.kind = Layout::Kind::entry, .shown = {base}};
  std::size_t kept = 0;
  for (std::size_t axis = 0; axis < from.rank(); ++axis) {
    const std::int64_t start = ranges.empty() ? 0 : ranges[3 * axis];
    const std::int64_t stop = ranges.empty() ? from[axis] : ranges[3 * axis + 1];
    const bool whole = start == 0 && stop == from[axis] && (ranges.empty() || ranges[3 * axis + 2] == 1);
    const bool surplus = from.rank() - axis > to.rank() - kept;
    if (stop == start + 1 && surplus) {
      made.subscripts.emplace_back(start + 1);
    } else if (whole && kept < to.rank() && to[kept] == from[axis]) {
      made.subscripts.emplace_back();
      ++kept;
    } else {
      return std::nullopt;
    }
  }
  return made;
}

}  // namespace

Layout layout(const Graph& graph, NodeId id) {
  using enum Layout::Kind;
  const std::span<const Ref> operands = graph.operands(id);
  Layout made{.kind = plain, .shown = {operands.begin(), operands.end()}};
  if (graph.is(id, opcode<Literal>)) {
    if (!graph.shape(id).is_scalar()) made.kind = filled;
  } else if (graph.is(id, opcode<Transpose>)) {
    const Attributes order = graph.attributes(id);
    if (graph.shape(id).rank() == 2 && (order.empty() || order[0] != 0)) made.kind = transposed;
  } else if (graph.is(id, opcode<BroadcastTo>)) {
    if (graph.shape(operands[0]).is_scalar()) made.kind = stretched;
  } else if (is_vector_literal(graph, id)) {
    made.kind = vector;
  } else if (graph.is(id, opcode<Reshape>)) {
    const Ref inner = operands[0];
    const Shape& shape = graph.shape(id);
    if (inner.is_node() && is_vector_literal(graph, inner.id()) && shape.rank() == 2 && shape[0] >= 2 &&
        shape[1] >= 1) {
      const std::span<const Ref> entries = graph.operands(inner.id());
      return {.kind = matrix, .shown = {entries.begin(), entries.end()}, .columns = shape[1]};
    }
    if (auto entry = as_entry(graph, id)) return *std::move(entry);
  }
  return made;
}

}  // namespace nabla::detail
