#pragma once

#include <nabla/proofs/recheck/index/tree.hpp>
#include <nlohmann/json_fwd.hpp>

namespace nabla::reindex {

/// Whether t > 0 (or t >= 0) follows from the terms of a certificate (see proofs/check/index/terms.hpp): each is
/// written anew from its lemma, its parts are shown to have the signs and to be defined as the lemma asks, and t less
/// the sum of them, or what the goal makes of t, is shown to vanish. \throws NotHandled, nlohmann::json::exception,
/// std::out_of_range \param axes  what the certificate calls "@0", "@1", ...
bool follows_from_terms(World& world, const Tree& t, bool is_strict, const std::vector<int>& axes,
                        const nlohmann::ordered_json& certificate);

}  // namespace nabla::reindex
