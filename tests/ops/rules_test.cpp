#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <nabla/ops/registry.hpp>
#include <ops/sampling.hpp>

// Derivative rules compared with differences of the value, for every elementwise operator of the registry, and the
// values and conventions that differences cannot see.

namespace {

using namespace nabla;
using namespace nabla::sampling;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The derivative of f at x from central differences, extrapolated to step zero (Ridders 1982), and the error that
/// neighbouring entries of the table disagree by. f must be smooth on [x - 0.05, x + 0.05].
template <class F>
std::pair<long double, long double> differentiate(F f, long double x) {
  constexpr std::size_t rows = 12;
  constexpr long double shrink = 1.5L;
  long double table[rows][rows];
  long double h = 0.05L;
  long double best = 0;
  long double error = std::numeric_limits<long double>::infinity();
  for (std::size_t i = 0; i < rows; ++i, h /= shrink) {
    table[i][0] = (f(x + h) - f(x - h)) / (2 * h);
    long double factor = 1;
    for (std::size_t j = 1; j <= i; ++j) {
      factor *= shrink * shrink;
      table[i][j] = (factor * table[i][j - 1] - table[i - 1][j - 1]) / (factor - 1);
      const long double change =
          std::max(std::fabs(table[i][j] - table[i][j - 1]), std::fabs(table[i][j] - table[i - 1][j - 1]));
      if (change < error) {
        error = change;
        best = table[i][j];
      }
    }
  }
  return {best, error};
}

/// Farther than 0.1 from each other, from integers and from odd multiples of pi/2: no kink within a difference.
const std::vector<double>& regular_points() {
  static const std::vector<double> points{-5.17, -2.45, -1.36, -0.74, -0.29, 0.37, 0.81, 1.23, 2.31, 3.44, 7.62};
  return points;
}

template <class Op>
bool interior(std::int64_t n, const Operands<Op, double>& x) {
  for (std::size_t k = 0; k < x.size(); ++k)
    for (const double step : {-0.06, 0.0, 0.06}) {
      Operands<Op, double> moved = x;
      moved[k] += step;
      if (!in_domain<Op>(n, moved)) return false;
    }
  return true;
}

template <class Op>
void check_partials_at(std::int64_t n, const Operands<Op, double>& at) {
  Operands<Op, long double> x{};
  std::copy(at.begin(), at.end(), x.begin());
  const auto by_rule = partials<Op, long double>(n, x);
  for (std::size_t k = 0; k < x.size(); ++k) {
    const auto [by_differences, error] = differentiate(
        [&](long double moved) {
          Operands<Op, long double> z = x;
          z[k] = moved;
          return value<Op, long double>(n, z);
        },
        x[k]);
    CAPTURE(k);
    CAPTURE(by_rule[k]);
    CAPTURE(by_differences);
    const long double scale = 1 + std::fabs(by_differences);
    CHECK(error <= 1e-11L * scale);
    CHECK(std::fabs(by_rule[k] - by_differences) <= 1e-11L * scale);
  }
}

}  // namespace

TEST_CASE("every elementwise rule agrees with differences of its value") {
  for_each_operator([]<class Op>() {
    if constexpr (ElementwiseOperator<Op>) {
      CAPTURE(Op::name);
      int checked = 0;
      for (const std::int64_t n : attributes<Op>())
        for_each_choice<Op>(regular_points(), true, [&](const Operands<Op, double>& x) {
          if (!interior<Op>(n, x)) return;
          CAPTURE(n);
          CAPTURE(x[0]);
          CAPTURE(x.back());
          check_partials_at<Op>(n, x);
          ++checked;
        });
      CHECK(checked >= 3);
    }
  });
}

TEST_CASE("products are t times the partials where both are finite") {
  for_each_operator([]<class Op>() {
    if constexpr (ElementwiseOperator<Op> && Op::arity == 3) {
      CAPTURE(Op::name);
      if constexpr (requires(double v) { Op::template products<double>(v, v, v, v, v); })
        for_each_choice<Op>(regular_points(), true, [](const Operands<Op, double>& x) {
          const auto p = partials<Op, double>(0, x);
          const auto tp = Op::template products<double>(2.5, value<Op, double>(0, x), x[0], x[1], x[2]);
          for (std::size_t k = 0; k < p.size(); ++k) CHECK(tp[k] == 2.5 * p[k]);
        });
    }
  });
}

