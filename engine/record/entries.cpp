#include <algorithm>
#include <nabla/engine/record/entries.hpp>
#include <unordered_map>

namespace nabla {

namespace {

using EntryRule = void (*)(Attributes, std::span<const View<const Expr>>, View<Expr>);

template <class Op>
EntryRule entry_rule_of() {
  using X = std::span<const View<const Expr>>;
  if constexpr (Op::family != Family::structured) {
    return nullptr;
  } else if constexpr (requires(Attributes a, X x, View<Expr> y) { Op::template definition<Expr>(a, x, y); }) {
    return [](Attributes a, X x, View<Expr> y) { Op::template definition<Expr>(a, x, y); };
  } else if constexpr (requires(Attributes a, X x, View<Expr> y) { Op::template evaluate<Expr>(a, x, y); }) {
    return [](Attributes a, X x, View<Expr> y) { Op::template evaluate<Expr>(a, x, y); };
  } else {
    return nullptr;
  }
}

EntryRule entry_rule(Opcode code) {
  static const std::vector<EntryRule> rules = [] {
    std::vector<EntryRule> made;
    for_each_operator([&made]<class Op>() { made.push_back(entry_rule_of<Op>()); });
    return made;
  }();
  return code < rules.size() ? rules[code] : nullptr;
}

}  // namespace

std::optional<std::vector<Expr>> entries_of(const Graph& graph, NodeId id, const std::vector<std::vector<Expr>>& x) {
  const Shape& shape = graph.shape(id);
  const Attributes attributes = graph.attributes(id);
  const std::span<const Ref> operands = graph.operands(id);
  std::vector<Expr> y(static_cast<std::size_t>(shape.size()));
  if (graph.info(id).family == Family::structured) {
    const EntryRule rule = entry_rule(graph.code(id));
    if (rule == nullptr) return std::nullopt;
    std::vector<View<const Expr>> views;
    for (std::size_t k = 0; k < x.size(); ++k) views.push_back({x[k].data(), &graph.shape(operands[k])});
    rule(attributes, views, {y.data(), &shape});
    return y;
  }
  std::vector<std::vector<std::int64_t>> at(x.size(), std::vector<std::int64_t>(y.size()));
  for (std::size_t k = 0; k < x.size(); ++k)
    detail::for_each_index(shape, broadcast_strides(graph.shape(operands[k]), shape),
                           [&](std::int64_t i, std::int64_t j) { at[k][static_cast<std::size_t>(i)] = j; });
  for (std::size_t i = 0; i < y.size(); ++i) {
    std::vector<Expr> here;
    for (std::size_t k = 0; k < x.size(); ++k) here.push_back(x[k][static_cast<std::size_t>(at[k][i])]);
    y[i] = detail::append(graph.code(id), {}, here, attributes);
  }
  return y;
}

namespace {

constexpr std::size_t most_entries = 1'000'000;

class EntryWriter {
 public:
  explicit EntryWriter(const std::shared_ptr<Workspace>& from) : from_(from), graph_(from->graph()) {}

  std::vector<Expr> input(const Expr& x) {
    const std::string& name = graph_.variable_name(x.ref().id());
    const Shape& shape = x.shape();
    std::vector<Expr>& entries = done_[x.ref().id()];
    for (std::int64_t k = 0; k < shape.size(); ++k) {
      std::string at;
      std::int64_t rest = k;
      for (std::size_t axis = shape.rank(); axis-- > 0; rest /= shape[axis])
        at = "_" + std::to_string(rest % shape[axis] + 1) + at;
      count(1);
      entries.push_back(variable(name + at));
    }
    return entries;
  }

  std::vector<Expr> output(const Expr& e) {
    if (e.ref().is_constant()) return {Expr(*e.constant())};
    if (e.workspace() != from_) throw std::invalid_argument("the outputs belong to two workspaces");
    const NodeId last = e.ref().id();
    std::vector<bool> needed(last + std::size_t{1}, false);
    needed[last] = true;
    for (NodeId id = last + 1; id-- > 0;)
      if (needed[id] && !done_.contains(id))
        for (const Ref r : graph_.operands(id))
          if (r.is_node()) needed[r.id()] = true;
    for (NodeId id = 0; id <= last; ++id)
      if (needed[id] && !done_.contains(id)) done_[id] = made(id);
    return done_.at(last);
  }

 private:
  void count(std::int64_t entries) {
    made_ += static_cast<std::size_t>(entries);
    if (made_ > most_entries) throw std::length_error("these tensors have too many entries to be written one by one");
  }

  std::vector<Expr> made(NodeId id) {
    const Shape& shape = graph_.shape(id);
    count(shape.size() + 1);
    if (graph_.is(id, opcode<Variable>))
      throw std::invalid_argument("the outputs depend on '" + graph_.variable_name(id) +
                                  "', which is not among the inputs");
    if (const Constant* c = graph_.as_constant(Ref::node(id)))
      return std::vector<Expr>(static_cast<std::size_t>(shape.size()), Expr(*c));
    std::vector<std::vector<Expr>> x;
    for (const Ref r : graph_.operands(id))
      x.push_back(r.is_node() ? done_.at(r.id()) : std::vector<Expr>{Expr(graph_.constant_at(r.index()))});
    if (auto found = entries_of(graph_, id, x)) return *std::move(found);
    throw std::invalid_argument("'" + graph_.info(id).name + "' has no formula entry by entry");
  }

  std::shared_ptr<Workspace> from_;
  const Graph& graph_;
  std::unordered_map<NodeId, std::vector<Expr>> done_;
  std::size_t made_ = 0;
};

}  // namespace

EntryByEntry entry_by_entry(std::span<const Expr> outputs, std::span<const Expr> inputs) {
  const auto node = std::ranges::find_if(outputs, [](const Expr& e) { return e.ref().is_node(); });
  const std::shared_ptr<Workspace> from = node != outputs.end() ? node->workspace()
                                          : inputs.empty()      ? Workspace::current()
                                                                : inputs[0].workspace();
  const WorkspaceScope scope(std::make_shared<Workspace>());
  EntryWriter writer(from);
  EntryByEntry made;
  for (const Expr& x : inputs) made.inputs.push_back(writer.input(x));
  for (const Expr& e : outputs) made.outputs.push_back(writer.output(e));
  return made;
}

}  // namespace nabla
