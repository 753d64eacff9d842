#include <doctest/doctest.h>

#include <engine/numbers/random_points.hpp>
#include <nabla/engine/numbers/arb.hpp>
#include <nabla/engine/numbers/directed.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/real.hpp>

// Every function of Interval and Ball against Real at 60 digits, which is MPFR at 201 bits. Independent code: Ball is
// Arb; Interval is MPFR at 53 bits with its own case analysis, and Arb for the gamma family. Only polygamma of order 1
// and up is Arb in all three kinds: there this test checks the case analysis, and a test below compares with
// Boost.Math.

using namespace nabla;
using random_points::Points;
using I = Number<Interval>;
using B = Number<Ball>;
using R = Number<Real>;

namespace {

struct Unary {
  std::string name;
  Interval (*interval)(const Interval&);
  Ball (*ball)(const Ball&);
  Real (*real)(const Real&);
};

template <std::int64_t N>
Unary polygamma(const char* name) {
  return {name, [](const Interval& x) { return I::polygamma(N, x); }, [](const Ball& x) { return B::polygamma(N, x); },
          [](const Real& x) { return R::polygamma(N, x); }};
}

template <std::int64_t N>
Unary powi(const char* name) {
  return {name, [](const Interval& x) { return I::powi(x, N); }, [](const Ball& x) { return B::powi(x, N); },
          [](const Real& x) { return R::powi(x, N); }};
}

const Unary unary_functions[] = {
    {"abs", I::abs, B::abs, R::abs},
    {"sign", I::sign, B::sign, R::sign},
    {"floor", I::floor, B::floor, R::floor},
    {"sqrt", I::sqrt, B::sqrt, R::sqrt},
    {"cbrt", I::cbrt, B::cbrt, R::cbrt},
    {"exp", I::exp, B::exp, R::exp},
    {"expm1", I::expm1, B::expm1, R::expm1},
    {"log", I::log, B::log, R::log},
    {"log1p", I::log1p, B::log1p, R::log1p},
    {"log2", I::log2, B::log2, R::log2},
    {"log10", I::log10, B::log10, R::log10},
    {"sin", I::sin, B::sin, R::sin},
    {"cos", I::cos, B::cos, R::cos},
    {"tan", I::tan, B::tan, R::tan},
    {"asin", I::asin, B::asin, R::asin},
    {"acos", I::acos, B::acos, R::acos},
    {"atan", I::atan, B::atan, R::atan},
    {"sinh", I::sinh, B::sinh, R::sinh},
    {"cosh", I::cosh, B::cosh, R::cosh},
    {"tanh", I::tanh, B::tanh, R::tanh},
    {"asinh", I::asinh, B::asinh, R::asinh},
    {"acosh", I::acosh, B::acosh, R::acosh},
    {"atanh", I::atanh, B::atanh, R::atanh},
    {"erf", I::erf, B::erf, R::erf},
    {"erfc", I::erfc, B::erfc, R::erfc},
    {"gamma", I::gamma, B::gamma, R::gamma},
    {"lgamma", I::lgamma, B::lgamma, R::lgamma},
    {"digamma", I::digamma, B::digamma, R::digamma},
    polygamma<1>("polygamma 1"),
    polygamma<2>("polygamma 2"),
    polygamma<5>("polygamma 5"),
    powi<2>("power 2"),
    powi<3>("power 3"),
    powi<4>("power 4"),
    powi<-2>("power -2"),
    powi<-3>("power -3"),
};

struct Binary {
  std::string name;
  Interval (*interval)(const Interval&, const Interval&);
  Ball (*ball)(const Ball&, const Ball&);
  Real (*real)(const Real&, const Real&);
};

const Binary binary_functions[] = {
    {"+", [](const Interval& x, const Interval& y) { return x + y; },
     [](const Ball& x, const Ball& y) { return x + y; }, [](const Real& x, const Real& y) { return Real(x + y); }},
    {"-", [](const Interval& x, const Interval& y) { return x - y; },
     [](const Ball& x, const Ball& y) { return x - y; }, [](const Real& x, const Real& y) { return Real(x - y); }},
    {"*", [](const Interval& x, const Interval& y) { return x * y; },
     [](const Ball& x, const Ball& y) { return x * y; }, [](const Real& x, const Real& y) { return Real(x * y); }},
    {"/", [](const Interval& x, const Interval& y) { return x / y; },
     [](const Ball& x, const Ball& y) { return x / y; },
     [](const Real& x, const Real& y) { return y == 0 ? Real(std::nan("")) : Real(x / y); }},
    {"pow", I::pow, B::pow, R::pow},
    {"hypot", I::hypot, B::hypot, R::hypot},
    {"atan2", I::atan2, B::atan2,
     [](const Real& y, const Real& x) { return x == 0 && y == 0 ? Real(std::nan("")) : R::atan2(y, x); }},
    {"min", I::min, B::min, R::min},
    {"max", I::max, B::max, R::max},
};

/// NaN and the infinities of poles: nothing here overflows at 60 digits.
bool is_undefined(const Real& y) { return boost::multiprecision::isnan(y) || boost::multiprecision::isinf(y); }

/// y lies in the interval, give or take the last digit that y itself has.
bool encloses(const Interval& x, const Real& y) {
  const Real slack = R::abs(y) * Real("1e-58");
  const bool above = x.lo == -HUGE_VAL || Real(x.lo) <= y + slack;
  const bool below = x.hi == HUGE_VAL || y - slack <= Real(x.hi);
  return above && below;
}

bool encloses(const Ball& x, const Real& y) {
  const Ball mid = Ball::from_text(y.str(70, std::ios_base::scientific));
  return x.overlaps(mid * (Ball(1) + B::hull(Ball::from_text("-1e-58"), Ball::from_text("1e-58"))));
}

/// Both contain y; where y does not exist, both say so.
void check_enclosed(const Interval& by_interval, const Ball& by_ball, const Real& y) {
  if (is_undefined(y)) {
    CHECK_FALSE(by_interval.total);
    CHECK_FALSE(by_ball.is_finite());
  } else {
    CHECK_MESSAGE(encloses(by_interval, y), by_interval.to_string() << " and " << y);
    CHECK_MESSAGE(encloses(by_ball, y), by_ball.to_string(40) << " and " << y);
  }
}

double ulp(double x) {
  const double magnitude = std::fabs(x);
  return directed::next_up(magnitude) - magnitude;
}

}  // namespace

