#pragma once

#include <nabla/proofs/check/interpolation/polynomial.hpp>

namespace nabla::interpolation {

/// The scalings under which given polynomials are homogeneous: f -> a f, x -> b x, and what they do to constants. A
/// combination of homogeneous inequalities needs only multipliers that make every term of one weight.
class Grading {
 public:
  /// \param symbols how many there are
  Grading(std::size_t symbols, const std::vector<const Polynomial*>& homogeneous);
  using Weight = std::vector<Rational>;
  /// Of a polynomial; nothing when its terms have different weights. \pre not zero
  std::optional<Weight> weight(const Polynomial& p) const;

 private:
  Weight weight(const Monomial& m) const;
  std::vector<Weight> of_;  // by symbol
  std::size_t dimension_ = 0;
};
Grading::Weight operator+(const Grading::Weight& a, const Grading::Weight& b);

}  // namespace nabla::interpolation
