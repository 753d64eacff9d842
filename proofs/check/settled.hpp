#pragma once

#include <nabla/proofs/check/decide.hpp>

namespace nabla {

/// Takes out of a problem the hypotheses that say nothing: predicates (convex, differentiable, ...) that are proved of
/// every member of the stated set, whatever the other hypotheses are. What is left can be a matter of single points.
/// They are kept beside the problem, with their certificates: see Posed::Form::settled.
void settle_hypotheses(Posed::Form& form, const CheckOptions& options, const Budget& budget);

}  // namespace nabla
