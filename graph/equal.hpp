#pragma once

#include <nabla/graph/arena.hpp>

namespace nabla {

/// The same computation written down the same way: node by node the same operator, operands, attributes and shape;
/// variables by name, constants by value (a recorded double by its bits). Origins do not count, nor does the order in
/// which a graph's tables were filled.
bool equal(const Graph& a, const Graph& b);

}  // namespace nabla
