#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <engine/numbers/random_points.hpp>
#include <limits>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <string>
#include <thread>
#include <type_traits>

using namespace nabla;
using N = Number<double>;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const double not_a_number = std::nan("");

}  // namespace

TEST_CASE("hardware kinds have every level and their names") {
  static_assert(Special<float> && Special<double> && Special<long double>);
  static_assert(!Number<double>::encloses && !Number<double>::exact && !Number<double>::lifts);
  CHECK(Number<float>::kind == "float");
  CHECK(Number<long double>::kind == "long double");
}

TEST_CASE_TEMPLATE("a constant is rounded once to the nearest hardware number", T, float, double) {
  const Precision digits(120);
  random_points::Points points(10);
  const auto integer = [&] {
    const double wide = points.uniform(-9.2e18, 9.2e18);
    return static_cast<std::int64_t>(wide) >> points.below(62);
  };
  for (int k = random_points::trials(2000); k > 0; --k) {
    const std::int64_t p = integer();
    const std::int64_t q = integer();
    if (q == 0) continue;
    const Real exact = Real(p) / Real(q);
    const T nearest = std::is_same_v<T, float> ? static_cast<T>(mpfr_get_flt(exact.backend().data(), MPFR_RNDN))
                                               : static_cast<T>(mpfr_get_d(exact.backend().data(), MPFR_RNDN));
    CAPTURE(p);
    CAPTURE(q);
    CHECK(ratio<T>(p, q) == nearest);
  }
}

TEST_CASE("a constant next to a tie, and one among the subnormals, is rounded once") {
  // 2^53 + 1 + 2^-60: just above a tie, which a first rounding to 64 bits would turn into the tie itself
  CHECK(N::of(Constant::text("10384593717069656409982497265287169/1152921504606846976")) == 0x1p53 + 2);
  CHECK(N::of(Constant::text("1/1" + std::string(400, '0'))) == 0);
  CHECK(N::of(Constant::text("-1" + std::string(400, '0'))) == -inf);
  CHECK(N::of(Constant::text("5/1" + std::string(324, '0'))) == 0x1p-1074);
  CHECK(N::of(Constant::pi()) == 3.141592653589793);
  CHECK(Number<float>::of(Constant::pi()) == 3.14159274f);
  CHECK(N::of(Constant::infinity()) == inf);
  CHECK(N::of(Constant::dyadic(0.1)) == 0.1);
  CHECK(std::isnan(N::of(Constant::dyadic(not_a_number))));
}

TEST_CASE("sign and order of hardware numbers treat zeros and NaN") {
  CHECK(N::sign(-0.0) == 0);
  CHECK(N::sign(-3.5) == -1);
  CHECK(N::sign(inf) == 1);
  CHECK(std::isnan(N::sign(not_a_number)));
  CHECK(std::isnan(N::min(not_a_number, 1.0)));
  CHECK(std::isnan(N::min(1.0, not_a_number)));
  CHECK(std::isnan(N::max(not_a_number, 1.0)));
  CHECK(std::isnan(N::max(1.0, not_a_number)));
  CHECK(N::min(1.0, -inf) == -inf);
  CHECK(N::less(1.0, 2.0) == Truth::yes);
  CHECK(N::less(2.0, 2.0) == Truth::no);
  CHECK(N::equal(0.0, -0.0) == Truth::yes);
  CHECK(N::less(not_a_number, 1.0) == Truth::unknown);
  CHECK(N::equal(not_a_number, not_a_number) == Truth::unknown);
  CHECK(N::is_zero(-0.0));
  CHECK_FALSE(N::is_zero(not_a_number));
}

TEST_CASE("integer powers of hardware numbers keep the sign of odd powers at any size") {
  CHECK(N::powi(0.0, 0) == 1);
  CHECK(N::powi(-2.0, 3) == -8);
  CHECK(N::powi(-2.0, -2) == 0.25);
  CHECK(N::powi(0.1, 2) == 0.1 * 0.1);
  CHECK(N::powi(0.0, -1) == inf);
  CHECK(N::powi(-1.0, (std::int64_t{1} << 53) + 1) == -1);  // the exponent is no double, its parity is kept
  CHECK(N::powi(-1.0, std::numeric_limits<std::int64_t>::min()) == 1);
  CHECK(Number<float>::powi(-1.0f, (1 << 24) + 1) == -1.0f);
}

