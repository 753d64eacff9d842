#include <doctest/doctest.h>

#include <cmath>
#include <engine/rule_check.hpp>
#include <nabla/engine/gradient/gradient.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/print/print.hpp>
#include <nabla/engine/record/custom.hpp>
#include <nabla/engine/record/recorded.hpp>
#include <nabla/graph/text.hpp>

// The derivative rule of a user's operator is what every derivative in every kind of number comes from: rules that say
// something else than the derivative of the value, rules that are stabler than it, and rules that are wrong.

namespace chosen {

using namespace nabla;

/// A straight-through estimator.
struct RoundThrough : Composite<1> {
  static constexpr std::string_view name = "round_through";
  static constexpr Facts facts{.summary = "floor(x), differentiated as if it were x"};
  template <Ordered V>
  static V value(const V& x) {
    return nabla::floor(x);
  }
  template <Ordered V>
  static std::array<V, 1> partials(const V&, const V&) {
    return {V(1)};
  }
};
NABLA_UNARY(round_through, RoundThrough)

/// Its value is all right at 0, the derivative of its formula divides by 0 there.
struct RootOfSquare : Composite<2> {
  static constexpr std::string_view name = "root_of_square";
  static constexpr Facts facts{.summary = "sqrt(x^2 + y^2) with slope 0 at the origin, where it has a kink"};
  template <Elementary V>
  static V value(const V& x, const V& y) {
    return nabla::sqrt(powi(x, 2) + powi(y, 2));
  }
  template <Elementary V>
  static std::array<V, 2> partials(const V& r, const V& x, const V& y) {
    return {nabla::where(eq(r, V(0)), V(0), x / r), nabla::where(eq(r, V(0)), V(0), y / r)};
  }
  template <Elementary V>
  static V kink(const V& x, const V& y) {
    return eq(powi(x, 2) + powi(y, 2), V(0));
  }
};
NABLA_BINARY(root_of_square, RootOfSquare)

/// Its rule reads the value, and so does every further derivative.
struct Growth : Composite<1> {
  static constexpr std::string_view name = "growth";
  static constexpr Facts facts{.summary = "floor(exp(x)), which grows at twice its own value by its rule"};
  template <Elementary V>
  static V value(const V& x) {
    return nabla::floor(nabla::exp(x));
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {V(2) * y};
  }
};
NABLA_UNARY(growth, Growth)

/// Its rule is written with the operator itself.
struct Recurring : Composite<1> {
  static constexpr std::string_view name = "recurring";
  static constexpr Facts facts{.summary = "floor(exp(x)), with three times itself as the derivative"};
  template <Elementary V>
  static V value(const V& x) {
    return nabla::floor(nabla::exp(x));
  }
  template <Elementary V>
  static std::array<V, 1> partials(const V&, const V& x);
};
NABLA_UNARY(recurring, Recurring)
template <Elementary V>
std::array<V, 1> Recurring::partials(const V&, const V& x) {
  return {V(3) * recurring(x)};
}

/// The same operator with a right rule, and with three wrong ones.
template <int Mutation>
struct Ratio : Composite<2> {
  static constexpr std::string_view name = Mutation == 0   ? "ratio"
                                           : Mutation == 1 ? "ratio_negated"
                                           : Mutation == 2 ? "ratio_swapped"
                                                           : "ratio_nothing";
  static constexpr Facts facts{.summary = "x / (x + y)"};
  template <Field V>
  static V value(const V& x, const V& y) {
    return x / (x + y);
  }
  template <Field V>
  static std::array<V, 2> partials(const V&, const V& x, const V& y) {
    const V to_x = y / powi(x + y, 2), to_y = -x / powi(x + y, 2);
    if constexpr (Mutation == 1) return {-to_x, to_y};
    if constexpr (Mutation == 2) return {to_y, to_x};
    if constexpr (Mutation == 3) return {to_x, V(0)};
    return {to_x, to_y};
  }
};

}  // namespace chosen

