// What a gradient costs over the plain function: time of one gradient by time of one value, each the least of many
// interleaved runs in this process. By hand, recorded eagerly at every call, recorded as a graph at every call,
// replayed from a graph that is recorded once, compiled, as native code, and by every other library that was found
// (peers.hpp). Before anything is timed the gradients are compared.
//
//   taskset -c 0 build/release/bench/bench_gradient
#include <fmt/format.h>

#include <functional>
#include <nabla/engine/compile/compiled_arrays.hpp>
#include <nabla/engine/compile/native.hpp>
#include <nabla/nabla.hpp>

#include "peers.hpp"
#include "stopwatch.hpp"
#include "workloads.hpp"

namespace {

void check(const char* what, const std::vector<double>& found, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!(std::abs(found[i] - expected[i]) <= 1e-9 * (1 + std::abs(expected[i]))))
      throw std::runtime_error(fmt::format("{}: derivative {} is {}, not {}", what, i, found[i], expected[i]));
}

/// The network of W3 from matrix operators, its weights in two matrices and two vectors.
class MatrixNetwork {
 public:
  using W = workloads::SmallNetwork;
  explicit MatrixNetwork(const std::vector<double>& w)
      : compiled_(nabla::value_and_gradient_of(function(), std::vector<std::size_t>{0, 1, 2, 3})) {
    for (std::size_t layer = 0; layer < 2; ++layer) {
      const std::size_t rows = layer == 0 ? W::hidden : W::out, columns = layer == 0 ? W::in : W::hidden;
      at_.emplace_back();
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) at_.back().push_back(w[W::place(layer, i, j)]);
      at_.emplace_back();
      for (std::size_t i = 0; i < rows; ++i) at_.back().push_back(w[W::place(layer, i, columns)]);
    }
    at_.emplace_back();
    for (std::size_t j = 0; j < W::in; ++j) at_.back().push_back(W::input(j));
    at_.emplace_back(W::out, 0.0);
    at_.back()[W::label] = 1;
    for (std::size_t k = 0; k < 4; ++k) derivatives_.emplace_back(at_[k].size());
    for (const std::vector<double>& x : at_) inputs_.emplace_back(x);
    outputs_.emplace_back(&value_, 1);
    for (std::vector<double>& d : derivatives_) outputs_.emplace_back(d);
  }
  double operator()() {
    compiled_(inputs_, outputs_);
    return value_;
  }
  /// In the order of the plain function's weights.
  void gradient(std::vector<double>& g) const {
    for (std::size_t layer = 0; layer < 2; ++layer) {
      const std::size_t rows = layer == 0 ? W::hidden : W::out, columns = layer == 0 ? W::in : W::hidden;
      for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) g[W::place(layer, i, j)] = derivatives_[2 * layer][i * columns + j];
        g[W::place(layer, i, columns)] = derivatives_[2 * layer + 1][i];
      }
    }
  }

 private:
  static nabla::Function function() {
    using nabla::Shape;
    constexpr auto extent = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    const nabla::Expr w1 = nabla::variable("w1", Shape{extent(W::hidden), extent(W::in)});
    const nabla::Expr b1 = nabla::variable("b1", Shape{extent(W::hidden)});
    const nabla::Expr w2 = nabla::variable("w2", Shape{extent(W::out), extent(W::hidden)});
    const nabla::Expr b2 = nabla::variable("b2", Shape{extent(W::out)});
    const nabla::Expr x = nabla::variable("x", Shape{extent(W::in)}), t = nabla::variable("t", Shape{extent(W::out)});
    return {nabla::softmax_cross_entropy(matmul(w2, relu(matmul(w1, x) + b1)) + b2, t), {w1, b1, w2, b2, x, t}};
  }

  nabla::CompiledArrays<double> compiled_;
  std::vector<std::vector<double>> at_, derivatives_;
  double value_ = 0;
  std::vector<std::span<const double>> inputs_;
  std::vector<std::span<double>> outputs_;
};

/// What one workload takes: the plain function in microseconds, the ways in multiples of it.
struct Column {
  std::string name;
  double plain = 0;
  std::vector<std::pair<std::string, double>> ratios;
};

template <class Workload>
Column measure() {
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
  std::vector<bench::Way> ways{
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
  for (bench::Way& peer : bench::ways_of_peers(f, x, g)) ways.push_back(std::move(peer));
  bench::Stopwatch plain([&] {
    asm volatile("" : : "r"(x.data()) : "memory");  // the value is computed anew at every call
    sink += f(x);
  });
  std::vector<bench::Stopwatch> watches;
  for (const auto& [name, work] : ways) {
    std::fill(g.begin(), g.end(), 0);
    work();
    check(name.c_str(), g, expected);
    watches.emplace_back(work);
  }
  std::unique_ptr<MatrixNetwork> network;
  if constexpr (std::is_same_v<Workload, workloads::SmallNetwork>) {
    network = std::make_unique<MatrixNetwork>(x);
    (*network)();
    network->gradient(g);
    check("matrix operators", g, expected);
    ways.emplace_back("matrix operators, compiled", [&] { sink += (*network)(); });
    watches.emplace_back(ways.back().second);
  }
  const auto end = bench::Clock::now() + std::chrono::seconds(3);
  for (int round = 0; round < 10 || bench::Clock::now() < end; ++round) {
    plain.run();
    for (bench::Stopwatch& each : watches) each.run();
  }
  Column made{Workload::name, plain.best() * 1e6, {}};
  for (std::size_t k = 0; k < watches.size(); ++k)
    made.ratios.emplace_back(ways[k].first, watches[k].best() / plain.best());
  if (sink == 0.123456) fmt::print("\n");
  return made;
}

/// A row for each way, in the order in which they first come.
void print(const std::vector<Column>& columns) {
  std::vector<std::string> rows;
  for (const Column& c : columns)
    for (const auto& [way, ratio] : c.ratios)
      if (std::ranges::find(rows, way) == rows.end()) rows.push_back(way);
  const auto line = [&](const std::string& first, const auto& cell) {
    fmt::print("{:30}", first);
    for (const Column& c : columns) fmt::print("{:>18}", cell(c));
    fmt::print("\n");
  };
  line("", [](const Column& c) { return c.name; });
  line("plain function", [](const Column& c) { return fmt::format("{:.4g} us", c.plain); });
  for (const std::string& way : rows)
    line(way, [&](const Column& c) {
      const auto at = std::ranges::find(c.ratios, way, [](const auto& r) { return r.first; });
      return at == c.ratios.end() ? std::string("-") : fmt::format("{:.2f}", at->second);
    });
}

}  // namespace

int main() {
  fmt::print("one gradient, in multiples of the time of the plain function (least of many runs)\n");
  print({measure<workloads::Rosenbrock>(), measure<workloads::Transcendental>(), measure<workloads::SmallNetwork>()});
}
