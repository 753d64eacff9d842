#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/refute/exact_point.hpp>

namespace nabla::wellposed {

/// What has to be nonzero where the node is applied: a denominator, the operand of a logarithm, the cosine of an angle
/// whose tangent is taken. Empty for nodes of other kinds.
Expr vanishing(const Problem& problem, NodeId node);

struct ExactFailure {
  ExactPoint point;
  NodeId culprit;
};

/// A point of the stated set, one entry of which is a constant such as sqrt(2) or pi/2, at which a target certainly has
/// no value. Looked for at closed ends of intervals, and where something that has to be nonzero vanishes or comes near
/// it along one entry; guessed in doubles, decided exactly.
/// \param suspects  nodes that could not be shown to be fine
std::optional<ExactFailure> find_exact_failure(const Problem& problem, std::span<const Ref> targets,
                                               std::span<const Statement* const> premises,
                                               std::span<const NodeId> suspects, std::uint64_t seed,
                                               const Budget& budget);

}  // namespace nabla::wellposed
