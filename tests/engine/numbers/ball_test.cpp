#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

using namespace nabla;
using N = Number<Ball>;

namespace {

Ball between(double lo, double hi) { return Ball::of_ends(lo, hi); }
Ball half() { return Ball::of_double_exact(0.5); }

}  // namespace

TEST_CASE("a floating literal does not become a ball by itself") {
  static_assert(!std::is_constructible_v<Ball, double>);
  static_assert(!std::is_convertible_v<float, Ball>);
  static_assert(std::is_convertible_v<int, Ball>);
  CHECK(Ball(-7).is_exact());
}

TEST_CASE("integers of 64 bits are exact balls") {
  CHECK(Ball(std::numeric_limits<std::int64_t>::min()).decimal(25) == "-9223372036854775808");
  CHECK(Ball(std::numeric_limits<std::uint64_t>::max()).decimal(25) == "18446744073709551615");
}

TEST_CASE("a decimal text is enclosed, a double is taken as it is") {
  const Ball tenth = Ball::from_text("0.1");
  CHECK_FALSE(tenth.is_exact());
  CHECK((tenth * Ball(10)).contains(1));
  CHECK(Ball::of_double_exact(0.1).is_exact());
  CHECK(N::less(tenth, Ball::of_double_exact(0.1)) == Truth::yes);  // the double is 5.6e-18 above one tenth
  CHECK((Ball::from_text("-1/3") * Ball(3)).contains(-1));
  CHECK(Ball::from_text("12.5e1").decimal(5) == "125");
}

TEST_CASE("text that is not one number is refused") {
  for (const std::string& text : std::vector<std::string>{"", "x", "inf", "nan", "[1 +/- 2]", "1/0", "1/", "/2", "--1",
                                                          "1e", "1.5/2", "0x10", "1 2", "1e9999999999999999999"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Ball::from_text(text), std::invalid_argument);
  }
}

TEST_CASE("a ball is computed at the precision of its scope") {
  const Precision outer(30);
  CHECK(pi<Ball>().accuracy_bits() > 100);
  CHECK(pi<Ball>().accuracy_bits() < 130);
  {
    const Precision inner(200);
    CHECK(pi<Ball>().accuracy_bits() > 664);
  }
  CHECK(pi<Ball>().accuracy_bits() < 130);
}

TEST_CASE("balls that overlap compare as unknown") {
  CHECK(N::less(Ball(1), Ball(2)) == Truth::yes);
  CHECK(N::less(Ball(2), Ball(2)) == Truth::no);
  CHECK(N::less(between(0, 2), Ball(1)) == Truth::unknown);
  CHECK(N::equal(Ball(2), Ball(2)) == Truth::yes);
  CHECK(N::equal(between(0, 2), between(0, 2)) == Truth::unknown);
  CHECK(N::equal(between(0, 2), Ball(3)) == Truth::no);
  CHECK(as_number<Ball>(N::less(between(0, 2), Ball(1))).contains(0));
  CHECK(as_number<Ball>(N::less(between(0, 2), Ball(1))).contains(1));
}

TEST_CASE("sqrt(2)^2 and 2 cannot be told apart by balls, at any precision") {
  for (const int digits : {20, 100, 400}) {
    const Precision scope(digits);
    const Ball square = N::powi(N::sqrt(Ball(2)), 2);
    CHECK(N::equal(square, Ball(2)) == Truth::unknown);
    CHECK(square.contains(2));
  }
}

