#pragma once

#include <cstdint>
#include <nabla/proofs/claim/block.hpp>
#include <optional>
#include <random>
#include <string>

namespace perturb {

using Random = std::mt19937_64;

/// What plain evaluation says of a claim.
struct Judgement {
  enum class Kind : std::uint8_t {
    is_false,  ///< fails at a point of the stated set at which its hypotheses hold
    ill_typed,
    undefined,  ///< a side has no value at such a point
    seems_true,
    not_known  ///< no point could be judged, or the evaluator does not know the claim's words
  };
  Kind kind = Kind::not_known;
  std::string why;
};

/// Evaluates a claim at special and random points of its set, for several choices of its dimensions. The first point
/// that speaks against it decides.
Judgement judge(const nabla::Claim& claim, Random& random);

}  // namespace perturb
