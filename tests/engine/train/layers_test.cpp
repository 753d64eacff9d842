#include <doctest/doctest.h>

#include <cmath>
#include <nabla/engine/train/dense_network.hpp>
#include <nabla/engine/train/objectives.hpp>
#include <nabla/engine/train/training.hpp>
#include <nabla/nabla.hpp>

// Layers and objectives against their formulas in loops.

namespace {

using namespace nabla;

using Numbers = std::vector<double>;

Numbers some_numbers(std::size_t n, double phase) {
  Numbers x;
  for (std::size_t i = 0; i < n; ++i) x.push_back(std::sin(1.7 * static_cast<double>(i) + phase));
  return x;
}

/// y = W x + b for each row.
Numbers dense_by_hand(const Numbers& x, const Numbers& w, const Numbers& b) {
  const std::size_t width = b.size(), n = w.size() / width;
  Numbers y;
  for (std::size_t row = 0; row * n < x.size(); ++row)
    for (std::size_t i = 0; i < width; ++i) {
      double total = b[i];
      for (std::size_t j = 0; j < n; ++j) total += w[i * n + j] * x[row * n + j];
      y.push_back(total);
    }
  return y;
}

/// (x - mean) / sqrt(variance + 1e-5) along rows, or down columns.
Numbers normalised_by_hand(const Numbers& x, std::size_t columns, bool along_rows) {
  const std::size_t rows = x.size() / columns;
  Numbers y(x.size());
  const std::size_t groups = along_rows ? rows : columns, members = along_rows ? columns : rows;
  for (std::size_t g = 0; g < groups; ++g) {
    const auto at = [&](std::size_t k) { return along_rows ? g * columns + k : k * columns + g; };
    double mean = 0, variance = 0;
    for (std::size_t k = 0; k < members; ++k) mean += x[at(k)] / static_cast<double>(members);
    for (std::size_t k = 0; k < members; ++k) variance += std::pow(x[at(k)] - mean, 2) / static_cast<double>(members);
    for (std::size_t k = 0; k < members; ++k) y[at(k)] = (x[at(k)] - mean) / std::sqrt(variance + 1e-5);
  }
  return y;
}

void check_near(std::span<const double> found, std::span<const double> expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  }
}

Numbers value(const Expr& y, const std::vector<Expr>& inputs, const std::vector<Entries<double>>& at) {
  return Function({&y, 1}, inputs)(std::span<const Entries<double>>(at))[0];
}

}  // namespace

TEST_CASE("the generator is xoshiro256 seeded by SplitMix64") {
  RandomStream random(0);
  CHECK(random.bits() == 0x99ec5f36cb75f2b4U);
  CHECK(random.bits() == 0xbf6e1f784956452aU);
  CHECK(random.bits() == 0x1a5f849d4933e6e0U);
  std::vector<int> counts(7);
  for (int k = 0; k < 7000; ++k) ++counts[static_cast<std::size_t>(random.below(7))];
  for (const int n : counts) CHECK(std::abs(n - 1000) < 150);
  std::vector<int> order(100);
  for (int k = 0; k < 100; ++k) order[static_cast<std::size_t>(k)] = k;
  random.shuffle(std::span<int>(order));
  CHECK(!std::ranges::is_sorted(order));
  std::ranges::sort(order);
  for (int k = 0; k < 100; ++k) CHECK(order[static_cast<std::size_t>(k)] == k);
  using P = RandomStream::Purpose;
  CHECK(RandomStream(1, P::order, 2).bits() == RandomStream(1, P::order, 2).bits());
  CHECK(RandomStream(1, P::order, 2).bits() != RandomStream(2, P::order, 1).bits());
  CHECK(RandomStream(1, P::order, 2).bits() != RandomStream(1, P::dropout, 2).bits());
}

TEST_CASE("dense layers of a sample and of a batch") {
  Layers make;
  const Expr x = variable("x", Shape{4, 3});
  const Expr y = make.dense("d", x, 2);
  const Expr one = variable("one", Shape{3});
  const Expr same = matmul(make.parameters()[0].variable, one) + make.parameters()[1].variable;
  Layers again;
  CHECK(to_string(again.dense("d", one, 2)) == to_string(same));
  const Numbers w = some_numbers(6, 0.1), b = some_numbers(2, 0.5), at = some_numbers(12, 0.9);
  const Expr &weight = make.parameters()[0].variable, &bias = make.parameters()[1].variable;
  check_near(value(y, {weight, bias, x}, {w, b, at}), dense_by_hand(at, w, b));
  CHECK(make.parameters()[0].name == "d.weight");
  CHECK(make.parameters()[0].is_weight);
  CHECK(!make.parameters()[1].is_weight);
  CHECK_THROWS_WITH(make.dense("d", x, 2), "the network already has a 'd.weight'; each layer needs a name of its own");
  CHECK_THROWS_AS(make.dense("scalar", Expr(1), 2), ShapeError);
  CHECK_THROWS_AS(make.dense("none", x, 0), std::invalid_argument);
}

