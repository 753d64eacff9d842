#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "workloads.hpp"

/// Other libraries for automatic differentiation that were found on this machine, each with a gradient of a workload.
/// One file of peers/ for each, which CMakeLists.txt compiles where find_path finds the library.
namespace bench {

using Way = std::pair<std::string, std::function<void()>>;

/// The way (or none) in which a library NAME computes the gradient of f at x into g; ways_of_NAME is defined in
/// peers/NAME.cpp, for each workload. \pre x and g outlive it
#define NABLA_BENCH_PEER(name) \
  template <class Workload>    \
  std::vector<Way> ways_of_##name(const Workload& f, const std::vector<double>& x, std::vector<double>& g);
/// At the end of peers/NAME.cpp.
#define NABLA_BENCH_DEFINED(name)                                                                        \
  template std::vector<Way> ways_of_##name(const workloads::Rosenbrock&, const std::vector<double>&,     \
                                           std::vector<double>&);                                        \
  template std::vector<Way> ways_of_##name(const workloads::Transcendental&, const std::vector<double>&, \
                                           std::vector<double>&);                                        \
  template std::vector<Way> ways_of_##name(const workloads::SmallNetwork&, const std::vector<double>&,   \
                                           std::vector<double>&);

NABLA_BENCH_PEER(ADOLC)
NABLA_BENCH_PEER(Sacado)
NABLA_BENCH_PEER(CoDiPack)
NABLA_BENCH_PEER(Adept)
NABLA_BENCH_PEER(CppAD)
NABLA_BENCH_PEER(FastAD)
NABLA_BENCH_PEER(autodiff)
NABLA_BENCH_PEER(XAD)
NABLA_BENCH_PEER(Stan)

/// Of those that were found.
template <class Workload>
std::vector<Way> ways_of_peers([[maybe_unused]] const Workload& f, [[maybe_unused]] const std::vector<double>& x,
                               [[maybe_unused]] std::vector<double>& g) {
  std::vector<Way> made;
  [[maybe_unused]] const auto add = [&](std::vector<Way> ways) {
    for (Way& way : ways) made.push_back(std::move(way));
  };
#ifdef NABLA_BENCH_ADOLC
  add(ways_of_ADOLC(f, x, g));
#endif
#ifdef NABLA_BENCH_Sacado
  add(ways_of_Sacado(f, x, g));
#endif
#ifdef NABLA_BENCH_CoDiPack
  add(ways_of_CoDiPack(f, x, g));
#endif
#ifdef NABLA_BENCH_Adept
  add(ways_of_Adept(f, x, g));
#endif
#ifdef NABLA_BENCH_CppAD
  add(ways_of_CppAD(f, x, g));
#endif
#ifdef NABLA_BENCH_FastAD
  add(ways_of_FastAD(f, x, g));
#endif
#ifdef NABLA_BENCH_autodiff
  add(ways_of_autodiff(f, x, g));
#endif
#ifdef NABLA_BENCH_XAD
  add(ways_of_XAD(f, x, g));
#endif
#ifdef NABLA_BENCH_Stan
  add(ways_of_Stan(f, x, g));
#endif
  return made;
}

}  // namespace bench
