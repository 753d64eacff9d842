#include <nabla/proofs/check/connective.hpp>
#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/check/identity.hpp>
#include <nabla/proofs/check/inequality.hpp>
#include <nabla/proofs/check/regularity.hpp>

/// Every decider that can prove, one line each. Exact and cheap ones come first.
namespace nabla {

std::span<const Decider> deciders() {
  static constexpr Decider all[] = {
      decide_identity,
      decide_inequality,
      decide_regularity,
      decide_connective,
  };
  return all;
}

}  // namespace nabla