TEST_CASE("the parameters of Definition 5.1 are as many as its corollary says") {
  const std::int64_t widths[] = {4, 16, 8, 3};
  Layers make;
  DenseNetwork{.hidden = {16, 8}, .outputs = 3}.network()(make, variable("x", Shape{10, 4}));
  CHECK(make.parameter_count() == 16 * 5 + 8 * 17 + 3 * 9);
  CHECK(static_cast<std::int64_t>(make.parameter_count()) == dense_parameter_count(widths));
}

TEST_CASE("first parameters: reproducible, bounded, with the variance of their paper") {
  Layers make;
  const Expr x = variable("x", Shape{1, 200});
  make.dense("he", x, 100);
  make.dense("glorot", x, 100, Initialiser::glorot);
  const Numbers p = make.initial_parameters(7);
  CHECK(p == make.initial_parameters(7));
  CHECK(p != make.initial_parameters(8));
  REQUIRE(p.size() == 2 * 20'100);
  const auto check_weights = [&](std::size_t first, double variance) {
    double squares = 0, largest = 0, total = 0;
    for (std::size_t i = first; i < first + 20'000; ++i) {
      squares += p[i] * p[i];
      total += p[i];
      largest = std::max(largest, std::abs(p[i]));
    }
    CHECK(largest <= std::sqrt(3 * variance));
    CHECK(squares / 20'000 == doctest::Approx(variance).epsilon(0.03));
    CHECK(std::abs(total / 20'000) < 5 * std::sqrt(variance / 20'000));
    for (std::size_t i = first + 20'000; i < first + 20'100; ++i) CHECK(p[i] == 0);
  };
  check_weights(0, 2.0 / 200);
  check_weights(20'100, 2.0 / 300);
  // What else is in the network changes nothing.
  Layers other;
  other.dense("before", x, 5);
  other.dense("he", x, 100);
  const Numbers q = other.initial_parameters(7);
  CHECK(std::equal(p.begin(), p.begin() + 20'100, q.begin() + 1005));
}

TEST_CASE("normalisation along a row and down a batch, in training and in prediction") {
  const Numbers at = some_numbers(20, 0.3), gain = some_numbers(4, 1), bias = some_numbers(4, 2);
  const auto scaled = [&](Numbers y) {
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = y[i] * gain[i % 4] + bias[i % 4];
    return y;
  };
  const Expr x = variable("x", Shape{5, 4});
  Layers make;
  const Expr layer = make.layer_norm("l", x), batch = make.batch_norm("b", x);
  const auto p = make.parameters();
  check_near(value(layer, {p[0].variable, p[1].variable, x}, {gain, bias, at}),
             scaled(normalised_by_hand(at, 4, true)));
  check_near(value(batch, {p[2].variable, p[3].variable, x}, {gain, bias, at}),
             scaled(normalised_by_hand(at, 4, false)));
  REQUIRE(make.statistics().size() == 2);
  // In prediction the statistics are inputs.
  Layers trained(Layers::Mode::prediction);
  const Expr y = trained.batch_norm("b", x);
  REQUIRE(trained.statistics().size() == 2);
  const Numbers mean = some_numbers(4, 4), variance{0.5, 1, 2, 4};
  Numbers expected = at;
  for (std::size_t i = 0; i < expected.size(); ++i)
    expected[i] = (expected[i] - mean[i % 4]) / std::sqrt(variance[i % 4] + 1e-5);
  check_near(value(y,
                   {trained.parameters()[0].variable, trained.parameters()[1].variable,
                    trained.statistics()[0].variable, trained.statistics()[1].variable, x},
                   {gain, bias, mean, variance, at}),
             scaled(expected));
  CHECK_THROWS_AS(make.batch_norm("vector", variable("v", Shape{4})), ShapeError);
}

TEST_CASE("dropout is scaled in training and absent from prediction") {
  const Expr x = variable("x", Shape{2, 2});
  Layers make;
  const Expr y = make.dropout(x, 0.75);
  REQUIRE(make.masks().size() == 1);
  check_near(value(y, {x, make.masks()[0].variable}, {{1, 2, 3, 4}, {0, 1, 1, 0}}), Numbers{0, 8, 12, 0});
  Layers predict(Layers::Mode::prediction);
  CHECK(same(predict.dropout(x, 0.75), x));
  CHECK_THROWS_AS(make.dropout(x, 1), std::invalid_argument);
}

TEST_CASE("activations are operators of the registry by name") {
  const Expr x = variable("x", Shape{3});
  for (const char* name : {"relu", "tanh", "sigmoid", "softplus", "silu", "gelu", "sin"})
    CHECK(to_string(activation(name, x)) == std::string(name) + "(x)");
  check_near(value(activation("leaky_relu:0.25", x), {x}, {{-4, 0, 2}}), Numbers{-1, 0, 2});
  CHECK_THROWS_WITH(activation("rleu", x), "there is no activation 'rleu'; did you mean 'relu'?");
  CHECK_THROWS_WITH(activation("leaky_relu", x),
                    "'leaky_relu' takes its second operand after a colon, as in 'leaky_relu:0.01'");
  CHECK_THROWS_AS(activation("log", x), std::invalid_argument);
  CHECK_THROWS_AS(activation("softmax", x), std::invalid_argument);
  const Expr r = residual(x, [](const Expr& u) { return tanh(u); });
  check_near(value(r, {x}, {{-1, 0, 2}}), Numbers{-1 + std::tanh(-1.0), 0, 2 + std::tanh(2.0)});
  CHECK_THROWS_AS(residual(x, [](const Expr& u) { return sum(u); }), ShapeError);
}

TEST_CASE("objectives: Definition 5.2, its mean, squares, Huber, the penalty") {
  const Expr z = variable("z", Shape{2, 3}), t = variable("t", Shape{2, 3});
  const Numbers at = some_numbers(6, 0.2), target{0, 1, 0, 0, 0, 1};
  double cross_entropy = 0, squares = 0, huber_sum = 0;
  for (std::size_t row = 0; row < 2; ++row) {
    double total = 0;
    for (std::size_t c = 0; c < 3; ++c) total += std::exp(at[row * 3 + c]);
    for (std::size_t c = 0; c < 3; ++c)
      cross_entropy -= target[row * 3 + c] * std::log(std::exp(at[row * 3 + c]) / total);
  }
  for (std::size_t i = 0; i < 6; ++i) {
    const double r = std::abs(at[i] - target[i]);
    squares += r * r / 2;
    huber_sum += r <= 1 ? r * r / 2 : r - 0.5;
  }
  const auto of = [&](Loss loss, Reduction reduction) {
    return value(objective(loss, reduction, z, t), {z, t}, {at, target})[0];
  };
  CHECK(of(Loss::softmax_cross_entropy, Reduction::sum) == doctest::Approx(cross_entropy).epsilon(1e-13));
  CHECK(of(Loss::softmax_cross_entropy, Reduction::mean) == doctest::Approx(cross_entropy / 2).epsilon(1e-13));
  CHECK(of(Loss::squared, Reduction::sum) == doctest::Approx(squares).epsilon(1e-13));
  CHECK(of(Loss::huber, Reduction::mean) == doctest::Approx(huber_sum / 2).epsilon(1e-13));
  // Huber's derivative is the difference, cut at 1: also where it is cut, and at 0.
  const Expr a = variable("a", Shape{5}), b = variable("b", Shape{5});
  const Expr slope = gradient(huber(a, b, 1), a);
  check_near(value(slope, {a, b}, {{0, 0.5, 1, -1, -7}, {0, 0, 0, 0, 0}}), Numbers{0, 0.5, 1, -1, -1});
  Layers make;
  make.dense("d", variable("x", Shape{2}), 2);
  const Expr w = make.parameters()[0].variable;
  CHECK(value(l2_penalty(make.parameters(), Expr(3)), {w}, {{1, 2, 3, 4}})[0] == 45);
  for (const Loss loss : {Loss::softmax_cross_entropy, Loss::squared, Loss::huber})
    CHECK(loss_named(name_of(loss)) == loss);
  CHECK_THROWS_WITH(loss_named("mse"), "there is no loss 'mse'; there are cross-entropy, squared, huber");
}

TEST_CASE("a network is an ordinary graph") {
  const BatchFunction made = prediction_function(DenseNetwork{.hidden = {2}, .outputs = 2}.network(), 1, 3);
  const Graph& graph = made.function.plan()->graph();
  CHECK(graph.size() > 0);
  Layers make;
  const Expr y = DenseNetwork{.hidden = {2}, .outputs = 2}.network()(make, variable("x", Shape{3}));
  CHECK(to_string(y) == "output.weight * relu(hidden1.weight * x + hidden1.bias) + output.bias");
}
