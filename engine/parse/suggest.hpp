#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nabla {

/// The candidate that a misspelt name most likely means: the nearest in insertions, deletions, substitutions and
/// swaps of neighbours, letter case counting little; at most one such edit for names of up to 4 letters, two up to
/// 8, three beyond; what has the name as its beginning (3 letters or more) counts as one edit away. The first of
/// equals; nothing when none is near or when the name itself is a candidate.
std::optional<std::string> did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace nabla
