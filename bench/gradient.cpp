// The cost of a gradient over that of the plain function, in one process: hand-written, and nabla's reverse sweep over
// a recording that is made once. Run pinned: taskset -c 0 build/release/bench/bench_gradient
#include <benchmark/benchmark.h>

#include <cmath>
#include <nabla/nabla.hpp>
#include <numeric>

namespace {

using nabla::Entries;

template <class T>
T rosenbrock(const std::vector<T>& x) {
  T f = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const T a = x[i + 1] - x[i] * x[i];
    const T b = 1 - x[i];
    f += 100 * a * a + b * b;
  }
  return f;
}

std::vector<double> rosenbrock_gradient(const std::vector<double>& x) {
  std::vector<double> g(x.size(), 0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i];
    g[i] += -400 * a * x[i] - 2 * (1 - x[i]);
    g[i + 1] += 200 * a;
  }
  return g;
}

template <class T>
T transcendental(const std::vector<T>& x) {
  using std::exp, std::log, std::sin, std::sqrt;
  T f = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) f += log(1 + exp(sin(x[i]) * x[i + 1])) * sqrt(1 + x[i] * x[i]);
  return f;
}

std::vector<double> point(std::size_t n) {
  std::vector<double> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = std::sin(0.1 * static_cast<double>(i) + 0.3);
  return x;
}

template <class Plain>
void plain(benchmark::State& state, Plain f) {
  const auto x = point(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(f(x));
}

/// Forward and reverse over the recorded graph, values and adjoints in place.
template <class Generic>
void replayed(benchmark::State& state, Generic f) {
  const auto x = point(static_cast<std::size_t>(state.range(0)));
  const nabla::Recording recording = nabla::record(f, std::span<const double>(x));
  const nabla::Function function(recording);
  std::vector<Entries<double>> at;
  for (const double v : x) at.push_back({v});
  nabla::Run<double> run = function.run<double>(at);
  for (auto _ : state) {
    run.forward();
    run.reverse();
    benchmark::DoNotOptimize(run.adjoint(recording.inputs()[0]).data());
  }
}

/// Recording at every call, then the sweep.
template <class Generic>
void recorded(benchmark::State& state, Generic f) {
  const auto x = point(static_cast<std::size_t>(state.range(0)));
  std::vector<Entries<double>> at;
  for (const double v : x) at.push_back({v});
  for (auto _ : state) {
    const nabla::Function function(nabla::record(f, std::span<const double>(x)));
    benchmark::DoNotOptimize(function.gradient<double>(at));
  }
}

const auto w1 = [](const auto& x) { return rosenbrock(x); };
const auto w2 = [](const auto& x) { return transcendental(x); };

void rosenbrock_plain(benchmark::State& s) { plain(s, w1); }
void rosenbrock_by_hand(benchmark::State& s) { plain(s, rosenbrock_gradient); }
void rosenbrock_replayed(benchmark::State& s) { replayed(s, w1); }
void rosenbrock_recorded(benchmark::State& s) { recorded(s, w1); }
void transcendental_plain(benchmark::State& s) { plain(s, w2); }
void transcendental_replayed(benchmark::State& s) { replayed(s, w2); }
void transcendental_recorded(benchmark::State& s) { recorded(s, w2); }

BENCHMARK(rosenbrock_plain)->Arg(1000);
BENCHMARK(rosenbrock_by_hand)->Arg(1000);
BENCHMARK(rosenbrock_replayed)->Arg(1000);
BENCHMARK(rosenbrock_recorded)->Arg(1000);
BENCHMARK(transcendental_plain)->Arg(100000);
BENCHMARK(transcendental_replayed)->Arg(100000);
BENCHMARK(transcendental_recorded)->Arg(100000);

}  // namespace
