#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <engine/numbers/random_points.hpp>
#include <engine/rule_check.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/run/run.hpp>

// Every operator of the registry in every kind of number that supports it: value and gradient against 80 digits, and
// for the kinds that enclose, containment on points and on boxes. What a kind cannot do is refused by name.

namespace {

using namespace nabla;
using namespace nabla::examples;

constexpr int reference_digits = 80;

/// The value and the adjoints of the operands, for the weighted sum of the value, one list each.
template <class V>
struct Outcome {
  Entries<V> value;
  std::vector<Entries<V>> adjoints;
};

template <class V>
Outcome<V> outcome_at(const Function& f, const std::vector<Entries<V>>& at) {
  Run<V> run = f.run<V>(at);
  Outcome<V> result;
  result.value.assign(run.output(0).begin(), run.output(0).end());
  result.adjoints = pulled_back(f, at);
  return result;
}

template <class V>
Outcome<V> outcome_of(const Example& example) {
  return outcome_at<V>(Applied(example).function(), entries<V>(example));
}

/// Calls check(found, expected) for every entry of the value, and of the adjoints of operands that have a derivative.
template <class V, class Check>
void for_each_pair(const Example& example, const Outcome<V>& found, const Outcome<Real>& expected, Check check) {
  REQUIRE(found.value.size() == expected.value.size());
  for (std::size_t i = 0; i < found.value.size(); ++i) check(found.value[i], expected.value[i]);
  for (std::size_t k = 0; k < example.operands.size(); ++k) {
    if (!example.operands[k].moves) continue;
    CAPTURE(k);
    REQUIRE(found.adjoints[k].size() == expected.adjoints[k].size());
    for (std::size_t i = 0; i < found.adjoints[k].size(); ++i) check(found.adjoints[k][i], expected.adjoints[k][i]);
  }
}

std::string text(const Real& x) { return Number<Real>::to_text(x, 25); }

bool is_near(const Real& found, const Real& expected, double tolerance) {
  const Real error = Number<Real>::abs(found - expected);
  return Number<Real>::less(error, Real(tolerance) * (1 + Number<Real>::abs(expected))) == Truth::yes;
}

template <class V>
void check_near(const Example& example, double tolerance) {
  CAPTURE(Number<V>::kind);
  CAPTURE(example.describe());
  const Precision precision(reference_digits);
  const Outcome<Real> expected = outcome_of<Real>(example);
  for_each_pair(example, outcome_of<V>(example), expected, [&](const V& a, const Real& b) {
    CAPTURE(text(Real(a)));
    CAPTURE(text(b));
    CHECK(is_near(Real(a), b, tolerance));
  });
}

/// More than the error of a reference of 80 digits, and far less than the width of an enclosure that rounds.
Real slack(const Real& x) { return Real("1e-70") * (1 + Number<Real>::abs(x)); }

/// x is in the enclosure, as far as the digits of x tell.
bool holds(const Interval& enclosure, const Real& x) {
  if (!enclosure.total) return true;  // it does not say that it holds everything
  return !enclosure.is_empty() && Real(enclosure.lo) <= x + slack(x) && x - slack(x) <= Real(enclosure.hi);
}
bool holds(const Ball& enclosure, const Real& x) {
  const auto ball = [](const Real& y) { return Ball::from_text(Number<Real>::to_text(y, reference_digits)); };
  return !enclosure.is_finite() || enclosure.overlaps(Number<Ball>::hull(ball(x - slack(x)), ball(x + slack(x))));
}

/// The relative width of an enclosure that is to be tight.
bool is_tight(const Interval& x) { return x.total && x.is_finite() && x.width() <= 1e-9 * (1 + std::fabs(x.mid())); }
bool is_tight(const Ball& x) {
  return x.is_finite() && std::strtod(x.rad().c_str(), nullptr) <= 1e-35 * (1 + std::fabs(x.approximate()));
}

template <class V>
V box(double lo, double hi);
template <>
Interval box<Interval>(double lo, double hi) {
  return Interval(lo, hi);
}
template <>
Ball box<Ball>(double lo, double hi) {
  return Ball::of_ends(lo, hi);
}

template <class V>
void check_holds(const Example& example, const Outcome<V>& enclosure, const Outcome<Real>& point, bool tight) {
  for_each_pair(example, enclosure, point, [&](const V& set, const Real& x) {
    CAPTURE(Number<V>::to_text(set, 20));
    CAPTURE(text(x));
    CHECK(holds(set, x));
    if (tight) CHECK(is_tight(set));
  });
}

template <class V>
void check_point_enclosures(const Example& example) {
  CAPTURE(Number<V>::kind);
  CAPTURE(example.describe());
  const Outcome<V> enclosure = outcome_of<V>(example);
  const Precision precision(reference_digits);
  check_holds(example, enclosure, outcome_of<Real>(example), true);
}

bool is_bounded(const Interval& x) { return x.total && x.is_finite(); }
bool is_bounded(const Ball& x) { return x.is_finite(); }

/// Boxes around the operands, and points inside them. Counts enclosures, and those that say nothing.
struct Said {
  std::size_t something = 0, nothing = 0;
};
template <class V>
void check_box_enclosures(const Example& example, random_points::Points& random, Said& said) {
  CAPTURE(Number<V>::kind);
  CAPTURE(example.describe());
  const Function f = Applied(example).function();
  for (const double radius : {1.0 / 64, 1.0 / 1024}) {
    std::vector<Entries<V>> boxes;
    for (const examples::Operand& x : example.operands) {
      boxes.emplace_back();
      for (const double e : x.entries) boxes.back().push_back(x.moves ? box<V>(e - radius, e + radius) : exactly<V>(e));
    }
    const Outcome<V> enclosure = outcome_at<V>(f, boxes);
    for (const V& x : enclosure.value) ++(is_bounded(x) ? said.something : said.nothing);
    const Precision precision(reference_digits);
    for (int trial = random_points::trials(3); trial > 0; --trial) {
      std::vector<Entries<Real>> inside;
      for (const examples::Operand& x : example.operands) {
        inside.emplace_back();
        for (const double e : x.entries)
          inside.back().push_back(exactly<Real>(x.moves ? random.inside({e - radius, e + radius}) : e));
      }
      check_holds(example, enclosure, outcome_at<Real>(f, inside), false);
    }
  }
}

/// What the kind says when it refuses the operator; empty when it does not.
template <class V>
std::string refusal(const Example& example) {
  try {
    const Function f = Applied(example).function();
    static_cast<void>(Run<V>(f.plan()));
    return "";
  } catch (const UnsupportedError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("every operator in the hardware's numbers is the 80-digit value and gradient, rounded") {
  for_each([](const Example& example) {
    check_near<float>(example, 1e-4);
    check_near<double>(example, 1e-12);
    check_near<long double>(example, 1e-15);
  });
}

TEST_CASE("dual numbers carry the value of every operator and its derivative along a direction") {
  const auto direction = [](std::size_t k, std::size_t i) { return weight(3 * k + 2 * i + 1) - 1; };
  for_each([&](const Example& example) {
    if (!std::ranges::all_of(example.operands, &examples::Operand::moves)) return;
    CAPTURE(example.describe());
    const Function f = Applied(example).function();
    const std::vector<Entries<double>> at = entries<double>(example);
    std::vector<Entries<Dual<double>>> moving;
    for (std::size_t k = 0; k < at.size(); ++k) {
      moving.emplace_back();
      for (std::size_t i = 0; i < at[k].size(); ++i) moving[k].emplace_back(at[k][i], direction(k, i));
    }
    const Entries<Dual<double>> forward = f(std::span<const Entries<Dual<double>>>(moving))[0];
    const Outcome<double> reverse = outcome_at(f, at);
    double by_tangents = 0, by_adjoints = 0;
    for (std::size_t i = 0; i < forward.size(); ++i) {
      CHECK(forward[i].value == doctest::Approx(reverse.value[i]).epsilon(1e-14));
      by_tangents += weight(i) * forward[i].tangent;
    }
    for (std::size_t k = 0; k < at.size(); ++k)
      for (std::size_t i = 0; i < at[k].size(); ++i) by_adjoints += direction(k, i) * reverse.adjoints[k][i];
    CHECK(by_tangents == doctest::Approx(by_adjoints).epsilon(1e-11));
  });
}

TEST_CASE("every operator in intervals and balls encloses the 80-digit value and gradient, tightly at points") {
  for_each([](const Example& example) {
    check_point_enclosures<Interval>(example);
    check_point_enclosures<Ball>(example);
  });
}

TEST_CASE("every operator on boxes encloses value and gradient at points inside") {
  CAPTURE(random_points::seed());
  random_points::Points random(20);
  Said said;
  for_each([&](const Example& example) {
    check_box_enclosures<Interval>(example, random, said);
    check_box_enclosures<Ball>(example, random, said);
  });
  CHECK(said.nothing < said.something / 50);
}

TEST_CASE("rational numbers give the exact value and gradient, or refuse the operator by name when the run is made") {
  std::size_t exact = 0, refused = 0;
  for_each([&](const Example& example) {
    CAPTURE(example.describe());
    const OperatorInfo& info = operator_info(example.code);
    const std::string said = refusal<Rational>(example);
    CHECK(said.empty() == (kernel<Rational>(example.code).value != nullptr));
    if (!said.empty()) {
      CHECK(said.ends_with(info.name + " has no exact value in rational numbers"));
      ++refused;
      return;
    }
    const Precision precision(reference_digits);
    for_each_pair(example, outcome_of<Rational>(example), outcome_of<Real>(example),
                  [&](const Rational& a, const Real& b) {
                    CAPTURE(Number<Rational>::to_text(a, 0));
                    CAPTURE(text(b));
                    CHECK(is_near(Number<Real>::of(to_constant(a)), b, 1e-75));
                  });
    ++exact;
  });
  CHECK(exact > refused / 4);
  CHECK(refused > exact / 4);
}

TEST_CASE("tanh has no exact value in rational numbers, sums and products have") {
  const auto refused = [](std::string_view name) {
    return refusal<Rational>(of_operator(static_cast<Opcode>(find_operator(name))).at(0));
  };
  CHECK(refused("tanh") == "tanh has no exact value in rational numbers");
  CHECK(refused("softmax") == "softmax has no exact value in rational numbers");
  for (const char* name : {"add", "div", "powi", "max", "relu", "matmul", "det", "inv", "sum", "conv2d"})
    CHECK(refused(name) == "");
}

TEST_CASE("the other kinds refuse no operator") {
  for_each([](const Example& example) {
    CHECK(refusal<float>(example) == "");
    CHECK(refusal<double>(example) == "");
    CHECK(refusal<long double>(example) == "");
    CHECK(refusal<Real>(example) == "");
    CHECK(refusal<Ball>(example) == "");
    CHECK(refusal<Interval>(example) == "");
    CHECK(refusal<Dual<double>>(example) == "");
  });
}
