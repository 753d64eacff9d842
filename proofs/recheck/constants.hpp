#pragma once

#include <nabla/engine/numbers/rational.hpp>
#include <nabla/proofs/claim/problem.hpp>
#include <optional>

namespace nabla::rederive {

/// The value of a scalar expression without variables; nothing for others, and where the kind of number cannot say it.
/// For Rational (exact) and Interval.
template <class V>
std::optional<V> constant_value(const Expr& e);

/// Whether a number certainly lies in an interval whose ends are rational.
bool lies_in(const RealSet& interval, const Rational& x);

}  // namespace nabla::rederive