namespace {

template <class Op, class... X>
auto rule(X... x) {
  return partials<Op, double>(0, {x...});
}

}  // namespace

TEST_CASE("at a kink the rule gives the stated value and the record says that it is one") {
  CHECK(rule<Abs>(0.0)[0] == 0);
  CHECK(rule<Relu>(0.0)[0] == 0);
  CHECK(rule<LeakyRelu>(0.0, 0.25)[0] == 0.25);
  CHECK(rule<Elu>(0.0, 0.25)[0] == 0.25);
  CHECK(rule<Max>(2.0, 2.0) == std::array{0.5, 0.5});
  CHECK(rule<Min>(2.0, 2.0) == std::array{0.5, 0.5});
  CHECK(rule<Hypot>(0.0, 0.0) == std::array{0.0, 0.0});
  CHECK(rule<Sqrt>(0.0)[0] == infinity);
  CHECK(rule<Cbrt>(0.0)[0] == infinity);
  CHECK(rule<Asin>(1.0)[0] == infinity);
  CHECK(rule<Asin>(-1.0)[0] == infinity);
  CHECK(rule<Acos>(1.0)[0] == -infinity);
  CHECK(rule<Acosh>(1.0)[0] == infinity);
  CHECK(rule<Atan2>(0.0, -2.0) == std::array{-0.5, -0.0});

  CHECK(Relu::kink(0.0) == 1);
  CHECK(Relu::kink(1e-300) == 0);
  CHECK(LeakyRelu::kink(0.0, 0.25) == 1);
  CHECK(LeakyRelu::kink(0.0, 1.0) == 0);
  CHECK(Elu::kink(0.0, 0.5) == 1);
  CHECK(Elu::kink(0.0, 1.0) == 0);
  CHECK(Hypot::kink(0.0, 0.0) == 1);
  CHECK(Hypot::kink(0.0, 1.0) == 0);
  CHECK(Cbrt::kink(0.0) == 1);
  CHECK(Atan2::kink(0.0, -1.0) == 1);
  CHECK(Atan2::kink(0.0, 1.0) == 0);
  CHECK(Pow::kink(0.0, 0.5) == 1);
  CHECK(Pow::kink(0.0, 2.0) == 0);
}

TEST_CASE("pow takes an integer exponent of any base, and 0 to a positive power has derivatives") {
  CHECK(Pow::value(0.0, 0.0) == 1);
  CHECK(Pow::value(-2.0, 3.0) == -8);
  CHECK(rule<Pow>(-2.0, 3.0)[0] == 12);
  CHECK(std::isnan(rule<Pow>(-2.0, 3.0)[1]));
  CHECK(rule<Pow>(0.0, 2.5) == std::array{0.0, 0.0});
  CHECK(rule<Pow>(0.0, 1.0) == std::array{1.0, 0.0});
  CHECK(rule<Pow>(0.0, 0.5) == std::array{infinity, 0.0});
  CHECK(rule<Pow>(0.0, 0.0)[0] == 0);

  CHECK(Pow::defined(0.0, 0.0) == 1);
  CHECK(Pow::defined(0.0, 0.5) == 1);
  CHECK(Pow::defined(0.0, -1.0) == 0);
  CHECK(Pow::defined(0.0, -0.5) == 0);
  CHECK(Pow::defined(-2.0, -3.0) == 1);
  CHECK(Pow::defined(-2.0, 0.5) == 0);
  CHECK(Pow::defined(2.0, -0.5) == 1);
  CHECK(PowI::defined(-1, 0.0) == 0);
  CHECK(PowI::defined(-1, -2.0) == 1);
  CHECK(PowI::defined(0, 0.0) == 1);
}

