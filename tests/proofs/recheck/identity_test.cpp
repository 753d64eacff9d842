#include <doctest/doctest.h>

#include <nabla/proofs/recheck/identity/identity.hpp>
#include <nabla/proofs/recheck/polynomial.hpp>

namespace {

using namespace nabla;

constexpr std::string_view nothing = R"({"hypotheses": [], "sets": []})";

struct Posed {
  Posed() : scope(problem.workspace = std::make_shared<Workspace>()) {}
  Expr given(const std::string& name, const Shape& shape = {}, Set::Kind kind = Set::Kind::entries) {
    const Expr x = variable(name, shape);
    problem.givens.push_back({name, x, {kind, {}, shape}, {}});
    return x;
  }
  void assume(const Expr& a, Comparison c, const Expr& b) {
    Statement s;
    s.sides = {a, b};
    s.comparisons = {c};
    problem.hypotheses.push_back(s);
  }
  Replay::Answer replay(const Expr& a, const Expr& b, std::string_view data = nothing) const {
    return recheck_identity(problem, a, b, data).answer;
  }
  Problem problem;
  WorkspaceScope scope;
};

constexpr auto yes = Replay::Answer::yes;
constexpr auto no = Replay::Answer::no;
constexpr auto budget = Replay::Answer::budget;

rederive::Polynomial atom(std::uint32_t k, std::int64_t exponent = 1) {
  return rederive::Polynomial::monomial({{k, exponent * rederive::unit}});
}

}  // namespace

TEST_CASE("polynomials: products undo divisions") {
  rederive::Meter meter(100'000);
  const auto x = atom(0), y = atom(1), one = rederive::Polynomial(1);
  const auto a = sum(sum(x, y, 1, meter), one, 3, meter);
  const auto b = sum(product(x, y, meter), one, -2, meter);
  const auto ab = product(a, b, meter);
  const auto exact = divide(ab, a, meter);
  CHECK(exact.quotient == b);
  CHECK(exact.remainder.is_zero());
  const auto inexact = divide(sum(ab, one, 1, meter), a, meter);
  CHECK(sum(product(inexact.quotient, a, meter), inexact.remainder, 1, meter) == sum(ab, one, 1, meter));
  CHECK_FALSE(inexact.remainder.is_zero());
  CHECK(power(a, 3, meter) == product(a, product(a, a, meter), meter));
}

TEST_CASE("polynomials: exponents may be negative and fractional") {
  const rederive::Monomial root = rederive::power({{0, rederive::unit}}, rederive::unit / 2);
  CHECK(rederive::product(root, root) == rederive::Monomial{{0, rederive::unit}});
  CHECK(rederive::product(root, rederive::power(root, -rederive::unit)).empty());
  CHECK_THROWS_AS(rederive::power({{0, 1}}, rederive::unit / 13), rederive::Exhausted);
}

TEST_CASE("polynomials: work is counted") {
  rederive::Meter meter(50);
  const auto a = sum(atom(0), atom(1), 1, meter);
  CHECK_THROWS_AS(power(a, 40, meter), rederive::Exhausted);
}

TEST_CASE("an identity is derived again, its perturbation is not") {
  Posed p;
  const Expr x = p.given("x"), y = p.given("y");
  CHECK(p.replay(powi(x + y, 2), x * x + 2 * x * y + y * y) == yes);
  CHECK(p.replay(powi(x + y, 2), x * x + 3 * x * y + y * y) == no);
  CHECK(p.replay(tanh(2 * x), 2 * tanh(x) / (1 + powi(tanh(x), 2))) == yes);
  CHECK(p.replay(tanh(2 * x), 2 * tanh(x) / (1 + tanh(x))) == no);
  CHECK(p.replay(sqrt(x * x), abs(x)) == yes);
  CHECK(p.replay(sqrt(x * x), x) == no);
  CHECK(p.replay(log(x * x), 2 * log(x)) == no);
  CHECK(p.replay(log(1 + 2 * exp(x) + exp(2 * x)), 2 * log(1 + exp(x))) == yes);
  CHECK(p.replay(max(x, y), (x + y + abs(x - y)) / 2) == yes);
  CHECK(p.replay(max(x, y), (x + y - abs(x - y)) / 2) == no);
  CHECK(p.replay(masked(x, 1 / x), Expr(1)) == no);
}

TEST_CASE("only the hypotheses that the certificate names are used, and only if they are there") {
  Posed p;
  const Expr t = p.given("t", Shape{3}), s = p.given("s", Shape{3}, Set::Kind::simplex);
  p.assume(sum(t), Comparison::equal, Expr(1));
  p.assume(sum(t), Comparison::equal, Expr(2));
  CHECK(p.replay(sum(t), Expr(1)) == no);
  CHECK(p.replay(sum(t), Expr(1), R"({"hypotheses": [0], "sets": []})") == yes);
  CHECK(p.replay(sum(t), Expr(1), R"({"hypotheses": [1], "sets": []})") == no);
  CHECK(p.replay(sum(t), Expr(1), R"({"hypotheses": [2], "sets": []})") == no);
  CHECK(p.replay(sum(t), Expr(7), R"({"hypotheses": [0, 1], "sets": []})") == no);  // contradictory
  CHECK(p.replay(sum(t), Expr(1), R"({"hypotheses": [], "sets": [0]})") == no);     // t is in no simplex
  CHECK(p.replay(sum(s), Expr(1), R"({"hypotheses": [], "sets": [1]})") == yes);
}

TEST_CASE("a certificate that cannot be read is worth nothing") {
  Posed p;
  const Expr x = p.given("x");
  for (const std::string_view data :
       {"", "{", "[]", "null", R"({"hypotheses": 3, "sets": []})", R"({"hypotheses": []})",
        R"({"hypotheses": ["a"], "sets": []})", R"({"hypotheses": [-1], "sets": []})"})
    CHECK(p.replay(2 * x, x + x, data) == no);
  CHECK(p.replay(p.given("v", Shape{2}), p.given("w", Shape{3})) == no);
}

TEST_CASE("what is too large for the re-checker ends with its budget") {
  Posed p;
  Expr power = p.given("x") + p.given("y") + p.given("z") + p.given("u") + p.given("v");
  for (int i = 0; i < 6; ++i) power = power * power;
  CHECK(p.replay(power, power + 1) == budget);
}
