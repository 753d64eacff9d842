#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#ifdef NABLA_BENCH_ADOLC
#include <adolc/adolc.h>
#endif

/// Other libraries for automatic differentiation that were found on this machine, each with a gradient of a workload.
namespace bench {

using Way = std::pair<std::string, std::function<void()>>;

/// Ways to compute the gradient of f at x into g. \pre x and g outlive them
template <class Workload>
std::vector<Way> peers([[maybe_unused]] const Workload& f, [[maybe_unused]] const std::vector<double>& x,
                       [[maybe_unused]] std::vector<double>& g) {
  std::vector<Way> ways;
#ifdef NABLA_BENCH_ADOLC
  const auto record = [&f, &x] {
    trace_on(1);
    std::vector<adouble> inputs(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) inputs[i] <<= x[i];
    adouble y = f(inputs);
    double value = 0;
    y >>= value;
    trace_off();
  };
  const auto sweep = [&x, &g] { gradient(1, static_cast<int>(x.size()), const_cast<double*>(x.data()), g.data()); };
  record();
  ways.emplace_back("ADOL-C, recorded once", sweep);
#endif
  return ways;
}

}  // namespace bench
