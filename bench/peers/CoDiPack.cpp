// CoDiPack: statement-level recording at every call.
#include "../peers.hpp"

#include <codi.hpp>

namespace bench {

template <class Workload>
std::vector<Way> ways_of_CoDiPack(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  using Number = codi::RealReverse;
  return {{"CoDiPack", [&f, &x, &g] {
             auto& tape = Number::getTape();
             tape.reset();
             tape.setActive();
             std::vector<Number> inputs(x.begin(), x.end());
             for (Number& each : inputs) tape.registerInput(each);
             Number y = f(inputs);
             tape.registerOutput(y);
             tape.setPassive();
             y.setGradient(1);
             tape.evaluate();
             for (std::size_t i = 0; i < x.size(); ++i) g[i] = inputs[i].getGradient();
           }}};
}
NABLA_BENCH_PEER(CoDiPack)

}  // namespace bench
