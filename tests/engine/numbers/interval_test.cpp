#include <doctest/doctest.h>

#include <cmath>
#include <engine/numbers/random_points.hpp>
#include <limits>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/precision.hpp>
#include <type_traits>

using namespace nabla;
using N = Number<Interval>;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();

void check_interval(const Interval& x, double lo, double hi, bool total) {
  CHECK(x.lo == lo);
  CHECK(x.hi == hi);
  CHECK(x.total == total);
}

void check_empty(const Interval& x) {
  CHECK(x.is_empty());
  CHECK_FALSE(x.total);
}

}  // namespace

TEST_CASE("a floating literal does not become an interval by itself") {
  static_assert(!std::is_convertible_v<double, Interval>);
  static_assert(!std::is_constructible_v<Interval, double>);
  static_assert(!std::is_constructible_v<Interval, float>);
  static_assert(std::is_convertible_v<int, Interval>);
  CHECK(Interval(3).is_point());
}

TEST_CASE("an integer that no double holds is rounded outward") {
  const std::int64_t n = (std::int64_t{1} << 53) + 1;
  check_interval(Interval(n), 0x1p53, 0x1p53 + 2, true);
  check_interval(Interval(-n), -0x1p53 - 2, -0x1p53, true);
  check_interval(Interval(std::numeric_limits<std::uint64_t>::max()), 0x1.fffffffffffffp63, 0x1p64, true);
  check_interval(Interval(std::numeric_limits<std::int64_t>::min()), -0x1p63, -0x1p63, true);
}

TEST_CASE("exact operations on intervals add no width") {
  check_interval(Interval(2) + Interval(3), 5, 5, true);
  check_interval(Interval(1) / Interval(4), 0.25, 0.25, true);
  check_interval(Interval(3) * Interval::point(0x1p-1074), 3 * 0x1p-1074, 3 * 0x1p-1074, true);
  check_interval(N::sqrt(Interval(49)), 7, 7, true);
  check_interval(N::sqrt(Interval::point(0x1p-1074)), 0x1p-537, 0x1p-537, true);
  check_interval(N::exp(Interval(0)), 1, 1, true);
  check_interval(N::log(Interval(1)), 0, 0, true);
  check_interval(N::lgamma(Interval(2)), 0, 0, true);
  check_interval(N::gamma(Interval(5)), 24, 24, true);
}

TEST_CASE("zero times the whole line is zero, and squares are not negative") {
  check_interval(Interval(0) * Interval::whole(), 0, 0, true);
  check_interval(N::powi(Interval(-3.0, 2.0), 2), 0, 9, true);
  check_interval(N::powi(Interval(-3.0, 2.0), 4), 0, 81, true);
  check_interval(N::powi(Interval(-3.0, 2.0), 3), -27, 8, true);
  check_interval(N::powi(Interval(-3.0, 2.0), 0), 1, 1, true);
  check_interval(N::powi(Interval(0), 0), 1, 1, true);
}

TEST_CASE("an overflow keeps a finite end on its near side") {
  check_interval(Interval::point(largest) + Interval::point(largest), largest, inf, true);
  check_interval(Interval::point(-largest) * Interval(2), -inf, -largest, true);
  check_interval(N::exp(Interval(1000)), largest, inf, true);
  check_interval(N::exp(Interval(-1000)), 0, 0x1p-1074, true);
  check_interval(N::gamma(Interval(200)), largest, inf, true);
}

TEST_CASE("division by an interval with zero is never total") {
  check_interval(Interval(1) / Interval(-1.0, 2.0), -inf, inf, false);
  check_interval(Interval(1) / Interval(0.0, 2.0), 0.5, inf, false);
  check_interval(Interval(1) / Interval(-2.0, 0.0), -inf, -0.5, false);
  check_interval(Interval(-3.0, -1.0) / Interval(0.0, 2.0), -inf, -0.5, false);
  check_interval(Interval(-1.0, 1.0) / Interval(0.0, 2.0), -inf, inf, false);
  check_interval(Interval(1) / Interval(-0.0, 2.0), 0.5, inf, false);
  check_empty(Interval(1) / Interval(0));
  check_interval(N::powi(Interval(0.0, 2.0), -1), 0.5, inf, false);
  check_interval(N::powi(Interval(-1.0, 2.0), -2), 0.25, inf, false);
  check_empty(N::powi(Interval(0), -3));
}

