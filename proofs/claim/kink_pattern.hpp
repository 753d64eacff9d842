#pragma once

#include <nabla/proofs/claim/problem.hpp>
#include <vector>

/// Naming an expression without kinks that an expression with kinks may be equal to: relu(u) - relu(-u) and u. Whether
/// they are equal is for others to show; see SmoothForm.
namespace nabla {

/// Which operand an operator at its kink is replaced by, from 1; negative: by its negative; 0: by zero. One entry for
/// each node of replaceable_kinks.
using KinkPattern = std::vector<int>;

/// The nodes of `of` that depend on `by` and whose operators are continuous with a kink that no convention decides,
/// operands before what reads them. Entry by entry operators only.
std::vector<NodeId> replaceable_kinks(const Problem& problem, const Expr& of, const Expr& by);

/// `of` with each of these nodes replaced. \pre pattern has an entry for each node that names an operand of it
Expr with_pattern(const Expr& of, const std::vector<NodeId>& kinks, const KinkPattern& pattern);

/// Whether `smooth` has a value wherever `of` has one, as far as its operators show: those that `of` has not are
/// defined everywhere. x^(3/2) is equal to abs(x)^(3/2) wherever both are defined, and is no form of it.
bool keeps_domain(const Expr& of, const Expr& smooth);

/// The problem in which a smooth form has to be equal: `by` ranges over all reals, since a derivative looks past the
/// ends of a set, and what is assumed of it is forgotten.
Problem around_the_set(const Problem& problem, const Expr& by);

}  // namespace nabla
