#pragma once

#include <nabla/ops/registry.hpp>
#include <span>

namespace nabla {

/// One node at run time. Operand and result values are row-major; an adjoint that nobody wants is null.
template <class V>
struct Operation {
  Attributes attributes;
  std::span<const View<const V>> operands;
  View<V> result;
  /// Of the result, when sweeping back; null otherwise.
  const V* adjoint = nullptr;
  /// Of the operands, to be added to; an entry is null where it is not wanted.
  std::span<V* const> operand_adjoints;
};

/// What an operator does in one kind of number, chosen once per node. A null entry: the kind cannot.
template <class V>
struct Kernel {
  /// y = op(x...) on scalars.
  void (*scalar_value)(V& y, const V* const* x, Attributes attributes) = nullptr;
  /// Adds adjoint * partial to each wanted operand adjoint, on scalars.
  void (*scalar_adjoint)(const V& adjoint, const V& y, const V* const* x, V* const* to,
                         Attributes attributes) = nullptr;
  void (*value)(const Operation<V>&) = nullptr;
  void (*adjoint)(const Operation<V>&) = nullptr;
  /// 1 where some entry meets a kink (0 when it certainly does not; for enclosures, also when it may).
  bool (*meets_kink)(const Operation<V>&) = nullptr;
};

/// Replaces the rule's own evaluation where a kind has something faster (Eigen for double): specialised in headers that
/// array.hpp includes, with `static void value(const Operation<V>&)`; a test compares every specialisation with the
/// rule.
template <class Op, class V>
struct Fused {};

template <class Op, class V>
concept HasFused = requires(const Operation<V>& op) {
  Fused<Op, V>::value(op);
};

/// The kernel of a built-in operator. Instantiated once per kind of number, in engine/kernels.
template <class V>
const Kernel<V>& kernel(Opcode code);

}  // namespace nabla
