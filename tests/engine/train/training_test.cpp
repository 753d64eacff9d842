#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/train/dense_network.hpp>
#include <nabla/engine/train/training.hpp>
#include <nabla/nabla.hpp>
#include <numeric>

// Training: the same in every kind of number and as an eager program, resumed to the same bits, on real data.

namespace {

using namespace nabla;

Samples some_samples(std::size_t n, std::size_t features, std::size_t classes) {
  Samples s{features, classes, {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < features; ++k) s.x.push_back(std::sin(static_cast<double>(7 * i + 3 * k)));
    for (std::size_t c = 0; c < classes; ++c) s.y.push_back(i % classes == c ? 1 : 0);
    s.lines.push_back(static_cast<std::uint32_t>(i + 2));
  }
  return s;
}

Network tanh_network() {
  return DenseNetwork{.hidden = {4}, .outputs = 3, .activation = "tanh", .weights = Initialiser::glorot}.network();
}

template <class V>
std::vector<V> losses(const TrainingOptions& options, int steps) {
  Training<V> training(tanh_network(), some_samples(20, 3, 3), options);
  std::vector<V> made;
  for (int k = 0; k < steps; ++k) made.push_back(training.step());
  return made;
}

/// The mean cross entropy of tanh_network on samples, in scalar loops.
template <class T>
T mean_cross_entropy(const std::vector<T>& p, const Samples& s, std::span<const std::size_t> rows) {
  using std::exp, std::log, std::tanh;
  T total = 0;
  for (const std::size_t i : rows) {
    T h[4], z[3];
    for (std::size_t j = 0; j < 4; ++j) {
      T a = p[12 + j];
      for (std::size_t k = 0; k < 3; ++k) a += p[j * 3 + k] * s.input(i)[k];
      h[j] = tanh(a);
    }
    T sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      z[c] = p[28 + c];
      for (std::size_t j = 0; j < 4; ++j) z[c] += p[16 + c * 4 + j] * h[j];
      sum += exp(z[c]);
    }
    total += log(sum) - z[s.class_of(i)];
  }
  return total / static_cast<double>(rows.size());
}

struct Prepared {
  Split split;
  std::size_t classes;
};

Prepared prepared(const std::string& name, std::uint64_t seed) {
  std::ifstream file(std::string(NABLA_SOURCE_DIR) + "/examples/data/" + name, std::ios::binary);
  const Table t = read_table(std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()}, name);
  const Columns c = columns_of(t);
  Split parts = split(samples_of(t, c), c.task, 0.25, seed);
  const Standardisation s = Standardisation::of(parts.training.x, c.features.size());
  s.apply(parts.training.x);
  s.apply(parts.test.x);
  return {std::move(parts), c.classes.size()};
}

double test_accuracy(const Prepared& data, const std::vector<std::int64_t>& hidden, int epochs, std::uint64_t seed,
                     double l2, double decay = 1e-3) {
  const Network network = DenseNetwork{.hidden = hidden, .outputs = static_cast<std::int64_t>(data.classes)}.network();
  Training<> training(
      network, data.split.training,
      {.schedule = {.kind = Schedule::Kind::inverse, .rate = 0.05, .decay = decay}, .l2 = l2, .seed = seed});
  while (training.epochs() < epochs) training.step();
  Prediction<> prediction(network, data.split.test.features);
  return accuracy<double>(prediction(training.parameters(), training.statistics(), data.split.test.x), data.split.test);
}

bool same_bits(const TrainingState& a, const TrainingState& b) {
  const auto same = [](const std::vector<double>& x, const std::vector<double>& y) {
    return std::ranges::equal(
        x, y, [](double u, double v) { return std::bit_cast<std::uint64_t>(u) == std::bit_cast<std::uint64_t>(v); });
  };
  return a.step == b.step && same(a.parameters, b.parameters) && same(a.statistics, b.statistics) &&
         same({a.epoch_total}, {b.epoch_total}) && std::ranges::equal(a.memory, b.memory, same);
}

}  // namespace

