#pragma once

#include <functional>
#include <nabla/proofs/check/check.hpp>

/// Checking a claim while somebody watches, who may give it up.
namespace nabla {

/// Told of a claim under work at its beginning and after every statement that was decided for one choice of dimensions,
/// on the thread that works on it.
using Progress = std::function<void(const ClaimReport& so_far)>;

/// As check() without it.
ClaimReport check(const Claim& claim, const CheckOptions& options, std::stop_token stop, const Progress& progress);

/// What is to be reported of a claim whose check ends here: refuted or ill-posed if that was found, else undecided with
/// the evidence so far, and marked as cut.
ClaimReport cut_short(ClaimReport so_far);

}  // namespace nabla
