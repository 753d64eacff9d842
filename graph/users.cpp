#include <nabla/graph/users.hpp>

namespace nabla {

UsersIndex::UsersIndex(const Graph& graph) : first_(graph.size() + 1, 0) {
  const auto n = static_cast<NodeId>(graph.size());
  for (NodeId id = 0; id < n; ++id)
    for (const Ref r : graph.operands(id))
      if (r.is_node()) ++first_[r.id() + std::size_t{1}];
  for (std::size_t id = 0; id < n; ++id) first_[id + 1] += first_[id];
  uses_.resize(first_.back());
  std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
  for (NodeId id = 0; id < n; ++id) {
    std::uint32_t slot = 0;
    for (const Ref r : graph.operands(id)) {
      if (r.is_node()) uses_[next[r.id()]++] = {id, slot};
      ++slot;
    }
  }
}

}  // namespace nabla
