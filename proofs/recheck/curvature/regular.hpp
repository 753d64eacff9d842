#pragma once

#include <nabla/proofs/claim/problem.hpp>
#include <optional>

/// Where a function of one number is continuous or differentiable: what replays of that share.
namespace nabla::bending {

/// The set of the one variable, its closed ends moved outwards, or nothing where the expression has others.
std::optional<Problem> widened(const Problem& problem, const Expr& e, const Expr& t);

bool is_defined_everywhere(const Problem& problem, const Expr& e);

}  // namespace nabla::bending
