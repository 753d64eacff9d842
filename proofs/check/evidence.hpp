#pragma once

#include <nabla/proofs/claim/verdict.hpp>
#include <nlohmann/json_fwd.hpp>

namespace nabla {

/// The data of a certificate as JSON; what is none is a text.
nlohmann::ordered_json evidence_of(const Certificate& certificate);

}  // namespace nabla
