#include <doctest/doctest.h>

#include <algorithm>
#include <nabla/ops/registry.hpp>
#include <ops/sampling.hpp>
#include <set>

// Every fact that a record states is compared with what its own value does in double, for every elementwise operator
// of the registry.

namespace {

using namespace nabla;
using namespace nabla::sampling;

template <class Visit>
void for_each_elementwise(Visit&& visit) {
  for_each_operator([&]<class Op>() {
    if constexpr (ElementwiseOperator<Op>) {
      CAPTURE(Op::name);
      visit.template operator()<Op>();
    }
  });
}

template <class Visit>
void for_each_function_of_one_operand(Visit&& visit) {
  for_each_elementwise([&]<class Op>() {
    if constexpr (Op::arity == 1 && !Op::indexed) visit.template operator()<Op>();
  });
}

/// Sorted: small and large magnitudes of both signs, integers, and the ends that facts name.
const std::vector<double>& candidates() {
  static const std::vector<double> points = [] {
    std::vector<double> made{0, 1e-9, -1e-9};
    for (double x = 0.125; x <= 6; x += 0.125) made.insert(made.end(), {x, -x});
    for (double x = 7.3; x <= 40; x *= 1.21) made.insert(made.end(), {x, -x});
    std::sort(made.begin(), made.end());
    return made;
  }();
  return points;
}

template <class Op>
double at(double x) {
  return Op::template value<double>(x);
}

template <class Op>
std::vector<double> points_of_domain() {
  std::vector<double> points;
  for (const double x : candidates())
    if (in_domain<Op>(0, {x})) points.push_back(x);
  return points;
}

struct Observed {
  bool even = true, odd = true, increasing = true, decreasing = true, convex = true, concave = true;
};

/// What the values at the sampled points do not contradict, up to rounding.
template <class Op>
Observed observe() {
  Observed seen;
  const std::vector<double> points = points_of_domain<Op>();
  const auto slack = [](auto... y) { return 1e-13 * (std::fabs(y) + ... + 1e-2); };
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double x = points[i];
    const double y = at<Op>(x);
    if (!in_domain<Op>(0, {-x})) {
      seen.even = seen.odd = false;
    } else {
      const double mirrored = at<Op>(-x);
      seen.even = seen.even && std::fabs(y - mirrored) <= slack(y);
      seen.odd = seen.odd && std::fabs(y + mirrored) <= slack(y);
    }
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double z = at<Op>(points[j]);
      seen.increasing = seen.increasing && y <= z + slack(y, z);
      seen.decreasing = seen.decreasing && z <= y + slack(y, z);
      const double middle = x / 2 + points[j] / 2;
      if (!in_domain<Op>(0, {middle})) continue;
      const double m = at<Op>(middle);
      seen.convex = seen.convex && m <= y / 2 + z / 2 + slack(y, z, m);
      seen.concave = seen.concave && m >= y / 2 + z / 2 - slack(y, z, m);
    }
  }
  return seen;
}

}  // namespace

TEST_CASE("every operator has a name of its own and says what it is") {
  std::set<std::string_view> names;
  for_each_operator([&]<class Op>() {
    CAPTURE(Op::name);
    CHECK(names.insert(Op::name).second);
    CHECK(Op::name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos);
    CHECK_FALSE(Op::facts.summary.empty());
  });
}

TEST_CASE("a function beyond arithmetic and comparison names its source") {
  for_each_elementwise([]<class Op>() {
    if constexpr (detail::index_in<Op>(ArithmeticOperators{}) < 0 && detail::index_in<Op>(ComparisonOperators{}) < 0)
      CHECK_FALSE(Op::facts.source.empty());
  });
}

TEST_CASE("values lie in the stated range") {
  for_each_function_of_one_operand([]<class Op>() {
    constexpr Reals range = Op::facts.range;
    for (const double x : points_of_domain<Op>()) {
      CAPTURE(x);
      const double y = at<Op>(x);
      if (std::fabs(x) <= 5) {
        CHECK(contains(range, y));
      } else {  // rounding may reach an open end, and underflow zero
        CHECK(y >= range.lo);
        CHECK(y <= range.hi);
      }
    }
  });
}

