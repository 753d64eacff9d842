#include <doctest/doctest.h>

#include <cmath>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/engine/record/custom.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/engine/run/function.hpp>

// Operators that a user defines: a record like the built-in ones, here of one and of two operands, with rules of their
// own, used in expressions and in recorded programs, and replayed in kinds of number that the record never names.

namespace mine {

using namespace nabla;

struct LogCosh : Composite<1> {
  static constexpr std::string_view name = "log_cosh";
  static constexpr Facts facts{.summary = "log(cosh(x)), without overflow"};
  template <Elementary V>
  static V value(const V& x) {
    const V a = nabla::abs(x);
    return a + log1p(nabla::exp(V(-2) * a)) - nabla::log(V(2));
  }
  /// Shorter than the derivative of the value, and right at 0 too.
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {nabla::tanh(x)};
  }
};
NABLA_UNARY(log_cosh, LogCosh)

/// Rational in both operands, so that it has exact values.
struct Harmonic : Composite<2> {
  static constexpr std::string_view name = "harmonic";
  static constexpr Facts facts{.summary = "the harmonic mean, 2 x y / (x + y)"};
  template <Field V>
  static V value(const V& x, const V& y) {
    return V(2) * x * y / (x + y);
  }
  template <Field V>
  static std::array<V, 2> partials(const V&, const V& x, const V& y) {
    const V to_x = y / (x + y), to_y = x / (x + y);
    return {V(2) * to_x * to_x, V(2) * to_y * to_y};
  }
};
NABLA_BINARY(harmonic, Harmonic)

}  // namespace mine

namespace {

using namespace nabla;
using mine::harmonic;
using mine::log_cosh;

bool is_near(const Real& a, const Real& b, const char* tolerance) {
  return Number<Real>::less(Number<Real>::abs(a - b), Real(tolerance)) == Truth::yes;
}

}  // namespace

TEST_CASE("a user's operator computes in plain numbers as a function of its own") {
  CHECK(log_cosh(0.5) == doctest::Approx(std::log(std::cosh(0.5))));
  CHECK(log_cosh(1000.0) == doctest::Approx(1000 - std::log(2.0)));
  CHECK(harmonic(Rational(2), Rational(6)) == 3);
}

TEST_CASE("a user's operator stands in expressions under its name, and its own rule is the derivative") {
  const Expr x = variable("x");
  CHECK(to_string(log_cosh(2 * x)) == "log_cosh(2 * x)");
  CHECK(to_string(gradient(log_cosh(x), x)) == "tanh(x)");
  CHECK(find_operator("log_cosh") >= static_cast<int>(builtin_count));
  CHECK(operator_info(static_cast<Opcode>(find_operator("log_cosh"))).composite);
}

TEST_CASE("a user's operator is differentiated twice, by symbols and by numbers") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  const Expr f = harmonic(x, y) * log_cosh(x);
  const Expr second = gradient(gradient(f, x), x);
  const Expr mixed = gradient(gradient(f, x), y);
  const double h = 1e-5;
  const Function slope(gradient(f, x), {x, y});
  const auto quotient = [&](double dx, double dy) {
    return (slope.value<double>({0.75 + dx, 2.0 + dy}) - slope.value<double>({0.75 - dx, 2.0 - dy})) / (2 * h);
  };
  CHECK(Function(second, {x, y}).value<double>({0.75, 2.0}) == doctest::Approx(quotient(h, 0)).epsilon(1e-8));
  CHECK(Function(mixed, {x, y}).value<double>({0.75, 2.0}) == doctest::Approx(quotient(0, h)).epsilon(1e-8));
  CHECK(Function(f, {x, y}).gradient<double>({0.75, 2.0})[0] ==
        doctest::Approx(slope.value<double>({0.75, 2.0})).epsilon(1e-14));
}

