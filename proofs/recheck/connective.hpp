#pragma once

#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json_fwd.hpp>

/// Negations and implications: evidence about their parts.
namespace nabla {

/// Evidence about a part of a statement: the child of a negation, premise or conclusion.
ReplayedCertificate replay_part(const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence);

/// Evidence for a conclusion, where what is before every `implies` counts as assumed.
ReplayedCertificate replay_implied(const Problem& problem, const Statement& statement,
                                   const nlohmann::ordered_json& evidence);

/// An implication whose premise is about pairs, and is taken at two points.
ReplayedCertificate replay_instance(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence);

/// An implication with a premise about pairs that is shown with values put in for the numbers that it does not quantify
/// over, and a conclusion that fails at these.
ReplayedCertificate replay_counterexample(const Problem& problem, const Statement& statement,
                                          const nlohmann::ordered_json& evidence);

}  // namespace nabla