namespace {

using namespace nabla;
using chosen::growth;
using chosen::recurring;
using chosen::root_of_square;
using chosen::round_through;

template <class V>
std::vector<Entries<V>> one(const V& x) {
  return {{x}};
}

/// f(x) = 3/2 q(x)^2 with the straight-through q: f' = 3 q, f'' = 3.
Function squared_steps() {
  const Expr x = variable("x");
  return Function(ratio<Expr>(3, 2) * powi(round_through(x), 2), {x});
}

template <class V>
void check_squared_steps(const Function& f, const V& at) {
  CHECK(Number<V>::equal(f.value<V>({at}), ratio<V>(27, 2)) == Truth::yes);
  CHECK(Number<V>::equal(f.gradient<V>({at})[0], V(9)) == Truth::yes);
  const std::vector<Entries<V>> x = one(at);
  const std::vector<Entries<V>> direction = one(V(4));
  CHECK(Number<V>::equal(f.jvp<V>(x, direction)[0][0], V(36)) == Truth::yes);
  CHECK(Number<V>::equal(f.hessian_vector_product<V>(x, direction)[0][0], V(12)) == Truth::yes);
  CHECK(Number<V>::equal(f.hessian<V>(x)[0], V(3)) == Truth::yes);
}

}  // namespace

TEST_CASE("a straight-through estimator has the derivatives of its rule in every kind of number") {
  const Function f = squared_steps();
  check_squared_steps<double>(f, 3.25);
  check_squared_steps<float>(f, 3.25F);
  check_squared_steps<Real>(f, Real("3.25"));
  check_squared_steps<Ball>(f, Ball::from_text("3.25"));
  check_squared_steps<Interval>(f, Interval::point(3.25));
  check_squared_steps<Rational>(f, *parse_rational("13/4"));
}

TEST_CASE("a straight-through estimator in series, in sparse derivatives and by symbols") {
  const Function f = squared_steps();
  const auto check_series = [&]<class V>(const V& at) {
    const std::vector<Entries<V>> series = f.taylor<V>(one(at), one(V(2)), 4);
    CHECK(series[0][0] == ratio<V>(27, 2));
    CHECK(series[1][0] == 18);
    CHECK(series[2][0] == 6);
    CHECK(series[3][0] == 0);
    CHECK(series[4][0] == 0);
  };
  check_series(3.25);
  check_series(Real("3.25"));
  check_series(*parse_rational("13/4"));

  const Expr x = variable("x", {3});
  const Function steps(round_through(x * 2), {x});
  const std::vector<Entries<double>> at{{0.75, -1.25, 3}};
  CHECK(steps.sparse_jacobian<double>(at).values == std::vector<double>{2, 2, 2});
  const Function sum_of_squares(sum(powi(round_through(x), 2)), {x});
  CHECK(sum_of_squares.sparse_hessian<double>(at).values == std::vector<double>{2, 2, 2});
  const std::vector<Entries<Rational>> exactly{{*parse_rational("3/4"), *parse_rational("-5/4"), 3}};
  CHECK(sum_of_squares.sparse_hessian<Rational>(exactly).values == std::vector<Rational>{2, 2, 2});

  const Expr u = variable("u");
  CHECK(to_string(gradient(powi(round_through(u), 2), u)) == "2 * round_through(u)");
  CHECK(to_string(gradient(gradient(powi(round_through(u), 2), u), u)) == "2");
}

TEST_CASE("a straight-through estimator broadcasts, and an untaken branch contributes nothing") {
  const Expr x = variable("x", {2, 1});
  const Expr y = variable("y", {3});
  const Function f(sum(round_through(x) * round_through(y)), {x, y});
  const std::vector<Entries<double>> at{{1.5, 2.5}, {3.25, -0.5, 4}};
  const std::vector<Entries<double>> slopes = f.gradient<double>(at);
  CHECK(slopes[0] == Entries<double>{6, 6});
  CHECK(slopes[1] == Entries<double>{3, 3, 3});

  const Expr u = variable("u");
  const Function g(where(le(u, 0), root_of_square(u, u) / u, u), {u});
  CHECK(g.gradient<double>({0.5})[0] == 1);
}

TEST_CASE("a recorded program with a straight-through estimator, replayed and written as text and read back") {
  const Function f(record([](Recorded x) { return 1.5 * round_through(x) * round_through(x); }, 3.25));
  check_squared_steps<double>(f, 3.25);
  check_squared_steps<Ball>(f, Ball::from_text("3.25"));

  const Expr x = variable("x");
  const Expr y = 5 * powi(round_through(x), 2);
  auto again = std::make_shared<Workspace>();
  again->graph() = graph_from_text(to_text(y.graph()));
  const Expr x_again(again, Ref::node(*again->graph().find_variable("x")));
  const Expr y_again(again, Ref::node(y.ref().id()));
  CHECK(to_string(y_again) == "5 * round_through(x)^2");
  const Function g(y_again, {x_again});
  CHECK(g.value<double>({3.25}) == 45);
  CHECK(g.gradient<double>({3.25})[0] == 30);
  CHECK(g.hessian_vector_product<double>(one(3.25), one(1.0))[0][0] == 10);
}