TEST_CASE("outside the domain an interval is cut and not total, or empty") {
  check_interval(N::log(Interval(0.0, 1.0)), -inf, 0, false);
  check_interval(N::log(Interval(-1.0, 1.0)), -inf, 0, false);
  check_empty(N::log(Interval(-2.0, 0.0)));
  check_interval(N::sqrt(Interval(-4.0, 9.0)), 0, 3, false);
  check_interval(N::sqrt(Interval(0.0, 9.0)), 0, 3, true);
  check_empty(N::sqrt(Interval(-1)));
  CHECK(N::asin(Interval(-1.0, 1.0)).total);
  CHECK_FALSE(N::asin(Interval(-1.0, 1.5)).total);
  check_interval(N::acosh(Interval(0.0, 1.0)), 0, 0, false);
  check_interval(N::atanh(Interval(0.0, 1.0)), 0, inf, false);
  check_empty(N::atanh(Interval(1)));
  check_interval(N::log1p(Interval(-1.0, 0.0)), -inf, 0, false);
}

TEST_CASE("what is not total stays so in everything computed from it") {
  const Interval x = N::log(Interval(0.0, 1.0));
  const Interval one(1);
  for (const Interval& y : {x + one,
                            one - x,
                            x * one,
                            x / one,
                            -x,
                            N::exp(x),
                            N::sin(x),
                            N::powi(x, 2),
                            N::powi(x, 0),
                            N::abs(x),
                            N::sign(x),
                            N::floor(x),
                            N::min(x, one),
                            N::max(one, x),
                            N::hull(x, one),
                            N::pow(Interval(2), x),
                            N::hypot(x, one),
                            N::atan2(one, x),
                            N::erf(x),
                            N::cosh(x)}) {
    CHECK_FALSE(y.total);
  }
  check_empty(N::sin(Interval::empty()));
  check_empty(Interval::empty() * Interval(0));
  check_empty(N::min(Interval::empty(), one));
}

TEST_CASE("a comparison with an interval that is not total is unknown and keeps the mark as a number") {
  const Interval x = N::sqrt(Interval(-4.0, 1.0));
  CHECK(N::less(x, Interval(5)) == Truth::unknown);
  CHECK(N::equal(x, Interval(5)) == Truth::unknown);
  CHECK_FALSE(as_number(N::less(x, Interval(5)), x, Interval(5)).total);
  CHECK_FALSE(N::is_zero(Interval(0.0, 0.0, false)));
}

TEST_CASE("intervals that overlap compare as unknown") {
  CHECK(N::less(Interval(0.0, 1.0), Interval(2)) == Truth::yes);
  CHECK(N::less(Interval(2), Interval(0.0, 2.0)) == Truth::no);
  CHECK(N::less(Interval(0.0, 1.0), Interval(1)) == Truth::unknown);
  CHECK(N::equal(Interval(1), Interval(1)) == Truth::yes);
  CHECK(N::equal(Interval(0.0, 1.0), Interval(0.0, 1.0)) == Truth::unknown);
  CHECK(N::equal(Interval(0.0, 1.0), Interval(2)) == Truth::no);
}

TEST_CASE("sine and cosine of wide and of huge intervals find their extremes") {
  CHECK(N::sin(Interval(0.0, 3.0)).hi == 1);
  CHECK(N::sin(Interval(0.0, 3.0)).lo == 0);
  check_interval(N::cos(Interval(-1.0, 4.0)), -1, 1, true);
  check_interval(N::cos(Interval::whole()), -1, 1, true);
  const Interval far = N::sin(Interval::point(1e300));  // -0.8178819121159085...
  CHECK(far.contains(-0.8178819121159085));
  CHECK(far.width() < 1e-15);
  CHECK(N::tan(Interval(0.0, 1.5)).total);
  check_interval(N::tan(Interval(1.0, 2.0)), -inf, inf, false);
  // The doubles on both sides of pi / 2: no double is the pole, the box between them has it.
  CHECK(N::tan(Interval::point(1.5707963267948966)).total);
  CHECK_FALSE(N::tan(Interval(1.5707963267948966, 1.5707963267948968)).total);
}

TEST_CASE("atan2 of an interval knows the cut and the origin") {
  const Interval across = N::atan2(Interval(-1.0, 1.0), Interval(-2.0, -1.0));
  CHECK(across.total);
  CHECK(across.lo < -3.14);
  CHECK(across.hi > 3.14);
  CHECK(N::atan2(Interval(-0.0, 1.0), Interval(-2.0, -1.0)).lo > 0);
  CHECK_FALSE(N::atan2(Interval(0.0, 1.0), Interval(0.0, 1.0)).total);
  check_empty(N::atan2(Interval(0), Interval(0)));
  check_interval(N::atan2(Interval(0), Interval(1)), 0, 0, true);
}

