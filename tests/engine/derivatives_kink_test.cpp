#include <doctest/doctest.h>

#include <algorithm>
#include <engine/operator_examples.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <optional>

// Points without a derivative: a run tells which operators it met at one, by their names and conventions.

namespace {

using namespace nabla;
using namespace nabla::examples;

/// A point at which the operator's own record says that it has no derivative.
std::optional<std::vector<Entries<double>>> kink_of(Opcode code) {
  using At = std::vector<Entries<double>>;
  const std::string& name = operator_info(code).name;
  // Structured operators, and those whose kink is not among small integers, by hand.
  if (name == "amax" || name == "amin") return At{{2, 1, 2, 1}};
  if (name == "norm") return At{{0, 0, 0, 0}};
  const OperatorInfo& info = operator_info(code);
  if (info.family != Family::elementwise || info.facts.kinks.empty()) return std::nullopt;
  const std::vector<double> values{0, 1, -1, 2};
  const auto arity = static_cast<std::size_t>(info.arity);
  std::size_t all = 1;
  for (std::size_t k = 0; k < arity; ++k) all *= values.size();
  const Applied applied(code, of_operator(code).at(0).attributes, std::vector<Shape>(arity));
  const Function f = applied.function();
  for (std::size_t choice = 0; choice < all; ++choice) {
    At at;
    for (std::size_t k = 0, rest = choice; k < arity; ++k, rest /= values.size())
      at.push_back({values[rest % values.size()]});
    if (!f.run<double>(at).kinks().empty()) return at;
  }
  return std::nullopt;
}

Applied applied_at(Opcode code, const std::vector<Entries<double>>& at) {
  std::vector<Shape> shapes;
  for (const Entries<double>& x : at)
    shapes.push_back(x.size() == 1 ? Shape{} : Shape{static_cast<std::int64_t>(x.size())});
  const bool indexed = operator_info(code).indexed;
  return Applied(code, indexed ? Attributes(of_operator(code).at(0).attributes) : Attributes(), shapes);
}

template <class V>
std::vector<Entries<V>> in_kind(const std::vector<Entries<double>>& at) {
  std::vector<Entries<V>> result;
  for (const Entries<double>& x : at) {
    result.emplace_back();
    for (const double e : x) result.back().push_back(exactly<V>(e));
  }
  return result;
}

}  // namespace

TEST_CASE("every operator whose facts state a kink is reported at one, in the kinds that compare") {
  for (Opcode code = 0; code < builtin_count; ++code) {
    const OperatorInfo& info = operator_info(code);
    if (info.facts.kinks.empty()) continue;
    CAPTURE(info.name);
    const auto at = kink_of(code);
    REQUIRE(at.has_value());
    const Function f = applied_at(code, *at).function();
    const auto check = [&](const std::vector<Kink>& met) {
      REQUIRE(met.size() == 1);
      CHECK(met[0].operation == info.name);
      CHECK(met[0].convention == info.facts.kinks);
    };
    check(f.run<double>(*at).kinks());
    check(f.run<Ball>(in_kind<Ball>(*at)).kinks());
    check(f.run<Interval>(in_kind<Interval>(*at)).kinks());
  }
}

TEST_CASE("no operator reports a kink where it has none") {
  for_each([](const Example& example) {
    CAPTURE(example.describe());
    const Function f = Applied(example).function();
    CHECK(f.run<double>(entries<double>(example)).kinks().empty());
    CHECK(f.run<Interval>(entries<Interval>(example)).kinks().empty());
  });
}

TEST_CASE("a kink is reported with the line that made the operation, and for enclosures when it may be met") {
  const Expr x = variable("x");
  const auto line = std::source_location::current().line() + 1;
  const Expr y = relu(x) + abs(x - 1);
  const Function f(y, {x});
  const auto kinks_at = [&f](double at) {
    const std::vector<Entries<double>> entries{{at}};
    return f.run<double>(entries).kinks();
  };
  CHECK(kinks_at(0.5).empty());
  REQUIRE(kinks_at(0).size() == 1);
  CHECK(kinks_at(0)[0].operation == "relu");
  CHECK(kinks_at(0)[0].convention == "x = 0; the partial is 0 there");
  CHECK(kinks_at(0)[0].origin.line == line);
  CHECK(kinks_at(0)[0].origin.file.ends_with("derivatives_kink_test.cpp"));
  REQUIRE(kinks_at(1).size() == 1);
  CHECK(kinks_at(1)[0].operation == "abs");

  const auto kinks_on = [&f](double lo, double hi) {
    const std::vector<Entries<Interval>> entries{{Interval(lo, hi)}};
    return f.run<Interval>(entries).kinks().size();
  };
  CHECK(kinks_on(0.25, 0.75) == 0);
  CHECK(kinks_on(-0.25, 0.75) == 1);
  CHECK(kinks_on(-0.25, 1.5) == 2);
}

TEST_CASE("at a kink the stated convention decides, in numbers as in symbols") {
  const Expr x = variable("x");
  const Expr z = variable("z");
  const auto slopes = [&](const Expr& y, double at) {
    const double numeric = Function(y, {x, z}).gradient<double>({at, at})[0];
    const double symbolic = Function(gradient(y, x), {x, z}).value<double>({at, at});
    CHECK(numeric == symbolic);
    return numeric;
  };
  CHECK(slopes(relu(x) + z, 0) == 0);
  CHECK(slopes(abs(x) + z, 0) == 0);
  CHECK(slopes(max(x, z), 3) == 0.5);
  CHECK(slopes(min(x, z), 3) == 0.5);
  CHECK(slopes(hypot(x, z), 0) == 0);
  CHECK(slopes(floor(x) + z, 2) == 0);
}
