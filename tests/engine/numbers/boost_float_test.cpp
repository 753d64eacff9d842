#include <doctest/doctest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <nabla/engine/numbers/boost_float.hpp>
#include <nabla/engine/numbers/real.hpp>

using namespace nabla;

// Kept to a few functions: each costs seconds of compilation over cpp_bin_float.

namespace {

using Fixed = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_on>;
using N = Number<Fixed>;

}  // namespace

TEST_CASE("cpp_bin_float is a kind of its own and agrees with MPFR") {
  static_assert(Special<Fixed>);
  static_assert(Special<boost::multiprecision::cpp_bin_float_50>);
  const Precision scope(50);
  CHECK(to_text(N::gamma(ratio<Fixed>(-5, 2)), 45) == to_text(Number<Real>::gamma(ratio<Real>(-5, 2)), 45));
  CHECK(to_text(N::digamma(ratio<Fixed>(1, 3)), 45) == to_text(Number<Real>::digamma(ratio<Real>(1, 3)), 45));
  CHECK(to_text(N::exp(ratio<Fixed>(1, 3)), 45) == to_text(Number<Real>::exp(ratio<Real>(1, 3)), 45));
}

TEST_CASE("cpp_bin_float gives NaN and infinities where MPFR does") {
  CHECK(to_text(N::log(Fixed(-1)), 5) == "nan");
  CHECK(to_text(N::log(Fixed(0)), 5) == "-inf");
  CHECK(to_text(N::sqrt(Fixed(-1)), 5) == "nan");
  CHECK(to_text(N::pow(Fixed(-2), ratio<Fixed>(1, 2)), 5) == "nan");
  CHECK(to_text(N::powi(Fixed(0), -1), 5) == "inf");
  CHECK(to_text(N::powi(Fixed(-2), -3), 5) == "-0.125");
  CHECK(to_text(N::gamma(Fixed(-1)), 5) == "nan");
  CHECK(N::less(N::sqrt(Fixed(-1)), Fixed(1)) == Truth::unknown);
}

TEST_CASE("constants of cpp_bin_float are exact until rounded") {
  CHECK(to_text(N::of(Constant::text("123456789012345678901234567890/7")), 40) == "17636684144620811271604938270");
  CHECK(to_text(N::of(Constant::dyadic(0.1)), 20) == "0.10000000000000000555");
}