TEST_CASE("the angle of the origin is undefined") {
  CHECK(Atan2::defined(0.0, 0.0) == 0);
  CHECK(Atan2::defined(0.0, -1.0) == 1);
  CHECK(Atan2::defined(1.0, 0.0) == 1);
}

TEST_CASE("polygamma refuses an order that is not a derivative's and is digamma at order 0") {
  CHECK(polygamma(0, 1.5) == digamma(1.5));
  CHECK_THROWS_AS(polygamma(-1, 1.5), std::invalid_argument);
  CHECK_THROWS_AS(polygamma(std::numeric_limits<std::int64_t>::max(), 1.5), std::invalid_argument);
  CHECK_THROWS_AS(PolyGamma::partials(std::numeric_limits<std::int64_t>::max(), 1.0, 1.5), std::invalid_argument);
}

TEST_CASE("special functions have their known values") {
  const auto near = [](double x) { return doctest::Approx(x).epsilon(1e-14); };
  const double pi_value = pi<double>();
  CHECK(erf(0.5) == near(0.5204998778130465));
  CHECK(erfc(2.0) == near(0.004677734981047266));
  CHECK(nabla::gamma(0.5) == near(std::sqrt(pi_value)));
  CHECK(nabla::gamma(-0.5) == near(-2 * std::sqrt(pi_value)));
  CHECK(nabla::gamma(6.0) == near(120));
  CHECK(lgamma(100.0) == near(359.1342053695754));
  CHECK(lgamma(-0.5) == near(std::log(2 * std::sqrt(pi_value))));
  CHECK(digamma(1.0) == near(-0.5772156649015329));
  CHECK(digamma(0.5) == near(-1.9635100260214235));
  CHECK(polygamma(1, 1.0) == near(pi_value * pi_value / 6));
  CHECK(polygamma(1, 0.5) == near(pi_value * pi_value / 2));
  CHECK(polygamma(2, 1.0) == near(-2.4041138063191886));
  CHECK(cbrt(-27.0) == near(-3));
  CHECK(hypot(3e200, 4e200) == near(5e200));
  CHECK(atan2(-1.0, -1.0) == near(-3 * pi_value / 4));
}

TEST_CASE("activations and their derivatives stay accurate far from zero") {
  const auto near = [](double x) { return doctest::Approx(x).epsilon(1e-13).scale(0); };
  CHECK(sigmoid(0.0) == 0.5);
  CHECK(sigmoid(800.0) == 1);
  CHECK(sigmoid(-800.0) == 0);
  CHECK(rule<Sigmoid>(-40.0)[0] == near(std::exp(-40.0)));
  CHECK(softplus(0.0) == near(std::log(2.0)));
  CHECK(softplus(1000.0) == 1000);
  CHECK(softplus(-50.0) == near(std::exp(-50.0)));
  CHECK(rule<Softplus>(-1000.0)[0] == 0);
  CHECK(rule<Softplus>(1000.0)[0] == 1);
  CHECK(silu(1000.0) == 1000);
  CHECK(silu(-1000.0) == 0);
  CHECK(rule<Silu>(1000.0)[0] == 1);
  CHECK(rule<Silu>(-1000.0)[0] == 0);
  CHECK(gelu(1.0) == near(0.8413447460685429));
  CHECK(gelu(-10.0) == near(-7.619853024160526e-23));
  CHECK(gelu(1e200) == 1e200);
  CHECK(gelu(-1e200) == 0);
  CHECK(rule<Gelu>(1e200)[0] == 1);
  CHECK(rule<Gelu>(-1e200)[0] == 0);
  CHECK(elu(1e5, 1.5) == 1e5);
  CHECK(elu(-1e5, 1.5) == -1.5);
  CHECK(rule<Elu>(1e5, 1.5) == std::array{1.0, 0.0});
  CHECK(rule<Elu>(-1e5, 1.5) == std::array{0.0, -1.0});
  CHECK(leaky_relu(-4.0, 0.25) == -1);
  CHECK(leaky_relu(4.0, 0.25) == 4);
}
