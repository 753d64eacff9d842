#pragma once

#include <nabla/proofs/claim/block.hpp>
#include <string>
#include <vector>

namespace nabla {

/// One small change of a claim's text.
struct Edit {
  /// A stretch of the source and what stands there instead.
  struct Replacement {
    std::uint32_t begin = 0, end = 0;
    std::string text;
  };
  std::vector<Replacement> replacements;
  std::string hypothesis;  ///< "x > 0", to be assumed; empty: none
  int cost = 0;            ///< smaller changes first
};

/// Changes of one `show` of a claim, the smallest first; of equal cost in the order of the text.
std::vector<Edit> edits_of(const Claim& claim, const ShowLine& show);

}  // namespace nabla
