#pragma once

#include <nabla/proofs/check/decider.hpp>

namespace nabla {

/// The nearest true formula: small changes of the statement that failed (a sign, a factor, a transpose, an index, the
/// order of arguments, a relation, a constant, the name of a predicate, a missing hypothesis, an end of a set), the
/// smallest first, each checked as a claim of its own. The first that is proved or supported is offered, in the
/// language of claims, and it is said which of both it is.
/// \param show  which of the claim's statements failed, counted from 0
/// \return nothing when none of the candidates that the budget allows is true
std::optional<std::string> nearest_true(const Claim& claim, std::size_t show, std::size_t choices,
                                        const CheckOptions& options, std::stop_token stop, const Budget& budget);

/// Adds the nearest true formula to a report of what is refuted or ill-posed, unless the options say not to.
/// \param choices  of dimensions that the claim is worked on with
void add_suggestion(const Claim& claim, ClaimReport& report, std::size_t choices, const CheckOptions& options,
                    std::stop_token stop, const Budget& budget);

}  // namespace nabla
