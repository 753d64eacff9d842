#pragma once

#include <nabla/proofs/recheck/identity/algebra.hpp>

/// Signs of expressions over a region, seen at once.
namespace nabla::rederive {

/// What a relation says of left - right.
Signs signs_of(Comparison how);
/// By enclosures.
Signs signs_seen(const Problem& region, const Expr& e);
/// By the normal form under the hypotheses; `any` where that needs cases.
Signs signs_by_algebra(const Problem& region, const Expr& e);
/// No point satisfies the hypotheses.
bool hypotheses_contradict(const Problem& region);

}  // namespace nabla::rederive
