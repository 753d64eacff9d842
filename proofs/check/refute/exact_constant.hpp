#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides `A == B` of two numbers that depend on one variable, a number in an interval, by calculus: the difference is
/// continuous on the interval, its derivative exists inside and is 0 there by an exact normal form, and at one point
/// the sides are equal, exactly. So asin(x) + acos(x) == pi/2. proved: with a certificate of kind "constant":
/// {"variable", "at", "slope": the data of an "identity"}. undecided, or nothing for other statements and where a
/// hypothesis is stated.
std::optional<Finding> decide_constant_difference(const Problem& problem, const Statement& statement,
                                                  const CheckOptions& options, const Budget& budget);

}  // namespace nabla