TEST_CASE("a user's operator, recorded, is replayed in every kind of number") {
  const Recording recording =
      record([](Recorded x, Recorded y) { return log_cosh(x * y) + harmonic(x, y) - 1; }, 1.25, 0.5);
  CHECK(recording.graph().size() < 10);
  const Function f(recording);
  CHECK(f.value<double>({1.25, 0.5}) == log_cosh(0.625) + harmonic(1.25, 0.5) - 1);

  const auto at_60_digits = [&](auto ask) {
    const Precision precision(60);
    return ask(std::initializer_list<Ball>{Ball::from_text("1.25"), Ball::from_text("0.5")});
  };
  const Ball by_ball = at_60_digits([&](auto at) { return f.value<Ball>(at); });
  const Ball slope_by_ball = at_60_digits([&](auto at) { return f.gradient<Ball>(at)[0]; });
  CHECK(by_ball.accuracy_bits() > 150);

  // The reference is known to forty digits more than the balls, so that to lie in one is to be contained.
  const Precision precision(100);
  const Real x("1.25"), y("0.5");
  const Real direct = Number<Real>::log(Number<Real>::cosh(x * y)) + 2 * x * y / (x + y) - 1;
  const Real slope = y * Number<Real>::tanh(x * y) + 2 * (y / (x + y)) * (y / (x + y));
  CHECK(is_near(f.value<Real>({x, y}), direct, "1e-98"));
  CHECK(is_near(f.gradient<Real>({x, y})[0], slope, "1e-98"));

  const auto contains = [](const Ball& b, const Real& r) {
    return b.is_finite() && b.overlaps(Ball::from_text(Number<Real>::to_text(r, 95)));
  };
  CHECK(contains(by_ball, direct));
  CHECK(contains(slope_by_ball, slope));
  const Interval enclosure = f.value<Interval>({Interval::point(1.25), Interval::point(0.5)});
  CHECK((Real(enclosure.lo) <= direct && direct <= Real(enclosure.hi) && enclosure.width() < 1e-14));
  CHECK(f.value<Dual<double>>({Dual<double>(1.25, 1.0), Dual<double>(0.5)}).tangent ==
        doctest::Approx(static_cast<double>(slope)).epsilon(1e-14));

  const Function rational(record([](Recorded a, Recorded b) { return harmonic(a, b); }, 1.0, 2.0));
  CHECK(rational.value<Rational>({Rational(2), Rational(6)}) == 3);
  CHECK(rational.gradient<Rational>({Rational(2), Rational(6)}) ==
        Entries<Rational>{*parse_rational("9/8"), *parse_rational("1/8")});
}

TEST_CASE("a user's operator broadcasts, and is refused by the name of what it is made of where a kind lacks that") {
  const Expr x = variable("x", {3});
  const Function f(sum(harmonic(x, 2)), {x});
  const std::vector<Entries<double>> at{{2, 6, 0.5}};
  CHECK(f(std::span<const Entries<double>>(at))[0][0] == doctest::Approx(2 + 3 + 0.8));
  const Entries<double> slopes = f.gradient<double>(at)[0];
  CHECK(slopes[0] == doctest::Approx(0.5));
  CHECK(slopes[1] == doctest::Approx(0.125));
  CHECK(slopes[2] == doctest::Approx(1.28));

  const Function g(record([](Recorded u) { return log_cosh(u); }, 1.0));
  try {
    static_cast<void>(g.value<Rational>({Rational(1)}));
    FAIL("a logarithm of a rational number");
  } catch (const UnsupportedError& error) {
    CHECK(std::string(error.what()).ends_with("has no exact value in rational numbers"));
  }
}

TEST_CASE("a shape error in a user's operator names it, both shapes and the line that called it") {
  const Expr x = variable("x", {2});
  const Expr y = variable("y", {3});
  const auto line = std::source_location::current().line() + 2;
  try {
    static_cast<void>(harmonic(x, y));
    FAIL("accepted");
  } catch (const ShapeError& error) {
    const std::string said = error.what();
    for (const std::string& part : {std::string("recording_custom_test.cpp:") + std::to_string(line),
                                    std::string("harmonic"), std::string("[2]"), std::string("[3]")}) {
      CAPTURE(said);
      CAPTURE(part);
      CHECK(said.find(part) != std::string::npos);
    }
  }
}
