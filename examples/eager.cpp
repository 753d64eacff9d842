#include <fmt/format.h>
#include <nabla/nabla.hpp>

#include <vector>

template <class T>
T rosenbrock(const std::vector<T>& x) {  // ordinary C++: loops, branches, containers
  T f = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) f += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
  return f;
}

int main() {
  const std::vector<double> x{-1.2, 1, 0.5};
  std::vector<double> gradient(x.size());
  const double f = nabla::value_and_gradient<double>([](const auto& u) { return rosenbrock(u); }, x, gradient);
  fmt::print("f = {}, gradient = ({}, {}, {})\n", f, gradient[0], gradient[1], gradient[2]);
}
