#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <optional>

namespace nabla {

/// What `assume convex(f(x), x)` says of a function variable f, where x is given in the set that f is defined on and
/// no other hypothesis speaks of x: the same as a class that is named where f is given.
struct ClassAssumption {
  std::string_view function;
  GivenFunctionLine::Membership membership;
};

/// Nothing for other hypotheses.
std::optional<ClassAssumption> class_assumption(const Claim& claim, const AssumeLine& line);

}  // namespace nabla
