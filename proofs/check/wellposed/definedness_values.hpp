#pragma once

#include <algorithm>
#include <nabla/engine/plan/plan.hpp>
#include <nabla/proofs/check/wellposed/definedness_rows.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla::wellposed {

/// The values of the nodes that some targets depend on, in one kind of number, computed one node at a time so that the
/// caller can look at and change them in between.
template <class V>
class Values {
 public:
  static constexpr std::int64_t most_entries = 4'000'000;

  /// The graph must not grow while this is used. \throws NotHandled for a user's own operator, and past most_entries
  Values(const Graph& graph, std::span<const Ref> targets) : graph_(&graph), visited_(reachable(graph, targets)) {
    offsets_.resize(visited_.size(), 0);
    std::int64_t size = 0;
    for (NodeId id = 0; id < visited_.size(); ++id) {
      if (!visited_[id]) continue;
      if (graph.code(id) >= builtin_count) throw NotHandled("the operator " + graph.info(id).name + " is not built in");
      nodes_.push_back(id);
      offsets_[id] = static_cast<std::size_t>(size);
      size += graph.shape(id).size();
      if (size > most_entries) throw NotHandled("the expressions have too many entries to be looked at one by one");
    }
    values_.resize(static_cast<std::size_t>(size));
    constants_.resize(graph.constant_count());
    // A graph has more constants than some targets read: fractions are made when they are asked for.
    is_made_.resize(constants_.size(), false);
    for (std::uint32_t c = 0; c < constants_.size(); ++c)
      if (graph.constant_at(c).kind() != Constant::Kind::ratio) make(c);
  }

  const Graph& graph() const { return *graph_; }
  /// In order: operands first.
  std::span<const NodeId> nodes() const { return nodes_; }
  bool visits(Ref ref) const { return ref.is_constant() || (ref.id() < visited_.size() && visited_[ref.id()]); }

  std::span<V> entries(NodeId id) {
    return {values_.data() + offsets_[id], static_cast<std::size_t>(graph_->shape(id).size())};
  }
  std::span<const V> entries(Ref ref) const {
    if (ref.is_constant()) {
      if (!is_made_[ref.index()]) make(ref.index());
      return {&constants_[ref.index()], 1};
    }
    return {values_.data() + offsets_[ref.id()], static_cast<std::size_t>(graph_->shape(ref).size())};
  }

  /// The operands of a node as its record takes them; valid until the next call.
  std::span<const View<const V>> operands(NodeId id) const {
    operands_.clear();
    for (const Ref r : graph_->operands(id)) operands_.push_back({entries(r).data(), &graph_->shape(r)});
    return operands_;
  }

  /// Computes a node from its operands; a literal from its constant. Variables keep what was set.
  void compute(NodeId id) {
    if (graph_->is(id, opcode<Variable>)) return;
    if (const Constant* c = graph_->as_constant(Ref::node(id))) {
      std::ranges::fill(entries(id), Number<V>::of(*c));
      return;
    }
    const Row<V>& rule = row<V>(graph_->code(id));
    if (rule.value == nullptr) throw NotHandled("the operator " + graph_->info(id).name + " cannot be looked at here");
    rule.value(graph_->attributes(id), operands(id), View<V>{entries(id).data(), &graph_->shape(id)});
  }

 private:
  void make(std::uint32_t constant) const {
    constants_[constant] = Number<V>::of(graph_->constant_at(constant));
    is_made_[constant] = true;
  }

  const Graph* graph_;
  std::vector<bool> visited_;
  std::vector<NodeId> nodes_;
  std::vector<std::size_t> offsets_;
  std::vector<V> values_;
  mutable std::vector<V> constants_;
  mutable std::vector<bool> is_made_;
  mutable std::vector<View<const V>> operands_;
};

}  // namespace nabla::wellposed
