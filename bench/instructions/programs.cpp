// Three small programs whose instructions are counted by callgrind: `count_instructions NAME` runs one, without a name
// it lists them. Only what counted_work() does counts; it is run once before, so that memory is ready. Deterministic,
// and built for any machine, so that a count moves only when nabla's code or the compiler does.
#include <cstdio>
#include <cstring>
#include <functional>
#include <nabla/engine/compile/compiled.hpp>
#include <nabla/nabla.hpp>
#include <vector>

#include "../workloads.hpp"

namespace {

std::function<void()> work;

/// A gradient recorded on a tape at every call: additions and multiplications, then transcendental functions.
void tape() {
  static const std::vector<double> x = workloads::point(500);
  static std::vector<double> g(x.size());
  work = [] {
    for (int k = 0; k < 4; ++k) nabla::value_and_gradient<double>(workloads::Rosenbrock(), x, g);
    nabla::value_and_gradient<double>(workloads::Transcendental(), x, g);
  };
}

/// A program recorded as a graph, and its loops found again.
void plan() {
  static const std::vector<double> x = workloads::point(300);
  work = [] {
    const nabla::Recording recording = nabla::record(workloads::Transcendental(), std::span<const double>(x));
    nabla::Compiled compiled{nabla::Function(recording)};
  };
}

/// Compiled plans, run again: loops in strips, and a network in scalar loops.
void compiled() {
  static const std::vector<double> x = workloads::point(1500), w = workloads::SmallNetwork::at();
  static std::vector<double> g(x.size()), dw(w.size());
  static nabla::Compiled loops{nabla::Function(nabla::record(workloads::Transcendental(), std::span<const double>(x)))};
  static nabla::Compiled products{nabla::Function(nabla::record(workloads::Rosenbrock(), std::span<const double>(x)))};
  static nabla::Compiled network{nabla::Function(nabla::record(workloads::SmallNetwork(), std::span<const double>(w)))};
  work = [] {
    loops.gradient(x, g);
    for (int k = 0; k < 10; ++k) products.gradient(x, g);
    for (int k = 0; k < 4; ++k) network.gradient(w, dw);
  };
}

struct Program {
  const char* name;
  void (*prepare)();
};
constexpr Program programs[] = {{"tape", tape}, {"plan", plan}, {"compiled", compiled}};

}  // namespace

/// What callgrind counts (--toggle-collect).
extern "C" __attribute__((noinline)) void counted_work() { work(); }

int main(int argc, char** argv) {
  for (const Program& p : programs) {
    if (argc == 1) {
      std::printf("%s\n", p.name);
    } else if (std::strcmp(argv[1], p.name) == 0) {
      p.prepare();
      work();
      counted_work();
      return 0;
    }
  }
  return argc == 1 ? 0 : 1;
}
