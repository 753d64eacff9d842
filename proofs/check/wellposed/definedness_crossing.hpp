#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/point.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla::wellposed {

/// The box of everything between two points that differ in one entry, an interval.
Box box_between(const Problem& problem, const Point& a, const Point& b);

/// Two points of the sets, different in one entry, between which a node is applied outside its domain: a denominator
/// (or the cosine of an angle whose tangent is taken) is continuous between them and has opposite signs at them, both
/// certain; the hypotheses hold at both and everywhere between. For points where it vanishes that are not rational.
/// \pre the node is read wherever the hypotheses hold
std::optional<std::pair<Point, Point>> find_crossing(const Problem& problem, NodeId node, std::uint64_t seed,
                                                     const Budget& budget);

/// Two points of the sets, different in one entry of what is differentiated by, between which the derivative does not
/// exist: the operand of abs or relu (the difference of those of max or min) has opposite signs at them and moves at a
/// speed other than 0 all the way, and what is differentiated is a differentiable function of the operator's value with
/// a slope other than 0. So the one-sided derivatives differ where the operand vanishes, rational or not.
/// \pre no hypotheses, no guards, and the derivative is read everywhere
std::optional<std::pair<Point, Point>> find_kink(const Problem& problem, const Derivative& derivative, NodeId node,
                                                 std::uint64_t seed, const Budget& budget);

}  // namespace nabla::wellposed
