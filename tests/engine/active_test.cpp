#include <doctest/doctest.h>

#include <cmath>
#include <engine/operator_examples.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/record/active.hpp>
#include <nabla/nabla.hpp>

// Eager reverse mode. The reference is the reverse sweep over a graph, by other code, which is itself compared with
// differences at 120 digits elsewhere.

namespace {

using namespace nabla;

/// NaN where the other is: a derivative by the exponent of a power of a negative number.
bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

template <class Op, class V, std::size_t... K>
void compare_with_graph(const examples::Example& example, std::index_sequence<K...>) {
  CAPTURE(example.describe());
  Tape<V> tape;
  const std::vector<Active<V>> x{Active<V>(tape.input(examples::exactly<V>(example.operands[K].entries[0])))...};
  Active<V> y;
  if constexpr (Op::indexed) {
    y = Number<Active<V>>::template apply_indexed<Op>({}, example.attributes[0], x[0]);
  } else {
    y = detail::call<Op>({}, x[K]...);
  }
  tape.reverse(y);
  const Function f = examples::Applied(example).function();
  const std::vector<Entries<V>> at = examples::entries<V>(example);
  CHECK(y.value() == f.run<V>(at).output(0)[0]);
  const Entries<V> one{V(1)};
  const std::vector<Entries<V>> expected = f.vjp<V>(at, {&one, 1});
  for (std::size_t k = 0; k < x.size(); ++k) CHECK(same(tape.adjoint(x[k]), expected[k][0]));
}

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

}  // namespace

TEST_CASE("every scalar operator recorded eagerly has the value and the adjoints of its graph, bit for bit") {
  int seen = 0;
  for_each_operator([&seen]<class Op>() {
    if constexpr (ElementwiseOperator<Op>) {
      for (const examples::Example& example : examples::of_operator(opcode<Op>)) {
        compare_with_graph<Op, double>(example, std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
        ++seen;
      }
    }
  });
  CHECK(seen > 200);
}

TEST_CASE("eager reverse mode in rationals is exact") {
  Tape<Rational> tape;
  const Active<Rational> x = tape.input(Rational(1, 3)), y = tape.input(Rational(-2));
  const Active<Rational> f = x * x * y / (1 + x) - 3 * y;
  tape.reverse(f);
  CHECK(f.value() == Rational(1, 9) * -2 / Rational(4, 3) + 6);
  // d/dx x^2 y / (1 + x) = y (2 x + x^2) / (1 + x)^2
  CHECK(tape.adjoint(x) == Rational(-2) * (Rational(2, 3) + Rational(1, 9)) / Rational(16, 9));
  CHECK(tape.adjoint(y) == Rational(1, 9) / Rational(4, 3) - 3);
}

TEST_CASE("reverse over forward: eager adjoints of dual numbers are a Hessian-vector product") {
  using D = Dual<double>;
  Tape<D> tape;
  const std::vector<double> at{0.3, -0.7, 1.1}, direction{1, 2, -1};
  std::vector<D> values;
  for (std::size_t i = 0; i < 3; ++i) values.emplace_back(at[i], direction[i]);
  const auto x = tape.inputs(std::span<const D>(values));
  tape.reverse(rosenbrock(x));
  const Function f(record([](const auto& z) { return rosenbrock(z); }, std::span<const double>(at)));
  const std::vector<Entries<double>> points{{at[0]}, {at[1]}, {at[2]}}, along{{1.0}, {2.0}, {-1.0}};
  const auto gradient = f.gradient<double>(points);
  const auto product = f.hessian_vector_product<double>(points, along);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(tape.adjoint(x[i]).value == doctest::Approx(gradient[i][0]).epsilon(1e-14));
    CHECK(tape.adjoint(x[i]).tangent == doctest::Approx(product[i][0]).epsilon(1e-14));
  }
}

TEST_CASE("statements: a number may be overwritten, copied, shared, and kept as an expression") {
  Tape<double> tape;
  const Active<double> x = tape.input(3);
  Active<double> y = x;
  for (int i = 0; i < 3; ++i) y = y * y;  // x^8
  Active<double> z = y;
  z += 2 * x;
  z *= z;                            // (x^8 + 2 x)^2
  const auto kept = exp(x - 3) * x;  // evaluated twice: two statements, each counted
  const Active<double> w = z + kept + kept;
  tape.reverse(w);
  CHECK(w.value() == std::pow(6561.0 + 6, 2) + 6);
  CHECK(tape.adjoint(x) == 2 * 6567.0 * (8 * 2187.0 + 2) + 2 * (3 + 1));
  CHECK(tape.adjoint(y) == 2 * 6567.0);
  tape.reverse(y, 0.5);
  CHECK(tape.adjoint(x) == 4 * 2187.0);
  CHECK(tape.adjoint(w) == 0);
}

