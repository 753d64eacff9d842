#include <doctest/doctest.h>

#include <engine/numbers/random_points.hpp>
#include <limits>
#include <nabla/engine/numbers/directed.hpp>
#include <nabla/engine/numbers/real.hpp>

using namespace nabla;
using directed::largest;

namespace {

/// The exact value rounded by MPFR.
double rounded(const Real& exact, mpfr_rnd_t direction) { return mpfr_get_d(exact.backend().data(), direction); }

}  // namespace

TEST_CASE("directed operations give the tightest doubles, subnormal and huge operands included") {
  // 1400 digits hold every sum and product of two doubles exactly; a quotient or root that is no double is far from
  // one.
  const Precision digits(1400);
  random_points::Points points(1);
  for (int k = random_points::trials(4000); k > 0; --k) {
    const double a = points.any();
    const double b = points.any();
    INFO(a << " and " << b << ", seed " << random_points::seed());
    const Real sum = Real(a) + Real(b);
    CHECK(directed::add_down(a, b) == rounded(sum, MPFR_RNDD));
    CHECK(directed::add_up(a, b) == rounded(sum, MPFR_RNDU));
    const Real difference = Real(a) - Real(b);
    CHECK(directed::sub_down(a, b) == rounded(difference, MPFR_RNDD));
    CHECK(directed::sub_up(a, b) == rounded(difference, MPFR_RNDU));
    const Real product = Real(a) * Real(b);
    CHECK(directed::mul_down(a, b) == rounded(product, MPFR_RNDD));
    CHECK(directed::mul_up(a, b) == rounded(product, MPFR_RNDU));
    if (b != 0) {
      const Real quotient = Real(a) / Real(b);
      CHECK(directed::div_down(a, b) == rounded(quotient, MPFR_RNDD));
      CHECK(directed::div_up(a, b) == rounded(quotient, MPFR_RNDU));
    }
    const Real root = boost::multiprecision::sqrt(Real(std::fabs(a)));
    CHECK(directed::sqrt_down(std::fabs(a)) == rounded(root, MPFR_RNDD));
    CHECK(directed::sqrt_up(std::fabs(a)) == rounded(root, MPFR_RNDU));
  }
}

TEST_CASE("directed operations that overflow stay finite on the near side") {
  CHECK(directed::add_down(largest, largest) == largest);
  CHECK(directed::add_up(largest, largest) == HUGE_VAL);
  CHECK(directed::mul_up(-largest, largest) == -largest);
  CHECK(directed::div_down(largest, 0x1p-1074) == largest);
  CHECK(directed::add_down(-HUGE_VAL, 1) == -HUGE_VAL);
}

TEST_CASE("directed operations never underflow to the wrong side of zero") {
  CHECK(directed::mul_down(0x1p-600, 0x1p-600) == 0);
  CHECK(directed::mul_up(0x1p-600, 0x1p-600) == directed::tiny);
  CHECK(directed::mul_down(-0x1p-600, 0x1p-600) == -directed::tiny);
  CHECK(directed::div_up(directed::tiny, largest) == directed::tiny);
  CHECK(directed::div_down(-directed::tiny, largest) == -directed::tiny);
}

TEST_CASE("a bound of zero times infinity is zero") {
  CHECK(directed::mul_down(0, HUGE_VAL) == 0);
  CHECK(directed::mul_up(-HUGE_VAL, 0) == 0);
}

TEST_CASE("the neighbours of a double cross zero and stop at infinity") {
  CHECK(directed::next_up(0.0) == directed::tiny);
  CHECK(directed::next_down(0.0) == -directed::tiny);
  CHECK(directed::next_up(-directed::tiny) == 0);
  CHECK(directed::next_up(largest) == HUGE_VAL);
  CHECK(directed::next_up(HUGE_VAL) == HUGE_VAL);
  CHECK(directed::next_up(-HUGE_VAL) == -largest);
  CHECK(directed::next_up(1.0) == 1.0 + std::numeric_limits<double>::epsilon());
}
