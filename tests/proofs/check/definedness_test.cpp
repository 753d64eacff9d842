#include <doctest/doctest.h>

#include <nabla/proofs/check/decider.hpp>
#include <nabla/proofs/claim/dimensions.hpp>
#include <nabla/proofs/claim/elaborate.hpp>

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

Finding examine(const std::string& lines) {
  const Problem problem = elaborate(claim_of(lines), {});
  return examine_definedness(problem, problem.shows.back(), {}, {});
}

struct Case {
  const char* lines;
  Verdict verdict;
};

void check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    CAPTURE(c.lines);
    const Finding f = examine(c.lines);
    CAPTURE(f.message);
    CHECK(to_string(f.verdict) == to_string(c.verdict));
    if (f.verdict == Verdict::undecided) CHECK_FALSE(f.message.empty());
    if (f.verdict == Verdict::proved) CHECK_FALSE(f.certificates.empty());
  }
}

constexpr Verdict proved = Verdict::proved;
constexpr Verdict ill_posed = Verdict::ill_posed;

}  // namespace

TEST_CASE("an operator at the edge of its domain: open and closed sets differ") {
  check({{"given x in (0, 1)\nshow 1/x == 1/x\n", proved},
         {"given x in [0, 1]\nshow 1/x == 1/x\n", ill_posed},
         {"given x in (0, 1]\nshow log(x) <= 0\n", proved},
         {"given x in [0, 1]\nshow x * log(x) <= 0\n", ill_posed},
         {"given x in R\nshow log(x^2) == log(x^2)\n", ill_posed},
         {"given x in R\nshow sqrt(x^2 + 1) > 0\n", proved},
         {"given x in [-1, 1]\nshow acos(x) >= 0\n", proved},
         {"given x in [-2, 1]\nshow acos(x) >= 0\n", ill_posed},
         {"given x in (-1, 1)\nshow atanh(x) == atanh(x)\n", proved},
         {"given x in (-1, 1]\nshow atanh(x) == atanh(x)\n", ill_posed},
         {"given x in (0, oo)\nshow gamma(x + 1) == x * gamma(x)\n", proved},
         {"given x in R\nshow gamma(x + 1) == x * gamma(x)\n", ill_posed}});
}

TEST_CASE("powers: integer exponents take any base, others a positive one") {
  check({{"given x in R\nshow x^0 == 1\n", proved},
         {"given x in R\nshow x^(-1) == 1/x\n", ill_posed},
         {"given x in [0, 1]\nshow x^(1/2) == sqrt(x)\n", proved},
         {"given x in [-1, 1]\nshow x^(1/2) == sqrt(x)\n", ill_posed},
         {"given x in (0, oo)\ngiven y in R\nshow x^y > 0\n", proved},
         {"given x, y in R\nshow x^y == x^y\n", ill_posed},
         {"given x in R\nshow 0^x == 0\n", ill_posed},
         {"given x in R\nshow 0 * log(0) == 0\n", ill_posed}});
}

TEST_CASE("signs of composed expressions are known") {
  check({{"given x in R\nshow 1/(1 + exp(-x)) == sigmoid(x)\n", proved},
         {"given z in R[3]\nshow log(softmax(z)[2]) == log_softmax(z)[2]\n", proved},
         {"given x in (0, 1)\nshow log(x / (1 - x)) == log(x) - log(1 - x)\n", proved},
         {"given x in R\nshow 1/(2 + cos(x)) <= 1\n", proved},
         {"given x in R\nshow log(2 + tanh(x)) > 0\n", proved},
         {"given x in simplex[3]\nshow sum(x .* log(x)) <= 0\n", proved},
         {"given x in simplex[3]\nshow 1/(1 - x[1]) > 1\n", proved},
         {"given t in onehot[3]\nshow log(t[1]) <= 0\n", ill_posed},
         {"given A in spd[2]\nshow inv(A) * A == eye(2)\n", proved},
         {"given A in spd[2]\nshow log(det(A)) == log(det(A))\n", proved},
         {"given A in sym[2]\nshow inv(A) * A == eye(2)\n", ill_posed},
         {"given x in R[2]\nshow norm(x / norm(x)) == 1\n", ill_posed}});
}

TEST_CASE("one number read twice is one number") {
  check({{"given x in R\nshow 1/(x - x) == 0\n", ill_posed},
         {"given x in R\nshow 1/(x - x + 1) == 1\n", proved},
         {"given x in R\nshow log(1 + x * x) >= 0\n", proved},
         {"given x in R[3]\nshow log(1 + dot(x, x)) >= 0\n", proved}});
}

