#include <cmath>
#include <nabla/ops/factorisation.hpp>

namespace nabla {

std::int64_t detail::square_order(std::string_view operation, std::span<const Shape> x) {
  if (x[0].rank() != 2 || x[0][0] != x[0][1])
    throw ShapeError(operation, "takes a square matrix", {x.begin(), x.end()});
  return x[0][0];
}

std::vector<double> detail::approximate_inverse(std::vector<double> a, std::int64_t n) {
  const auto at = [n](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * n + j); };
  std::vector<double> x(a.size(), 0.0);
  for (std::int64_t i = 0; i < n; ++i) x[at(i, i)] = 1;
  for (std::int64_t k = 0; k < n; ++k) {
    std::int64_t pivot = k;
    for (std::int64_t i = k + 1; i < n; ++i)
      if (std::fabs(a[at(i, k)]) > std::fabs(a[at(pivot, k)])) pivot = i;
    if (a[at(pivot, k)] == 0) return {};
    for (std::int64_t j = 0; j < n; ++j) {
      std::swap(a[at(pivot, j)], a[at(k, j)]);
      std::swap(x[at(pivot, j)], x[at(k, j)]);
    }
    const double scale = 1 / a[at(k, k)];
    for (std::int64_t j = 0; j < n; ++j) {
      a[at(k, j)] *= scale;
      x[at(k, j)] *= scale;
    }
    for (std::int64_t i = 0; i < n; ++i) {
      const double factor = a[at(i, k)];
      if (i == k || factor == 0) continue;
      for (std::int64_t j = 0; j < n; ++j) {
        a[at(i, j)] -= factor * a[at(k, j)];
        x[at(i, j)] -= factor * x[at(k, j)];
      }
    }
  }
  for (const double entry : x)
    if (!std::isfinite(entry)) return {};
  return x;
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
