#pragma once

#include <string_view>
#include <vector>

namespace nabla {

/// predicate(EXPR, x) or predicate(EXPR, x, constant).
struct Predicate {
  std::string_view name;
  bool has_constant = false;
  bool of_scalar = false;         ///< the expression must be a scalar
  bool needs_convex_set = false;  ///< of its variables
  bool is_total = false;          ///< true or false, never ill-posed, whatever the expression reads
};

/// Null for a name that is none.
const Predicate* find_predicate(std::string_view name);

/// The words that stand only as statements, with an expression and the variables it is a function of.
std::vector<std::string_view> predicate_names();

}  // namespace nabla