TEST_CASE("points where a denominator vanishes are found, rational or not") {
  check({{"given x in R\nshow 1/(2*x - 5) != 0\n", ill_posed},
         {"given x, y in R\nshow 1/(x^2 + y^2) > 0\n", ill_posed},
         {"given x, y in R\nshow 1/(3*x + 7*y - 1) != 0\n", ill_posed},
         {"given x in [-3, 3]\nshow log(x^2 - 2*x/3 + 1/9) >= -1\n", ill_posed},
         {"given x in R\nshow 1/(x^2 - 2) != 0\n", ill_posed},
         {"given x in [0, 2]\nshow tan(x) == sin(x)/cos(x)\n", ill_posed},
         {"given x in {0, 1, 2}\nshow 1/(2*x - 1) != 0\n", proved},
         {"given x in {1, 2}\nshow 1/(x^2 - 2) != 0\n", proved},
         {"given x in [-10, 10]\nshow 1/(x^2 - x + 1) > 0\n", proved}});
}

TEST_CASE("the point and the place are named") {
  const Finding f = examine("given x in R\nshow 1/(2*x - 5) != 0\n");
  CHECK(f.witness.at("x") == std::vector<std::string>{"5/2"});
  REQUIRE(f.place.has_value());
  CHECK(f.place->line == 3);
  CHECK(f.message.find("x = 5/2") != std::string::npos);
  const Finding g = examine("given x in R[2]\nshow grad(norm(x), x) == x / norm(x)\n");
  CHECK(g.verdict == Verdict::ill_posed);
  CHECK(g.witness.at("x") == std::vector<std::string>{"0", "0"});
}

TEST_CASE("hypotheses and premises are used, and may contradict each other") {
  check({{"given x in R\nassume x != 2\nshow 1/(x - 2) != 0\n", proved},
         {"given x, y in R\nassume x > y\nshow log(x - y) == log(x - y)\n", proved},
         {"given x, y in R\nassume x + y > 0\nshow log(y + x) == log(x + y)\n", proved},
         {"given x, y in R\nassume x * y > 0\nshow log(x * y) == log(x) + log(y)\n", ill_posed},
         {"given x in R[2]\nassume norm(x) == 1\nshow x / norm(x) == x\n", proved},
         {"given x in R[2]\nassume x[1] > 0\nshow norm(x / norm(x)) == 1\n", proved},
         {"given x in R\nshow x > 0 implies log(x) <= x\n", proved},
         {"given x in R\nshow x >= 0 implies log(x) <= x\n", ill_posed},
         {"given x in R\nassume x > 1\nassume x < 0\nshow x == x\n", ill_posed},
         {"given x in R\nassume x^2 < 0\nshow x == x\n", ill_posed}});
}

TEST_CASE("a branch must be defined only where it is taken") {
  check({{"given x in R\nshow where(x > 0, log(x), 0) >= 0\n", proved},
         {"given x in R\nshow where(x > 0, 1/x, 1/(1 - x)) > 0\n", proved},
         {"given x in R\nshow where(x != 0, 1/x, 0) == 0\n", proved},
         {"given x in R\nshow where(x >= 0, 1/x, 0) == 0\n", ill_posed},
         {"given x in R\nshow where(x > 0, grad(log(x), x), 0) >= 0\n", proved},
         {"given x in R\nshow x > 0 implies grad(log(x), x) == 1/x\n", proved}});
}

TEST_CASE("derivatives exist where no kink is met") {
  check(
      {{"given x in (0, oo)\nshow grad(relu(x), x) == 1\n", proved},
       {"given x in R\nshow grad(relu(exp(x) + 1), x) == exp(x)\n", proved},
       {"given y, t in (0, 1)[3]\nshow grad(cross_entropy(y, t), y) == -t ./ y\n", proved},
       {"given z in R[3]\nshow jacobian(softmax(z), z) == diag(softmax(z)) - outer(softmax(z), softmax(z))\n", proved},
       {"given x in R[3]\nshow hessian(logsumexp(x), x) == zeros(3, 3)\n", proved},
       {"given x in R\nshow hessian(softplus(x), x) >= 0\n", proved},
       {"given x in (0, oo)\nshow grad(sqrt(x), x) == 1/(2*sqrt(x))\n", proved},
       {"given x in (-1, 1)\nshow grad(acos(x), x) == -1/sqrt(1 - x^2)\n", proved},
       {"given x, y in R\nassume x > y\nshow grad(max(x, y), x) == 1\n", proved},
       {"given x, y in R[3]\nassume x != y\nshow grad(norm(x - y), x) == (x - y) / norm(x - y)\n", proved},
       {"given x in (0, 1)\nshow grad(floor(x), x) == 0\n", proved},
       {"given x in R\nshow (grad(abs(x), x) at x = 1) == 1\n", proved},
       {"given x in R\nshow grad(elu(x, 1), x) > 0\n", proved}});
}

