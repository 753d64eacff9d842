#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides negations and implications whose parts are predicates about pairs of points (convex, smooth, ...), which
/// are true or false as a whole: the parts must not depend on variables that they do not quantify over.
/// - `not P`: proved by a pair of points that refutes P; refuted when P is proved and a point of the stated set is
/// known.
/// - `P implies Q`: proved when P is refuted, or Q is proved; refuted when P is proved and Q refuted. Proved also when
///   what P (convex, concave, increasing, decreasing in a number) says of two points implies Q, whatever else P depends
///   on: certificate "instance": {"first", "second": the points, "kind", "evidence": of that implication}.
/// Certificates are of kind "part": {"path": which child of the statement, child of that, ...; "kind", "evidence"}, for
/// the certificates of that part. Nothing for other statements.
std::optional<Finding> decide_connective(const Problem& problem, const Statement& statement,
                                         const CheckOptions& options, const Budget& budget);

/// Certificates about a child of a statement as certificates about the statement, of kind "part".
std::vector<Certificate> of_part(std::vector<Certificate> certificates, std::size_t child);

}  // namespace nabla
