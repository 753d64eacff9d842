#pragma once

#include <nabla/engine/kernels/broadcast_cursor.hpp>
#include <nabla/engine/kernels/kernel.hpp>
#include <utility>

/// Elementwise rules run over tensors: the loops, and the index arithmetic of broadcasting, once for all operators.
namespace nabla::detail {

/// op(x...) for scalars of any kind, lifted or not.
template <class Op, class V, std::size_t... K>
V scalar_value(Attributes attributes, const V* const* x, std::index_sequence<K...>) {
  if constexpr (Op::indexed) {
    if constexpr (Lifted<V>) {
      return Number<V>::template apply_indexed<Op>({}, attributes[0], *x[0]);
    } else {
      return Op::template value<V>(attributes[0], *x[K]...);
    }
  } else {
    return call<Op>({}, *x[K]...);
  }
}
template <class Op, class V>
V scalar_value(Attributes attributes, const V* const* x) {
  return scalar_value<Op, V>(attributes, x, std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
}

template <class Op, class V, std::size_t... K>
auto scalar_partials(Attributes attributes, const V& y, const V* const* x, std::index_sequence<K...>) {
  if constexpr (Op::indexed) {
    return Op::template partials<V>(attributes[0], y, *x[K]...);
  } else {
    return Op::template partials<V>(y, *x[K]...);
  }
}
template <class Op, class V>
auto scalar_partials(Attributes attributes, const V& y, const V* const* x) {
  return scalar_partials<Op, V>(attributes, y, x, std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
}

/// t times each partial.
template <class Op, class V, std::size_t... K>
auto scalar_products(Attributes attributes, const V& t, const V& y, const V* const* x, std::index_sequence<K...>) {
  if constexpr (requires { Op::template products<V>(t, y, *x[K]...); }) {
    return Op::template products<V>(t, y, *x[K]...);
  } else {
    auto partials = scalar_partials<Op, V>(attributes, y, x);
    for (V& p : partials) p = t * p;
    return partials;
  }
}
template <class Op, class V>
auto scalar_products(Attributes attributes, const V& t, const V& y, const V* const* x) {
  return scalar_products<Op, V>(attributes, t, y, x, std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
}

template <class Op, class V, std::size_t... K>
V scalar_kink(Attributes attributes, const V* const* x, std::index_sequence<K...>) {
  if constexpr (Op::indexed) {
    return Op::template kink<V>(attributes[0], *x[K]...);
  } else {
    return Op::template kink<V>(*x[K]...);
  }
}

template <class Op, class V>
void elementwise_value(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
  constexpr auto arity = static_cast<std::size_t>(Op::arity);
  BroadcastCursor<arity> cursor(*y.shape, x);
  const std::int64_t n = y.size();
  for (std::int64_t i = 0; i < n; ++i, cursor.next()) {
    const V* entry[arity];
    for (std::size_t k = 0; k < arity; ++k) entry[k] = x[k].data + cursor.at(k);
    y[i] = scalar_value<Op, V>(attributes, entry);
  }
}

/// Adds adjoint * partial into the operand adjoints. Adding at the operand's own (stretched) index is the un-broadcast.
/// An adjoint of exactly zero contributes exactly zero, whatever the partial is.
template <class Op, class V>
void add_partials(Attributes attributes, const V& adjoint, const V& y, const V* const* x, V* const* to) {
  if constexpr (requires { Number<V>::is_zero(adjoint); }) {  // of a dual number value and tangent
    if (Number<V>::is_zero(adjoint)) return;
  }
  const auto products = scalar_products<Op, V>(attributes, adjoint, y, x);
  for (std::size_t k = 0; k < products.size(); ++k)
    if (to[k] != nullptr) *to[k] = *to[k] + products[k];
}

template <class Op, class V>
void elementwise_adjoint(const Operation<V>& op) {
  constexpr auto arity = static_cast<std::size_t>(Op::arity);
  BroadcastCursor<arity> cursor(*op.result.shape, op.operands);
  const std::int64_t n = op.result.size();
  for (std::int64_t i = 0; i < n; ++i, cursor.next()) {
    const V* entry[arity];
    V* to[arity];
    for (std::size_t k = 0; k < arity; ++k) {
      entry[k] = op.operands[k].data + cursor.at(k);
      to[k] = op.operand_adjoints[k] == nullptr ? nullptr : op.operand_adjoints[k] + cursor.at(k);
    }
    add_partials<Op, V>(op.attributes, op.adjoint[i], op.result[i], entry, to);
  }
}

template <class Op, class V>
bool elementwise_meets_kink(const Operation<V>& op) {
  constexpr auto arity = static_cast<std::size_t>(Op::arity);
  BroadcastCursor<arity> cursor(*op.result.shape, op.operands);
  const std::int64_t n = op.result.size();
  for (std::int64_t i = 0; i < n; ++i, cursor.next()) {
    const V* entry[arity];
    for (std::size_t k = 0; k < arity; ++k) entry[k] = op.operands[k].data + cursor.at(k);
    if (!Number<V>::is_zero(scalar_kink<Op, V>(op.attributes, entry, std::make_index_sequence<arity>{}))) return true;
  }
  return false;
}

}  // namespace nabla::detail
