#pragma once

#include <nabla/engine/record/expr.hpp>
#include <span>
#include <utility>
#include <vector>

namespace nabla {

/// Nodes and what stands in their place; of equal shapes, in one workspace.
using Replacements = std::vector<std::pair<Expr, Expr>>;

/// The expressions with all replacements made at once: a replacement is not looked into. Nodes that do not depend on
/// a replaced node are kept. Empty expressions stay empty. Linear in the nodes between the first replaced one and the
/// expressions; nothing recurses.
std::vector<Expr> substitute(std::span<const Expr> expressions, const Replacements& replacements);
Expr substitute(const Expr& expression, const Replacements& replacements);

/// Whether the expression depends on the node.
bool depends_on(const Expr& expression, const Expr& node);

}  // namespace nabla
