#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/identity.hpp>
#include <nabla/proofs/check/interpolation.hpp>
#include <nabla/proofs/check/regularity.hpp>

/// Every decider that can prove, one line each. Exact and cheap ones come first.
namespace nabla {

std::span<const Decider> deciders() {
  static constexpr Decider all[] = {
      decide_interpolation,
      decide_identity,
      decide_regularity,
  };
  return all;
}

}  // namespace nabla