TEST_CASE("outside their domain hardware functions return NaN and at poles what cmath does") {
  for (const double y :
       {N::sqrt(-1.0), N::log(-1.0), N::asin(2.0), N::acosh(0.5), N::atanh(2.0), N::pow(-1.0, 0.5), N::gamma(-1.0),
        N::digamma(0.0), N::digamma(-3.0), N::polygamma(2, -1.0), N::polygamma(-1, 1.0), N::digamma(not_a_number),
        N::polygamma(1, not_a_number), N::digamma(-inf)}) {
    CHECK(std::isnan(y));
  }
  CHECK(N::log(0.0) == -inf);
  CHECK(N::gamma(0.0) == inf);
  CHECK(N::lgamma(-1.0) == inf);
  CHECK(N::atanh(1.0) == inf);
  CHECK(N::polygamma(1, inf) == 0);
}

TEST_CASE("lgamma is the logarithm of the absolute value and safe in threads") {
  CHECK(N::lgamma(-0.5) == doctest::Approx(std::log(std::fabs(std::tgamma(-0.5)))).epsilon(1e-14));
  double left = 0;
  double right = 0;
  std::thread a([&] {
    for (int i = 0; i < 1000; ++i) left = N::lgamma(-0.5);
  });
  std::thread b([&] {
    for (int i = 0; i < 1000; ++i) right = N::lgamma(-1.5);
  });
  a.join();
  b.join();
  CHECK(left == N::lgamma(-0.5));
  CHECK(right == N::lgamma(-1.5));
}

TEST_CASE("digamma and polygamma of hardware numbers agree with 50 digits") {
  const Precision digits(50);
  random_points::Points points(11);
  for (int k = random_points::trials(60); k > 0; --k) {
    const double x = points.uniform(0.05, 20);
    const std::int64_t n = points.below(6);
    const auto exact = static_cast<double>(Number<Real>::polygamma(n, Real(x)));
    INFO("order " << n << " at " << x << ", seed " << random_points::seed());
    CHECK(std::fabs(N::polygamma(n, x) - exact) <= 20 * 2.3e-16 * std::fabs(exact) + (n == 0 ? 1e-15 : 0));
    CHECK(std::fabs(static_cast<double>(Number<long double>::polygamma(n, x)) - exact) <=
          1e-14 * (std::fabs(exact) + 1));
    CHECK(std::fabs(Number<float>::polygamma(n, static_cast<float>(x)) - exact) <= 1e-4 * (std::fabs(exact) + 1));
  }
}

TEST_CASE("hardware functions agree with 50 digits to the error that their header states") {
  const Precision digits(50);
  struct Row {
    std::string name;
    double (*hardware)(double);
    Real (*real)(const Real&);
  };
  using R = Number<Real>;
  const Row rows[] = {{"exp", N::exp, R::exp},       {"log1p", N::log1p, R::log1p}, {"log10", N::log10, R::log10},
                      {"cbrt", N::cbrt, R::cbrt},    {"sin", N::sin, R::sin},       {"tan", N::tan, R::tan},
                      {"acos", N::acos, R::acos},    {"atan", N::atan, R::atan},    {"tanh", N::tanh, R::tanh},
                      {"acosh", N::acosh, R::acosh}, {"erf", N::erf, R::erf},       {"erfc", N::erfc, R::erfc},
                      {"gamma", N::gamma, R::gamma}};
  random_points::Points points(12);
  for (const Row& row : rows) {
    for (int k = random_points::trials(50); k > 0; --k) {
      const double x = points.uniform(-6, 6);
      const double y = row.hardware(x);
      const auto exact = static_cast<double>(row.real(Real(x)));
      INFO(row.name << " at " << x << ", seed " << random_points::seed());
      CHECK(std::isnan(y) == std::isnan(exact));
      if (!std::isnan(y)) CHECK(std::fabs(y - exact) <= 12 * 2.3e-16 * std::fabs(exact));
    }
  }
}

TEST_CASE("a hardware number as text reads back as itself, or has the digits asked for") {
  CHECK(N::to_text(0.1, 0) == "0.1");
  CHECK(N::to_text(-1e-7, 0) == "-1e-7");
  CHECK(N::to_text(100000.0, 0) == "100000");
  CHECK(N::to_text(1e22, 0) == "1e22");
  CHECK(N::to_text(1.0 / 3, 4) == "0.3333");
  CHECK(N::to_text(2.0 / 3, 4) == "0.6667");
  CHECK(N::to_text(123456.0, 3) == "1.23e5");
  CHECK(N::to_text(0.1, 20) == "0.10000000000000000555");
  CHECK(N::to_text(-0.0, 0) == "-0");
  CHECK(N::to_text(inf, 5) == "inf");
  CHECK(N::to_text(not_a_number, 5) == "nan");
  CHECK(Number<float>::to_text(0.1f, 0) == "0.1");
  CHECK_NOTHROW(Number<long double>::to_text(0.1L, 1'000'000));
  random_points::Points points(13);
  for (int k = random_points::trials(300); k > 0; --k) {
    const double x = points.any();
    CHECK(std::strtod(N::to_text(x, 0).c_str(), nullptr) == x);
  }
}
