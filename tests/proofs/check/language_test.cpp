// What the language says of a claim as a whole: hypotheses that contradict each other, links that do not conform, and
// agreement that says nothing.
#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <string>

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

ClaimReport report_of(const std::string& lines) { return check(claim_of(lines + "\n"), {}); }

bool is_vacuous_at(const std::string& lines, std::uint32_t line) {
  const ClaimReport report = report_of(lines);
  const Finding& f = report.decisive;
  const bool right = report.verdict == Verdict::ill_posed && f.message.starts_with("vacuous") && f.place &&
                     f.place->line == line + 1;  // after the fence
  CHECK_MESSAGE(right, lines << "\n-> " << to_string(report.verdict) << " line " << (f.place ? f.place->line : 0)
                             << ": " << f.message);
  return right;
}

Verdict verdict_of(const std::string& lines) { return report_of(lines).verdict; }

}  // namespace

TEST_CASE("hypotheses that contradict each other are vacuous, at the first that cannot hold") {
  is_vacuous_at("assume 1 == 2\nshow 0 == 0", 1);
  is_vacuous_at("assume pi < 3\nshow 0 == 0", 1);
  is_vacuous_at("given x in R\nassume x < x\nshow x == x", 2);
  is_vacuous_at("given x in R\nassume x > 1\nassume x < 0\nassume x < 5\nshow x == x", 3);
  is_vacuous_at("given x in R\nassume x == x\nassume not x == x\nshow x == 1", 3);
  is_vacuous_at("given x, y in R\nassume x^2 + y^2 < 2*x*y\nshow x == y + 1", 2);
  is_vacuous_at("given f: R -> R is smooth(1), strongly_convex(2)\ngiven x in R\nshow f(x) == f(x)", 1);
  is_vacuous_at("given x in R\ngiven f: R -> R is smooth(-1)\nshow f(x) == f(x)", 2);
  is_vacuous_at("for m in {1, 2}\ngiven x in R[m]\nassume m > 5\nshow x == x", 3);
}

TEST_CASE("hypotheses that can be met are not vacuous") {
  CHECK(verdict_of("assume 1 < 2\nshow 0 == 0") == Verdict::proved);
  CHECK(verdict_of("given x, y in R\nassume x^2 + y^2 <= 2*x*y\nshow x == y") >= Verdict::undecided);
  CHECK(verdict_of("given f: R -> R is smooth(2), strongly_convex(2)\ngiven x in R\nshow f(x) == f(x)") ==
        Verdict::proved);
  CHECK(verdict_of("for i, j in 1..3\nassume i != j\nshow delta(i, j) == 0") == Verdict::proved);
  CHECK(verdict_of("for i, j in 1..3\nassume i >= j\nshow delta(i, j) == 0") == Verdict::refuted);
}

TEST_CASE("a proof under hypotheses of which no point is known says so") {
  const ClaimReport report =
      report_of("given x, y in R\nassume exp(x) * sin(y) == 1/7\nassume exp(y) + sin(x * y) == 2\nshow x == x");
  CHECK(report.verdict == Verdict::proved);
  CHECK(report.decisive.message.find("inhabited: unknown") != std::string::npos);
  // Between two points at which the sides differ one way and the other there is one at which they do not.
  const ClaimReport between = report_of("given x in R\nassume sin(x) + exp(x) * cos(3*x) == 1/7\nshow x == x");
  CHECK(between.verdict == Verdict::proved);
  CHECK(between.decisive.message.find("inhabited") == std::string::npos);
  const ClaimReport root = report_of("given x in R\nassume x^2 == 2\nassume x > 0\nshow x == sqrt(2)");
  CHECK(root.verdict == Verdict::proved);
  CHECK(root.decisive.message.find("inhabited") == std::string::npos);
  CHECK(verdict_of("given x in R\nassume x^2 == 2\nshow x == sqrt(2)") == Verdict::refuted);
}

