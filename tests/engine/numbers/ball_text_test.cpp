#include <doctest/doctest.h>

#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/precision.hpp>

using namespace nabla;
using N = Number<Ball>;

TEST_CASE("the decimal of a ball has only digits that every point of it has") {
  const Precision scope(60);
  CHECK(pi<Ball>().decimal(50) == "3.1415926535897932384626433832795028841971693993751");
  CHECK(N::sqrt(Ball(2)).decimal(10) == "1.414213562");
  CHECK(ratio<Ball>(-2, 3).decimal(5) == "-0.66667");
  CHECK(pi<Ball>().decimal(200) == std::nullopt);
  CHECK(Ball::of_ends(1.1, 1.3).decimal(1) == "1");
  CHECK(Ball::of_ends(1.1, 1.3).decimal(2) == std::nullopt);
  CHECK(Ball::of_ends(-1, 1).decimal(1) == std::nullopt);
  CHECK(Ball::indeterminate().decimal(1) == std::nullopt);
}

TEST_CASE("the decimal of an exact ball is not padded") {
  CHECK(Ball(2).decimal(30) == "2");
  CHECK(Ball(0).decimal(30) == "0");
  CHECK(Ball(-1500).decimal(30) == "-1500");
  CHECK(Ball::of_double_exact(0.125).decimal(30) == "0.125");
  CHECK(Ball::of_double_exact(0x1p-20).decimal(30) == "9.5367431640625e-7");
}

TEST_CASE("the decimal of a ball that is not exact shows every digit it is sure of") {
  const Precision scope(50);
  const Ball two = N::powi(N::sqrt(Ball(2)), 2);
  CHECK(two.decimal(10) == "2.000000000");
}

TEST_CASE("the decimal of a ball is correctly rounded, a tie to even") {
  CHECK(Ball::of_double_exact(2.5).decimal(1) == "2");
  CHECK(Ball::of_double_exact(3.5).decimal(1) == "4");
  CHECK(Ball::of_double_exact(0.0625).decimal(2) == "0.062");
  CHECK(Ball(999).decimal(2) == "1.0e3");
  CHECK(Ball(123456).decimal(3) == "1.23e5");
}

TEST_CASE("the decimal of a ball next to a tie is undecided") {
  const Ball near = Ball::of_double_exact(2.5) + Ball::of_ends(-1e-30, 1e-30);
  CHECK(near.decimal(1) == std::nullopt);
  CHECK(near.decimal(5) == "2.5000");
}

TEST_CASE("the bounds of a ball are printed outward") {
  const Ball third = ratio<Ball>(1, 3);
  CHECK(third.lower(3) == "0.333");
  CHECK(third.upper(3) == "0.334");
  CHECK(third.mid(3) == "0.333");
  CHECK((-third).lower(3) == "-0.334");
  CHECK(Ball::indeterminate().mid(3) == "nan");
  CHECK(Ball::indeterminate().rad(3) == "inf");
  CHECK(third.lower_double() < third.upper_double());
}

TEST_CASE("a ball as text has its digits where they are certain and its radius where not") {
  CHECK(to_text(Ball(7), 10) == "7");
  CHECK(to_text(Ball::of_ends(1, 2), 10).find("+/-") != std::string::npos);
  CHECK(Ball::of_ends(1, 2).to_string(5).find("+/-") != std::string::npos);
  CHECK(to_text(Ball::indeterminate(), 10) == "nan");
}
