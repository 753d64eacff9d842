#pragma once

#include <nabla/ops/operator.hpp>

namespace nabla {

/// Where values enter a graph. A leaf has no operands and no rule; its shape is stated when it is made.
struct Leaf : Structured<0> {
  static constexpr Family family = Family::leaf;
};

/// An input. Its attribute indexes the graph's table of variables.
struct Variable : Leaf {
  static constexpr std::string_view name = "variable";
  static constexpr Facts facts{.summary = "an input of the computation"};
};

/// An exact constant standing as a node of its own (as an output, or stretched to a shape).
/// Its attribute indexes the graph's table of constants.
struct Literal : Leaf {
  static constexpr std::string_view name = "literal";
  static constexpr Facts facts{.summary = "an exact constant", .curvature = Curvature::affine};
};

using LeafOperators = Operators<Variable, Literal>;

}  // namespace nabla
