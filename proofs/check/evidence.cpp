#include <nabla/proofs/check/evidence.hpp>
#include <nlohmann/json.hpp>

namespace nabla {

nlohmann::ordered_json evidence_of(const Certificate& certificate) {
  nlohmann::ordered_json read = nlohmann::ordered_json::parse(certificate.data, nullptr, false);
  return read.is_discarded() ? nlohmann::ordered_json(certificate.data) : read;
}

}  // namespace nabla
