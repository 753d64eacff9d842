// Functions of u + k by those of u: the gamma function where u > 0, the fractional part.
#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/recheck/recheck.hpp>
#include <nabla/proofs/report/report.hpp>

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

/// The verdict, with every certificate of it replayed.
Verdict verdict_of(const std::string& lines) {
  const std::string text = "```claim t\n" + lines + "\n```\n";
  CheckOptions options;
  options.suggest = false;
  const ClaimReport report = check(claim_of(lines + "\n"), options);
  if (report.verdict == Verdict::proved) {
    ClaimIds ids;
    const Document document = read_document(Source("test.md", text), ids);
    const std::string json = to_json({.options = options, .claims = {check(document.claims.at(0), options)}});
    for (const ReplayedCertificate& r : recheck(json, [&](const std::string&) { return text; }))
      CHECK_MESSAGE(r.outcome == Outcome::confirmed, lines << ": " << r.message);
  }
  return report.verdict;
}

void is_proved(const std::string& lines) { CHECK_MESSAGE(verdict_of(lines) == Verdict::proved, lines); }
void is_not_proved(const std::string& lines) { CHECK_MESSAGE(verdict_of(lines) != Verdict::proved, lines); }

}  // namespace

TEST_CASE("the gamma function steps down to the least argument that is seen to be positive") {
  is_proved("given x in (0, oo)\nshow gamma(x + 3) / gamma(x) == x * (x + 1) * (x + 2)");
  is_proved("given x in (1, oo)\nshow gamma(x) == (x - 1) * gamma(x - 1)");
  is_proved("given x in (-1, oo)\nshow gamma(x + 3) == (x + 2) * (x + 1) * gamma(x + 1)");
  is_proved("given x, y in (0, oo)\nshow lgamma(x / y + 2) == lgamma(x / y) + log(x / y) + log((x + y) / y)");
  is_not_proved("given x in (0, oo)\nshow gamma(x + 3) / gamma(x) == (x + 1) * (x + 2) * (x + 3)");
  is_not_proved("given x in (0, oo)\nshow lgamma(x + 1) == lgamma(x) + log(x + 1)");
  // At 0 there is no gamma(x), but gamma(x + 1).
  is_not_proved("given x in {0}\nshow gamma(x + 1) == 0");
  is_not_proved("given x in [0, 1]\nshow where(x > 0, x * gamma(x), 0) == gamma(x + 1)");
  is_proved("given x in [0, 1]\nshow where(x > 0, x * gamma(x), 1) == gamma(x + 1)");
}

TEST_CASE("a whole number more does not change the fractional part") {
  is_proved("given x in R\nshow floor(x + 3) - floor(x - 2) == 5");
  is_proved("given x in R\ngiven d in (0, oo)\nshow abs(x - d * floor(x / d + 1/2)) <= d / 2");
  is_not_proved("given x in R\nshow floor(x + 1/2) == floor(x) + 1/2");
  is_not_proved("given x in R\ngiven d in R\nassume d != 0\nshow abs(x - d * floor(x / d + 1/2)) <= d / 2");
  is_not_proved("given x in R\nshow floor(-x) == -floor(x)");
  is_not_proved("given x in R\nshow floor(2 * x) == 2 * floor(x)");
}

TEST_CASE("a premise about pairs may hold where the conclusion fails") {
  const auto is_refuted = [](const std::string& lines) { CHECK_MESSAGE(verdict_of(lines) == Verdict::refuted, lines); };
  is_refuted("given a in R\ngiven x in R\nshow convex(a * x^2, x) implies a > 0");
  is_refuted("given x in R\ngiven L in R\nshow lipschitz(x, x, L) implies L > 1");
  is_refuted("given a in R\ngiven x in R\nassume a >= 1\nshow convex(a * x^2 + sin(x), x) implies a > 1");
  CHECK(verdict_of("given a in R\ngiven x in R\nshow convex(a * x^2, x) implies a >= 0") == Verdict::proved);
  // The set of x hangs on a: what holds for one set says nothing of another.
  CHECK(verdict_of("given a in [1, 2]\ngiven x in [0, a]\nshow increasing(x * (3 - x), x) implies a <= 3/2") !=
        Verdict::refuted);
  CHECK(verdict_of("given a in R\ngiven x in R\nassume x <= a\nshow convex(x^3, x) implies a > 0") != Verdict::refuted);
}
