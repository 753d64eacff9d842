#include <algorithm>
#include <map>
#include <nabla/engine/gradient/rule.hpp>
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

bool has_custom_operator(const Graph& graph, std::span<const Ref> outputs) {
  const std::vector<bool> marked = reachable(graph, outputs);
  for (std::size_t id = 0; id < marked.size(); ++id)
    if (marked[id] && graph.code(static_cast<NodeId>(id)) >= builtin_count) return true;
  return false;
}

namespace {

/// The graph with users' own operators written out, and where each node went. A definition may use other users'
/// operators, so it is repeated until none is left.
std::shared_ptr<const Graph> without_custom_operators(const Graph& from, const std::vector<bool>& marked,
                                                      std::vector<Ref>& moved) {
  auto workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(workspace);
  Graph& to = workspace->graph();
  moved.assign(marked.size(), Ref());
  for (NodeId id = 0; id < marked.size(); ++id) {
    if (!marked[id]) continue;
    to.set_origin(to.intern_origin(from.origin(id)));
    if (from.is(id, opcode<Variable>)) {
      moved[id] = Ref::node(to.add_variable(from.variable_name(id), from.shape(id)));
      continue;
    }
    if (const Constant* c = from.as_constant(Ref::node(id))) {
      moved[id] = workspace->literal(*c, from.shape(id));
      continue;
    }
    std::vector<Ref> operands;
    for (const Ref r : from.operands(id))
      operands.push_back(r.is_node() ? moved[r.id()] : to.constant(from.constant_at(r.index())));
    if (from.code(id) < builtin_count) {
      moved[id] = workspace->node(from.code(id), operands, from.attributes(id));
      continue;
    }
    std::vector<Expr> x;
    for (const Ref r : operands) x.emplace_back(workspace, r);
    moved[id] = expand_definition(from.code(id), from.attributes(id), x).ref();
  }
  to.set_origin(0);
  return {workspace, &workspace->graph()};
}

}  // namespace

Plan::Plan(std::shared_ptr<const Graph> graph, std::span<const Ref> outputs, bool keep_all)
    : graph_(std::move(graph)), outputs_(outputs.begin(), outputs.end()), keeps_all_(keep_all) {
  while (has_custom_operator(*graph_, outputs_)) {
    std::vector<Ref> step;
    const auto lowered = without_custom_operators(*graph_, reachable(*graph_, outputs_), step);
    const auto follow = [&step](Ref r) { return r.is_node() && r.id() < step.size() ? step[r.id()] : Ref(); };
    for (Ref& r : outputs_)
      r = r.is_node() ? follow(r) : const_cast<Graph&>(*lowered).constant(graph_->constant_at(r.index()));
    if (moved_.empty()) {
      moved_ = step;
    } else {
      for (Ref& r : moved_) r = follow(r);
    }
    graph_ = lowered;
  }
  lay_out();
}

Ref Plan::find(NodeId given) const {
  Ref r = Ref::node(given);
  if (!moved_.empty()) r = given < moved_.size() ? moved_[given] : Ref();
  if (r.is_node() && (r.id() >= offsets_.size() || offsets_[r.id()] == SIZE_MAX)) return {};
  return r;
}

void Plan::lay_out() {
  const std::vector<bool> marked = reachable(*graph_, outputs_);
  offsets_.assign(marked.size(), SIZE_MAX);
  std::vector<NodeId> last_use(keeps_all_ ? 0 : marked.size(), 0);
  for (NodeId id = 0; id < marked.size(); ++id) {
    if (!marked[id]) continue;
    nodes_.push_back(id);
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
