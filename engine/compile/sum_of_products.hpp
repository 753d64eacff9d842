#pragma once

#include <nabla/engine/compile/factor.hpp>

namespace nabla {

/// Sums of products on flat arrays of values and of adjoints, both by place. Each sum is added in the order of the
/// program, eight of them at once. One object serves one thread at a time.
class SumOfProducts {
 public:
  /// \pre sum.operands.size() == 3
  explicit SumOfProducts(const VectorInstruction& sum);

  void forward(double* values);
  /// Adds to the adjoints of what it reads; a sum whose adjoint is 0 contributes nothing.
  void backward(const double* values, double* adjoints);

 private:
  static constexpr std::size_t together = 8;
  /// A factor, and memory for rows of it that do not stand in place.
  struct Side {
    Factor factor;
    std::vector<double> rows;
    std::vector<double> sent;  ///< for a factor that is shared: its adjoints
  };
  Side side(const Access& a) const;
  /// What every row shares.
  void gather_shared(Side& s, const double* values) const;
  /// Row i, which may be put into slot k of the memory.
  const double* row(Side& s, const double* values, std::size_t i, std::size_t k) const;
  /// Adds t times the other factor's row i to the adjoints of a factor.
  void send(Side& to, double t, const double* other, std::size_t i, double* adjoints) const;

  std::size_t count_, terms_, result_;
  Access first_;
  Side a_, b_;
};

}  // namespace nabla
