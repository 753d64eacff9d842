#pragma once

#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// A statement without its premises that speak of dimensions and indices alone (`i != j implies ...`), once these have
/// their values. Nothing when such a premise is false: then there is nothing to show.
std::optional<Statement> without_constant_premises(Statement statement);

}  // namespace nabla
