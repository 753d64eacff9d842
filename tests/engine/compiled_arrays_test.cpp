#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <engine/operator_examples.hpp>
#include <nabla/engine/compile/compiled_arrays.hpp>
#include <nabla/engine/compile/exact_rewriting.hpp>
#include <nabla/nabla.hpp>
#include <random>

// Compiled computations against the node by node run of the same graph, which other tests compare with 120 digits.

namespace {

using namespace nabla;

using Arrays = std::vector<std::vector<double>>;

template <class V>
bool is_close(V a, V b, V tolerance) {
  return a == b || (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= tolerance * (1 + std::abs(b));
}

/// What the computation gives at these inputs, run twice: nothing is left over from the run before.
template <class V>
std::vector<std::vector<V>> run(CompiledArrays<V>& compiled, const std::vector<std::vector<V>>& at) {
  std::vector<std::span<const V>> inputs(at.begin(), at.end());
  std::vector<std::vector<V>> made;
  for (std::size_t k = 0; k < compiled.output_count(); ++k)
    made.emplace_back(static_cast<std::size_t>(compiled.output_shape(k).size()), V(-77));
  std::vector<std::span<V>> outputs(made.begin(), made.end());
  compiled(inputs, outputs);
  const std::vector<std::vector<V>> first = made;
  compiled(inputs, outputs);
  REQUIRE(first.size() == made.size());
  for (std::size_t k = 0; k < made.size(); ++k)
    for (std::size_t i = 0; i < made[k].size(); ++i)
      CHECK((first[k][i] == made[k][i] || (std::isnan(first[k][i]) && std::isnan(made[k][i]))));
  return made;
}

template <class V>
void check_near(const std::vector<V>& found, const std::vector<V>& expected, V tolerance) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    CAPTURE(found[i]);
    CAPTURE(expected[i]);
    CHECK(is_close(found[i], expected[i], tolerance));
  }
}

/// Values, and where the first output is a scalar its derivatives, against those of the function.
template <class V>
void compare(const Function& f, const std::vector<std::vector<V>>& at, V tolerance) {
  const auto values = f(std::span<const Entries<V>>(at));
  CompiledArrays<V> compiled(values_of(f));
  const auto found = run(compiled, at);
  for (std::size_t k = 0; k < values.size(); ++k) check_near(found[k], values[k], tolerance);
  // Rewriting changes no value.
  CompiledArrays<V> rewritten(rewritten_exactly(values_of(f)));
  const auto again = run(rewritten, at);
  for (std::size_t k = 0; k < values.size(); ++k) check_near(again[k], found[k], V(0));
  if (!f.output_shape(0).is_scalar()) return;
  CompiledArrays<V> with_gradient(value_and_gradient_of(f));
  const auto both = run(with_gradient, at);
  check_near(both[0], values[0], tolerance);
  const auto gradient = f.gradient<V>(at);
  for (std::size_t i = 0; i < gradient.size(); ++i) check_near(both[i + 1], gradient[i], tolerance);
}

std::vector<double> numbers(std::size_t n, std::mt19937& random) {
  std::vector<double> x(n);
  for (double& each : x) each = std::uniform_real_distribution<double>(-1, 1)(random);
  return x;
}

std::mt19937 seeded() {
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  return std::mt19937(seed);
}

/// Dense, relu, dense, softmax cross entropy.
Function network(std::int64_t in, std::int64_t hidden, std::int64_t out) {
  const Expr w1 = variable("w1", Shape{hidden, in}), b1 = variable("b1", Shape{hidden}), x = variable("x", Shape{in});
  const Expr w2 = variable("w2", Shape{out, hidden}), b2 = variable("b2", Shape{out}), t = variable("t", Shape{out});
  const Expr loss = softmax_cross_entropy(matmul(w2, relu(matmul(w1, x) + b1)) + b2, t);
  return Function(loss, {w1, b1, w2, b2, x, t});
}

}  // namespace

TEST_CASE("every operator compiled for arrays has the value and the gradient of its run") {
  for_each_operator([]<class Op>() {
    if constexpr (Op::family != Family::leaf) {
      CAPTURE(Op::name);
      for (const examples::Example& example : examples::of_operator(opcode<Op>)) {
        const examples::Applied applied(example);
        const Expr& y = applied.output;
        const std::shared_ptr<Workspace> workspace = y.workspace();
        Arrays at;
        for (const examples::Operand& o : example.operands) at.push_back(o.entries);
        // A weighted sum of its entries, so that every entry has another adjoint.
        const auto n = static_cast<std::int64_t>(y.shape().size());
        const Expr weights = 1 + cumsum(Expr(workspace, workspace->literal(Constant::ratio(1, 8), Shape{n})));
        const std::vector<Expr> outputs{sum(weights * reshape(y, Shape{n})), y};
        compare<double>(Function(outputs, applied.inputs), at, 1e-11);
      }
    }
  });
}

