// CppAD: a tape that is recorded and optimised once, and interpreted at every call.
#include "../peers.hpp"

#include <cppad/cppad.hpp>
#include <memory>

namespace bench {

template <class Workload>
std::vector<Way> ways_of_CppAD(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  using Number = CppAD::AD<double>;
  std::vector<Number> inputs(x.begin(), x.end());
  CppAD::Independent(inputs);
  const std::vector<Number> outputs{f(inputs)};
  const auto tape = std::make_shared<CppAD::ADFun<double>>();
  tape->Dependent(inputs, outputs);
  tape->optimize();
  return {{"CppAD, recorded once", [tape, &x, &g] {
             tape->Forward(0, x);
             const std::vector<double> found = tape->Reverse(1, std::vector<double>{1});
             std::copy(found.begin(), found.end(), g.begin());
           }}};
}
NABLA_BENCH_PEER(CppAD)

}  // namespace bench
