#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Decides `in(M, spd[n])`, and signs that a matrix has for being positive (semi)definite: of dot(x, M * x), det(M) and
/// trace(M) against 0, `>`, `>=` or `!=`; also as the conclusion of an implication, whose premises become hypotheses.
/// proved: M is composed of matrices that are (DefiniteMatrices), whatever the extents; or, up to three rows, M is
/// symmetric by an identity and its leading minors are positive by inequalities. One certificate of kind "definite":
/// {"by": "rules", "uniform": no extent was looked at}, or {"by": "minors", "symmetric": [...], "minors": [...]} with
/// evidence of zeros and of signs. undecided otherwise. Nothing for other statements.
std::optional<Finding> decide_definite(const Problem& problem, const Statement& statement, const CheckOptions& options,
                                       const Budget& budget);

}  // namespace nabla
