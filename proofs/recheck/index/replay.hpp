#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json_fwd.hpp>

namespace nabla {

/// Replays a certificate of kind "index-identity": that a link of a claim holds for all values of its dimension and
/// index names. It is derived again from the text of the claim, by trees that are differentiated as they stand, then
/// multiplied out over common denominators, and compared case by case. "open" says that it was not derived again.
/// \param show, link  counted from 0
/// \param sums  of terms (see terms.hpp), by the number of the inequality that they show
ReplayedCertificate replay_every_dimension(const Claim& claim, std::size_t show, std::size_t link,
                                           const nlohmann::ordered_json& sums);

}  // namespace nabla