TEST_CASE("derivatives that do not exist are ill-posed") {
  check({{"given x in R\nshow grad(relu(x), x) == 0\n", ill_posed},
         {"given x in R\nshow grad(elu(x, 2), x) > 0\n", ill_posed},
         {"given x in R\nshow grad(where(x > 0, x, 0), x) == 1\n", ill_posed},
         {"given x in R\nshow grad(floor(x), x) == 0\n", ill_posed},
         {"given x in [0, oo)\nshow grad(sqrt(x), x) == 1/(2*sqrt(x))\n", ill_posed},
         {"given x in [-1, 1]\nshow grad(acos(x), x) <= 0\n", ill_posed},
         {"given x, y in R\nshow grad(max(x, y), x) == 1\n", ill_posed},
         {"given x in R\nshow (grad(abs(x), x) at x = 0) == 1\n", ill_posed},
         {"given x in R\nlet f(u) = abs(u)\nshow grad(f)(x - 1) == 1\n", ill_posed},
         {"given x in R\nshow diff(abs(x), x, 1) == 1\n", ill_posed},
         {"given x in R\nshow hessian(relu(x)^2, x) == 2\n", ill_posed}});
}

TEST_CASE("a derivative that exists at a kink is never called ill-posed") {
  check({{"given u in R\nshow grad(relu(u) - relu(-u), u) == 1\n", Verdict::undecided},
         {"given x in R\nshow grad(x * abs(x), x) == 2 * abs(x)\n", proved},
         {"given x in R\nshow grad(where(x > 0, x^2, 0), x) == 2 * relu(x)\n", proved},
         {"given x in R\nshow hessian(x * abs(x), x) == 2 * sign(x)\n", ill_posed},
         {"given x in R\nshow grad(x * sign(x)^2, x) == 1\n", Verdict::undecided},
         {"given x in R\nshow grad(sqrt(x^4), x) == 2 * x\n", Verdict::undecided},
         {"given x in R[2]\nshow grad(abs(x[1]) + x[2], x[2]) == 1\n", Verdict::undecided},
         {"given x, h in R\nshow diff(abs(x), x, h) == h\n", Verdict::undecided}});
}

TEST_CASE("a kink that is raised to a power above 1 has derivative 0, by the limit and by the chain rule") {
  check({{"given x in R\nshow grad(max(0, x)^2, x) == 2 * max(0, x)\n", proved},
         {"given x in [-1, 1]\nshow grad(abs(x)^(3/2), x) == 3/2 * sqrt(abs(x)) * sign(x)\n", proved},
         {"given x in R[3]\nshow grad(norm(x)^2, x) == 2*x\n", proved},
         {"given x in [0, 1]\nshow grad(x^(3/2), x) == 3/2 * sqrt(x)\n", proved},
         {"given x in [0, 1]\nshow grad(x^(1/3), x) >= 0\n", ill_posed}});
}

TEST_CASE("a convention decides the kinks of its operator, and of no other") {
  check({{"given x in R\nconvention relu'(0) = 0\nshow grad(relu(x), x) == indicator(x > 0)\n", proved},
         {"given u in R\nconvention relu'(0) = 0\nshow grad(relu(u) - relu(-u), u) == 0\n", proved},
         {"given x in R\nconvention relu'(0) = 0\nshow grad(abs(x), x) == sign(x)\n", ill_posed}});
}

TEST_CASE("a derivative that another show asks for is not held against this one") {
  check({{"given x in R\nshow grad(relu(x), x) >= 0\nshow min(x, 1) <= 1\n", proved},
         {"given x in R\nlet g = grad(relu(x), x)\nshow g >= 0\n", ill_posed}});
}

TEST_CASE("what is asked of the total predicates need not be defined") {
  CHECK(examine("given x in R\nshow defined(log(x))\n").verdict == proved);
  CHECK(examine("given x in R\nshow differentiable(abs(x), x)\n").verdict == proved);
}
