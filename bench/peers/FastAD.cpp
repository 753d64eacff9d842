// FastAD: expressions of whole vectors, built once. It has no scalar loops: the network is not written in it here.
#include "../peers.hpp"

#include <fastad>
#include <memory>

namespace bench {

namespace {

template <class Expression>
Way way(Expression expression, const std::vector<double>& x, std::vector<double>& g) {
  auto bound = std::make_shared<decltype(ad::bind(expression))>(expression);
  return {"FastAD, whole vectors", [bound, &x, &g] {
            std::fill(g.begin(), g.end(), 0.0);
            ad::autodiff(*bound);
          }};
}

}  // namespace

template <class Workload>
std::vector<Way> ways_of_FastAD(const Workload&, const std::vector<double>& x, std::vector<double>& g) {
  // x[i] and x[i + 1] for every i, and where their adjoints are added up.
  double* const values = const_cast<double*>(x.data());
  const std::size_t n = x.size() - 1;
  ad::VarView<double, ad::vec> a(values, g.data(), n), b(values + 1, g.data() + 1, n);
  if constexpr (std::is_same_v<Workload, workloads::Rosenbrock>)
    return {way(ad::sum(100. * ad::pow<2>(b - a * a) + ad::pow<2>(1. - a)), x, g)};
  if constexpr (std::is_same_v<Workload, workloads::Transcendental>)
    return {way(ad::sum(ad::log(1. + ad::exp(ad::sin(a) * b)) * ad::sqrt(1. + a * a)), x, g)};
  return {};
}
NABLA_BENCH_PEER(FastAD)

}  // namespace bench
