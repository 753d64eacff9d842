#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// Refutes `P implies Q` for a predicate P about pairs of points (convex, lipschitz, ...) and a relation Q: by values
/// of the numbers that P does not quantify over, at which Q fails and P, with these values put in, is proved.
///
/// Refuted with the witness and a certificate of kind "counterexample": {"witness", "premise": [{"kind", "evidence"},
/// ...]}, the certificates of P there. Nothing for other statements, or where none was found.
std::optional<Finding> find_counterexample(const Problem& problem, const Statement& statement,
                                           const CheckOptions& options, const Budget& budget);

}  // namespace nabla
