#pragma once

#include <nabla/engine/kernels/array.hpp>
#include <nabla/engine/kernels/elementwise.hpp>

/// The definition of kernel<V>: include it in the one .cpp that instantiates a kind of number (or in a program that
/// brings its own kind, Boost's fixed types for example). Nothing here is listed by hand; the rows are the registry.
namespace nabla {

namespace detail {

template <class Op, class V, std::size_t... K>
consteval bool computes_elementwise(std::index_sequence<K...>) {
  if constexpr (Op::indexed) {
    return requires(const V& x) { Op::template partials<V>(std::int64_t{}, x, (static_cast<void>(K), x)...); };
  } else {
    return requires(const V& x) { Op::template partials<V>(x, (static_cast<void>(K), x)...); };
  }
}

template <class Op, class V, std::size_t... K>
consteval bool evaluates_elementwise(std::index_sequence<K...>) {
  if constexpr (Op::indexed) {
    return requires(const V& x) { Op::template value<V>(std::int64_t{}, (static_cast<void>(K), x)...); };
  } else {
    return requires(const V& x) { Op::template value<V>((static_cast<void>(K), x)...); };
  }
}

template <class Op, class V>
void structured_value(const Operation<V>& op) {
  if constexpr (HasFused<Op, V>) {
    Fused<Op, V>::value(op);
  } else {
    Op::template evaluate<V>(op.attributes, op.operands, op.result);
  }
}

template <class Op, class V>
void structured_adjoint(const Operation<V>& op) {
  if constexpr (requires { Number<V>::is_zero(*op.adjoint); }) {
    // An adjoint that is exactly zero everywhere belongs to a branch that was not taken: it contributes exactly zero,
    // though the value may not exist (the inverse of a singular matrix).
    bool zero = true;
    for (std::int64_t i = 0; zero && i < op.result.size(); ++i) zero = Number<V>::is_zero(op.adjoint[i]);
    if (zero) return;
  }
  std::vector<Array<V>> x;
  x.reserve(op.operands.size());
  for (const View<const V>& view : op.operands) x.emplace_back(view);
  const View<const V> adjoint{op.adjoint, op.result.shape};
  const View<const V> y{op.result.data, op.result.shape};
  const std::vector<Array<V>> contributions =
      Op::template pullback<Array<V>>(op.attributes, Array<V>(adjoint), Array<V>(y), std::span<const Array<V>>(x));
  for (std::size_t k = 0; k < contributions.size(); ++k) {
    V* to = op.operand_adjoints[k];
    const Array<V>& c = contributions[k];
    if (to == nullptr || c.empty()) continue;
    for (std::size_t i = 0; i < c.values().size(); ++i) to[i] = to[i] + c.values()[i];
  }
}

template <class Op, class V>
bool structured_meets_kink(const Operation<V>& op) {
  std::vector<Array<V>> x;
  x.reserve(op.operands.size());
  for (const View<const V>& view : op.operands) x.emplace_back(view);
  const Array<V> kink = Op::template kink<Array<V>>(op.attributes, std::span<const Array<V>>(x));
  for (const V& v : kink.values())
    if (!Number<V>::is_zero(v)) return true;
  return false;
}

/// A kind that is only run forward (a series): its sweeps back are not compiled.
template <class V>
consteval bool sweeps_back() {
  if constexpr (requires { Number<V>::forward_only; }) return !Number<V>::forward_only;
  return true;
}

template <class Op, class V>
Kernel<V> make_kernel() {
  Kernel<V> row;
  if constexpr (ElementwiseOperator<Op>) {
    constexpr auto operands = std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{};
    if constexpr (evaluates_elementwise<Op, V>(operands)) {
      row.scalar_value = [](V& y, const V* const* x, Attributes a) { y = scalar_value<Op, V>(a, x); };
      row.value = [](const Operation<V>& op) { elementwise_value<Op, V>(op.attributes, op.operands, op.result); };
    }
    if constexpr (sweeps_back<V>() && computes_elementwise<Op, V>(operands)) {
      row.scalar_adjoint = [](const V& adjoint, const V& y, const V* const* x, V* const* to, Attributes a) {
        add_partials<Op, V>(a, adjoint, y, x, to);
      };
      row.adjoint = [](const Operation<V>& op) { elementwise_adjoint<Op, V>(op); };
    }
    if constexpr (Ordered<V> && !Lifted<V> && evaluates_elementwise<Op, V>(operands) &&
                  requires { &Op::template kink<V>; }) {
      row.meets_kink = [](const Operation<V>& op) { return elementwise_meets_kink<Op, V>(op); };
    }
  } else if constexpr (StructuredOperator<Op>) {
    if constexpr (requires(Attributes a, std::span<const View<const V>> x, View<V> y) {
                    Op::template evaluate<V>(a, x, y);
                  }) {
      row.value = [](const Operation<V>& op) { structured_value<Op, V>(op); };
      if constexpr (sweeps_back<V>() && requires(Attributes a, const Array<V>& t, std::span<const Array<V>> x) {
                      Op::template pullback<Array<V>>(a, t, t, x);
                    })
        row.adjoint = [](const Operation<V>& op) { structured_adjoint<Op, V>(op); };
      if constexpr (Ordered<V> && !Lifted<V> &&
                    requires(Attributes a, std::span<const Array<V>> x) { Op::template kink<Array<V>>(a, x); })
        row.meets_kink = [](const Operation<V>& op) { return structured_meets_kink<Op, V>(op); };
    }
  }
  return row;
}

}  // namespace detail

template <class V>
const Kernel<V>& kernel(Opcode code) {
  static const std::array<Kernel<V>, builtin_count> rows = [] {
    std::array<Kernel<V>, builtin_count> made;
    for_each_operator([&made]<class Op>() { made[opcode<Op>] = detail::make_kernel<Op, V>(); });
    return made;
  }();
  return rows[code];
}

}  // namespace nabla
