#include <doctest/doctest.h>

#include <nabla/engine/numbers/decimal.hpp>

using namespace nabla;

TEST_CASE("a decimal is plain for moderate exponents and scientific beyond") {
  CHECK(layout_decimal(false, "12345", 0, 10) == "1.2345");
  CHECK(layout_decimal(false, "12345", 2, 10) == "123.45");
  CHECK(layout_decimal(false, "12345", 4, 10) == "12345");
  CHECK(layout_decimal(false, "12345", 6, 10) == "1234500");
  CHECK(layout_decimal(true, "12345", -1, 10) == "-0.12345");
  CHECK(layout_decimal(false, "5", -5, 10) == "0.00005");
  CHECK(layout_decimal(false, "12345", -6, 10) == "1.2345e-6");
  CHECK(layout_decimal(true, "12345", 10, 10) == "-1.2345e10");
  CHECK(layout_decimal(false, "5", 10, 10) == "5e10");
}

TEST_CASE("trailing zeros of digits are dropped but for the last digit") {
  CHECK(without_trailing_zeros("1200") == "12");
  CHECK(without_trailing_zeros("12") == "12");
  CHECK(without_trailing_zeros("000") == "0");
}
