#pragma once

#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// Whether every value exists over the box of the sets, in intervals with outward rounding. Finite sets are gone
/// through element by element while they are small.
bool total_in_intervals(const Problem& problem, const Expr& e);

}  // namespace nabla
