#pragma once

#include <nabla/proofs/claim/problem.hpp>

/// What may be taken for granted where something is read: hypotheses, premises and guards as relations of nodes.
namespace nabla::wellposed {

/// left <how> right, for every entry (a scalar stretches); `not_equal` of scalars only.
struct Assumption {
  Ref left;
  Comparison how = Comparison::equal;
  Ref right;
};

/// The scalar conditions under which something is read: nodes with whether they are nonzero. Sorted; all must hold.
using Context = std::vector<std::pair<Ref, bool>>;

/// What a statement that holds implies about nodes. Understood in part: what is not says nothing.
/// \param found  to be added to
void assume(Workspace& workspace, const Statement& statement, std::vector<Assumption>& found);

/// What a condition that is nonzero (every entry of it), or a scalar one that is 0, implies.
void assume(Workspace& workspace, Ref condition, bool nonzero, std::vector<Assumption>& found);

/// Adds what relations of two nodes say about their difference, as far as such a node is of use.
void add_differences(Workspace& workspace, std::vector<Assumption>& found);

}  // namespace nabla::wellposed
