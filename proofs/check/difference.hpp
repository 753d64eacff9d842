#pragma once

#include <nabla/proofs/check/point.hpp>

/// The oracle for derivatives: central differences at high precision, which use no derivative rule at all.
namespace nabla {

/// A derivative of the problem compared with differences at one point and precision.
struct DifferenceCheck {
  bool compared = false;  ///< false: a kink, a value that does not exist, or an unsupported operator; no evidence
  double residual = 0;    ///< worst |symbolic - difference| / (1 + |symbolic|)
};

/// \param digits  the differences have step 10^-digits and 4 * digits + 20 digits of working precision, so that they
///                agree with the derivative to about 2 * digits digits where it is smooth
DifferenceCheck compare_with_differences(const Problem& problem, const Derivative& derivative, const Point& point,
                                         int digits);

}  // namespace nabla
