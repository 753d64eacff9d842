#pragma once

#include <algorithm>
#include <nabla/engine/run/custom_run.hpp>
#include <nabla/engine/run/run.hpp>

/// The definition of Run<V>: include it in the one .cpp that instantiates a kind of number.
namespace nabla {

namespace detail {

inline std::string place_of(const Graph& graph, NodeId id) {
  const std::string text = graph.origin(id).to_string();
  return text.empty() ? "" : text + ": ";
}

inline constexpr std::size_t inline_arity = 3;

}  // namespace detail

template <class V>
Run<V>::Run(std::shared_ptr<const Plan> plan) : plan_(std::move(plan)), kernels_(&kernel<V>(0)) {
  const Graph& graph = plan_->graph();
  for (const NodeId id : plan_->nodes()) {
    if (graph.code(id) >= builtin_count) {
      const std::size_t at = plan_->custom(id);
      if (at < customs_.size()) continue;
      try {
        customs_.emplace_back(*plan_->customs()[at]);
      } catch (const UnsupportedError& error) {
        throw UnsupportedError(detail::place_of(graph, id) + graph.info(id).name + ": " + error.what());
      }
      continue;
    }
    const OperatorInfo& info = graph.info(id);
    if (info.family != Family::leaf && kernels_[graph.code(id)].value == nullptr)
      throw UnsupportedError(detail::place_of(graph, id) + info.name + " has no " +
                             (Number<V>::exact ? "exact value in " : "value in ") + std::string(Number<V>::kind) +
                             " numbers");
  }
  values_.resize(plan_->size());
  // Rounding is dear, and a graph has more constants than a plan reads.
  std::vector<bool> used(graph.constant_count());
  const auto use = [&](Ref r) {
    if (r.is_constant()) used[r.index()] = true;
  };
  for (const Ref r : plan_->outputs()) use(r);
  for (const NodeId id : plan_->nodes())
    for (const Ref r : graph.operands(id)) use(r);
  for (std::uint32_t c = 0; c < graph.constant_count(); ++c) {
    if (!used[c]) continue;
    try {
      values_[plan_->constants_offset() + c] = Number<V>::of(graph.constant_at(c));
    } catch (const UndefinedError&) {
      // An exact kind cannot hold pi; that matters only where pi is used: by the plan's nodes, or as an output.
      for (const Ref r : plan_->outputs())
        if (r == Ref::constant(c))
          throw UnsupportedError(graph.constant_at(c).to_string() + " has no exact value in " +
                                 std::string(Number<V>::kind) + " numbers");
      for (const NodeId id : plan_->nodes())
        for (const Ref r : graph.operands(id))
          if (r == Ref::constant(c))
            throw UnsupportedError(detail::place_of(graph, id) + graph.constant_at(c).to_string() +
                                   " has no exact value in " + std::string(Number<V>::kind) + " numbers");
    }
  }
  for (const NodeId id : plan_->nodes())
    if (graph.is(id, opcode<Literal>)) {
      const V value = Number<V>::of(*graph.as_constant(Ref::node(id)));
      std::fill_n(values_.begin() + static_cast<std::ptrdiff_t>(plan_->offset(id)), graph.shape(id).size(), value);
    }
}

template <class V>
Run<V>::Run(const Run&) = default;
template <class V>
Run<V>::Run(Run&&) noexcept = default;
template <class V>
Run<V>& Run<V>::operator=(const Run&) = default;
template <class V>
Run<V>& Run<V>::operator=(Run&&) noexcept = default;
template <class V>
Run<V>::~Run() = default;

template <class V>
void Run<V>::set(NodeId variable, std::span<const V> entries) {
  const Shape& shape = plan_->graph().shape(variable);
  if (static_cast<std::int64_t>(entries.size()) != shape.size())
    throw ShapeError("input " + plan_->graph().variable_name(variable),
                     "takes " + std::to_string(shape.size()) + " entries, not " + std::to_string(entries.size()),
                     {shape});
  std::ranges::copy(entries, values_.begin() + static_cast<std::ptrdiff_t>(plan_->offset(variable)));
}

template <class V>
Operation<V> Run<V>::operation(NodeId id) const {
  const Graph& graph = plan_->graph();
  operands_.clear();
  for (const Ref r : graph.operands(id)) operands_.push_back({values_.data() + plan_->offset(r), &graph.shape(r)});
  return {.attributes = graph.attributes(id),
          .operands = operands_,
          .result = {const_cast<V*>(values_.data()) + plan_->offset(id), &graph.shape(id)},
          .operand_adjoints = {}};
}

template <class V>
void Run<V>::visit(NodeId id) {
  const Graph& graph = plan_->graph();
  if (graph.code(id) >= builtin_count) {
    customs_[plan_->custom(id)].value(operation(id));
    return;
  }
  const Kernel<V>& row = kernels_[graph.code(id)];
  const std::span<const Ref> refs = graph.operands(id);
  if (graph.shape_id(id) == 0 && row.scalar_value != nullptr) {
    const V* x[detail::inline_arity];
    for (std::size_t k = 0; k < refs.size(); ++k) x[k] = values_.data() + plan_->offset(refs[k]);
    row.scalar_value(values_[plan_->offset(id)], x, graph.attributes(id));
    return;
  }
  row.value(operation(id));
}

template <class V>
void Run<V>::forward() {
  const Graph& graph = plan_->graph();
  for (const NodeId id : plan_->nodes()) {
    if (graph.is(id, opcode<Variable>) || graph.is(id, opcode<Literal>)) continue;
    try {
      visit(id);
    } catch (const UndefinedError& error) {
      throw UndefinedError(detail::place_of(graph, id) + graph.info(id).name + ": " + error.what());
    }
  }
}

template <class V>
std::span<const V> Run<V>::value(Ref ref) const {
  return {values_.data() + plan_->offset(ref), static_cast<std::size_t>(plan_->graph().shape(ref).size())};
}

template <class V>
void Run<V>::visit_back(NodeId id) {
  const Graph& graph = plan_->graph();
  const std::span<const Ref> refs = graph.operands(id);
  const bool custom = graph.code(id) >= builtin_count;
  static constexpr Kernel<V> none;
  const Kernel<V>& row = custom ? none : kernels_[graph.code(id)];
  if (graph.shape_id(id) == 0 && row.scalar_adjoint != nullptr) {
    const V* x[detail::inline_arity];
    V* to[detail::inline_arity];
    for (std::size_t k = 0; k < refs.size(); ++k) {
      x[k] = values_.data() + plan_->offset(refs[k]);
      to[k] = refs[k].is_node() ? adjoints_.data() + plan_->offset(refs[k]) : nullptr;
      if (refs[k].is_node()) has_adjoint_[refs[k].id()] = true;
    }
    const std::size_t at = plan_->offset(id);
    row.scalar_adjoint(adjoints_[at], values_[at], x, to, graph.attributes(id));
    return;
  }
  if (!custom && row.adjoint == nullptr)
    throw UnsupportedError(detail::place_of(graph, id) + graph.info(id).name + " has no derivative in " +
                           std::string(Number<V>::kind) + " numbers");
  operand_adjoints_.clear();
  for (const Ref r : refs) {
    operand_adjoints_.push_back(r.is_node() ? adjoints_.data() + plan_->offset(r) : nullptr);
    if (r.is_node()) has_adjoint_[r.id()] = true;
  }
  Operation<V> op = operation(id);
  op.adjoint = adjoints_.data() + plan_->offset(id);
  op.operand_adjoints = operand_adjoints_;
  if (custom) {
    customs_[plan_->custom(id)].adjoint(op);
  } else {
    row.adjoint(op);
  }
}

template <class V>
void Run<V>::reverse(std::span<const std::span<const V>> seeds) {
  const Graph& graph = plan_->graph();
  if (!plan_->keeps_all())
    throw std::logic_error("nabla: this plan does not keep the values that a reverse sweep needs");
  adjoints_.assign(plan_->size(), V(0));
  has_adjoint_.assign(plan_->nodes().empty() ? 0 : plan_->nodes().back() + std::size_t{1}, false);
  for (std::size_t k = 0; k < seeds.size(); ++k) {
    const Ref output = plan_->outputs()[k];
    if (!output.is_node()) continue;
    if (static_cast<std::int64_t>(seeds[k].size()) != graph.shape(output).size())
      throw ShapeError("reverse", "a seed has the shape of its output", {graph.shape(output)});
    V* at = adjoints_.data() + plan_->offset(output);
    const bool again = has_adjoint_[output.id()];  // one node may be several outputs
    for (const V& s : seeds[k]) {
      *at = again ? V(*at + s) : s;
      ++at;
    }
    has_adjoint_[output.id()] = true;
  }
  const std::span<const NodeId> nodes = plan_->nodes();
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const NodeId id = nodes[i];
    if (has_adjoint_[id] && graph.info(id).family != Family::leaf) visit_back(id);
  }
}

