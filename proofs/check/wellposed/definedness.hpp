#pragma once

#include <nabla/proofs/check/judge.hpp>
#include <nabla/proofs/check/wellposed/definedness_proof.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>

/// What the deciders of well-posedness share: what a statement reads, and findings about it.
namespace nabla::wellposed {

/// Expressions that must be defined where all premises hold.
struct Demand {
  std::vector<Ref> targets;
  std::vector<const Statement*> premises;
};

/// What a statement reads, without what the predicates defined, differentiable and continuous are asked about.
std::vector<Demand> demands_of(const Statement& statement);

/// Whether a predicate is true or false of whatever it is asked about, never ill-posed.
bool is_total_predicate(const Statement& statement);

/// The goal of showing that the targets are defined under a problem's hypotheses and some premises.
Goal definedness_goal(const Problem& problem, const Demand& demand);
/// The goal of showing that a derivative exists wherever it is read. \throws NotHandled
Goal derivative_goal(const Problem& problem, const Derivative& derivative, const Budget& budget);

/// Of the derivative of a function by its own parameter, which is read elsewhere: all numbers in place of the
/// parameter, where the function reads nothing else. Nothing for other derivatives.
std::optional<Problem> problem_of_parameter(const Problem& problem, const Derivative& derivative);

/// How a report names a node: "log (line 3, column 8)".
std::string describe(const Graph& graph, NodeId id);
/// Where a node was written, where that is known.
std::optional<Place> place_of(const Graph& graph, NodeId id);
/// "x = 0, y = [1, 2]".
std::string describe(const Problem& problem, const Point& point);

/// The certificate of a proof: what was shown of the targets, and the bounds that show it. Its data are
/// {"want": "defined" | "differentiable" | "continuous", "nodes": how many were looked at, "boxes": how many boxes the
/// set was split into (0: none), "conditions": [{"operator", "place", "operands": [bounds, ...]}, ...]}; conditions are
/// the applications of operators that are not defined (regular) everywhere. With "signs" (Outcome::signs) where
/// inequalities were needed: these the re-checker follows, the rest it shows by itself. With "pieces": {"of", "slope"}
/// for a derivative of a function of one number whose pieces meet with their slopes: proofs that it is differentiable,
/// and that its derivative by the chain rule is continuous (curvature::show_regular_pieces); or, in place of "slope",
/// "values": proofs that at each break it is the derivative there.
Certificate certificate_of(const Graph& graph, const Goal& goal, const Outcome& outcome);

}  // namespace nabla::wellposed
