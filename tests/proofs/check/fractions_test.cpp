#include <doctest/doctest.h>

#include <nabla/proofs/check/nearest_double.hpp>
#include <nabla/proofs/check/refute/search_space.hpp>
#include <random>

using namespace nabla;

TEST_CASE("the nearest double of a fraction, short or long, is that of Boost's conversion") {
  std::mt19937_64 random(7);
  for (int bits = 2; bits <= 90; bits += 2)
    for (int k = 0; k < 40; ++k) {
      const auto part = [&] {
        boost::multiprecision::mpz_int n = random();
        n = (n << 64) + random();
        return boost::multiprecision::mpz_int((n >> (128 - bits)) + 1);
      };
      const Rational x(part() * (k % 2 == 0 ? 1 : -1), part());
      CHECK(nearest_double(x) == x.convert_to<double>());
    }
  CHECK(nearest_double(Rational(0)) == 0);
}

TEST_CASE("the simplest fraction between two has the smallest denominator, then numerator") {
  const auto by_search = [](const Rational& lo, const Rational& hi) {
    for (int den = 1;; ++den) {
      const Rational first = -Number<Rational>::floor(-lo * den), last = Number<Rational>::floor(hi * den);
      if (first > last) continue;
      if (first.sign() <= 0 && last.sign() >= 0) return Rational(0);
      return Rational((first.sign() > 0 ? first : last) / den);
    }
  };
  std::mt19937_64 random(11);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  for (int k = 0; k < 2000; ++k) {
    const Rational lo(below(400) - 200, 1 + below(60)), width(below(k % 5 == 0 ? 1 : 30), 1 + below(400));
    const Rational hi = lo + width;
    CAPTURE(lo.str());
    CAPTURE(hi.str());
    CHECK(simplest_between(lo, hi) == by_search(lo, hi));
  }
  // The double next to 1/3 and what is near it.
  CHECK(simplest_between(exactly(0.3333333333333333), exactly(0.33333333333333337)) == Rational(1, 3));
}
