// What a gradient costs over the plain function: time of one gradient by time of one value, each the least of many
// interleaved runs in this process. By hand, recorded eagerly at every call, recorded as a graph at every call, and
// replayed from a graph that is recorded once. Before anything is timed the gradients are compared.
//
//   taskset -c 0 build/release/bench/bench_gradient
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <nabla/engine/compile/native.hpp>
#include <nabla/nabla.hpp>

#include "workloads.hpp"

namespace {

using Clock = std::chrono::steady_clock;

/// Seconds of one call, as the least over runs of about a millisecond.
class Stopwatch {
 public:
  explicit Stopwatch(std::function<void()> work) : work_(std::move(work)) {
    work_();
    const double once = time(1);
    calls_ = static_cast<int>(std::min(1e4, 1 + 1e-3 / std::max(once, 1e-9)));
  }
  void run() { best_ = std::min(best_, time(calls_)); }
  double best() const { return best_; }

 private:
  double time(int calls) const {
    const auto begin = Clock::now();
    for (int k = 0; k < calls; ++k) work_();
    return std::chrono::duration<double>(Clock::now() - begin).count() / calls;
  }
  std::function<void()> work_;
  int calls_ = 1;
  double best_ = 1e300;
};

void check(const char* what, const std::vector<double>& found, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!(std::abs(found[i] - expected[i]) <= 1e-9 * (1 + std::abs(expected[i]))))
      throw std::runtime_error(fmt::format("{}: derivative {} is {}, not {}", what, i, found[i], expected[i]));
}

template <class Workload>
void measure() {
  const Workload f;
  const std::vector<double> x = Workload::at();
  std::vector<double> expected(x.size()), g(x.size());
  Workload::by_hand(x, expected);

  const nabla::Recording recording = nabla::record(f, std::span<const double>(x));
  const nabla::Function function(recording);
  std::vector<nabla::Entries<double>> at;
  for (const double v : x) at.push_back({v});
  nabla::Run<double> run = function.run<double>(at);
  const auto from_run = [&](nabla::Run<double>& r, std::span<const nabla::NodeId> inputs) {
    r.forward();
    r.reverse();
    for (std::size_t i = 0; i < inputs.size(); ++i) g[i] = r.adjoint(inputs[i])[0];
  };
  nabla::Compiled compiled(function);
  nabla::Native native(function);
  if (!native.is_native()) fmt::print("native code is not measured: {}\n", native.reason());
  double sink = 0;
  const std::pair<const char*, std::function<void()>> ways[] = {
      {"by hand", [&] { sink += Workload::by_hand(x, g); }},
      {"eager (Tape)", [&] { sink += nabla::value_and_gradient<double>(f, x, g); }},
      {"a graph at every call",
       [&] {
         const nabla::Recording again = nabla::record(f, std::span<const double>(x));
         nabla::Run<double> once = nabla::Function(again).run<double>(at);
         from_run(once, again.inputs());
       }},
      {"compiled", [&] { sink += compiled.gradient(x, g); }},
      {"native code", [&] { sink += native.gradient(x, g); }},
      {"a graph, replayed", [&] { from_run(run, recording.inputs()); }},
  };
  Stopwatch plain([&] {
    asm volatile("" : : "r"(x.data()) : "memory");  // the value is computed anew at every call
    sink += f(x);
  });
  std::vector<Stopwatch> watches;
  for (const auto& [name, work] : ways) {
    std::fill(g.begin(), g.end(), 0);
    work();
    check(name, g, expected);
    watches.emplace_back(work);
  }
  const auto end = Clock::now() + std::chrono::seconds(3);
  while (Clock::now() < end) {
    plain.run();
    for (Stopwatch& each : watches) each.run();
  }
  fmt::print("{:32}{:>10.3g} us\n", Workload::name, plain.best() * 1e6);
  for (std::size_t k = 0; k < watches.size(); ++k)
    fmt::print("  {:30}{:>10.2f} x\n", ways[k].first, watches[k].best() / plain.best());
  if (sink == 0.123456) fmt::print("\n");
}

}  // namespace

int main() {
  fmt::print("one gradient, in multiples of the time of the plain function (least of many runs)\n");
  measure<workloads::Rosenbrock>();
  measure<workloads::Transcendental>();
  measure<workloads::SmallNetwork>();
}
