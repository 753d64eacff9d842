// A network trained from C++: iris, with its graph printed and its loss at 40 digits. Run in the top folder.
#include <fmt/format.h>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/train/training.hpp>
#include <nabla/nabla.hpp>

#include <fstream>
#include <iterator>
using namespace nabla;

Expr network(Layers& make, const Expr& x) {  // an ordinary graph: any expression may stand here
  const Expr h = relu(make.dense("hidden", x, 16));
  return make.dense("output", h + relu(make.dense("more", h, 16)), 3);
}

int main() {
  std::ifstream file("examples/data/iris.csv");
  const Table table = read_table(std::string{std::istreambuf_iterator<char>(file), {}}, "iris.csv");
  auto [training, test] = split(samples_of(table, columns_of(table)), Task::classification, 0.25, 0);
  const Standardisation standard = Standardisation::of(training.x, training.features);
  standard.apply(training.x);
  standard.apply(test.x);

  const TrainingOptions options{.optimiser = Nesterov{.momentum = 0.9}, .schedule = {.rate = 0.02}, .seed = 1};
  Training<double> run(network, training, options);
  while (run.epochs() < 100) run.step();
  Prediction<double> predict(network, test.features);
  const double share = accuracy<double>(predict(run.parameters(), run.statistics(), test.x), test);
  fmt::print("loss {:.4f}, test accuracy {:.3f}\n", run.epoch_loss(), share);

  Layers layers;
  fmt::print("{}\n", to_string(network(layers, variable("x", Shape{4}))));
  const Precision digits(40);
  Training<Real> fine(network, training, options);
  fmt::print("first step at 40 digits {}\n", fine.step().str());
  return share > 0.9 ? 0 : 1;
}