TEST_CASE("outside the domain a ball is indeterminate, and so is what follows from it") {
  const std::vector<Ball> undefined = {
      Ball(1) / between(-1, 1),
      Ball(0) / Ball(0),
      N::log(between(0, 1)),
      N::log(Ball(0)),
      N::log(Ball(-1)),
      N::log2(Ball(0)),
      N::log10(Ball(-1)),
      N::log1p(Ball(-1)),
      N::sqrt(Ball(-1)),
      N::sqrt(between(-1, 1)),
      N::asin(Ball(2)),
      N::acos(between(0.5, 1.5)),
      N::acosh(half()),
      N::atanh(Ball(1)),
      N::tan(between(1, 2)),
      N::atan2(between(-1, 1), between(-1, 1)),
      N::atan2(Ball(0), Ball(0)),
      N::gamma(Ball(-2)),
      N::lgamma(Ball(0)),
      N::digamma(between(-1, 1)),
      N::polygamma(3, Ball(-4)),
      N::polygamma(-1, Ball(1)),
      N::polygamma(100'000, Ball(1)),
      N::pow(Ball(-1), half()),
      N::pow(Ball(0), Ball(-1)),
      N::pow(Ball(0), -half()),
      N::powi(between(-1, 1), -2),
      Ball::of_double_exact(std::nan("")),
  };
  for (std::size_t i = 0; i < undefined.size(); ++i) {
    CAPTURE(i);
    const Ball& x = undefined[i];
    for (const Ball& y :
         {x, x * Ball(0), N::atan(x), N::tanh(x), N::sign(x), N::erf(x), N::sin(x), N::powi(x, 0), N::pow(x, Ball(0)),
          N::min(x, Ball(0)), N::hull(x, Ball(0)), N::floor(x), N::abs(x), N::where_defined(Ball(1), x, Ball(0))}) {
      CHECK_FALSE(y.is_finite());
      CHECK(N::less(y, Ball(1)) == Truth::unknown);
      CHECK(N::equal(y, y) == Truth::unknown);
    }
  }
}

TEST_CASE("balls that touch the end of a domain are still in it") {
  CHECK(N::sqrt(between(0, 1)).is_finite());
  CHECK(N::asin(between(-1, 1)).is_finite());
  CHECK(N::acos(between(0, 1)).is_finite());
  CHECK(N::acosh(between(1, 2)).is_finite());
  CHECK(N::cbrt(between(-1, 8)).is_finite());
  CHECK(N::cbrt(between(-1, 8)).contains(2));
  const Ball root = N::pow(between(0, 4), half());
  CHECK(root.contains(0));
  CHECK(root.contains(2));
  CHECK(root.certainly_nonnegative());
}

TEST_CASE("powers of balls follow the rules for integers and zero") {
  CHECK(N::powi(Ball(0), 0).decimal(5) == "1");
  CHECK(N::pow(Ball(0), Ball(0)).decimal(5) == "1");
  CHECK(N::pow(Ball(0), half()).is_zero());
  CHECK(N::pow(Ball(-2), Ball(3)).decimal(5) == "-8");
  CHECK(N::powi(Ball(2), -3).decimal(5) == "0.125");
  CHECK(N::powi(between(-1, 1), 2).certainly_nonnegative());
  CHECK(N::powi(between(-1, 1), 4).certainly_nonnegative());
  CHECK(N::pow(Ball(3), Ball(1000)).is_finite());
}

TEST_CASE("the order operations of balls enclose") {
  CHECK(N::abs(between(-2, 1)).contains(2));
  CHECK(N::abs(between(-2, 1)).certainly_nonnegative());
  CHECK(N::sign(between(-2, 1)).contains(-1));
  CHECK(N::sign(Ball(-3)).decimal(3) == "-1");
  CHECK(N::floor(between(0.5, 1.5)).contains(0));
  CHECK(N::floor(between(0.5, 1.5)).contains(1));
  CHECK(N::min(between(0, 2), Ball(1)).contains(0));
  CHECK(N::max(between(0, 2), Ball(1)).contains(2));
  CHECK(N::hull(Ball(-1), Ball(3)).contains(between(-1, 3)));
  CHECK(N::hull(Ball(0), N::sqrt(Ball(2))).certainly_nonnegative());
  CHECK(N::max(Ball(0), between(-3, 0.1)).certainly_nonnegative());
  CHECK(N::max(Ball(0), between(-3, 0.1)).contains(Ball::of_double_exact(0.1)));
  CHECK_FALSE(N::min(Ball(0), between(-0.1, 3)).certainly_nonzero());
  CHECK(N::sqrt(-N::min(Ball(0), between(-0.1, 3))).is_finite());
}

TEST_CASE("certain signs of a ball") {
  CHECK(Ball(1).certainly_positive());
  CHECK(between(-2, -1).certainly_negative());
  CHECK(between(0, 1).certainly_nonnegative());
  CHECK_FALSE(between(0, 1).certainly_positive());
  CHECK_FALSE(between(-1, 1).certainly_nonzero());
  CHECK(Ball(0).is_zero());
  CHECK_FALSE(between(-1e-300, 1e-300).is_zero());
}

TEST_CASE("copies and moves of a ball keep its value") {
  Ball a = Ball::from_text("0.1");
  Ball b = a;
  Ball c = std::move(a);
  CHECK(b.contains(c));
  CHECK(c.contains(b));
  a = b;
  b = Ball(3);
  CHECK(b.decimal(3) == "3");
  CHECK(a.contains(c));
  b += b;
  b *= b;
  CHECK(b.decimal(3) == "36");
}

TEST_CASE("a huge ball is computed without end neither of time nor of memory") {
  Ball x(10);
  for (int i = 0; i < 6; ++i) x = N::exp(x);
  CHECK_FALSE(N::sin(x).certainly_positive());
  CHECK_NOTHROW(x.to_string(10));
  CHECK(x.decimal(10) == std::nullopt);
  CHECK_NOTHROW(N::gamma(Ball::from_text("1e300")).to_string(5));
  CHECK_NOTHROW(N::powi(Ball::from_text("1e1000"), std::numeric_limits<std::int64_t>::max()).lower());
}