TEST_CASE("what was not taken contributes exactly zero") {
  Tape<double> tape;
  const Active<double> x = tape.input(0), u = tape.input(2);
  const Active<double> chosen = where(lt(0, u), u * u, sqrt(x) + log(x));  // sqrt' and log' are infinite at 0
  tape.reverse(chosen);
  CHECK(tape.adjoint(x) == 0);
  CHECK(tape.adjoint(u) == 4);
  const Active<double> nothing = 0 * u + x * 0;
  tape.reverse(nothing);
  CHECK(tape.adjoint(u) == 0);
}

TEST_CASE("passive numbers have no derivative, and no tape is needed for values") {
  const Active<double> loose = sin(Active<double>(0.5)) + 1;
  CHECK(loose.value() == std::sin(0.5) + 1);
  CHECK(loose.index() == 0);
  Tape<double> tape;
  const Active<double> x = tape.input(2);
  tape.reverse(x * loose + 5);
  CHECK(tape.adjoint(x) == loose.value());
  CHECK(tape.adjoint(loose) == 0);
}

TEST_CASE("comparisons choose the branch by value") {
  const auto f = [](const auto& x) {
    auto best = x[0];
    for (const auto& each : x)
      if (each > best) best = each;
    return best * 2;
  };
  const std::vector<double> at{1, 5, -3};
  std::vector<double> g(3);
  CHECK(value_and_gradient<double>(f, at, g) == 10);
  CHECK(g == std::vector<double>{0, 2, 0});
}

TEST_CASE("a gradient computed again uses the memory of the first") {
  Tape<double> tape;
  const std::vector<double> at(500, 0.25);
  std::vector<Active<double>> x;
  std::size_t bytes = 0, partials = 0;
  for (int run = 0; run < 3; ++run) {
    tape.clear();
    tape.inputs(at, x);
    tape.reverse(rosenbrock(x));
    if (run == 0) {
      bytes = tape.bytes();
      partials = tape.partials();
    }
  }
  CHECK(tape.bytes() == bytes);
  CHECK(tape.partials() == partials);
  CHECK(partials == 499 * (3 + 1 + 5));       // one per active operand of the three statements
  CHECK(tape.statements() == 500 + 499 * 3);  // an expression is one statement
}

TEST_CASE("a function that differentiates another while it is differentiated") {
  const auto inner = [](const auto& u) { return u[0] * u[0] * u[0]; };
  const auto outer = [&inner](const auto& x) {
    std::vector<double> g(1);
    const std::vector<double> at{x[0].value()};
    static_cast<void>(value_and_gradient<double>(inner, at, g));
    return x[0] * g[0];
  };
  const std::vector<double> at{2};
  std::vector<double> g(1);
  CHECK(value_and_gradient<double>(outer, at, g) == 24);
  CHECK(g[0] == 12);
}

TEST_CASE("the eager gradient of a program is the gradient of its recording") {
  std::vector<double> at;
  for (int i = 0; i < 40; ++i) at.push_back(std::sin(0.1 * i + 0.3));
  const auto f = [](const auto& x) {
    auto sum = x[0] * 0;
    std::remove_cvref_t<decltype(x[0])> total = sum;
    for (std::size_t i = 0; i + 1 < x.size(); ++i)
      total += log(1 + exp(sin(x[i]) * x[i + 1])) * sqrt(1 + x[i] * x[i]) + pow(square(x[i]) + 1, x[i + 1]);
    return total;
  };
  std::vector<double> g(at.size());
  const double value = value_and_gradient<double>(f, at, g);
  const Function recorded(record(f, std::span<const double>(at)));
  std::vector<Entries<double>> points;
  for (const double v : at) points.push_back({v});
  CHECK(value == recorded(std::span<const Entries<double>>(points))[0][0]);
  const auto expected = recorded.gradient<double>(points);
  for (std::size_t i = 0; i < at.size(); ++i) CHECK(g[i] == doctest::Approx(expected[i][0]).epsilon(1e-13));
}

TEST_CASE("room for the derivatives must be given") {
  std::vector<double> g(1);
  const std::vector<double> at{1, 2};
  CHECK_THROWS_WITH_AS(value_and_gradient<double>([](const auto& x) { return x[0]; }, at, g),
                       "value_and_gradient: 2 inputs, but room for 1 derivatives", std::invalid_argument);
}