TEST_CASE("training in double, in float, at 50 digits and as an eager program has the same losses") {
  constexpr int steps = 25;
  TrainingOptions options{
      .optimiser = Sgd{.momentum = 0.9}, .schedule = {Schedule::Kind::inverse, 0.1, 0.01, 1}, .batch = 8, .seed = 3};
  const std::vector<double> found = losses<double>(options, steps);
  const Precision digits(50);
  const std::vector<Real> fine = losses<Real>(options, steps);
  const std::vector<float> coarse = losses<float>(options, steps);
  for (std::size_t k = 0; k < steps; ++k) {
    CHECK(abs(Real(found[k]) - fine[k]) < Real("1e-13"));
    CHECK(abs(Real(coarse[k]) - fine[k]) < Real("1e-5"));
  }
  CHECK(found.back() < found.front());

  const Samples s = some_samples(20, 3, 3);
  std::vector<double> p = Training<>(tanh_network(), s, options).layers().initial_parameters(3);
  std::vector<double> g(p.size()), v(p.size());
  for (std::size_t k = 0; k < steps; ++k) {
    std::vector<std::size_t> order(20);
    std::iota(order.begin(), order.end(), std::size_t{0});
    RandomStream(3, RandomStream::Purpose::order, k / 3).shuffle(std::span<std::size_t>(order));
    const std::size_t first = k % 3 * 8;
    const std::span<const std::size_t> rows =
        std::span<const std::size_t>(order).subspan(first, std::min<std::size_t>(8, 20 - first));
    const double loss = value_and_gradient<double>([&](const auto& x) { return mean_cross_entropy(x, s, rows); },
                                                   std::span<const double>(p), std::span<double>(g));
    CHECK(loss == doctest::Approx(found[k]).epsilon(1e-12));
    for (std::size_t i = 0; i < p.size(); ++i) {
      v[i] = 0.9 * v[i] - 0.1 / (1 + 0.01 * static_cast<double>(k)) * g[i];
      p[i] += v[i];
    }
  }
}

TEST_CASE("the sum is the mean times the samples, a penalty adds up, clipping bounds the step") {
  TrainingOptions options{.optimiser = GradientDescent{}, .schedule = {.rate = 0.01}};
  const double mean = losses<double>(options, 1)[0];
  options.reduction = Reduction::sum;
  CHECK(losses<double>(options, 1)[0] == doctest::Approx(20 * mean).epsilon(1e-13));
  options.l2 = 0.5;
  Training<> training(tanh_network(), some_samples(20, 3, 3), options);
  double squares = 0;
  const std::vector<double> before(training.parameters().begin(), training.parameters().end());
  for (const double w : before) squares += w * w;  // biases are 0 at first
  CHECK(training.step() == doctest::Approx(20 * mean + 0.25 * squares).epsilon(1e-13));
  CHECK(training.epoch_loss() == doctest::Approx(20 * mean + 0.25 * squares).epsilon(1e-13));
  options.clip = 1e-3;
  Training<> clipped(tanh_network(), some_samples(20, 3, 3), options);
  clipped.step();
  double moved = 0;
  for (std::size_t i = 0; i < before.size(); ++i) moved += std::pow(clipped.parameters()[i] - before[i], 2);
  CHECK(std::sqrt(moved) == doctest::Approx(0.01 * 1e-3).epsilon(1e-9));
}

TEST_CASE("a training that goes on gives the bits of one that never stopped") {
  for (const std::string_view name : optimiser_names()) {
    CAPTURE(name);
    TrainingOptions options{
        .optimiser = optimiser_named(name), .schedule = {Schedule::Kind::cosine, 0.01, 0, 40}, .batch = 8, .seed = 11};
    const Network network = DenseNetwork{.hidden = {6, 6},
                                         .outputs = 3,
                                         .dropout = 0.25,
                                         .normalisation = DenseNetwork::Normalisation::batch,
                                         .residual = true}
                                .network();
    const auto make = [&] { return std::make_unique<Training<>>(network, some_samples(20, 3, 3), options); };
    const auto whole = make();
    std::vector<TrainingState> states{whole->state()};
    for (int k = 0; k < 13; ++k) {
      whole->step();
      states.push_back(whole->state());
    }
    for (std::size_t k = 0; k < states.size(); ++k) {
      const auto resumed = make();
      resumed->set_state(states[k]);
      while (resumed->steps() < 13) resumed->step();
      CHECK(same_bits(resumed->state(), whole->state()));
    }
    TrainingState other = states[0];
    other.parameters.pop_back();
    CHECK_THROWS_AS(whole->set_state(other), std::invalid_argument);
  }
}

TEST_CASE("the number of threads changes no bit") {
  const auto run = [](std::size_t threads) {
    Training<> training(DenseNetwork{.hidden = {96}, .outputs = 3, .dropout = 0.5}.network(), some_samples(300, 40, 3),
                        {.batch = 200, .threads = threads});
    for (int k = 0; k < 4; ++k) training.step();
    return training.state();
  };
  CHECK(same_bits(run(1), run(3)));
}

