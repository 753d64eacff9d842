#pragma once

#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

/// Replays of what the deciders of curvature say. Composition rules, matrices and expressions are worked out anew from
/// the text of the claim; what a certificate says of ranges and breaks is checked, evidence of signs goes to
/// recheck_sign and recheck_identity, and nothing else is believed.

/// "curvature": convex, concave, strongly_convex.
ReplayedCertificate replay_curvature(const Problem& problem, const Statement& statement,
                                     const nlohmann::ordered_json& evidence);
/// "monotone": increasing, decreasing.
ReplayedCertificate replay_monotone(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence);
/// "linear".
ReplayedCertificate replay_linear(const Problem& problem, const Statement& statement,
                                  const nlohmann::ordered_json& evidence);
/// "lipschitz": smooth, cocoercive, lipschitz.
ReplayedCertificate replay_lipschitz(const Problem& problem, const Statement& statement,
                                     const nlohmann::ordered_json& evidence);
/// "pieces": continuous, differentiable, of a function of one number.
ReplayedCertificate replay_regular_pieces(const Problem& problem, const Statement& statement,
                                          const nlohmann::ordered_json& evidence);
/// "apart": that a function of one number is not continuous (differentiable) at a point of the stated set, where it
/// keeps away from its value, or its difference quotients on the two sides from each other.
ReplayedCertificate replay_apart(const Problem& problem, const Statement& statement,
                                 const nlohmann::ordered_json& evidence);
/// That `chain`, the derivative of e by the chain rule, is its derivative at the breaks of its pieces too: {"of"} shows
/// that e is differentiable, and {"slope"} that `chain` is continuous, or {"values"} that it is the derivative there.
bool replay_derivative_in_pieces(const Problem& problem, const Expr& e, const Expr& t, const Expr& chain,
                                 const nlohmann::ordered_json& evidence);

}  // namespace nabla