TEST_CASE("enclosures of every function of one argument contain the value at every point of a box") {
  const Precision digits(60);
  for (const Unary& f : unary_functions) {
    Points points(static_cast<std::uint64_t>(&f - unary_functions));
    for (int k = random_points::trials(120); k > 0; --k) {
      const auto box = points.box();
      const Interval by_interval = f.interval(Interval(box.first, box.second));
      const Ball by_ball = f.ball(Ball::of_ends(box.first, box.second));
      for (int j = 0; j < 4; ++j) {
        const double x = points.inside(box);
        const Real y = f.real(Real(x));
        INFO(f.name << " on [" << box.first << ", " << box.second << "] at " << x << ", seed "
                    << random_points::seed());
        check_enclosed(by_interval, by_ball, y);
      }
    }
  }
}

TEST_CASE("enclosures of every function of two arguments contain the value at every point of a box") {
  const Precision digits(60);
  for (const Binary& f : binary_functions) {
    Points points(1000 + static_cast<std::uint64_t>(&f - binary_functions));
    for (int k = random_points::trials(400); k > 0; --k) {
      const auto left = points.box();
      const auto right = points.box();
      const Interval by_interval = f.interval(Interval(left.first, left.second), Interval(right.first, right.second));
      const Ball by_ball = f.ball(Ball::of_ends(left.first, left.second), Ball::of_ends(right.first, right.second));
      for (int j = 0; j < 6; ++j) {
        const double a = points.inside(left);
        const double b = points.inside(right);
        const Real y = f.real(Real(a), Real(b));
        INFO(f.name << " of [" << left.first << ", " << left.second << "] and [" << right.first << ", " << right.second
                    << "] at " << a << ", " << b << ", seed " << random_points::seed());
        check_enclosed(by_interval, by_ball, y);
      }
    }
  }
}

