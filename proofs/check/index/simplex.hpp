#pragma once

#include <nabla/proofs/check/index/algebra.hpp>
#include <optional>
#include <vector>

namespace nabla::index_form {

/// Factors >= 0, one for each column, with which the columns add up to the goal exactly; nothing where there are none,
/// or where none are found in a bounded number of steps. By the simplex method over the rationals.
std::optional<std::vector<Rational>> nonnegative_combination(const std::vector<const Poly*>& columns, const Poly& goal,
                                                             const Budget& budget);

}  // namespace nabla::index_form
