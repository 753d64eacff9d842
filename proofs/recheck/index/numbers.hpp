#pragma once

#include <nabla/proofs/recheck/index/tree.hpp>
#include <nlohmann/json_fwd.hpp>

namespace nabla::reindex {

/// Replays a proof of t >= 0 (strict: t > 0), wherever t is defined, for all numbers in place of entries and
/// dimensions: trees are the same number where they are the same entry. Nothing else but operators of one number,
/// products, sums and powers may stand in t. \param numbers  the entries (and dimensions) that v1, v2, ... stand for
bool replay_of_numbers(const World& world, const Tree& t, const std::vector<Tree>& numbers, bool is_strict,
                       const nlohmann::ordered_json& proof);

}  // namespace nabla::reindex