TEST_CASE("a link that does not conform leaves the others alone") {
  const ClaimReport report = report_of(
      "given x in R[2]\ngiven y in R[3]\nshow x == x\nshow x == y\nshow y == y + 1\nshow y == y == x\nshow "
      "convex(x, x)\nshow y[4] == 0");
  CHECK(report.verdict == Verdict::ill_posed);
  REQUIRE(report.shows.size() == 6);
  const auto verdict = [&](std::size_t show, std::size_t link) {
    return report.shows[show].links[link].finding.verdict;
  };
  CHECK(verdict(0, 0) == Verdict::proved);
  CHECK(verdict(1, 0) == Verdict::ill_posed);
  CHECK(verdict(2, 0) == Verdict::refuted);
  CHECK(verdict(3, 0) == Verdict::proved);
  CHECK(verdict(3, 1) == Verdict::ill_posed);
  CHECK(verdict(4, 0) == Verdict::ill_posed);
  CHECK(verdict(5, 0) == Verdict::ill_posed);
}

TEST_CASE("agreement where numbers of very unlike size are added supports nothing") {
  for (const char* lie : {"10^(10^9) == 10^(10^9) + 1", "1 + exp(-10^6) == 1", "1 + exp(-10^6) <= 1",
                          "1 + exp(-exp(20)) == 1", "tanh(10^7) == 1", "logsumexp([10^6, 0]) == 10^6"}) {
    const Verdict verdict = verdict_of(std::string("show ") + lie);
    CHECK_MESSAGE((verdict == Verdict::refuted || verdict == Verdict::undecided), lie);
  }
  for (const char* lie : {"sigmoid(5000) == 1", "cosh(1000) == exp(1000)/2", "1 + 10^-300 == 1", "erf(100) == 1"})
    CHECK_MESSAGE(verdict_of(std::string("show ") + lie) == Verdict::refuted, lie);
  CHECK(verdict_of("given x in [10^5, 10^6]\nshow softplus(x) == x") <= Verdict::undecided);
}

TEST_CASE("existence at a point is decided") {
  CHECK(verdict_of("show not defined(log(0))") == Verdict::proved);
  CHECK(verdict_of("show defined(log(0))") == Verdict::refuted);
  CHECK(verdict_of("show not defined(log(2))") == Verdict::refuted);
  CHECK(verdict_of("given x in R\nshow defined(sqrt(x))") == Verdict::refuted);
}

TEST_CASE("sums over an index in closed form, for every dimension") {
  CHECK(verdict_of("for all n >= 1\nshow sum(k in 1..n: k) == n*(n + 1)/2") == Verdict::proved);
  CHECK(verdict_of("for all n >= 0\nshow sum(k in 1..n: k^3) == (n*(n + 1)/2)^2") == Verdict::proved);
  CHECK(verdict_of("for all n >= 1\nshow sum(i in 1..n: sum(j in 1..i: j)) == n*(n + 1)*(n + 2)/6") == Verdict::proved);
  CHECK(verdict_of("for all n >= 1\nshow sum(k in 1..n: k^2) == n*(n + 1)*(2*n - 1)/6") == Verdict::refuted);
  CHECK(verdict_of("for all n >= 1\ngiven q in (1, oo)\nshow sum(k in 1..n: q^k) == (q^(n + 1) - q)/(q - 1)") ==
        Verdict::proved);
  CHECK(verdict_of("for all n >= 1\ngiven q in (0, oo)\nshow sum(k in 1..n: q^k) * (q - 1) == q^(n + 1) - q") >=
        Verdict::supported);
}

TEST_CASE("limits from both sides") {
  CHECK(verdict_of("show limit(h -> 0: relu(h)/h) == 1") == Verdict::ill_posed);
  CHECK(verdict_of("show limit(h -> 0: sign(h)) == 0") == Verdict::ill_posed);
  CHECK(verdict_of("show limit(h -> 0: abs(h)) == 0") == Verdict::proved);
  CHECK(verdict_of("show limit(h -> 0: where(h == 0, 5, 2)) == 2") == Verdict::proved);
  CHECK(verdict_of("show limit(h -> 0: where(h == 0, 5, 2)) == 5") == Verdict::refuted);
  CHECK(verdict_of("show limit(h -> 2: max(h, 2) - abs(h - 2)) == 2") == Verdict::proved);
  CHECK(verdict_of("show limit(h -> 0: sin(h)/h) == 1") == Verdict::proved);
}
