// XAD: expression templates on a tape, recorded at every call.
#include "../peers.hpp"

#include <XAD/XAD.hpp>

namespace bench {

namespace {

using Mode = xad::adj<double>;
/// A thread has one.
Mode::tape_type& tape() {
  static Mode::tape_type one;
  return one;
}

}  // namespace

template <class Workload>
std::vector<Way> ways_of_XAD(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  tape();
  return {{"XAD", [&f, &x, &g] {
             tape().clearAll();
             std::vector<Mode::active_type> inputs(x.begin(), x.end());
             tape().registerInputs(inputs);
             tape().newRecording();
             Mode::active_type y = f(inputs);
             tape().registerOutput(y);
             xad::derivative(y) = 1;
             tape().computeAdjoints();
             for (std::size_t i = 0; i < x.size(); ++i) g[i] = xad::derivative(inputs[i]);
           }}};
}
NABLA_BENCH_PEER(XAD)

}  // namespace bench
