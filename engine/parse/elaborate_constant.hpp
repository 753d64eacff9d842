#pragma once

#include <compare>
#include <nabla/engine/record/expr.hpp>
#include <nabla/ops/constant.hpp>
#include <optional>
#include <span>
#include <string_view>

/// Exact arithmetic on the constants of expressions, where the graph's own folding (int64) is not enough.
namespace nabla {

/// The value of a number as it is written ("0.1", "12", "1e-3"), exactly; nothing when it needs too many digits.
std::optional<Constant> literal_constant(std::string_view spelling);

/// The order of two constants; nothing unless both are rational numbers.
std::optional<std::strong_ordering> compare(const Constant& a, const Constant& b);

/// abs, sign, floor, min or max of rational numbers; nothing for other functions and other constants.
std::optional<Constant> fold_function(std::string_view name, std::span<const Constant> arguments);

/// The value of a scalar that is a constant or that rational arithmetic computes; nothing for others.
std::optional<Constant> exact_value(const Expr& e);

/// Whether a constant is an integer, however long.
bool is_integer(const Constant& c);

}  // namespace nabla
