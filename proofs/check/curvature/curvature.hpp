#pragma once

#include <nabla/proofs/check/curvature/set.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

/// Decides convex(E, x), concave(E, x) and strongly_convex(E, x, mu), also as the conclusion of an implication, over
/// the stated set for every value of the other variables. ill_posed: the stated set is certainly not convex in x (two
/// points whose midpoint is outside). proved: see show_convex (prove.hpp); one certificate of kind
/// "curvature" with the proof it describes, and "uniform" where no extent was looked at. undecided: with the
/// subexpression that breaks the rules. Refutations are found elsewhere (by pairs of points).
std::optional<Finding> decide_curvature(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                        const Budget& budget);

namespace curvature {

/// A statement without its premises, which become hypotheses unless they speak of what its predicate quantifies over.
struct Question {
  Problem problem;
  Statement statement;
};
Question without_premises(const Problem& problem, const Statement& statement);

extern const char* const steps_gone;  ///< an addition to why

/// The finding for a set on which the predicate makes no sense, or could not be shown to; nothing when it is convex.
std::optional<Finding> finding_of_set(const StatedSet& set, const Statement& statement);

/// proved, with the hypotheses of the problem as those used.
/// \param uniform  no extent was looked at: the certificate says so, and the argument holds in every dimension in which
/// the
///                 statement is made of the same operators
Finding proved_finding(const Problem& problem, std::string method, std::string message, std::string kind,
                       nlohmann::ordered_json proof, bool uniform);

}  // namespace curvature
}  // namespace nabla