TEST_CASE("a network of dense layers, in double and float") {
  std::mt19937 random = seeded();
  const Function f = network(13, 21, 5);
  Arrays at{numbers(273, random), numbers(21, random), numbers(105, random),
            numbers(5, random),   numbers(13, random), {0, 0, 1, 0, 0}};
  compare<double>(f, at, 1e-13);
  std::vector<std::vector<float>> rounded;
  for (const auto& x : at) rounded.emplace_back(x.begin(), x.end());
  compare<float>(f, rounded, 1e-5F);

  SUBCASE("by some of the inputs") {
    const std::size_t by[] = {3, 0};
    CompiledArrays<double> some(value_and_gradient_of(f, by));
    const auto found = run(some, at);
    const auto gradient = f.gradient<double>(at);
    REQUIRE(found.size() == 3);
    check_near(found[1], gradient[3], 1e-13);
    check_near(found[2], gradient[0], 1e-13);
  }
}

TEST_CASE("batches of samples, stretched biases, transposed products, what only moves entries") {
  std::mt19937 random = seeded();
  const Expr x = variable("x", Shape{9, 6}), w = variable("w", Shape{7, 6}), b = variable("b", Shape{7});
  const Expr c = variable("c", Shape{9, 1});
  const Expr h = tanh(matmul(x, transpose(w)) + b) * c;
  const Arrays at{numbers(54, random), numbers(42, random), numbers(7, random), numbers(9, random)};
  compare<double>(Function(sum(square(h)), {x, w, b, c}), at, 1e-12);
  compare<double>(Function(sum(exp(transpose(h)) * reshape(h, Shape{7, 9}) + flip(transpose(h), 0)), {x, w, b, c}), at,
                  1e-12);
  compare<double>(Function(mean(matmul(transpose(h), h)) * trace(matmul(h, transpose(h))), {x, w, b, c}), at, 1e-12);
  const std::vector<Expr> outputs{sum(h, 0), h, transpose(h), x, reshape(h, Shape{63}), h, Expr(3), mean(h, 1)};
  const Expr inputs[] = {x, w, b, c};
  compare<double>(Function(outputs, inputs), at, 1e-12);
}

TEST_CASE("random programs on arrays have the gradient of their run") {
  std::mt19937 random = seeded();
  const auto pick = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  const std::vector<Shape> shapes{{}, {5}, {4, 5}, {4, 1}, {1, 5}, {5, 4}};
  for (int program = 0; program < 150; ++program) {
    std::vector<Expr> inputs;
    Arrays at;
    for (const Shape& s : shapes) {
      inputs.push_back(variable("x" + std::to_string(inputs.size()), s));
      at.push_back(numbers(static_cast<std::size_t>(s.size()), random));
    }
    std::vector<Expr> made = inputs;
    while (made.size() < 26) {
      const Expr& a = made[pick(made.size())];
      const Expr& b = made[pick(made.size())];
      try {
        switch (pick(12)) {
          case 0:
          case 1:
            made.push_back(a * b);
            break;
          case 2:
            made.push_back(a - tanh(b));
            break;
          case 3:
            made.push_back(sin(a));
            break;
          case 4:
            made.push_back(sum(a, a.shape().is_scalar() ? Axes{} : Axes{-1}, pick(2) == 0));
            break;
          case 5:
            made.push_back(transpose(a));
            break;
          case 6:
            made.push_back(tanh(matmul(a, b)));
            break;
          case 7:
            made.push_back(broadcast_to(a, Shape{4, 5}));
            break;
          case 8:
            made.push_back(exp(-square(a)));
            break;
          case 9:
            made.push_back(where(lt(a, b), a, relu(b)));
            break;
          case 10:
            made.push_back(softmax(a));
            break;
          default:
            made.push_back(reshape(a, Shape{a.shape().size()}) * 0.5);
            break;
        }
      } catch (const ShapeError&) {
      }
    }
    Expr total = 0;
    for (std::size_t k = made.size() - 6; k < made.size(); ++k) total = total + mean(made[k]) * 1;
    const std::vector<Expr> outputs{total + sum(square(made.back())), made[made.size() - 2], made[made.size() - 5]};
    compare<double>(Function(outputs, inputs), at, 1e-10);
  }
}