TEST_CASE("parity is stated exactly where it is seen") {
  for_each_function_of_one_operand([]<class Op>() {
    const Observed seen = observe<Op>();
    CHECK(seen.even == (Op::facts.parity == Parity::even));
    CHECK(seen.odd == (Op::facts.parity == Parity::odd));
  });
}

TEST_CASE("monotonicity is stated exactly where it is seen") {
  for_each_function_of_one_operand([]<class Op>() {
    const Observed seen = observe<Op>();
    const Monotone stated = Op::facts.monotone;
    CHECK(seen.increasing == (stated == Monotone::increasing || stated == Monotone::constant));
    CHECK(seen.decreasing == (stated == Monotone::decreasing || stated == Monotone::constant));
  });
}

TEST_CASE("curvature is stated exactly where it is seen") {
  for_each_function_of_one_operand([]<class Op>() {
    const Observed seen = observe<Op>();
    const Curvature stated = Op::facts.curvature;
    CHECK(seen.convex == (stated == Curvature::convex || stated == Curvature::affine));
    CHECK(seen.concave == (stated == Curvature::concave || stated == Curvature::affine));
  });
}

TEST_CASE("inside the domain the value is a number, outside it is none or the record says so") {
  for_each_elementwise([]<class Op>() {
    const std::vector<double> entries =
        Op::arity == 1 ? candidates() : std::vector<double>{-40, -2.5, -2, -1, -0.5, 0, 1e-9, 0.5, 1, 1.5, 3, 40};
    for (const std::int64_t n : attributes<Op>())
      for_each_choice<Op>(entries, false, [&](const Operands<Op, double>& x) {
        CAPTURE(n);
        CAPTURE(x[0]);
        CAPTURE(x.back());
        const double y = value<Op, double>(n, x);
        if (in_domain<Op>(n, x)) {
          CHECK_FALSE(std::isnan(y));
        } else if (!has_defined<Op>) {
          CHECK_FALSE(std::isfinite(y));
        }
      });
  });
}

TEST_CASE("a record that describes kinks tells them, and a smooth one has none inside its domain") {
  for_each_elementwise([]<class Op>() {
    CHECK(Op::facts.kinks.empty() == !has_kink<Op>);
    if constexpr (has_kink<Op> && Op::arity == 1 && Op::facts.regularity == Regularity::smooth) {
      for (const double x : points_of_domain<Op>()) {
        CAPTURE(x);
        const bool at_an_end = x == Op::facts.domain.lo || x == Op::facts.domain.hi;
        CHECK(Op::template kink<double>(x) == (at_an_end ? 1 : 0));
      }
    }
  });
}

namespace {

/// The placeholders of a notation; nullopt when its braces are not what a format string may have.
std::optional<std::set<int>> placeholders(std::string_view text) {
  std::set<int> found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{' && text[i] != '}') continue;
    const std::string_view rest = text.substr(i);
    if (rest.size() > 1 && rest[1] == rest[0]) {
      ++i;
    } else if (rest.size() > 2 && rest[0] == '{' && rest[1] >= '0' && rest[1] <= '9' && rest[2] == '}') {
      found.insert(rest[1] - '0');
      i += 2;
    } else {
      return std::nullopt;
    }
  }
  return found;
}

}  // namespace

TEST_CASE("a notation places every operand and its braces are balanced") {
  for_each_elementwise([]<class Op>() {
    std::set<int> expected;
    for (int k = 0; k < Op::arity + (Op::indexed ? 1 : 0); ++k) expected.insert(k);
    for (const std::string_view text : {Op::facts.notation.latex, Op::facts.notation.cpp}) {
      if (text.empty()) continue;
      CAPTURE(text);
      const auto found = placeholders(text);
      REQUIRE(found.has_value());
      CHECK(*found == expected);
    }
  });
}
