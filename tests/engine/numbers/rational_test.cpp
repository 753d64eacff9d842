#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/engine/numbers/decimal.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <stdexcept>
#include <string>
#include <vector>

using namespace nabla;
using N = Number<Rational>;

namespace {

/// A rule as operators write them: it sees V only.
template <Ordered V>
V quotient(const V& x, const V& y) {
  return (x + V(1)) / (y - V(1));
}

}  // namespace

TEST_CASE("rationals are an ordered exact kind") {
  static_assert(Ordered<Rational> && !Elementary<Rational>);
  static_assert(N::exact && !N::encloses && !N::lifts);
  CHECK(N::kind == "rational");
}

TEST_CASE("rational arithmetic is exact") {
  const Rational third = ratio<Rational>(1, 3);
  CHECK(third + third + third == 1);
  CHECK(third * 3 - 1 == 0);
  CHECK(ratio<Rational>(6, -4) == Rational(-3) / 2);
  CHECK(quotient(Rational(2), Rational(4)) == 1);
  Rational sum(0);
  for (int i = 1; i <= 60; ++i) sum += Rational(1) / Rational(i * (i + 1));
  CHECK(sum == ratio<Rational>(60, 61));
}

TEST_CASE("division of rationals by zero is an UndefinedError, however it is written") {
  const Rational one(1);
  const Rational zero(0);
  CHECK_THROWS_AS(one / zero, UndefinedError);
  CHECK_THROWS_AS(Rational(1) / Rational(0), UndefinedError);
  CHECK_THROWS_AS(one / Rational(0), UndefinedError);
  CHECK_THROWS_AS(Rational(1) / zero, UndefinedError);
  CHECK_THROWS_AS(one / 0, UndefinedError);
  CHECK_THROWS_AS(1 / zero, UndefinedError);
  CHECK_THROWS_AS(quotient(Rational(1), Rational(1)), UndefinedError);
  CHECK_THROWS_AS(N::powi(zero, -1), UndefinedError);
  CHECK_THROWS_WITH(ratio<Rational>(2, 7) / zero, "(2/7) / 0 has no value in rational numbers");
}

TEST_CASE("constants become rationals exactly or not at all") {
  CHECK(N::of(Constant::dyadic(0.1)) == Rational("3602879701896397/36028797018963968"));
  CHECK(N::of(Constant::dyadic(0x1p-1074)) * N::powi(Rational(2), 1074) == 1);
  CHECK(N::of(Constant::text("100000000000000000000/3")) == Rational("100000000000000000000") / 3);
  CHECK_THROWS_WITH_AS(N::of(Constant::pi()), "pi has no exact value in rational numbers", UndefinedError);
  CHECK_THROWS_AS(N::of(Constant::infinity()), UndefinedError);
  CHECK_THROWS_AS(N::of(Constant::dyadic(std::nan(""))), UndefinedError);
  CHECK_THROWS_AS(N::of(Constant::dyadic(HUGE_VAL)), UndefinedError);
}

TEST_CASE("integer powers of rationals are exact, and refused when they would not fit") {
  CHECK(N::powi(ratio<Rational>(-2, 3), 3) == ratio<Rational>(-8, 27));
  CHECK(N::powi(ratio<Rational>(-2, 3), -3) == ratio<Rational>(-27, 8));
  CHECK(N::powi(Rational(0), 0) == 1);
  CHECK(N::powi(Rational(0), 5) == 0);
  CHECK(N::powi(Rational(-1), std::numeric_limits<std::int64_t>::min()) == 1);
  CHECK(N::powi(Rational(-1), std::numeric_limits<std::int64_t>::max()) == -1);
  CHECK_THROWS_AS(N::powi(Rational(3), std::numeric_limits<std::int64_t>::max()), std::length_error);
  CHECK_THROWS_AS(N::powi(Rational(3), std::numeric_limits<std::int64_t>::min()), std::length_error);
}

TEST_CASE("the order operations of rationals are certain") {
  const Rational third = ratio<Rational>(1, 3);
  CHECK(N::less(third, ratio<Rational>(333'333'333'333, 1'000'000'000'000)) == Truth::no);
  CHECK(N::less(ratio<Rational>(333'333'333'333, 1'000'000'000'000), third) == Truth::yes);
  CHECK(N::equal(third, ratio<Rational>(2, 6)) == Truth::yes);
  CHECK(N::floor(ratio<Rational>(-7, 2)) == -4);
  CHECK(N::floor(ratio<Rational>(7, 2)) == 3);
  CHECK(N::floor(Rational(-3)) == -3);
  CHECK(N::sign(-third) == -1);
  CHECK(N::abs(-third) == third);
  CHECK(N::min(third, -third) == -third);
  CHECK(N::max(third, -third) == third);
}

TEST_CASE("texts of rationals are read exactly") {
  CHECK(parse_rational("3") == Rational(3));
  CHECK(parse_rational("-1/2") == Rational(-1) / 2);
  CHECK(parse_rational("+6/4") == Rational(3) / 2);
  CHECK(parse_rational("0.125") == Rational(1) / 8);
  CHECK(parse_rational("-0.1") == Rational(-1) / 10);
  CHECK(parse_rational("1e-3") == Rational(1) / 1000);
  CHECK(parse_rational("12.5E2") == Rational(1250));
  CHECK(parse_rational("1e+2") == Rational(100));
  CHECK(parse_rational("0e999") == Rational(0));
  CHECK(parse_rational("007") == Rational(7));
  CHECK(parse_rational(std::string(1000, '9'))->str() == std::string(1000, '9'));
}

TEST_CASE("texts that are no rational are refused with a reason") {
  for (const std::string& text : std::vector<std::string>{"",      "-",     "+",   ".5",  "5.",    "1/0",   "1/",  "/2",
                                                          "1/-2",  "--1",   "1e",  "e5",  "1e5.5", "0x1",   " 1",  "1 ",
                                                          "1/2/3", "1.5/2", "nan", "inf", "1e--3", "1e+-3", "\xff"}) {
    CAPTURE(text);
    std::string error;
    CHECK_FALSE(parse_rational(text, &error).has_value());
    CHECK_FALSE(error.empty());
  }
}

TEST_CASE("an exponent that would fill the memory is refused") {
  for (const std::string& text : std::vector<std::string>{"1e1000000000", "1e-1000000000", "1e99999999999999999999",
                                                          "1e-9223372036854775808", "0.1e-9223372036854775808"}) {
    CAPTURE(text);
    std::string error;
    CHECK_FALSE(parse_rational(text, &error).has_value());
    CHECK(error == "the exponent is too large");
  }
}

TEST_CASE("a rational becomes a constant and comes back") {
  for (const std::string& text : std::vector<std::string>{"0", "-1/2", "9223372036854775807", "-9223372036854775808",
                                                          "9223372036854775808/3", "-1/18446744073709551617"}) {
    const Rational x = *parse_rational(text);
    CHECK(N::of(to_constant(x)) == x);
    CHECK(to_constant(x).to_string() == text);
  }
  CHECK(to_constant(ratio<Rational>(-1, 2)) == Constant::ratio(-1, 2));
}

TEST_CASE("a rational prints as the exact fraction whatever the digits") {
  CHECK(to_text(ratio<Rational>(-10, 4), 3) == "-5/2");
  CHECK(to_text(Rational(12), 0) == "12");
}
