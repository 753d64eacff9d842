#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/engine/simplify/known.hpp>
#include <nabla/engine/simplify/simplify.hpp>

namespace nabla {

namespace {

class Simplifier {
 public:
  Simplifier(const Expr& e, const SimplifyOptions& options)
      : options_(options),
        workspace_(e.workspace()),
        graph_(workspace_->graph()),
        known_(workspace_, options.assumptions) {
    const std::vector<SimplificationRule>& rules = options.rules != nullptr ? *options.rules : simplification_rules();
    for (const SimplificationRule& rule : rules) {
      const Graph& pattern = rule.pattern.graph();
      if (!rule.pattern.ref().is_node())
        throw std::invalid_argument("the rule '" + rule.name + "' has a number for its pattern");
      const Opcode code = pattern.code(rule.pattern.ref().id());
      by_root_.resize(std::max<std::size_t>(by_root_.size(), code + std::size_t{1}));
      by_root_[code].push_back(&rule);
      // pow(x, n) stands for x^n with any integer in place of the letter n.
      if (code == opcode<Pow>) {
        by_root_.resize(std::max<std::size_t>(by_root_.size(), opcode<PowI> + std::size_t{1}));
        by_root_[opcode<PowI>].push_back(&rule);
      }
    }
  }

  Simplification run(const Expr& e) {
    const WorkspaceScope scope(workspace_);
    const std::uint32_t origin = graph_.current_origin();
    Ref present = e.ref();
    for (;;) {
      const Ref next = pass(present);
      if (next == present || exhausted()) {
        present = next;
        break;
      }
      present = next;
    }
    graph_.set_origin(origin);
    made_.result = Expr(workspace_, present);
    if (made_.result.shape() != e.shape()) made_.result = stretched(made_.result, e.shape());
    made_.finished = !exhausted();
    return std::move(made_);
  }

 private:
  bool exhausted() const { return made_.steps >= options_.steps; }

  /// Every node that the root depends on, once, operands first.
  Ref pass(Ref root) {
    if (!root.is_node()) return root;
    const std::vector<bool> marked = reachable(graph_, {&root, 1});
    std::vector<Ref> moved(marked.size());
    for (NodeId id = 0; id < marked.size(); ++id) {
      if (!marked[id]) continue;
      graph_.set_origin(graph_.origin_id(id));
      moved[id] = rewritten(rebuilt(id, moved));
    }
    return moved[root.id()];
  }

  /// The node with its new operands.
  Ref rebuilt(NodeId id, const std::vector<Ref>& moved) {
    const std::span<const Ref> operands = graph_.operands(id);
    const auto changed = [&](Ref r) { return r.is_node() && moved[r.id()] != r; };
    if (graph_.info(id).family == Family::leaf || std::ranges::none_of(operands, changed)) return Ref::node(id);
    std::vector<Expr> x;
    for (const Ref r : operands) x.emplace_back(workspace_, r.is_node() ? moved[r.id()] : r);
    const std::vector<std::int64_t> attributes(graph_.attributes(id).begin(), graph_.attributes(id).end());
    return stretched(detail::append(graph_.code(id), std::source_location(), x, attributes), graph_.shape(id)).ref();
  }

  Ref rewritten(Ref ref) {
    while (ref.is_node() && !exhausted()) {
      const NodeId id = ref.id();
      if (id < settled_.size() && settled_[id]) break;
      const Opcode code = graph_.code(id);
      const Ref next = code < by_root_.size() ? by_first_rule(ref, by_root_[code]) : Ref();
      if (next.empty() || next == ref) {
        settled_.resize(std::max<std::size_t>(settled_.size(), id + std::size_t{1}));
        settled_[id] = true;
        break;
      }
      ++made_.steps;
      ref = next;
    }
    return ref;
  }

  Ref by_first_rule(Ref ref, const std::vector<const SimplificationRule*>& rules) {
    for (const SimplificationRule* rule : rules) {
      if (!match(rule->pattern, workspace_, ref, bindings_)) continue;
      if (!std::ranges::all_of(rule->needs, [&](const SideCondition& c) { return known_.holds(c, bindings_); }))
        continue;
      std::vector<SideCondition> lost;
      if (!options_.assume_defined || options_.keep_domain)
        for (const SideCondition& c : rule->loses)
          if (!known_.holds(c, bindings_)) lost.push_back(c);
      if (options_.keep_domain && !lost.empty()) continue;
      const Shape shape = graph_.shape(ref);
      const std::optional<Expr> result = instantiate(rule->result, workspace_, bindings_);
      if (!result) continue;
      const Ref next = stretched(*result, shape).ref();
      if (next == ref) continue;
      report(*rule, lost);
      return next;
    }
    return {};
  }

  void report(const SimplificationRule& rule, const std::vector<SideCondition>& lost) {
    if (std::ranges::find(made_.rules, rule.name) == made_.rules.end()) made_.rules.push_back(rule.name);
    for (const SideCondition& c : lost) {
      const std::optional<Expr> of = instantiate(c.of, workspace_, bindings_);
      const auto is_it = [&](const SideCondition& old) { return old.kind == c.kind && same(old.of, *of); };
      if (of && std::ranges::none_of(made_.conditions, is_it)) made_.conditions.push_back({c.kind, *of});
    }
  }

  Expr stretched(const Expr& e, const Shape& shape) {
    if (e.shape() == shape) return e;
    if (const Constant* c = e.constant()) return {workspace_, workspace_->literal(*c, shape)};
    return broadcast_to(e, shape, std::source_location());
  }

  const SimplifyOptions& options_;
  std::shared_ptr<Workspace> workspace_;
  Graph& graph_;
  Known known_;
  std::vector<std::vector<const SimplificationRule*>> by_root_;
  Bindings bindings_;
  std::vector<bool> settled_;  // no rule applies at the node
  Simplification made_;
};

}  // namespace

Simplification simplification(const Expr& e, const SimplifyOptions& options) { return Simplifier(e, options).run(e); }

Expr simplify(const Expr& e, const SimplifyOptions& options) { return simplification(e, options).result; }

}  // namespace nabla