TEST_CASE("what is no finite number stops a training with its step and line") {
  Samples s = some_samples(20, 3, 3);
  s.x[7 * 3] = 1e308;
  const auto steps_until_error = [](Training<>& training) -> TrainingError {
    for (int k = 0; k < 100; ++k) {
      try {
        training.step();
      } catch (const TrainingError& error) {
        return error;
      }
    }
    FAIL("no error");
    return {0, 0, ""};
  };
  const Network linear = [](Layers& make, const Expr& x) { return make.dense("d", 100 * x, 3); };
  Training<> bad(linear, s, {.batch = 0});
  const TrainingError error = steps_until_error(bad);
  CHECK(error.step == 0);
  CHECK(error.line == 9);
  CHECK(std::string(error.what()) == "the prediction for the sample of line 9 is no finite number");
  CHECK(bad.steps() == 0);
  for (const double p : bad.parameters()) CHECK(std::isfinite(p));
  Training<> fast(linear, some_samples(20, 3, 3),
                  {.optimiser = GradientDescent{}, .schedule = {.rate = 1e299}, .loss = Loss::squared});
  CHECK(steps_until_error(fast).step > 0);
}

TEST_CASE("shapes that do not fit and samples without targets are refused") {
  CHECK_THROWS_AS(Training<>(DenseNetwork{.outputs = 4}.network(), some_samples(5, 3, 3), {}), ShapeError);
  CHECK_THROWS_AS(Training<>(tanh_network(), Samples{3, 3, {}, {}, {}}, {}), std::invalid_argument);
}

TEST_CASE("a network learns numbers too") {
  Samples s{1, 1, {}, {}, {}};
  for (std::uint32_t i = 0; i < 64; ++i) {
    s.x.push_back(i / 32.0 - 1);
    s.y.push_back(std::sin(3 * s.x.back()));
    s.lines.push_back(i + 1);
  }
  for (const Loss loss : {Loss::squared, Loss::huber}) {
    Training<> training(DenseNetwork{.hidden = {16}, .outputs = 1, .activation = "tanh"}.network(), s,
                        {.optimiser = Adam{}, .schedule = {.rate = 0.02}, .batch = 16, .loss = loss});
    while (training.epochs() < 300) training.step();
    CHECK(training.epoch_loss() < 2e-3);
  }
}

TEST_CASE("L-BFGS takes all samples, falls at every step, and is the same at 50 digits") {
  const TrainingOptions options{.optimiser = Lbfgs{}, .schedule = {.rate = 1}, .batch = 8, .l2 = 0.01};
  const std::vector<double> found = losses<double>(options, 15);
  const Precision digits(50);
  const std::vector<Real> fine = losses<Real>(options, 15);
  for (std::size_t k = 0; k < found.size(); ++k) {
    if (k > 0) CHECK(found[k] < found[k - 1]);
    CHECK(abs(Real(found[k]) - fine[k]) < Real("1e-9"));
  }
  TrainingOptions clipped = options;
  clipped.clip = 1;
  CHECK_THROWS_AS(Training<>(tanh_network(), some_samples(20, 3, 3), clipped), std::invalid_argument);
}

// With what `nabla train` does by default.
TEST_CASE("iris, wine and digits: test accuracy on one split, the median of five seeds") {
  for (const auto& [name, least] :
       {std::pair("iris.csv", 0.97), std::pair("wine.csv", 0.97), std::pair("digits.csv", 0.97)}) {
    CAPTURE(std::string(name));
    const Prepared data = prepared(name, 0);
    std::vector<double> found;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) found.push_back(test_accuracy(data, {64}, 100, seed, 0.005, 0));
    std::ranges::sort(found);
    CAPTURE(found[0]);
    CAPTURE(found[4]);
    CHECK(found[2] >= least);
  }
}

TEST_CASE("iris and wine: test accuracy over many splits") {
  for (const auto& [name, least] : {std::pair("iris.csv", 0.94), std::pair("wine.csv", 0.96)}) {
    CAPTURE(std::string(name));
    double total = 0;
    for (std::uint64_t seed = 0; seed < 12; ++seed)
      total += test_accuracy(prepared(name, seed), {16, 16}, 100, seed, 0.01) / 12;
    CHECK(total >= least);
  }
}
