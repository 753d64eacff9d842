// Stan Math: an arena of virtual nodes, built at every call.
#include "../peers.hpp"

#include <stan/math.hpp>

namespace bench {

template <class Workload>
std::vector<Way> ways_of_Stan(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  return {{"Stan Math", [&f, &x, &g] {
             std::vector<stan::math::var> inputs(x.begin(), x.end());
             const stan::math::var y = f(inputs);
             y.grad();
             for (std::size_t i = 0; i < x.size(); ++i) g[i] = inputs[i].adj();
             stan::math::recover_memory();
           }}};
}
NABLA_BENCH_PEER(Stan)

}  // namespace bench
