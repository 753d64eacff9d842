#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <string>

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

ClaimReport checked(const std::string& lines) { return check(claim_of(lines + "\n"), {}); }

void expect(const std::string& lines, Verdict verdict) {
  const ClaimReport report = checked(lines);
  CHECK_MESSAGE(report.verdict == verdict, lines << "\n-> " << to_string(report.verdict) << ": "
                                                 << report.decisive.method << " " << report.decisive.message);
}

}  // namespace

TEST_CASE("true identities are proved and each perturbation of them is refuted") {
  const std::string x = "given x in R\n";
  const std::pair<const char*, std::vector<const char*>> families[] = {
      {"grad(sigmoid(x), x) == sigmoid(x) * (1 - sigmoid(x))",
       {"grad(sigmoid(x), x) == sigmoid(x) * (1 + sigmoid(x))",
        "grad(sigmoid(x), x) == sigmoid(x)^2 * (1 - sigmoid(x))",
        "grad(sigmoid(x), x) == sigmoid(-x) * (1 - sigmoid(x))"}},
      {"tanh(2*x) == 2*tanh(x) / (1 + tanh(x)^2)",
       {"tanh(2*x) == 2*tanh(x) / (1 - tanh(x)^2 + 1)", "tanh(3*x) == 2*tanh(x) / (1 + tanh(x)^2)"}},
      {"softplus(x) - softplus(-x) == x", {"softplus(x) - softplus(-x) == -x", "softplus(x) + softplus(-x) == x"}},
      {"sqrt(x^2) == abs(x)", {"sqrt(x^2) == x", "sqrt(x^2) == -x"}},
      {"grad(exp(-x^2), x) == -2*x*exp(-x^2)",
       {"grad(exp(-x^2), x) == 2*x*exp(-x^2)", "grad(exp(-x^2), x) == -2*exp(-x^2)"}},
  };
  for (const auto& [truth, lies] : families) {
    expect(x + "show " + truth, Verdict::proved);
    for (const char* lie : lies) expect(x + "show " + lie, Verdict::refuted);
  }
}

TEST_CASE("a difference that no double can see is found and is exact") {
  const ClaimReport report = checked("given x in [1, 2]\nshow x + 1/1000000000000000000 == x");
  CHECK(report.verdict == Verdict::refuted);
  CHECK(report.decisive.violation == "1/1000000000000000000");
}

TEST_CASE("an underflow fools nobody") { expect("given x in [1000, 2000]\nshow exp(-x) == 0", Verdict::refuted); }

TEST_CASE("what is undefined somewhere on the stated set is ill-posed, with the point") {
  for (const char* lines : {"given x in R\nshow x / x == 1", "given x in R\nshow log(x^2) == 2 * log(x)",
                            "given x in [0, 1]\nshow 1/x >= 1", "given x in R\nshow x^-1 * x == 1"}) {
    const ClaimReport report = checked(lines);
    CHECK_MESSAGE(report.verdict == Verdict::ill_posed, lines);
    CHECK_MESSAGE(report.decisive.message.find("= 0") != std::string::npos, report.decisive.message);
  }
  expect("given x in (0, 1)\nshow x / x == 1", Verdict::proved);
  expect("given x in (0, oo)\nshow log(x^2) == 2 * log(x)", Verdict::proved);
}

TEST_CASE("a kink decides by its convention, and without one the claim is ill-posed") {
  const std::string claim = "show grad(relu(x), x) == indicator(x > 0)";
  expect("given x in R\n" + claim, Verdict::ill_posed);
  expect("given x in R\nconvention relu'(0) = 0\n" + claim, Verdict::proved);
  expect("given x in R\nconvention relu'(0) = 1\n" + claim, Verdict::refuted);
  expect("given x in (0, oo)\n" + claim, Verdict::proved);
}

TEST_CASE("shapes that do not conform are ill-posed, with the shapes") {
  const ClaimReport report = checked("given x in R[3]\ngiven y in R[4]\nshow x + y == y + x");
  CHECK(report.verdict == Verdict::ill_posed);
  CHECK(report.decisive.shapes.size() == 2);
  expect("given x in R[3]\nshow x' == x", Verdict::ill_posed);
}

TEST_CASE("for all dimensions is at most supported, one failing dimension refutes") {
  const ClaimReport all = checked("for all n >= 1\nshow sum(i in 1..n: i * 2^i) == (n - 1) * 2^(n + 1) + 2");
  CHECK(all.verdict == Verdict::supported);
  expect("for n in 1..4\nshow sum(i in 1..n: i) == n * (n + 1) / 2", Verdict::proved);
  const ClaimReport some = checked("for n in 1..4\nshow sum(i in 1..n: i) == 2 * n - 1");
  CHECK(some.verdict == Verdict::refuted);
  CHECK(some.coverage == "n = 3");
}

TEST_CASE("contradictory hypotheses are vacuous") {
  const ClaimReport report = checked("given x in {1, 2}\nassume x > 3\nshow x == 5");
  CHECK(report.verdict == Verdict::ill_posed);
  CHECK(report.decisive.message.find("vacuous") != std::string::npos);
}

TEST_CASE("a chain reports each link and falls with its weakest") {
  const ClaimReport report = checked("given x in [0, 1]\nshow x^2 <= x == sqrt(x)");
  CHECK(report.verdict == Verdict::refuted);
  REQUIRE(report.shows[0].links.size() == 2);
  CHECK(report.shows[0].links[0].finding.verdict == Verdict::proved);
  CHECK(report.shows[0].links[1].finding.verdict == Verdict::refuted);
}

TEST_CASE("a predicate about pairs of points is never less than supported where every pair agrees") {
  CHECK(checked("given x in R\nshow convex(x^2, x)").verdict >= Verdict::supported);
}

TEST_CASE("the same seed gives the same report") {
  const std::string claim = "given x, y in R\nshow exp(x + y) >= x";
  CHECK(checked(claim).decisive.residuals == checked(claim).decisive.residuals);
}
