#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/point.hpp>

namespace nabla::wellposed {

/// Two points of the sets, different in one entry, between which a node is applied outside its domain: a denominator
/// (or the cosine of an angle whose tangent is taken) is continuous between them and has opposite signs at them, both
/// certain. For points where it vanishes that are not rational.
/// \pre no hypotheses, and the node is read everywhere
std::optional<std::pair<Point, Point>> find_crossing(const Problem& problem, NodeId node, std::uint64_t seed,
                                                     const Budget& budget);

}  // namespace nabla::wellposed