TEST_CASE("signs go where they cost nothing, and equal products are one") {
  const Expr a = variable("a", Shape{3}), b = variable("b", Shape{3});
  const auto operations = [&](const Expr& y) {
    const ArrayPlan plan(rewritten_exactly(values_of(Function(y, {a, b}))));
    std::size_t n = 0;
    for (const ArrayPlan::Step& step : plan.steps()) n += step.loop.size();
    return n;
  };
  CHECK(operations(a - (-b)) == 1);
  CHECK(operations((-a) * (-b)) == 1);
  CHECK(operations((-a) + b) == 1);
  CHECK(operations(powi(-a, 4)) == 1);
  CHECK(operations(a * b + b * a) == 2);
  CHECK(operations((-a) / b) == 2);
  CHECK(operations((-a) - b) == 2);  // -1 - -1 is 0, and -(1 + -1) is -0
}

TEST_CASE("the same bits whatever the number of threads") {
  std::mt19937 random = seeded();
  const Expr x = variable("x", Shape{300, 120}), w = variable("w", Shape{120, 90}), b = variable("b", Shape{90});
  const Expr v = variable("v", Shape{50000});
  const Expr h = relu(matmul(x, w) + b);
  const Function f(sum(square(h)) + sum(log(1 + exp(v)) * sin(v)) + mean(v), {x, w, b, v});
  const Arrays at{numbers(36000, random), numbers(10800, random), numbers(90, random), numbers(50000, random)};
  Arrays expected;
  for (const std::size_t threads : std::initializer_list<std::size_t>{1, 2, 4}) {
    CompiledArrays<double> compiled(value_and_gradient_of(f), threads);
    const Arrays found = run(compiled, at);
    if (threads == 1) expected = found;
    for (std::size_t k = 0; k < found.size(); ++k)
      for (std::size_t i = 0; i < found[k].size(); ++i)
        REQUIRE(std::bit_cast<std::uint64_t>(found[k][i]) == std::bit_cast<std::uint64_t>(expected[k][i]));
  }
}

TEST_CASE("a function of scalars at many points at once") {
  std::mt19937 random = seeded();
  constexpr std::size_t points = 700;
  const auto program = [](const auto& v) {
    auto z = v[0] * v[1];
    for (int i = 0; i < 4; ++i) z = sin(z) + v[2] * exp(-z * z) + 0.25;
    return z * z / (2 + v[1] * v[1]);
  };
  const std::vector<double> any{0.5, 0.25, 1};
  const Function f(record(program, std::span<const double>(any)));
  const Arrays at{numbers(points, random), numbers(points, random), numbers(points, random)};
  CompiledArrays<double> compiled(value_and_gradient_at_points(f, points));
  CompiledArrays<double> values(values_at_points(f, points));
  const Arrays found = run(compiled, at);
  check_near(run(values, at)[0], found[0], 1e-15);
  for (std::size_t p = 0; p < points; p += 23) {
    const std::vector<Entries<double>> here{{at[0][p]}, {at[1][p]}, {at[2][p]}};
    const auto gradient = f.gradient<double>(here);
    CHECK(is_close(found[0][p], f(std::span<const Entries<double>>(here))[0][0], 1e-14));
    for (std::size_t i = 0; i < 3; ++i) CHECK(is_close(found[i + 1][p], gradient[i][0], 1e-13));
  }

  const Function steered(
      record([](const auto& v) { return v[0] < v[1] ? v[0] : v[1] * v[2]; }, std::span<const double>(any)));
  CHECK_THROWS_AS(values_at_points(steered, 3), UnsupportedError);
  CHECK_THROWS_AS(values_at_points(network(2, 2, 2), 3), UnsupportedError);
  CHECK_THROWS_AS(values_at_points(f, 0), std::invalid_argument);
}

TEST_CASE("a recorded comparison that comes out otherwise, and calls of the wrong size, are errors") {
  const std::vector<double> any{1, 2};
  const Function f(
      record([](const auto& v) { return v[0] < v[1] ? v[0] * v[1] : v[0] - v[1]; }, std::span<const double>(any)));
  CompiledArrays<double> compiled(value_and_gradient_of(f));
  const Arrays found = run(compiled, Arrays{{1}, {2}});
  CHECK(found == Arrays{{2}, {2}, {1}});
  std::vector<double> out(3), in{3, 2};
  const std::span<const double> inputs[] = {{&in[0], 1}, {&in[1], 1}};
  const std::span<double> outputs[] = {{&out[0], 1}, {&out[1], 1}, {&out[2], 1}};
  CHECK_THROWS_AS(compiled(inputs, outputs), GuardError);
  CHECK_THROWS_AS(compiled(std::span(inputs).first(1), outputs), std::invalid_argument);
  CHECK_THROWS_AS(compiled(inputs, std::span(outputs).first(2)), std::invalid_argument);
  const std::span<const double> long_inputs[] = {in, {&in[1], 1}};
  CHECK_THROWS_AS(compiled(long_inputs, outputs), std::invalid_argument);
}