template <class V>
void Run<V>::reverse(std::size_t output) {
  std::vector<std::span<const V>> seeds;
  std::vector<std::vector<V>> storage;
  storage.reserve(output + 1);
  for (std::size_t k = 0; k <= output; ++k) {
    const auto size = static_cast<std::size_t>(plan_->graph().shape(plan_->outputs()[k]).size());
    storage.emplace_back(size, V(k == output ? 1 : 0));
    seeds.emplace_back(storage.back());
  }
  reverse(seeds);
}

template <class V>
std::span<const V> Run<V>::adjoint(NodeId id) const {
  return {adjoints_.data() + plan_->offset(id), static_cast<std::size_t>(plan_->graph().shape(id).size())};
}

template <class V>
std::vector<Kink> Run<V>::kinks() const {
  const Graph& graph = plan_->graph();
  std::vector<Kink> met;
  for (const NodeId id : plan_->nodes()) {
    const bool custom = graph.code(id) >= builtin_count;
    const auto meets_kink = custom ? nullptr : kernels_[graph.code(id)].meets_kink;
    if (custom ? customs_[plan_->custom(id)].meets_kink(operation(id))
               : meets_kink != nullptr && meets_kink(operation(id)))
      met.push_back({id, graph.info(id).name, std::string(graph.info(id).facts.kinks), graph.origin(id)});
  }
  return met;
}

}  // namespace nabla
