#pragma once

#include <memory>
#include <nabla/engine/compile/workers.hpp>
#include <nabla/ops/registry.hpp>
#include <span>
#include <vector>

namespace nabla {

/// What a prepared operator is given. Shapes and attributes outlive it.
struct PreparedShapes {
  Attributes attributes;
  std::vector<const Shape*> operands;
  std::vector<bool> transposed;  ///< the operand, a matrix of that shape, is given as its transpose (of MatMul)
  const Shape* result = nullptr;
};

/// A structured operator in the kind V on operands of known shapes: what depends on shapes alone is worked out when it
/// is made. Results have the same bits whatever the number of threads.
template <class V>
class Prepared {
 public:
  virtual ~Prepared() = default;
  /// Row-major entries; y overlaps no operand.
  virtual void run(V* y, const V* const* x, Workers& workers) = 0;
};

/// Operators with a way of their own (products, sums, softmax, ...: PreparedAs in prepared.cpp) allocate nothing when
/// they run, and differ from the rule by the rounding of sums in another order; the others run as their kernels
/// (engine/kernels), which may allocate. \throws UnsupportedError where V has no value for the operator. V = double,
/// float.
template <class V>
std::unique_ptr<Prepared<V>> prepare(Opcode code, PreparedShapes shapes);

}  // namespace nabla
