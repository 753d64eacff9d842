#include <nabla/proofs/check/connective.hpp>
#include <nabla/proofs/check/curvature/curvature.hpp>
#include <nabla/proofs/check/curvature/definite.hpp>
#include <nabla/proofs/check/curvature/lipschitz.hpp>
#include <nabla/proofs/check/curvature/monotone.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/identity/identity.hpp>
#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nabla/proofs/check/interpolation/interpolation.hpp>
#include <nabla/proofs/check/matrix/matrix_identity.hpp>
#include <nabla/proofs/check/refute/exact_constant.hpp>
#include <nabla/proofs/check/refute/exact_every_point.hpp>
#include <nabla/proofs/check/wellposed/regularity.hpp>

/// Every decider that can prove, one line each. Exact and cheap ones come first.
namespace nabla {

std::span<const Decider> deciders() {
  static constexpr Decider all[] = {
      decide_interpolation,   decide_matrix_identity, decide_identity,    decide_definite,
      decide_inequality,      decide_regularity,      decide_every_point, decide_constant_difference,
      decide_curvature,       decide_monotone,        decide_lipschitz,   decide_connective,
      decide_gradient_exists,
  };
  return all;
}

}  // namespace nabla
