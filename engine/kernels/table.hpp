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

// What is the same for all operators of a kind stays out of line: a table has a hundred of them.

template <class V>
[[gnu::noinline]] std::vector<Array<V>> to_arrays(std::span<const View<const V>> views) {
  std::vector<Array<V>> arrays;
  arrays.reserve(views.size());
  for (const View<const V>& view : views) arrays.emplace_back(view);
  return arrays;
}

/// An adjoint that is exactly zero everywhere belongs to a branch that was not taken: it contributes exactly zero,
/// though the value may not exist (the inverse of a singular matrix).
template <class V>
[[gnu::noinline]] bool is_zero_everywhere(View<const V> adjoint) {
  if constexpr (requires { Number<V>::is_zero(*adjoint.data); }) {
    for (std::int64_t i = 0; i < adjoint.size(); ++i)
      if (!Number<V>::is_zero(adjoint[i])) return false;
    return true;
  } else {
    return false;
  }
}

template <class V>
[[gnu::noinline]] void add_contributions(const std::vector<Array<V>>& contributions, std::span<V* const> to) {
  for (std::size_t k = 0; k < contributions.size(); ++k) {
    const Array<V>& c = contributions[k];
    if (to[k] == nullptr || c.empty()) continue;
    for (std::size_t i = 0; i < c.values().size(); ++i) to[k][i] = to[k][i] + c.values()[i];
  }
}

template <class Op, class V>
void structured_adjoint(const Operation<V>& op) {
  const View<const V> adjoint{op.adjoint, op.result.shape};
  if (is_zero_everywhere(adjoint)) return;
  const std::vector<Array<V>> x = to_arrays(op.operands);
  add_contributions(Op::template pullback<Array<V>>(op.attributes, Array<V>(adjoint),
                                                    Array<V>(View<const V>{op.result.data, op.result.shape}),
                                                    std::span<const Array<V>>(x)),
                    op.operand_adjoints);
}

template <class Op, class V>
bool structured_meets_kink(const Operation<V>& op) {
  const std::vector<Array<V>> x = to_arrays(op.operands);
  const Array<V> kink = Op::template kink<Array<V>>(op.attributes, std::span<const Array<V>>(x));
  return !is_zero_everywhere(kink.view());
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
