#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/failure.hpp>
#include <nabla/proofs/check/refute/exact_point.hpp>

namespace nabla {

struct ExactRefutation {
  ExactPoint point;
  Judgement seen;
};

/// Points at which a statement fails only where an equation holds exactly: a strict inequality at a contact, `!=`,
/// premises and hypotheses that are equations, a jump at a single point. Climbs to such a point in doubles, guesses the
/// constants that its entries are, and has the guess decided exactly. Where there are more entries than equations, the
/// first are made short and the last follow.
/// \param from  points to start at
std::optional<ExactRefutation> refute_exactly(const Problem& problem, const Statement& statement,
                                              const Failure& failure, std::span<const Point> from,
                                              const Budget& budget);

/// The first of the points that is one of the stated set at which the statement fails.
std::optional<ExactRefutation> refute_at(const Problem& problem, const Statement& statement,
                                         std::span<const ExactPoint> points, const Budget& budget);

}  // namespace nabla