TEST_CASE("at a point inside the domain an interval is total and at most 2 ulp wide, a ball has 50 digits") {
  const Precision digits(60);
  for (const Unary& f : unary_functions) {
    Points points(2000 + static_cast<std::uint64_t>(&f - unary_functions));
    for (int k = random_points::trials(60); k > 0; --k) {
      const double x = points.moderate();
      const Real y = f.real(Real(x));
      if (is_undefined(y)) continue;
      const Interval by_interval = f.interval(Interval::point(x));
      const Ball by_ball = f.ball(Ball::of_double_exact(x));
      INFO(f.name << " at " << x << ", seed " << random_points::seed());
      CHECK(by_interval.total);
      if (by_interval.is_finite()) CHECK(by_interval.hi - by_interval.lo <= 2 * ulp(by_interval.mag()));
      CHECK(by_ball.is_finite());
      if (!by_ball.is_zero() && y != 0) CHECK(by_ball.accuracy_bits() > 166);
    }
  }
}

TEST_CASE("a monotone function takes its extremes at the ends to within 2 ulp") {
  const Precision digits(60);
  const char* const increasing[] = {"cbrt", "exp", "expm1", "atan", "sinh", "tanh", "asinh", "erf", "power 3"};
  for (const Unary& f : unary_functions) {
    const bool applies =
        std::any_of(std::begin(increasing), std::end(increasing), [&](const char* name) { return name == f.name; });
    if (!applies) continue;
    Points points(3000 + static_cast<std::uint64_t>(&f - unary_functions));
    for (int k = random_points::trials(60); k > 0; --k) {
      const auto box = points.box();
      const Interval y = f.interval(Interval(box.first, box.second));
      if (!y.is_finite()) continue;  // exp beyond the doubles
      const auto least = static_cast<double>(f.real(Real(box.first)));
      const auto most = static_cast<double>(f.real(Real(box.second)));
      INFO(f.name << " on [" << box.first << ", " << box.second << "], seed " << random_points::seed());
      CHECK(std::fabs(y.lo - least) <= 2 * ulp(least));
      CHECK(std::fabs(y.hi - most) <= 2 * ulp(most));
    }
  }
}

TEST_CASE("an interval and the ball around it contain each other's ends") {
  const Precision digits(50);
  Points points(4000);
  for (int k = random_points::trials(200); k > 0; --k) {
    const auto box = points.box();
    const Interval x(box.first, box.second);
    const Interval back = Interval::of_ball(x.to_ball());
    CHECK(back.contains(x));
    CHECK(back.total);
    CHECK(x.to_ball().contains(Ball::of_double_exact(x.lo)));
    CHECK(x.to_ball().contains(Ball::of_double_exact(x.hi)));
  }
}

TEST_CASE("polygamma left and right of zero agrees with Boost.Math, which shares no code with Arb") {
  Points points(6000);
  for (int k = random_points::trials(200); k > 0; --k) {
    const double x = points.uniform(-40, 30);
    const std::int64_t n = 1 + points.below(8);
    const double boost = Number<double>::polygamma(n, x);
    INFO("order " << n << " at " << x << ", seed " << random_points::seed());
    const Interval y = I::polygamma(n, Interval::point(x));
    CHECK(std::fabs(y.mid() - boost) <= 8 * ulp(boost));
    CHECK(std::fabs(B::polygamma(n, Ball::of_double_exact(x)).approximate() - boost) <= 8 * ulp(boost));
  }
}
