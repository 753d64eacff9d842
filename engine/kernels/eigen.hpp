#pragma once

#include <nabla/engine/kernels/kernel.hpp>

/// Kernels by Eigen, for the hardware's numbers. Declared here without Eigen, so that everybody who computes with
/// arrays uses the same ones.
namespace nabla {

/// Products of matrices, vectors and stacks of them, as MatMul states them. Sums are added in another order than the
/// rule's, so results differ by rounding: at most n eps sum |a_ik b_kj| each, for n terms (Higham 2002, 3.5). Entries
/// that are infinite or NaN spread as in the rule.
template <>
struct Fused<MatMul, double> {
  static void value(const Operation<double>& op);
};
template <>
struct Fused<MatMul, float> {
  static void value(const Operation<float>& op);
};

}  // namespace nabla
