#include <algorithm>
#include <map>
#include <nabla/engine/plan/custom_plan.hpp>
#include <nabla/engine/plan/plan.hpp>

namespace nabla {

std::vector<bool> reachable(const Graph& graph, std::span<const Ref> outputs) {
  std::size_t size = 0;
  for (const Ref r : outputs)
    if (r.is_node()) size = std::max<std::size_t>(size, r.id() + std::size_t{1});
  std::vector<bool> marked(size, false);
  for (const Ref r : outputs)
    if (r.is_node()) marked[r.id()] = true;
  for (std::size_t id = size; id-- > 0;) {
    if (!marked[id]) continue;
    for (const Ref r : graph.operands(static_cast<NodeId>(id)))
      if (r.is_node()) marked[r.id()] = true;
  }
  return marked;
}

Plan::Plan(std::shared_ptr<const Graph> graph, std::span<const Ref> outputs, bool keep_all)
    : graph_(std::move(graph)), outputs_(outputs.begin(), outputs.end()), keeps_all_(keep_all) {
  lay_out();
}

Ref Plan::find(NodeId id) const { return id < offsets_.size() && offsets_[id] != SIZE_MAX ? Ref::node(id) : Ref(); }

void Plan::lay_out() {
  const std::vector<bool> marked = reachable(*graph_, outputs_);
  offsets_.assign(marked.size(), SIZE_MAX);
  std::vector<NodeId> last_use(keeps_all_ ? 0 : marked.size(), 0);
  for (NodeId id = 0; id < marked.size(); ++id) {
    if (!marked[id]) continue;
    nodes_.push_back(id);
    if (graph_->code(id) >= builtin_count) {
      const CustomPlan* plan = &CustomPlan::of(graph_->code(id), graph_->attributes(id));
      const auto at = std::ranges::find(customs_, plan);
      custom_of_.emplace(id, static_cast<std::size_t>(at - customs_.begin()));
      if (at == customs_.end()) customs_.push_back(plan);
    }
    if (keeps_all_) continue;
    last_use[id] = id;
    for (const Ref r : graph_->operands(id))
      if (r.is_node()) last_use[r.id()] = id;
  }
  std::size_t end = 0;
  if (keeps_all_) {
    for (const NodeId id : nodes_) {
      offsets_[id] = end;
      end += static_cast<std::size_t>(graph_->shape(id).size());
    }
  } else {
    for (const Ref r : outputs_)
      if (r.is_node()) last_use[r.id()] = Ref::limit;
    // A freed place serves the next value of the same size. An operand is freed only after its last reader has its own
    // place, so no operation writes over what it reads.
    std::map<std::size_t, std::vector<std::size_t>> free;
    for (const NodeId id : nodes_) {
      const auto size = static_cast<std::size_t>(graph_->shape(id).size());
      std::vector<std::size_t>& places = free[size];
      if (places.empty()) {
        offsets_[id] = end;
        end += size;
      } else {
        offsets_[id] = places.back();
        places.pop_back();
      }
      const auto release = [&](NodeId done) {
        last_use[done] = Ref::limit;  // once, though it may stand in two slots
        free[static_cast<std::size_t>(graph_->shape(done).size())].push_back(offsets_[done]);
      };
      for (const Ref r : graph_->operands(id))
        if (r.is_node() && last_use[r.id()] == id) release(r.id());
      if (last_use[id] == id) release(id);
    }
  }
  constants_offset_ = end;
}

}  // namespace nabla
