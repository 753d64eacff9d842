#pragma once

#include <nabla/graph/arena.hpp>
#include <vector>

namespace nabla {

/// Where nodes come from, carried over to another graph; each place is looked up once.
class OriginMap {
 public:
  OriginMap(const Graph& from, Graph& to) : from_(from), to_(to) {}
  /// Nodes made in the other graph from now on come from where this node does.
  void follow(NodeId id) {
    const std::uint32_t origin = from_.origin_id(id);
    if (origin >= moved_.size()) moved_.resize(origin + std::size_t{1}, unknown);
    if (moved_[origin] == unknown) moved_[origin] = to_.intern_origin(from_.origin(id));
    to_.set_origin(moved_[origin]);
  }

 private:
  static constexpr std::uint32_t unknown = 0xFFFFFFFF;
  const Graph& from_;
  Graph& to_;
  std::vector<std::uint32_t> moved_;
};

}  // namespace nabla
