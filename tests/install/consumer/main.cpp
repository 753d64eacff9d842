// The smallest program that differentiates: tests/install builds it in three ways. In doubles it needs the library
// alone; in balls also the libraries that nabla links for the programs that use it.
#include <cmath>
#include <iostream>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/nabla.hpp>

int main() {
  const nabla::Expr x = nabla::variable("x");
  const nabla::Function f(x * exp(x), {x});

  // (x e^x)' = (1 + x) e^x, which is 2 e at 1.
  const double slope = f.gradient<double>({1.0})[0];
  const nabla::Ball enclosure = f.gradient<nabla::Ball>({nabla::Ball(1)})[0];
  std::cout << slope << " in " << enclosure.lower() << " .. " << enclosure.upper() << '\n';
  const bool right =
      std::abs(slope - 2 * std::exp(1.0)) < 1e-14 && enclosure.overlaps(nabla::Ball::of_ends(5.4365, 5.4366));
  return right ? 0 : 1;
}
