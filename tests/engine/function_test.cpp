#include <doctest/doctest.h>

#include <nabla/engine/numbers/literal.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>
#include <nabla/ops/registry.hpp>

namespace nabla {
namespace {

using Rationals = std::vector<Entries<Rational>>;

/// x^3 y + z / y: a polynomial and a quotient, three inputs.
Function example() {
  const Expr x = variable("x"), y = variable("y"), z = variable("z");
  return Function(powi(x, 3) * y + z / y, {x, y, z});
}
/// By hand, at x, y, z.
template <class V>
Entries<V> example_hessian(V x, V y, V z) {
  const V xy = V(3) * x * x, yz = V(-1) / (y * y);
  return {V(6) * x * y, xy, V(0), xy, V(2) * z / (y * y * y), yz, V(0), yz, V(0)};
}

TEST_CASE("the Hessian of a function of scalars, in double and exactly") {
  const Function f = example();
  const Entries<double> h = f.hessian<double>(std::vector<Entries<double>>{{2.0}, {0.5}, {3.0}});
  const Entries<double> expected = example_hessian<double>(2, 0.5, 3);
  for (std::size_t k = 0; k < 9; ++k) CHECK(h[k] == doctest::Approx(expected[k]));
  const Rational third = Rational(1) / 3;
  CHECK(f.hessian<Rational>(Rationals{{2}, {third}, {5}}) == example_hessian<Rational>(2, third, 5));
}

TEST_CASE("a Hessian-vector product is the Hessian times the vector") {
  const Function f = example();
  const Rationals at{{2}, {3}, {5}};
  const Rationals direction{{1}, {-2}, {7}};
  const Entries<Rational> h = f.hessian<Rational>(at);
  const Rationals product = f.hessian_vector_product<Rational>(at, direction);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(product[i][0] ==
          h[3 * i] * direction[0][0] + h[3 * i + 1] * direction[1][0] + h[3 * i + 2] * direction[2][0]);
  const auto in_double = f.hessian_vector_product<double>(std::vector<Entries<double>>{{2.}, {3.}, {5.}},
                                                          std::vector<Entries<double>>{{1.}, {-2.}, {7.}});
  for (std::size_t i = 0; i < 3; ++i) CHECK(in_double[i][0] == doctest::Approx(static_cast<double>(product[i][0])));
}

TEST_CASE("a Jacobian-vector product of a tensor function, by dual numbers and by the graph") {
  const Expr a = variable("a", Shape{2, 3});
  const Expr b = variable("b", Shape{3});
  const std::vector<Expr> outputs{matmul(a, b), sum(square(b)), Expr(4)};
  const Expr inputs[] = {a, b};
  const Function f(outputs, inputs);
  const Rationals at{{1, 2, 3, 4, 5, 6}, {7, 8, 9}};
  const Rationals along{{1, 0, -1, 2, 1, 0}, {1, 1, -2}};
  const Rationals exact = f.jvp<Rational>(at, along);
  CHECK(exact[0] == Entries<Rational>{1 * 7 - 9 + 1 + 2 - 6, 2 * 7 + 8 + 4 + 5 - 12});
  CHECK(exact[1] == Entries<Rational>{2 * (7 + 8 - 18)});
  CHECK(exact[2] == Entries<Rational>{0});
  std::vector<Entries<double>> at_double, along_double;
  for (std::size_t i = 0; i < 2; ++i) {
    at_double.emplace_back();
    along_double.emplace_back();
    for (const Rational& r : at[i]) at_double[i].push_back(static_cast<double>(r));
    for (const Rational& r : along[i]) along_double[i].push_back(static_cast<double>(r));
  }
  const auto dual = f.jvp<double>(at_double, along_double);
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t i = 0; i < exact[k].size(); ++i) CHECK(dual[k][i] == static_cast<double>(exact[k][i]));
}

TEST_CASE("an input that nothing depends on has zero derivatives of every order") {
  const Expr x = variable("x"), unused = variable("unused", Shape{2});
  const Function f(square(x), {x, unused});
  const std::vector<Entries<double>> at{{3}, {1, 2}};
  const std::vector<Entries<double>> along{{1}, {5, 5}};
  CHECK(f.hessian<double>(at) == Entries<double>{2, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(f.hessian_vector_product<double>(at, along)[1] == Entries<double>{0, 0});
  CHECK(f.jvp<double>(at, along)[0] == Entries<double>{6});
  CHECK(f.hessian_vector_product<Rational>(Rationals{{3}, {1, 2}}, Rationals{{1}, {5, 5}})[1] ==
        Entries<Rational>{0, 0});
  CHECK(f.sparse_hessian<double>(at).values == std::vector<double>{2});
}

TEST_CASE("Taylor coefficients of 1 / (1 - x) and of exp, exactly and to 100 digits") {
  const Expr x = variable("x");
  const Function geometric(1 / (1 - x), {x});
  const Rationals series = geometric.taylor<Rational>(Rationals{{0}}, Rationals{{1}}, 6);
  for (const Entries<Rational>& c : series) CHECK(c == Entries<Rational>{1});
  const Precision digits(100);
  const Function f(exp(x), {x});
  const auto c = f.taylor<Real>(std::vector<Entries<Real>>{{Real(0)}}, std::vector<Entries<Real>>{{Real(2)}}, 5);
  CHECK(nabla::abs(Real(c[5][0] - Real(32) / 120)) < Real("1e-98"));
  const auto hardware = f.taylor<double>(std::vector<Entries<double>>{{0.}}, std::vector<Entries<double>>{{2.}}, 5);
  CHECK(hardware[5][0] == doctest::Approx(32. / 120));
}

TEST_CASE("Taylor coefficients along a direction agree with derivatives of structured operators") {
  const Expr a = variable("a", Shape{2, 2});
  const Expr b = variable("b", Shape{2});
  const Function f(dot(solve(a, b), softmax(b)), {a, b});
  const std::vector<Entries<double>> at{{3, 1, 0.5, 2}, {1, -1}};
  const std::vector<Entries<double>> along{{1, 0, 2, -1}, {0.5, 1}};
  const auto c = f.taylor<double>(at, along, 2);
  CHECK(c[0][0] == doctest::Approx(f.run<double>(at).output(0)[0]));
  CHECK(c[1][0] == doctest::Approx(f.jvp<double>(at, along)[0][0]));
  const auto product = f.hessian_vector_product<double>(at, along);
  double second = 0;
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t k = 0; k < along[i].size(); ++k) second += along[i][k] * product[i][k];
  CHECK(c[2][0] == doctest::Approx(second / 2));
}

TEST_CASE("guards of a recording hold for its derivative functions") {
  const Recording recording =
      record([](const Recorded& x) { return x < 1 ? Recorded(x * x * x) : Recorded(x * 5); }, 0.5);
  const Function f(recording);
  CHECK(f.hessian<Rational>(Rationals{{Rational(1) / 4}}) == Entries<Rational>{Rational(3) / 2});
  CHECK_THROWS_AS(f.hessian<Rational>(Rationals{{2}}), GuardError);
  CHECK_THROWS_AS(f.hessian<double>(std::vector<Entries<double>>{{2.}}), GuardError);
  CHECK_THROWS_AS(f.jvp<Rational>(Rationals{{2}}, Rationals{{1}}), GuardError);
}

TEST_CASE("the gradient of a function is a function, and again") {
  const Expr x = variable("x");
  const Function f(powi(x, 4), {x});
  const Function third = f.gradient_function().gradient_function().gradient_function();
  CHECK(third.value<Rational>({Rational(5)}) == 120);
}

TEST_CASE("wrong shapes and tensors in place of scalars are said by name") {
  const Expr x = variable("x", Shape{2});
  const Function f(square(x), {x});
  const std::vector<Entries<double>> at{{1, 2}};
  const std::vector<Entries<double>> short_direction{{1}};
  CHECK_THROWS_WITH_AS(f.hessian<double>(at), doctest::Contains("hessian"), ShapeError);
  CHECK_THROWS_WITH_AS(f.sparse_hessian<double>(at), doctest::Contains("sparse_hessian"), ShapeError);
  CHECK_THROWS_WITH_AS(f.jvp<double>(at, short_direction), doctest::Contains("direction"), ShapeError);
  CHECK_THROWS_AS(f.jvp<Rational>(Rationals{{1, 2}}, Rationals{{1}}), ShapeError);
  CHECK_THROWS_AS(f.hessian<double>(std::vector<Entries<double>>{}), std::exception);
}

}  // namespace
}  // namespace nabla
