#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <thread>
#include <vector>

using namespace nabla;
using N = Number<Real>;

namespace {

mpfr_prec_t bits(const Real& x) { return mpfr_get_prec(x.backend().data()); }

mpfr_prec_t bits_of_scope() { return bits(Real()); }

bool is_nan(const Real& x) { return boost::multiprecision::isnan(x); }

}  // namespace

TEST_CASE("without a scope the precision is 50 digits, in every thread") {
  CHECK(Precision::digits() == 50);
  CHECK(Real::thread_default_precision() == 50);
  unsigned elsewhere = 0;
  std::thread([&] { elsewhere = Real::thread_default_precision(); }).join();
  CHECK(elsewhere == 50);
}

TEST_CASE("a scope sets the precision of Real and Ball and restores both") {
  const mpfr_prec_t before = bits_of_scope();
  const long ball_before = Precision::bits();
  {
    const Precision hundred(100);
    CHECK(Precision::digits() == 100);
    CHECK(Precision::bits() >= 349);  // 100 digits are 332.2 bits
    CHECK(bits_of_scope() >= 333);
    {
      const Precision twenty(20);
      CHECK(Precision::digits() == 20);
      CHECK(bits_of_scope() < 80);
    }
    CHECK(Precision::digits() == 100);
  }
  CHECK(bits_of_scope() == before);
  CHECK(Precision::bits() == ball_before);
}

TEST_CASE("a scope is not seen by other threads and survives exceptions") {
  const Precision scope(200);
  int elsewhere = 0;
  std::thread([&] { elsewhere = Precision::digits(); }).join();
  CHECK(elsewhere == 50);
  try {
    const Precision inner(10);
    throw 1;
  } catch (int) {
  }
  CHECK(Precision::digits() == 200);
}

TEST_CASE("a scope of bits gives Ball exactly these") {
  const Precision scope = Precision::of_bits(128);
  CHECK(Precision::bits() == 128);
  CHECK(Precision::digits() == 38);
}

TEST_CASE("a precision out of range is refused and changes nothing") {
  for (const int digits : {0, -5, std::numeric_limits<int>::max()}) {
    CHECK_THROWS_AS(Precision scope(digits), std::invalid_argument);
  }
  CHECK_THROWS_AS(Precision::of_bits(1), std::invalid_argument);
  CHECK_THROWS_AS(Precision::of_bits(std::numeric_limits<long>::max()), std::invalid_argument);
  CHECK(Precision::digits() == 50);
}

TEST_CASE("every operation rounds to the precision of the scope, whatever the operands have") {
  std::vector<Real> long_operands;
  {
    const Precision wide(200);
    long_operands = {Real(2), N::of(Constant::ratio(1, 3))};
  }
  const Precision scope(30);
  const Real& a = long_operands[0];
  const Real& b = long_operands[1];
  CHECK(bits(b) > 600);
  for (const Real& y : {Real(a + b), Real(a - b), Real(a * b), Real(a / b), Real(-b), Real(b * 2), N::sqrt(a),
                        N::exp(b), N::pow(a, b), N::gamma(b), N::lgamma(b), N::digamma(b), N::polygamma(2, b),
                        N::floor(b), N::abs(b), N::powi(b, 3), N::atan2(a, b), N::max(a, b), N::of(Constant::pi())}) {
    CHECK(bits(y) == bits_of_scope());
  }
}

TEST_CASE("operands shorter than the scope give results of the scope") {
  Real short_two;
  {
    const Precision narrow(10);
    short_two = Real(2);
  }
  const Precision scope(100);
  const Real root = N::sqrt(short_two);
  CHECK(root.str(60) == "1.41421356237309504880168872420969807856967187537694807317668");
  CHECK(bits(Real(short_two * root)) == bits_of_scope());
}

TEST_CASE("constants are exact until the scope rounds them") {
  const Precision scope(70);
  CHECK(to_text(N::of(Constant::ratio(1, 10)), 65) == "0.1");
  CHECK(to_text(N::of(Constant::dyadic(0.1)), 20) == "0.10000000000000000555");
  CHECK(to_text(pi<Real>(), 60) == "3.14159265358979323846264338327950288419716939937510582097494");
  CHECK(N::of(Constant::text("123456789012345678901234567890/7")) * 7 == Real("123456789012345678901234567890"));
  CHECK(boost::multiprecision::isinf(N::of(Constant::infinity())));
}

