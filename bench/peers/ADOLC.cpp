// ADOL-C: a tape that is recorded once and interpreted at every call.
#include "../peers.hpp"

#include <adolc/adolc.h>

#include <algorithm>

namespace bench {

template <class Workload>
std::vector<Way> ways_of_ADOLC(const Workload& f, const std::vector<double>& x, std::vector<double>& g) {
  // Buffers that hold all of the tape and of a sweep: what does not fit ADOL-C writes to files in the current folder.
  // Not larger than that, and its own size where it does: each sweep takes them anew.
  const unsigned room = std::max(1U << 19, 64 * static_cast<unsigned>(x.size()));
  trace_on(1, 0, room, room, room, room);
  {
    std::vector<adouble> inputs(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) inputs[i] <<= x[i];
    adouble y = f(inputs);
    double value = 0;
    y >>= value;
  }
  trace_off();
  return {{"ADOL-C, recorded once",
           [&x, &g] { gradient(1, static_cast<int>(x.size()), const_cast<double*>(x.data()), g.data()); }}};
}
NABLA_BENCH_PEER(ADOLC)

}  // namespace bench
