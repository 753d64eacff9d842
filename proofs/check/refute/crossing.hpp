#pragma once

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/wellposed/definedness_at.hpp>

/// Failures at points that no short text names: the root of x^3 + x - 1, the fixed point of the cosine. Two quantities
/// that are continuous between two rational points, and of which one is the larger at the first and the smaller at the
/// second, are equal at a point between them; there a statement is judged with that knowledge.
namespace nabla {

struct Crossing {
  Point from, to;  ///< of the sets; different in one entry, which ranges over an interval
  std::size_t given = 0, entry = 0;
  wellposed::Meeting met;
  std::string text;  ///< of the entry: "zero of x^3 + x - 1 in [17/25, 69/100]"
};

/// Calls look(crossing, the givens there), until that returns true, for crossings of the quantities that expressions
/// and hypotheses compare or of which they read more than the value. Every hypothesis certainly holds at each. \return
/// the crossing at which it was true May append nodes to the problem's workspace. \throws NotHandled
using LookAtCrossing = std::function<bool(const Crossing&, const wellposed::Assignment&)>;
std::optional<Crossing> find_at_crossing(const Problem& problem, const Statement& statement, std::uint64_t seed,
                                         const Budget& budget, const LookAtCrossing& look);

/// A crossing at which a statement that is judged point by point certainly fails; with a certificate of kind
/// "crossing":
/// {"witness", "from", "to"}, the last two being points as witnesses show them.
std::optional<Finding> refute_at_crossing(const Problem& problem, const Statement& statement, std::uint64_t seed,
                                          const Budget& budget);

/// What a report says of a refutation at a crossing.
Finding finding_at(const Problem& problem, const Crossing& crossing);

/// Where one of the targets certainly has no value although all premises hold: the crossing, and the node to blame.
std::optional<std::pair<Crossing, NodeId>> undefined_at_crossing(const Problem& problem, const Statement& statement,
                                                                 std::span<const Ref> targets,
                                                                 std::span<const Statement* const> premises,
                                                                 std::uint64_t seed, const Budget& budget);

}  // namespace nabla
