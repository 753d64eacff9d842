#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/ops/constant.hpp>
#include <stdexcept>
#include <string>
#include <vector>

using namespace nabla;

namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

}  // namespace

TEST_CASE("a ratio is kept in lowest terms with a positive denominator") {
  CHECK(Constant::ratio(6, -4).to_string() == "-3/2");
  CHECK(Constant::ratio(-6, -3).to_string() == "2");
  CHECK(Constant::ratio(0, -5) == Constant::integer(0));
  CHECK(Constant::ratio(4, 2).is(2));
  CHECK_FALSE(Constant::ratio(1, 2).is_integer());
}

TEST_CASE("a ratio with denominator zero is refused") {
  CHECK_THROWS_AS(Constant::ratio(1, 0), std::invalid_argument);
  CHECK_THROWS_AS(Constant::text("1/0"), std::invalid_argument);
  CHECK_THROWS_AS(Constant::text("1/00"), std::invalid_argument);
}

TEST_CASE("the smallest integer does not overflow a ratio") {
  CHECK(Constant::ratio(smallest, 1).to_string() == "-9223372036854775808");
  CHECK(Constant::ratio(1, smallest).to_string() == "-1/9223372036854775808");
  CHECK(Constant::ratio(smallest, smallest).is(1));
  CHECK(Constant::ratio(smallest, 2).to_string() == "-4611686018427387904");
  CHECK(Constant::ratio(smallest, 2).kind() == Constant::Kind::ratio);
}

TEST_CASE("text that int64 holds becomes a ratio, and longer text stays canonical") {
  CHECK(Constant::text("6/4") == Constant::ratio(3, 2));
  CHECK(Constant::text("-0012") == Constant::integer(-12));
  CHECK(Constant::text("-0/123456789012345678901234567890") == Constant::integer(0));
  const Constant big = Constant::text("-000123456789012345678901234567890/1");
  CHECK(big.kind() == Constant::Kind::text);
  CHECK(big.to_string() == "-123456789012345678901234567890");
  CHECK(big == Constant::text("-123456789012345678901234567890"));
  for (const std::string& text : std::vector<std::string>{"", "-", "1.5", "1/", "/2", "1/-2", "+1", "1e5", "1 "}) {
    CAPTURE(text);
    CHECK_THROWS_AS(Constant::text(text), std::invalid_argument);
  }
}

TEST_CASE("a dyadic keeps its kind and its bits") {
  CHECK(Constant::dyadic(2).kind() == Constant::Kind::dyadic);
  CHECK_FALSE(Constant::dyadic(2) == Constant::integer(2));
  CHECK_FALSE(Constant::dyadic(0.0) == Constant::dyadic(-0.0));
  CHECK(Constant::dyadic(std::nan("")) == Constant::dyadic(std::nan("")));
  CHECK_FALSE(Constant::dyadic(2).is_integer());
  CHECK(Constant::dyadic(0.1).to_string() == "0.1");
  CHECK(Constant::dyadic(2).to_string() == "2");
  CHECK(Constant::dyadic(-1.5e300).to_string() == "-1.5e+300");
}

TEST_CASE("named constants print as the language of expressions has them") {
  CHECK(Constant::pi().to_string() == "pi");
  CHECK(Constant::infinity().to_string() == "oo");
  CHECK(Constant::pi() == Constant::pi());
  CHECK_FALSE(Constant::pi() == Constant::infinity());
  CHECK(Constant().is(0));
}