TEST_CASE("powers with an interval exponent respect where they exist") {
  check_interval(N::pow(Interval(0.0, 4.0), Interval::point(0.5)), 0, 2, true);
  CHECK_FALSE(N::pow(Interval(0.0, 4.0), Interval::point(-0.5)).total);
  CHECK_FALSE(N::pow(Interval(-1.0, 4.0), Interval::point(0.5)).total);
  check_empty(N::pow(Interval(-2.0, -1.0), Interval::point(0.5)));
  check_interval(N::pow(Interval(-2.0, 3.0), Interval(2)), 0, 9, true);
  // At the integers among the exponents a negative base has a power, of either sign.
  const Interval mixed = N::pow(Interval(-2), Interval(2.0, 3.0));
  CHECK(mixed.contains(4));
  CHECK(mixed.contains(-8));
  CHECK_FALSE(mixed.total);
  check_interval(N::pow(Interval(-1), Interval::point(0x1p70)), 1, 1, true);
}

TEST_CASE("the gamma family knows its poles and its minima") {
  check_interval(N::gamma(Interval(-0.5, 0.5)), -inf, inf, false);
  check_empty(N::gamma(Interval(-3)));
  check_empty(N::lgamma(Interval(0)));
  const Interval right = N::gamma(Interval(0.0, 1.0));
  CHECK(right.hi == inf);
  CHECK(right.lo == 1);
  CHECK_FALSE(right.total);
  // The minimum of gamma right of 0 is 0.88560319441088870027881590058...; DLMF 5.4(iii)
  const Interval around = N::gamma(Interval(1.0, 2.0));
  CHECK(around.lo <= 0.88560319441088870);
  CHECK(around.lo > 0.8856031944108885);
  CHECK(around.hi == 1);
  // gamma on (-1, 0) has its maximum -3.544643611155005... at -0.5040830082644554...
  const Interval left = N::gamma(Interval(-0.75, -0.25));
  CHECK(left.hi >= -3.5446436111550050891);
  CHECK(left.hi < -3.54464361115500);
  CHECK(left.total);
  check_empty(N::polygamma(-1, Interval(1)));
  check_empty(N::polygamma(1'000'000, Interval(1)));
  CHECK(N::digamma(Interval(0.0, 1.0)).lo == -inf);
  CHECK_FALSE(N::digamma(Interval(0.0, 1.0)).total);
}

TEST_CASE("constants are rounded outward and dyadics are exact") {
  const Interval third = ratio<Interval>(1, 3);
  CHECK(third.lo < third.hi);
  CHECK(std::nextafter(third.lo, 1.0) == third.hi);
  CHECK((third * Interval(3)).contains(1));
  CHECK(N::of(Constant::dyadic(0.1)).is_point());
  const Interval big = N::of(Constant::text("1" + std::string(400, '0')));
  check_interval(big, largest, inf, true);
  CHECK(pi<Interval>().contains(3.141592653589793));
  CHECK(std::nextafter(pi<Interval>().lo, 4.0) == pi<Interval>().hi);
  check_empty(N::of(Constant::dyadic(std::nan(""))));
  CHECK_FALSE(N::of(Constant::infinity()).total);
}

TEST_CASE("an interval made of NaN or of ends in the wrong order is empty") {
  check_empty(Interval(std::nan(""), 1.0));
  check_empty(Interval(2.0, 1.0));
  check_empty(Interval::point(std::nan("")));
  check_interval(Interval(inf, inf), largest, inf, true);
}

TEST_CASE("the middle of an interval is finite and inside it") {
  random_points::Points points(5000);
  for (int k = random_points::trials(500); k > 0; --k) {
    const double a = points.any();
    const double b = points.any();
    const Interval x(std::fmin(a, b), std::fmax(a, b));
    CHECK(x.contains(x.mid()));
  }
  for (const Interval& x : {Interval::whole(), Interval(-inf, -largest), Interval(largest, inf), Interval(3.0, inf),
                            Interval(-largest, largest)}) {
    CHECK(x.contains(x.mid()));
    CHECK(std::isfinite(x.mid()));
  }
}

TEST_CASE("an interval prints its ends rounded outward") {
  CHECK(Interval(1.0, 2.5).to_string() == "[1, 2.5]");
  CHECK(ratio<Interval>(1, 3).to_string(3) == "[0.333, 0.334]");
  CHECK(ratio<Interval>(-1, 3).to_string(3) == "[-0.334, -0.333]");
  CHECK(N::log(Interval(0.0, 1.0)).to_string() == "[-inf, 0] (not total)");
  CHECK(Interval::empty().to_string() == "empty");
}

TEST_CASE("an interval that is empty or not total becomes an indeterminate ball, and back not total") {
  CHECK_FALSE(Interval::empty().to_ball().is_finite());
  CHECK_FALSE(N::sqrt(Interval(-1.0, 1.0)).to_ball().is_finite());
  CHECK_FALSE(Interval::of_ball(Ball::indeterminate()).total);
  CHECK(Interval::of_ball(Ball::from_text("0.1")).contains(0.1));
  CHECK_FALSE(Interval::of_ball(Ball::from_text("0.1")).is_point());
}
