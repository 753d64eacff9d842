#pragma once

#include <nabla/ops/registry.hpp>

namespace nabla {

/// What an elementwise operator does on n consecutive entries in one hardware kind V. A null entry: it cannot.
template <class V>
struct VectorKernel {
  /// y[i] = op(x[0][i], ...).
  void (*value)(V* y, const V* const* x, Attributes attributes, std::size_t n) = nullptr;
  /// to[i] = before[i] + t[i] times the partial by the operand; exactly before[i] where t[i] is 0. `before` may be
  /// `to`; null: nothing is there yet, as if it were 0.
  void (*adjoint[3])(V* to, const V* t, const V* y, const V* const* x, Attributes attributes, std::size_t n,
                     const V* before) = {nullptr, nullptr, nullptr};
};

/// The kernels of a built-in operator for this machine: with AVX-512, or AVX2 and FMA, where it has them. Results are
/// those of the operator's rule in V, bit for bit, but for exp, log and sin of double, which are within 1 ulp
/// (vector_math.hpp). V = double, float.
template <class V>
const VectorKernel<V>& vector_kernel(Opcode code);

}  // namespace nabla
