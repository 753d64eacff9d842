#include <doctest/doctest.h>

#include <nabla/proofs/check/inequality/inequality.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/inequality/inequality.hpp>

#include "../inequality_claims.hpp"
#include "proofs/row_stride.hpp"

namespace {

using namespace nabla;

Problem problem_of(const KnownInequality& known) {
  ClaimIds ids;
  const std::string text =
      "```claim t\n" + std::string(known.given) + "\nshow " + std::string(known.statement) + "\n```\n";
  const Document document = read_document(Source("t", text), ids);
  REQUIRE(document.errors.empty());
  return elaborate(document.claims.at(0), {});
}

}  // namespace

TEST_CASE("true inequalities are proved, and their certificates replayed") {
  std::size_t row = 0;
  for (const KnownInequality& known : true_inequalities) {
    if (row++ % row_stride != 0) continue;
    CAPTURE(known.given);
    CAPTURE(known.statement);
    const Problem problem = problem_of(known);
    const auto finding = decide_inequality(problem, problem.shows.at(0), {}, {});
    REQUIRE(finding);
    CHECK(finding->verdict == Verdict::proved);
    if (finding->verdict != Verdict::proved) continue;
    REQUIRE(finding->certificates.size() == 1);
    CHECK(finding->certificates[0].kind == "inequality");
    const Replay again = recheck_inequality(problem, problem.shows[0], finding->certificates[0].data);
    INFO(again.message);
    INFO(finding->certificates[0].data);
    CHECK(again.answer == Replay::Answer::yes);
  }
}

TEST_CASE("false inequalities are never proved") {
  std::size_t row = 0;
  for (const KnownInequality& known : false_inequalities) {
    if (row++ % row_stride != 0) continue;
    CAPTURE(known.given);
    CAPTURE(known.statement);
    const Problem problem = problem_of(known);
    const auto finding = decide_inequality(problem, problem.shows.at(0), {}, {});
    REQUIRE(finding);
    CHECK(finding->verdict == Verdict::undecided);
  }
}

TEST_CASE("statements of other kinds are left to others") {
  for (const KnownInequality known : {KnownInequality{"given x in R", "x == x"},
                                      {"given x in R", "convex(x^2, x)"},
                                      {"given x in R", "x > 0 implies abs(x) == x"}}) {
    const Problem problem = problem_of(known);
    CHECK_FALSE(decide_inequality(problem, problem.shows.at(0), {}, {}));
  }
}

TEST_CASE("the sign of an expression of a problem") {
  const Problem problem = problem_of({"given x in R", "x == x"});
  const WorkspaceScope scope(problem.workspace);
  const Expr x = problem.givens.at(0).variable;
  const Expr g = exp(x) - 1 - x;
  const Finding proof = prove_sign(problem, g, SignGoal::nonnegative);
  CHECK(proof.verdict == Verdict::proved);
  REQUIRE(proof.certificates.size() == 1);
  CHECK(recheck_sign(problem, g, "nonnegative", proof.certificates[0].data).answer == Replay::Answer::yes);
  CHECK(recheck_sign(problem, g, "positive", proof.certificates[0].data).answer != Replay::Answer::yes);
  CHECK(prove_sign(problem, g, SignGoal::positive).verdict == Verdict::undecided);
  CHECK(prove_sign(problem, -exp(x), SignGoal::negative).verdict == Verdict::proved);
  CHECK(prove_sign(problem, exp(x) + 1, SignGoal::nonzero).verdict == Verdict::proved);
  CHECK(prove_sign(problem, x, SignGoal::nonzero).verdict == Verdict::undecided);
}

TEST_CASE("a proof names the hypotheses that it needs") {
  const Problem problem = problem_of({"given x, y in R\nassume x > 1\nassume y < 5", "x^2 > x"});
  const auto finding = decide_inequality(problem, problem.shows.at(0), {}, {});
  REQUIRE(finding);
  CHECK(finding->verdict == Verdict::proved);
  CHECK(finding->hypotheses == std::vector<std::string>{"x > 1"});
}