TEST_CASE("a rule that is stabler than the derivative of the definition is the one that is used") {
  const Expr x = variable("x");
  const Expr y = variable("y");
  const Function f(root_of_square(x, y), {x, y});
  const Function formula(sqrt(powi(x, 2) + powi(y, 2)), {x, y});
  CHECK(std::isnan(formula.gradient<double>({0.0, 0.0})[0]));
  CHECK(f.gradient<double>({0.0, 0.0}) == Entries<double>{0, 0});
  CHECK(f.gradient<double>({3.0, -4.0}) == Entries<double>{0.6, -0.8});
  CHECK(f.gradient<Real>({Real(0), Real(0)}) == Entries<Real>{0, 0});
  CHECK(f.gradient<Ball>({Ball(0), Ball(0)})[0].is_finite());
  const std::vector<Entries<double>> at{{0.0}, {0.0}};
  CHECK(f.jvp<double>(at, std::vector<Entries<double>>{{1.0}, {1.0}})[0][0] == 0);

  // The record's kink is what a run has met, and nothing of the definition.
  const std::vector<Kink> met = f.run<double>(at).kinks();
  REQUIRE(met.size() == 1);
  CHECK(met[0].operation == "root_of_square");
  CHECK(f.run<double>(std::vector<Entries<double>>{{3.0}, {4.0}}).kinks().empty());
  const Function steps = squared_steps();
  CHECK(steps.run<double>(one(3.0)).kinks().empty());
}

TEST_CASE("a rule that reads its own value, or uses its own operator, is used in every order") {
  const Expr x = variable("x");
  const auto check = [&](const Expr& y, double rate) {
    const Function f(y, {x});
    const double value = std::floor(std::exp(1.5));
    const std::vector<Entries<double>> at = one(1.5);
    CHECK(f.gradient<double>({1.5})[0] == rate * value);
    CHECK(f.jvp<double>(at, one(1.0))[0][0] == rate * value);
    CHECK(f.hessian<double>(at)[0] == rate * rate * value);
    CHECK(f.hessian<Real>(one(Real(1.5)))[0] == rate * rate * value);
    const std::vector<Entries<double>> series = f.taylor<double>(at, one(1.0), 4);
    double expected = value;
    for (std::size_t k = 0; k < series.size(); ++k, expected *= rate / static_cast<double>(k))
      CHECK(series[k][0] == doctest::Approx(expected).epsilon(1e-14));
    const Expr third = gradient(gradient(gradient(y, x), x), x);
    CHECK(Function(third, {x}).value<double>({1.5}) == rate * rate * rate * value);
    CHECK(f.sparse_hessian<double>(at).values == std::vector<double>{rate * rate * value});
  };
  check(growth(x), 2);
  check(recurring(x), 3);
}

TEST_CASE("a wrong rule of a user's operator is found by the checks that a right one passes") {
  const auto disagreements = []<int Mutation>(std::integral_constant<int, Mutation>) {
    const Opcode code = detail::code_of<chosen::Ratio<Mutation>>();
    const examples::Example example{code, {}, {{Shape{}, {1.25}}, {Shape{2}, {0.5, 2}}}};
    return std::pair(rule_check::disagreements(rule_check::numeric_rule(example), example).size(),
                     rule_check::disagreements(rule_check::symbolic_rule(example), example).size());
  };
  CHECK(disagreements(std::integral_constant<int, 0>{}) == std::pair(std::size_t{0}, std::size_t{0}));
  CHECK(disagreements(std::integral_constant<int, 1>{}) == std::pair(std::size_t{1}, std::size_t{1}));
  CHECK(disagreements(std::integral_constant<int, 2>{}) == std::pair(std::size_t{3}, std::size_t{3}));
  CHECK(disagreements(std::integral_constant<int, 3>{}) == std::pair(std::size_t{2}, std::size_t{2}));
}
