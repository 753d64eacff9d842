// What recording and sweeping cost as programs grow, up to 10^8 recorded operations: nanoseconds and bytes an
// operation, and the fit to a line. The largest sizes are left out where the machine has not the memory free.
//
//   taskset -c 0 build/release/bench/bench_growth
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <nabla/engine/record/checkpointing.hpp>
#include <nabla/nabla.hpp>

#include "workloads.hpp"

namespace {

/// Bytes an operation that a tape may take, with what growing leaves unused.
constexpr double most_bytes = 80;

/// A statement for each operation: x is replaced by x y or by x + y, over and over.
template <class T>
T chain(const std::vector<T>& v, std::size_t operations) {
  T x = v[0];
  for (std::size_t i = 0; i < operations; i += 2) {
    x = x * v[1 + i % 7];
    x = x + v[1 + i % 5];
  }
  return x;
}

bool has_room(double bytes) {
  const double free = static_cast<double>(sysconf(_SC_AVPHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  return bytes < free && bytes < 8.0 * (1 << 30);
}

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

void tape(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  if (!has_room(most_bytes * static_cast<double>(n))) return state.SkipWithError("not enough memory is free");
  const std::vector<double> x = {0.5, 0.9, 0.8, 0.95, 0.7, 0.6, 0.99, 0.85};
  nabla::Tape<double> tape;
  double found = 0;
  const auto record_and_sweep = [&] {
    tape.clear();
    const auto inputs = tape.inputs(std::span<const double>(x));
    tape.reverse(chain(inputs, n));
    found += tape.adjoint(inputs[0]);
  };
  record_and_sweep();  // its memory is there from now on
  for (auto _ : state) record_and_sweep();
  benchmark::DoNotOptimize(found);
  const auto operations = static_cast<double>(n);
  state.counters["per op"] =
      benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["tape B/op"] = static_cast<double>(tape.bytes()) / operations;
  state.counters["peak GiB"] = peak_bytes() / (1 << 30);
  state.SetComplexityN(state.range(0));
}
BENCHMARK(tape)
    ->RangeMultiplier(10)
    ->Range(100'000, 100'000'000)
    ->Complexity(benchmark::oN)
    ->Unit(benchmark::kMillisecond);

/// The same chain recorded as a graph, with the line of each operation.
void graph(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const std::vector<double> x = {0.5, 0.9, 0.8, 0.95, 0.7, 0.6, 0.99, 0.85};
  std::size_t bytes = 0;
  for (auto _ : state)
    bytes = nabla::record([n](const auto& v) { return chain(v, n); }, std::span<const double>(x)).graph().bytes();
  const auto operations = static_cast<double>(n);
  state.counters["per op"] =
      benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["graph B/op"] = static_cast<double>(bytes) / operations;
}
BENCHMARK(graph)->RangeMultiplier(10)->Range(100'000, 10'000'000)->Unit(benchmark::kMillisecond);

/// The same chain in steps of 100 operations, swept back from ten stored states.
void checkpointed(benchmark::State& state) {
  const std::vector<double> x = {0.5}, y = {0.9, 0.8, 0.95, 0.7, 0.6, 0.99, 0.85};
  std::vector<double> by_x(1), by_y(y.size());
  const auto step = [](std::size_t, auto& s, const auto& p) {
    for (std::size_t i = 0; i < 100; i += 2) {
      s[0] = s[0] * p[i % 7];
      s[0] = s[0] + p[i % 5];
    }
  };
  const auto objective = [](const auto& s, const auto&) { return s[0]; };
  const auto steps = static_cast<std::size_t>(state.range(0)) / 100;
  nabla::ChainReport<double> report;
  for (auto _ : state)
    report = nabla::value_and_gradient_of_chain<double>(step, objective, steps, 10, std::span<const double>(x),
                                                        std::span<double>(by_x), std::span<const double>(y),
                                                        std::span<double>(by_y));
  const auto operations = static_cast<double>(state.range(0));
  state.counters["per op"] =
      benchmark::Counter(operations, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["tape B/op"] = report.bytes_per_statement();
  state.counters["steps again"] = static_cast<double>(report.steps_again) / static_cast<double>(steps);
}
BENCHMARK(checkpointed)->RangeMultiplier(10)->Range(100'000, 100'000'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
