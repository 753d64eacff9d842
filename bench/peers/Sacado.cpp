// Sacado (Trilinos): its reverse-mode number, recorded at every call.
#include "../peers.hpp"

#include <Sacado_trad.hpp>

namespace bench {

template <class Workload>
std::vector<Way> ways_of_Sacado(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  using Number = Sacado::Rad::ADvar<double>;
  return {{"Sacado", [&f, &x, &g] {
             std::vector<Number> inputs(x.begin(), x.end());
             Number y = f(inputs);
             Number::Gradcomp();
             for (std::size_t i = 0; i < x.size(); ++i) g[i] = inputs[i].adj();
           }}};
}
NABLA_BENCH_PEER(Sacado)

}  // namespace bench
