#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "workloads.hpp"

/// Other libraries for automatic differentiation that were found on this machine, each with a gradient of a workload.
/// One file of peers/ for each, which CMakeLists.txt compiles where find_path finds the library.
namespace bench {

using Way = std::pair<std::string, std::function<void()>>;

/// The ways (or none) in which a library computes the gradient of f at x into g. \pre x and g outlive them
template <class Workload>
using WaysOf = std::vector<Way> (*)(const Workload& f, const std::vector<double>& x, std::vector<double>& g);

struct Peer {
  std::tuple<WaysOf<workloads::Rosenbrock>, WaysOf<workloads::Transcendental>, WaysOf<workloads::SmallNetwork>> ways;
};

/// Those that were found: each file of peers/ that is compiled adds its own.
inline std::vector<Peer>& peers() {
  static std::vector<Peer> found;
  return found;
}

/// At the end of peers/NAME.cpp, after its template ways_of_NAME<Workload>.
#define NABLA_BENCH_PEER(name)                                                                               \
  static const bool name##_is_here =                                                                         \
      (peers().push_back({{ways_of_##name<workloads::Rosenbrock>, ways_of_##name<workloads::Transcendental>, \
                           ways_of_##name<workloads::SmallNetwork>}}),                                       \
       true);

template <class Workload>
std::vector<Way> ways_of_peers(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  std::vector<Way> all;
  for (const Peer& peer : peers())
    for (Way& way : std::get<WaysOf<Workload>>(peer.ways)(f, x, g)) all.push_back(std::move(way));
  return all;
}

}  // namespace bench
