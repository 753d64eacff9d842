#include <nabla/ops/factorisation.hpp>

namespace nabla {

std::int64_t detail::square_order(std::string_view operation, std::span<const Shape> x) {
  if (x[0].rank() != 2 || x[0][0] != x[0][1])
    throw ShapeError(operation, "takes a square matrix", {x.begin(), x.end()});
  return x[0][0];
}

Shape Cofactor::shape(Attributes, std::span<const Shape> x) {
  if (x.empty()) throw ShapeError(name, "needs a matrix", {});
  detail::square_order(name, x);
  for (const Shape& direction : x)
    if (direction != x[0]) throw ShapeError(name, "a direction has the shape of the matrix", {x[0], direction});
  if (x.size() - 1 > most_directions)
    throw ShapeError(name, "takes at most " + std::to_string(most_directions) + " directions", {x[0]});
  return x[0];
}

Shape Solve::shape(Attributes, std::span<const Shape> x) {
  const std::int64_t n = detail::square_order(name, x);
  if (x[1].rank() < 1 || x[1].rank() > 2 || x[1][0] != n)
    throw ShapeError(name, "the right-hand side must be a vector or matrix of " + std::to_string(n) + " rows",
                     {x[0], x[1]});
  return x[1];
}

}  // namespace nabla
