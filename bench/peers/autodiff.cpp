// autodiff: expression trees behind shared pointers, built at every call. They are walked by recursion, for which W2 is
// too deep.
#include "../peers.hpp"

#include <autodiff/reverse/var.hpp>
#include <autodiff/reverse/var/eigen.hpp>

namespace bench {

template <class Workload>
std::vector<Way> ways_of_autodiff(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  if constexpr (std::is_same_v<Workload, workloads::Transcendental>) return {};
  return {{"autodiff", [&f, &x, &g] {
             std::vector<autodiff::var> inputs(x.begin(), x.end());
             const autodiff::var y = f(inputs);
             Eigen::Map<autodiff::VectorXvar> at(inputs.data(), static_cast<Eigen::Index>(inputs.size()));
             Eigen::Map<Eigen::VectorXd>(g.data(), at.size()) = autodiff::gradient(y, at);
           }}};
}
NABLA_BENCH_PEER(autodiff)

}  // namespace bench
