#pragma once

#include <mpfr.h>

#include <memory>
#include <nabla/ops/shape.hpp>

namespace nabla {

/// Products of matrices and vectors (and stacks of them, as MatMul states) of MPFR numbers, by Arb's blocks. Each entry
/// is the exact sum of products rounded once, to nearest: computed as a ball with guard bits, and alone with more of
/// them where the ball does not say how to round.
class DigitProduct {
 public:
  /// Shapes of the operands as the product sees them. \param transposed  an operand is given as the transpose of what
  /// it is: by the rows of the other
  DigitProduct(const Shape& left, const Shape& right, bool left_transposed, bool right_transposed, mpfr_prec_t bits);
  ~DigitProduct();

  /// Row-major entries; the result overlaps no operand.
  void run(mpfr_ptr y, const __mpfr_struct* a, const __mpfr_struct* b);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nabla
