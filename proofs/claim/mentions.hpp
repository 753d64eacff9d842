#pragma once

#include <nabla/proofs/claim/problem.hpp>
#include <vector>

namespace nabla {

/// Whether a statement speaks of one of these variables, at any depth.
bool mentions(const Statement& statement, const std::vector<Expr>& variables);

}  // namespace nabla
