#include <doctest/doctest.h>

#include <engine/small_stack.hpp>
#include <memory>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>

// Graphs that are long or shared: nothing recurses, costs are linear, nothing is kept.

namespace {

using namespace nabla;

/// y = x + x + ... + x, one addition after another; (steps + 1) x.
Recording sum_chain(int steps) {
  return record(
      [steps](Recorded x) {
        Recorded y = x;
        for (int i = 0; i < steps; ++i) y += x;
        return y;
      },
      1.0);
}

/// y = (y + y) / 2 again and again: x, along 2^steps paths.
template <class T>
T halved_doubles(T y, int steps) {
  for (int i = 0; i < steps; ++i) y = (y + y) / 2;
  return y;
}

Expr symbolic_chain(const Expr& x, int steps) {
  Expr y = x;
  for (int i = 0; i < steps; ++i) y = y + x;
  return y;
}

}  // namespace

TEST_CASE("a chain of ten million operations is recorded, run, differentiated and destroyed on a small stack") {
  on_a_small_stack([] {
    constexpr int steps = 10'000'000;
    auto recording = std::make_unique<Recording>(sum_chain(steps));
    CHECK(recording->graph().size() == steps + 1);
    // The graph and one double a node.
    const double bytes = static_cast<double>(recording->graph().bytes()) / steps + sizeof(double);
    CHECK(bytes <= 32);
    auto f = std::make_unique<Function>(*recording);
    CHECK(f->value<double>({0.5}) == 0.5 * (steps + 1));
    CHECK(f->gradient<double>({0.5}) == Entries<double>{steps + 1.0});
    f.reset();
    recording.reset();
  });
}

TEST_CASE("memory a recorded scalar operation, the graph and one double, is at most 32 bytes") {
  const int steps = 1 << 20;
  const auto bytes = [](const Recording& r) {
    return static_cast<double>(r.graph().bytes() + r.graph().size() * sizeof(double)) /
           static_cast<double>(r.graph().size());
  };
  CHECK(bytes(record(
            [](Recorded x) {
              for (int i = 0; i < steps; ++i) x = sin(x);
              return x;
            },
            1.0)) <= 32);
  CHECK(bytes(record(
            [](Recorded x, Recorded y) {
              for (int i = 0; i < steps / 4; ++i) {
                const Recorded z = x * y - 0.5 * x;
                y = x / 3.0;
                x = z;
              }
              return x;
            },
            1.0, 2.0)) <= 32);
}

TEST_CASE("a chain of a million symbolic operations is built, differentiated, run and destroyed on a small stack") {
  on_a_small_stack([] {
    constexpr int steps = 1'000'000;
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Expr x = variable("x");
    const Expr y = symbolic_chain(x, steps);
    CHECK(y.graph().size() == steps + 1);
    const Expr slope = gradient(y, x);
    CHECK(slope.is(steps + 1));
    CHECK(Function(y, {x}).gradient<double>({2.0}) == Entries<double>{steps + 1.0});
  });
}

TEST_CASE("a symbolic derivative a hundred thousand operations deep runs in other kinds on a small stack") {
  on_a_small_stack([] {
    constexpr int steps = 100'000;
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Expr x = variable("x");
    Expr y = x;
    for (int i = 0; i < steps; ++i) y = y * x;  // x^(steps + 1)
    const Function slope(gradient(y, x), {x});
    CHECK(slope.value<double>({1.0}) == steps + 1.0);
    CHECK(slope.value<Interval>({Interval(1)}).contains(steps + 1.0));
    CHECK(slope.value<Ball>({Ball(1)}).contains(steps + 1));
    CHECK(Function(y, {x}).value<Dual<double>>({Dual<double>(1.0, 1.0)}).tangent == steps + 1.0);
    CHECK(slope.gradient<double>({1.0})[0] == doctest::Approx((steps + 1.0) * steps));
  });
}

TEST_CASE("2^10000 paths through 10000 shared steps cost 10000 steps, by numbers and by symbols") {
  constexpr int steps = 10'000;
  const Recording recording = record([](Recorded x) { return halved_doubles(x, steps); }, 0.75);
  CHECK(recording.graph().size() == 2 * steps + 1);
  const Function f(recording);
  CHECK(f.value<double>({0.75}) == 0.75);
  CHECK(f.gradient<double>({0.75}) == Entries<double>{1.0});
  CHECK(f.value<Dual<double>>({Dual<double>(0.75, 1.0)}).tangent == 1.0);

  const auto nodes_of_gradient = [](int n) {
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Expr x = variable("x");
    const Expr slope = gradient(halved_doubles(x, n), x);
    CHECK((slope.constant() != nullptr || Function(slope, {x}).value<double>({0.75}) == 1.0));
    return x.graph().size();
  };
  const std::size_t once = nodes_of_gradient(steps);
  CHECK(once <= 10 * steps);
  CHECK(nodes_of_gradient(2 * steps) <= 2 * once);
}

TEST_CASE("runs of one function know nothing of each other") {
  const Recording recording = record([](Recorded x, Recorded y) { return x * x * y + sin(y); }, 1.0, 2.0);
  const Function f(recording);
  const std::vector<Entries<double>> a{{1.5}, {-0.5}};
  const std::vector<Entries<double>> b{{-2.0}, {3.0}};
  const auto fresh_a = f.gradient<double>(a);
  const auto fresh_b = f.gradient<double>(b);
  CHECK(fresh_a != fresh_b);

  Run<double> first = f.run<double>(a);
  Run<double> second = f.run<double>(b);
  for (int again = 0; again < 3; ++again) {
    first.reverse();
    second.reverse();
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(first.adjoint(recording.inputs()[i])[0] == fresh_a[i][0]);
      CHECK(second.adjoint(recording.inputs()[i])[0] == fresh_b[i][0]);
    }
  }
  const Entries<double> nothing{0.0};
  const std::vector<std::span<const double>> seeds{nothing};
  first.reverse(seeds);
  CHECK(first.adjoint(recording.inputs()[0])[0] == 0);

  // The same run at other inputs is what a new one is there.
  first.set(recording.inputs()[0], b[0]);
  first.set(recording.inputs()[1], b[1]);
  first.forward();
  first.reverse();
  CHECK(first.adjoint(recording.inputs()[0])[0] == fresh_b[0][0]);
  CHECK(first.output(0)[0] == second.output(0)[0]);
}

TEST_CASE("expressions that nobody refers to any more leave nothing behind") {
  std::weak_ptr<Workspace> before;
  {
    const Expr x = variable("x");
    const Expr slope = gradient(sin(x * x), x);
    before = slope.workspace();
    CHECK(!before.expired());
  }
  const Expr y = variable("y");
  CHECK(before.expired());
  CHECK(y.graph().size() == 1);
}

TEST_CASE("a function keeps what it needs when its expressions are gone, and adds nothing when it is asked again") {
  const auto make = [] {
    const WorkspaceScope scope(std::make_shared<Workspace>());
    const Expr x = variable("x");
    return Function(exp(sin(x)) * x, {x});
  };
  const Function f = make();
  const std::size_t nodes = f.plan()->graph().size();
  const Entries<double> first = f.gradient<double>({0.25});
  for (int i = 0; i < 100; ++i) CHECK(f.gradient<double>({0.25}) == first);
  CHECK(f.plan()->graph().size() == nodes);
}

TEST_CASE("a shape stays where it is while the graph grows") {
  const Expr x = variable("x", {2, 3});
  const Shape& shape = x.shape();
  for (std::int64_t n = 1; n < 200; ++n) static_cast<void>(variable("v", {n, n}));
  CHECK(shape == Shape{2, 3});
}
