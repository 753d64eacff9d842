#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/literal.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>

// An ordinary C++ function template, recorded once in double and replayed in every kind of number, with the comparisons
// that steered it and the constants that it wrote.

namespace {

using namespace nabla;

/// Newton's iteration for the cube root of a, then something smooth of it; a third is exact.
template <class T>
T smooth(const T& a, const T& b) {
  using std::exp;
  using std::sin;
  T y = a;
  for (int i = 0; i < 6; ++i) y = y - (y * y * y - a) / (T(3) * y * y);
  return exp(sin(y) * b) / (T(1) + y * y) + T(1) / T(3);
}

/// Only rational operations, and a loop.
template <class T>
T continued_fraction(const T& x) {
  T y = x;
  for (int i = 1; i <= 8; ++i) y = T(i) + x / (T(2) + y * y);
  return y - T(1) / T(7);
}

/// Steered by its argument.
template <class T>
T steered(const T& x) {
  if (x < T(1)) return x * x;
  return x * x * x;
}

Recording recorded_smooth() {
  return record([](Recorded a, Recorded b) { return smooth(a, b); }, 1.5, -0.25);
}

bool is_near(const Real& a, const Real& b, const char* tolerance) {
  return Number<Real>::less(Number<Real>::abs(a - b), Real(tolerance)) == Truth::yes;
}

}  // namespace

TEST_CASE("a program recorded in double is replayed at 200 digits as if it had been written for them") {
  const Recording recording = recorded_smooth();
  const Function f(recording);
  CHECK(f.value<double>({1.5, -0.25}) == smooth(1.5, -0.25));
  CHECK(f.value<double>({0.7, 2.0}) == smooth(0.7, 2.0));

  const Precision precision(200);
  const Real a = Real("1.1"), b = Real("-0.3");
  const Real replayed = f.value<Real>({a, b});
  // The same operations without a recording: through the operators' own records.
  Real y = a;
  for (int i = 0; i < 6; ++i) y = y - (y * y * y - a) / (Real(3) * y * y);
  const Real direct = Number<Real>::exp(Number<Real>::sin(y) * b) / (Real(1) + y * y) + Real(1) / Real(3);
  CHECK(is_near(replayed, direct, "1e-198"));
  CHECK_FALSE(is_near(replayed, Real(smooth(1.1, -0.3)), "1e-30"));
}

TEST_CASE("a replay in balls and intervals encloses the replay at 200 digits, and so does its gradient") {
  const Function f(recorded_smooth());
  const Precision precision(200);
  const Ball ball_a = Ball::from_text("1.375"), ball_b = Ball::from_text("-0.3125");
  const Ball by_ball = f.value<Ball>({ball_a, ball_b});
  const Entries<Ball> slopes_by_ball = f.gradient<Ball>({ball_a, ball_b});
  CHECK(by_ball.accuracy_bits() > 600);

  // The reference is known to a hundred digits more than the balls, so that to lie in one is to be contained.
  const Precision finer(300);
  const Real a = Real("1.375"), b = Real("-0.3125");
  const Real value = f.value<Real>({a, b});
  const Entries<Real> slopes = f.gradient<Real>({a, b});
  const auto in_ball = [](const Ball& ball, const Real& x) {
    return ball.is_finite() && ball.overlaps(Ball::from_text(Number<Real>::to_text(x, 280)));
  };
  const auto in_interval = [](const Interval& i, const Real& x) {
    return i.total && i.is_finite() && Real(i.lo) <= x && x <= Real(i.hi) && i.width() < 1e-10;
  };
  CHECK(in_ball(by_ball, value));
  const Interval interval_a = Interval::point(1.375), interval_b = Interval::point(-0.3125);
  CHECK(in_interval(f.value<Interval>({interval_a, interval_b}), value));
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(in_ball(slopes_by_ball[i], slopes[i]));
    CHECK(in_interval(f.gradient<Interval>({interval_a, interval_b})[i], slopes[i]));
  }
}