TEST_CASE("special functions of Real have the values of the literature") {
  const Precision scope(45);
  // DLMF 5.4.6, 5.4.13, 5.15.3 and 7.2; 40 digits from pi, Euler's constant and the series
  CHECK(to_text(Real(N::gamma(ratio<Real>(1, 2)) * N::gamma(ratio<Real>(1, 2)) / pi<Real>()), 42) == "1");
  CHECK(to_text(N::digamma(Real(1)), 30) == "-0.577215664901532860606512090082");
  CHECK(to_text(Real(N::polygamma(1, Real(1)) * 6 / (pi<Real>() * pi<Real>())), 42) == "1");
  CHECK(to_text(Real(N::polygamma(1, ratio<Real>(-1, 2)) - pi<Real>() * pi<Real>() / 2), 40) == "4");
  CHECK(to_text(N::lgamma(Real(3)), 30) == "0.693147180559945309417232121458");
  CHECK(to_text(N::erf(Real(1)), 30) == "0.842700792949714869341220635083");
  CHECK(N::gamma(Real(5)) == 24);
  CHECK(N::polygamma(0, Real(1)) == N::digamma(Real(1)));
}

TEST_CASE("outside its domain Real is NaN, and at poles what cmath has") {
  for (const Real& y :
       {N::sqrt(Real(-1)), N::log(Real(-1)), N::asin(Real(2)), N::acosh(Real(0)), N::atanh(Real(2)),
        N::pow(Real(-1), ratio<Real>(1, 2)), N::gamma(Real(-1)), N::digamma(Real(0)), N::digamma(Real(-2)),
        N::polygamma(1, Real(0)), N::polygamma(-1, Real(1)), N::polygamma(1'000'000, Real(1))}) {
    CHECK(is_nan(y));
  }
  CHECK(N::log(Real(0)) < 0);
  CHECK(boost::multiprecision::isinf(N::gamma(Real(0))));
  CHECK(boost::multiprecision::isinf(N::lgamma(Real(-1))));
  CHECK(boost::multiprecision::isinf(N::powi(Real(0), -1)));
  CHECK(N::powi(Real(0), 0) == 1);
}

TEST_CASE("order of Real treats NaN") {
  const Real nan = N::sqrt(Real(-1));
  CHECK(N::less(Real(1), Real(2)) == Truth::yes);
  CHECK(N::less(Real(2), Real(2)) == Truth::no);
  CHECK(N::less(nan, Real(1)) == Truth::unknown);
  CHECK(N::equal(nan, nan) == Truth::unknown);
  CHECK(is_nan(N::min(nan, Real(1))));
  CHECK(is_nan(N::max(Real(1), nan)));
  CHECK(is_nan(N::sign(nan)));
  CHECK(N::sign(Real(-3)) == -1);
  CHECK(N::is_zero(Real(0)));
}

TEST_CASE("huge arguments of Real end, and overflow to infinity or zero") {
  const Real huge = N::exp(N::exp(Real(20)));
  CHECK(boost::multiprecision::isinf(N::exp(huge)));
  CHECK(N::exp(-huge) == 0);
  CHECK(boost::multiprecision::isinf(N::gamma(huge)));
  CHECK(is_nan(N::sin(huge)));
  CHECK_FALSE(is_nan(N::sin(Real("1e1000"))));
  CHECK_FALSE(is_nan(N::lgamma(huge)));
  CHECK_NOTHROW(N::digamma(Real("-1e300")));
}

TEST_CASE("Boost's fixed-precision MPFR numbers are kinds too, with and without expression templates") {
  using Fixed = boost::multiprecision::mpfr_float_100;
  static_assert(Special<Fixed>);
  static_assert(
      Special<
          boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<30>, boost::multiprecision::et_off>>);
  const Fixed x = Number<Fixed>::sqrt(Fixed(2)) * Number<Fixed>::sqrt(Fixed(2)) - Fixed(2);
  CHECK(boost::multiprecision::abs(x) < Fixed("1e-98"));
  CHECK(to_text(Number<Fixed>::polygamma(2, Fixed(1)), 20) == "-2.4041138063191885708");
}

TEST_CASE("a Real as text has the digits asked for, or as many as read back") {
  const Precision scope(40);
  CHECK(to_text(Real(1) / 3, 5) == "0.33333");
  CHECK(to_text(Real(-1500), 10) == "-1500");
  CHECK(to_text(Real(1) / 1024 / 1024, 5) == "9.5367e-7");
  CHECK(to_text(Real(0), 5) == "0");
  CHECK(to_text(N::sqrt(Real(-1)), 5) == "nan");
  const Real third = Real(1) / 3;
  CHECK(Real(to_text(third, 0)) == third);
}
