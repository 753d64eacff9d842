// Time of one training step (forward, backward, update): the least of many runs, on one thread, in double and float,
// with the time of the step's matrix products alone beside it (as compiled products of the same shapes), and PyTorch's
// step of the same network where it is installed (its products are those of the BLAS that is: libopenblas0 is a fast
// one).
//
//   taskset -c 0 build/release/bench/bench_training
#include <fmt/format.h>

#include <cmath>
#include <nabla/engine/compile/compiled_arrays.hpp>
#include <nabla/engine/train/dense_network.hpp>
#include <nabla/engine/train/training.hpp>
#include <nabla/nabla.hpp>

#include "stopwatch.hpp"
#include "torch.hpp"

namespace {

using namespace nabla;

Samples batch_of(std::size_t rows, std::size_t features, std::size_t outputs) {
  Samples s{features, outputs, {}, {}, {}};
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < features; ++k) s.x.push_back(std::sin(1.1 * static_cast<double>(i + 7 * k)));
    for (std::size_t c = 0; c < outputs; ++c) s.y.push_back(i % outputs == c ? 1 : 0);
    s.lines.push_back(static_cast<std::uint32_t>(i + 1));
  }
  return s;
}

/// The products that a step of a dense network cannot do without: of each layer x W^T, d^T x, and but for the first d
/// W.
template <class V>
class Products {
 public:
  Products(std::span<const std::int64_t> widths, std::int64_t rows) : compiled_(values_of(function(widths, rows))) {
    for (std::size_t i = 0; i < compiled_.input_count(); ++i)
      at_.emplace_back(static_cast<std::size_t>(compiled_.input_shape(i).size()), V(0.5));
    for (std::size_t k = 0; k < compiled_.output_count(); ++k)
      made_.emplace_back(static_cast<std::size_t>(compiled_.output_shape(k).size()));
    inputs_.assign(at_.begin(), at_.end());
    outputs_.assign(made_.begin(), made_.end());
  }
  void operator()() { compiled_(inputs_, outputs_); }

 private:
  static Function function(std::span<const std::int64_t> widths, std::int64_t rows) {
    std::vector<Expr> inputs, outputs;
    for (std::size_t k = 1; k < widths.size(); ++k) {
      const Expr x = variable("x", Shape{rows, widths[k - 1]}), d = variable("d", Shape{rows, widths[k]});
      const Expr w = variable("w", Shape{widths[k], widths[k - 1]});
      outputs.push_back(matmul(x, transpose(w)));
      outputs.push_back(matmul(transpose(d), x));
      if (k > 1) outputs.push_back(matmul(d, w));
      for (const Expr& each : {x, d, w}) inputs.push_back(each);
    }
    return {outputs, inputs};
  }

  CompiledArrays<V> compiled_;
  std::vector<std::vector<V>> at_, made_;
  std::vector<std::span<const V>> inputs_;
  std::vector<std::span<V>> outputs_;
};

/// Arguments: widths, rows, type; prints the least time of a step in microseconds.
constexpr const char* torch_step = R"(
import sys, time
widths = [int(w) for w in sys.argv[1].split('-')]
rows, kind = int(sys.argv[2]), getattr(torch, sys.argv[3])
layers = []
for k in range(1, len(widths)):
    layers.append(torch.nn.Linear(widths[k - 1], widths[k]))
    if k + 1 < len(widths): layers.append(torch.nn.ReLU())
net = torch.nn.Sequential(*layers).to(kind)
optimiser = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)
loss = torch.nn.CrossEntropyLoss()
x, t = torch.randn(rows, widths[0], dtype=kind), torch.randint(widths[-1], (rows,))
def step():
    optimiser.zero_grad()
    loss(net(x), t).backward()
    optimiser.step()
least, begin = 1e9, time.perf_counter()
while time.perf_counter() - begin < 2 or least == 1e9:
    at = time.perf_counter()
    step()
    least = min(least, time.perf_counter() - at)
print(1e6 * least)
)";

template <class V>
void measure(const std::vector<std::int64_t>& widths, std::size_t rows) {
  const DenseNetwork network{.hidden = {widths.begin() + 1, widths.end() - 1}, .outputs = widths.back()};
  Training<V> training(
      network.network(),
      batch_of(4 * rows, static_cast<std::size_t>(widths.front()), static_cast<std::size_t>(widths.back())),
      {.optimiser = Sgd{.momentum = 0.9}, .schedule = {.rate = 1e-3}, .batch = rows});
  Products<V> products(widths, static_cast<std::int64_t>(rows));
  bench::Stopwatch step([&] { training.step(); }), bare([&] { products(); });
  bench::run_for(1, {&step, &bare});
  std::string name;
  for (const std::int64_t w : widths) name += (name.empty() ? "" : "-") + std::to_string(w);
  fmt::print("{:<16} batch {:>3} {:>6}   step {:>9.1f} us   products {:>9.1f} us   ratio {:.2f}", name, rows,
             Number<V>::kind, step.best() * 1e6, bare.best() * 1e6, step.best() / bare.best());
  const char* const kind = std::is_same_v<V, double> ? "float64" : "float32";
  if (const auto torch = bench::torch_figure(torch_step, fmt::format("{} {} {}", name, rows, kind)))
    fmt::print("   PyTorch {:>9.1f} us   {:.2f} times ours", *torch, *torch / (step.best() * 1e6));
  fmt::print("\n");
}

}  // namespace

int main() {
  for (const auto& [widths, rows] : {std::pair(std::vector<std::int64_t>{4, 16, 3}, std::size_t{32}),
                                     std::pair(std::vector<std::int64_t>{64, 64, 10}, std::size_t{32}),
                                     std::pair(std::vector<std::int64_t>{784, 512, 512, 10}, std::size_t{256})}) {
    measure<double>(widths, rows);
    measure<float>(widths, rows);
  }
}