TEST_CASE("a rational program is replayed in rational numbers exactly") {
  const Function f(record([](Recorded x) { return continued_fraction(x); }, 0.5));
  const Rational x = *parse_rational("2/7");
  CHECK(f.value<Rational>({x}) == continued_fraction(x));
  // Its derivative too: the difference quotient of an exact h tends to it.
  const Rational slope = f.gradient<Rational>({x})[0];
  const Rational h = *parse_rational("1e-40");
  const Rational quotient = (continued_fraction<Rational>(x + h) - continued_fraction<Rational>(x - h)) / (h * 2);
  CHECK(Number<Rational>::abs(slope - quotient) < *parse_rational("1e-75"));
  CHECK(slope != quotient);
}

TEST_CASE("a recording is replayed in dual numbers, and its gradient differentiated by them") {
  const Function f(recorded_smooth());
  const Entries<double> slopes = f.gradient<double>({1.5, -0.25});
  for (std::size_t i = 0; i < 2; ++i) {
    const Dual<double> a(1.5, i == 0 ? 1.0 : 0.0), b(-0.25, i == 1 ? 1.0 : 0.0);
    CHECK(f.value<Dual<double>>({a, b}).tangent == doctest::Approx(slopes[i]).epsilon(1e-13));
  }
  const double h = 1e-5;
  const double second = f.gradient<Dual<double>>({Dual<double>(1.5, 1.0), Dual<double>(-0.25)})[1].tangent;
  const double quotient = (f.gradient<double>({1.5 + h, -0.25})[1] - f.gradient<double>({1.5 - h, -0.25})[1]) / (2 * h);
  CHECK(second == doctest::Approx(quotient).epsilon(1e-8));
}

TEST_CASE("a recording may have many inputs and many outputs, passive ones among them") {
  const std::vector<double> at{1, 2, 3, 4};
  const Recording recording = record(
      [](const std::vector<Recorded>& x) {
        Recorded sum = 0;
        for (const Recorded& e : x) sum += e * e;
        return std::vector<Recorded>{sum, x[2], 5.0};
      },
      at);
  const Function f(recording);
  CHECK(f.input_count() == 4);
  CHECK(f.output_count() == 3);
  const std::vector<Entries<double>> x{{1.0}, {0.5}, {-2.0}, {3.0}};
  const std::vector<Entries<double>> y = f(std::span<const Entries<double>>(x));
  CHECK(y == std::vector<Entries<double>>{{14.25}, {-2.0}, {5.0}});
  const std::vector<Entries<double>> seeds{{1.0}, {10.0}, {100.0}};
  CHECK(f.vjp<double>(x, seeds) == std::vector<Entries<double>>{{2.0}, {1.0}, {6.0}, {6.0}});
}

TEST_CASE("a comparison that comes out differently in a replay is an error that names its line") {
  const Recording below = record([](Recorded x) { return steered(x); }, 0.5);
  REQUIRE(below.guards().size() == 1);
  const std::string place = below.guards()[0].origin.to_string();
  CHECK(place.find("recording_test.cpp:") != std::string::npos);
  const Function f(below);
  CHECK(f.value<double>({0.75}) == 0.5625);
  CHECK(f.value<Rational>({*parse_rational("1/3")}) == *parse_rational("1/9"));
  CHECK_THROWS_AS(f.value<double>({1.0}), GuardError);
  CHECK_THROWS_AS(f.value<Real>({Real(2)}), GuardError);
  CHECK_THROWS_AS(f.value<Interval>({Interval(2)}), GuardError);
  CHECK_THROWS_AS(f.gradient<double>({3.0}), GuardError);
  try {
    static_cast<void>(f.value<double>({1.5}));
    FAIL("the other way was taken");
  } catch (const GuardError& error) {
    const std::string said = error.what();
    CHECK(said.starts_with(place));
    CHECK(said.find("is not at these inputs") != std::string::npos);
  }
}

TEST_CASE("a comparison that an enclosure cannot decide is an error that says so, and NaN decides nothing") {
  const Function f(record([](Recorded x) { return steered(x); }, 0.5));
  CHECK(f.value<Interval>({Interval(0.25, 0.5)}).contains(0.0625));
  for (const auto& undecided : {Interval(0.5, 1.5), Interval(0.5, 1.0)}) {
    try {
      static_cast<void>(f.value<Interval>({undecided}));
      FAIL("undecided, but taken");
    } catch (const GuardError& error) {
      CHECK(std::string(error.what()).find("cannot be decided at this precision") != std::string::npos);
    }
  }
  CHECK_THROWS_AS(f.value<Ball>({Ball::of_ends(0.5, 1.5)}), GuardError);
  CHECK_THROWS_AS(f.value<double>({std::numeric_limits<double>::quiet_NaN()}), GuardError);
}

