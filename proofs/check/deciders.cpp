#include <nabla/proofs/check/connective.hpp>
#include <nabla/proofs/check/curvature.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/definite.hpp>
#include <nabla/proofs/check/exact_constant.hpp>
#include <nabla/proofs/check/exact_every_point.hpp>
#include <nabla/proofs/check/identity.hpp>
#include <nabla/proofs/check/inequality.hpp>
#include <nabla/proofs/check/interpolation.hpp>
#include <nabla/proofs/check/lipschitz.hpp>
#include <nabla/proofs/check/monotone.hpp>
#include <nabla/proofs/check/regularity.hpp>

/// Every decider that can prove, one line each. Exact and cheap ones come first.
namespace nabla {

std::span<const Decider> deciders() {
  static constexpr Decider all[] = {
      decide_interpolation,       decide_identity,   decide_definite,
      decide_inequality,          decide_regularity, decide_every_point,
      decide_constant_difference, decide_curvature,  decide_monotone,
      decide_lipschitz,           decide_connective, decide_gradient_exists,
  };
  return all;
}

}  // namespace nabla
