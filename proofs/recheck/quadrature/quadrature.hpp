#pragma once

#include <nabla/proofs/recheck/recheck.hpp>
#include <nlohmann/json_fwd.hpp>

/// Statements about integrals without a primitive function, replayed.
///
/// {"witness": {...}}  the hypotheses hold there, and enclosures of both sides show that the relation fails
/// {"side", "proof"}   left - right ("up") or right - left ("down") has the sign that the relation says, or, of `!=`,
/// is
///                     positive. A proof of g >= 0 (strict: g > 0) over a region is an object with "rule":
///   plain     g reads no integral: "proof" in the language of inequalities
///   value     g reads no variable, and an enclosure has the sign
///   boxes     enclosures over parts of the region, found by bisection, have the sign
///   under     g is linear in the integrals: what is integrated to give it has the sign by "proof", where the rest is
///             taken times 1, 2 s, 2 (1 - s) or 3 s^2 ("weight" 0 to 3), whose integrals are 1
///   monotone  the given number "variable" has a lower (not "up": upper) end, at which "start" proves g; on the region
///             without the hypotheses about it, "slope" proves its derivative (times -1). Where the end is not in the
///             set and g is to be positive, the slope is instead
namespace nabla {

ReplayedCertificate replay_quadrature(const Problem& problem, const Statement& statement,
                                      const nlohmann::ordered_json& evidence);

}  // namespace nabla
