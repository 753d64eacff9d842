#pragma once

#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json_fwd.hpp>

namespace nabla {

/// "words": both sides are read again as sums of products of matrices; their difference, multiplied by what the
/// certificate says ("times": "side", "inverted" among the nodes that are inverted, "turned"), is rewritten by the
/// relations that define inverses and cofactors and those among the hypotheses until nothing is left. Of these the word
/// that "order" says is largest is replaced.
ReplayedCertificate replay_words(const Problem& problem, const Statement& statement,
                                 const nlohmann::ordered_json& evidence);

}  // namespace nabla
