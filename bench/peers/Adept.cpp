// Adept: statement-level recording at every call. The whole library is in its adept_source.h.
#include "../peers.hpp"

#include <adept_source.h>

namespace bench {

namespace {

/// A thread has one.
adept::Stack& stack() {
  static adept::Stack one;
  return one;
}

}  // namespace

template <class Workload>
std::vector<Way> ways_of_Adept(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  stack();
  return {{"Adept", [&f, &x, &g] {
             std::vector<adept::adouble> inputs(x.begin(), x.end());
             stack().new_recording();
             adept::adouble y = f(inputs);
             y.set_gradient(1.0);
             stack().compute_adjoint();
             for (std::size_t i = 0; i < x.size(); ++i) g[i] = inputs[i].get_gradient();
           }}};
}
NABLA_BENCH_PEER(Adept)

}  // namespace bench
