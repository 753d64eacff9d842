#pragma once

#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json_fwd.hpp>

namespace nabla {

/// Replays a certificate of this kind, given the link that it speaks of, elaborated anew. Kinds that nobody replays are
/// `not_replayed`.
ReplayedCertificate replay_kind(const std::string& kind, const Problem& problem, const Statement& statement,
                                const nlohmann::ordered_json& evidence);

}  // namespace nabla
