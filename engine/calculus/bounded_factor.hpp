#pragma once

#include <nabla/engine/record/expr.hpp>
#include <optional>

namespace nabla {

/// What is left of a product (or quotient) without its factors whose values are bounded, which must have values for all
/// h but finitely many: h^2 for h^2 sin(1/h), 1/x for sin(x)/x. Where that tends to 0 for some h, so does the product.
/// Nothing where no factor is seen to be bounded, or where some part of the product may have no value.
std::optional<Expr> beside_bounded_factors(const Expr& product, const Expr& h);

}  // namespace nabla