TEST_CASE("all six relations are guards, and comparisons of plain numbers are none") {
  const Recording recording = record(
      [](Recorded x) {
        Recorded y = 0;
        if (x < 2) y += 1;
        if (x <= 1) y += 1;
        if (3 > x) y += 1;
        if (x >= 1) y += 1;
        if (x == 1) y += 1;
        if (x != 4) y += 1;
        if (Recorded(1) < Recorded(2)) y += 1;
        return y * x;
      },
      1.0);
  CHECK(recording.guards().size() == 6);
  const Function f(recording);
  CHECK(f.value<double>({1.0}) == 7);
  CHECK_THROWS_AS(f.value<double>({0.5}), GuardError);
  CHECK(f.value<Ball>({Ball(1)}).contains(7));
}

TEST_CASE("a literal in quotes is the decimal it says, a double literal is the dyadic it is, and reported") {
  const Recording exact = record([](Recorded x) { return x * lit<Recorded>("0.1"); }, 3.0);
  const Recording dyadic = record([](Recorded x) { return x * 0.1 + 0.5 - 3; }, 3.0);
  CHECK(exact.inexact_constants().empty());
  CHECK(dyadic.inexact_constants() == std::vector<double>{0.1});

  const Rational one(1);
  CHECK(Function(exact).value<Rational>({one}) == *parse_rational("1/10"));
  CHECK(Function(dyadic).value<Rational>({one}) ==
        *parse_rational("3602879701896397/36028797018963968") - *parse_rational("5/2"));
  const Precision precision(200);
  CHECK(is_near(Function(exact).value<Real>({Real(1)}), Real("0.1"), "1e-199"));
  CHECK(Function(exact).value<Ball>({Ball(10)}).contains(1));
  CHECK_FALSE(is_near(Function(dyadic).value<Real>({Real(1)}) + Real("2.5"), Real("0.1"), "1e-18"));
  // What is computed from exact numbers while recording stays exact.
  const Recording thirds = record([](Recorded x) { return x * (Recorded(1) / Recorded(3)); }, 1.0);
  CHECK(Function(thirds).value<Rational>({one}) == *parse_rational("1/3"));
}

TEST_CASE("a recording refuses a kind that lacks an operator by name, and a division by zero by its name") {
  const Function f(record([](Recorded x) { return tanh(x); }, 0.5));
  try {
    static_cast<void>(f.value<Rational>({Rational(1)}));
    FAIL("tanh of a rational number");
  } catch (const UnsupportedError& error) {
    const std::string said = error.what();
    CHECK(said.find("recording_test.cpp:") != std::string::npos);
    CHECK(said.ends_with(": tanh has no exact value in rational numbers"));
  }
  const Function quotient(record([](Recorded x) { return 1 / x; }, 0.5));
  try {
    static_cast<void>(quotient.value<Rational>({Rational(0)}));
    FAIL("1 / 0");
  } catch (const UndefinedError& error) {
    CHECK(std::string(error.what()).find("div") != std::string::npos);
  }
}

TEST_CASE("recordings nest, and a recorded number outside of any is refused") {
  const Recording outer = record(
      [](Recorded x) {
        const Function inner(record([](Recorded u) { return u * u; }, 2.0));
        return x * inner.value<double>({3.0});
      },
      1.0);
  CHECK(Function(outer).value<double>({2.0}) == 18);
  Recorded escaped;
  static_cast<void>(record(
      [&](Recorded x) {
        escaped = x;
        return x;
      },
      1.0));
  CHECK_THROWS_AS(static_cast<void>(escaped * escaped), std::logic_error);
  CHECK((Recorded(2) * Recorded(3)).value() == 6);
}

TEST_CASE("a generic function of one number is recorded") {
  const Recording recording = record([](auto x) { return x * x + x; }, 3.0);
  CHECK(Function(recording).gradient<double>({3.0})[0] == 7);
}
