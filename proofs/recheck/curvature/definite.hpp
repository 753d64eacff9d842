#pragma once

#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json_fwd.hpp>

namespace nabla {

/// "definite": a matrix is symmetric positive definite, or a form, a determinant or a trace has the sign that follows.
/// "rules": composed anew, from the text of the claim alone. "minors": evidence of zeros ("symmetric") and of signs
/// ("minors") is replayed for expressions that are worked out anew.
ReplayedCertificate replay_definite(const Problem& problem, const Statement& statement,
                                    const nlohmann::ordered_json& evidence);

/// Whether everything that e reads is defined because every matrix that is inverted or solved with has an inverse by
/// what it is made of, composed anew, and every other operator is defined everywhere. \pre no empty tensors, else false
bool inverses_exist(const Problem& problem, const Expr& e);

}  // namespace nabla
