#include "curvature_claims.hpp"

#include "../claim/claim_of.hpp"

#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/check/curvature/curvature.hpp>
#include <nabla/proofs/check/curvature/lipschitz.hpp>
#include <nabla/proofs/check/curvature/monotone.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>
#include "proofs/row_stride.hpp"

using namespace nabla;

namespace {

std::optional<Finding> decide(const Problem& problem, const Statement& statement) {
  for (const auto decider : {decide_curvature, decide_monotone, decide_lipschitz}) {
    try {
      if (auto f = decider(problem, statement, {}, {})) return f;
    } catch (const NotHandled& reason) {
      Finding f;
      f.message = reason.what();
      return f;
    }
  }
  return std::nullopt;
}

ReplayedCertificate replay(const Problem& problem, const Statement& statement, const Certificate& c) {
  const auto evidence = nlohmann::ordered_json::parse(c.data);
  if (c.kind == "curvature") return replay_curvature(problem, statement, evidence);
  if (c.kind == "monotone") return replay_monotone(problem, statement, evidence);
  if (c.kind == "linear") return replay_linear(problem, statement, evidence);
  return replay_lipschitz(problem, statement, evidence);
}

}  // namespace

TEST_CASE("true predicates of curvature are proved, and their certificates are derived again") {
  std::size_t row = 0;
  for (const CurvatureClaim& c : curvature_claims()) {
    if (row++ % row_stride != 0) continue;
    const Claim claim = claim_of(c.given + "show " + c.truth + "\n");
    for (const Choice& choice : choices_of(claim).list) {
      const Problem problem = elaborate(claim, choice);
      const auto f = decide(problem, problem.shows[0]);
      REQUIRE_MESSAGE(f, c.truth);
      CHECK_MESSAGE(f->verdict == Verdict::proved, c.given << c.truth << "\n-> " << f->message);
      if (f->verdict != Verdict::proved) continue;
      const Problem again = elaborate(claim, choice);
      ReplayedCertificate r;
      try {
        r = replay(again, again.shows[0], f->certificates.at(0));
      } catch (const nlohmann::json::exception& error) {
        r.message = error.what();
      }
      CHECK_MESSAGE(r.outcome == Outcome::confirmed, c.given << c.truth << "\n-> " << r.message << "\n"
                                                             << f->certificates.at(0).data);
    }
  }
}

TEST_CASE("no perturbed predicate of curvature is proved") {
  for (const CurvatureClaim& c : curvature_claims())
    for (const std::string& lie : c.lies) {
      const Claim claim = claim_of(c.given + "show " + lie + "\n");
      const auto choices = choices_of(claim).list;
      // The largest dimension: in the smallest some of them are true.
      const Problem problem = elaborate(claim, choices.back());
      const auto f = decide(problem, problem.shows[0]);
      CHECK_MESSAGE((!f || f->verdict != Verdict::proved), c.given << lie << "\n-> " << (f ? f->method : ""));
    }
}

TEST_CASE("an argument that looks at no extent holds in every dimension, and only such a one") {
  const auto verdict = [](const std::string& given, const std::string& shown) {
    return check(claim_of("for all n >= 1\n" + given + "show " + shown + "\n"), {.points = 8}).verdict;
  };
  const std::string x = "given x in R[n]\n";
  CHECK(verdict(x, "convex(logsumexp(x) + norm(x)^2, x)") == Verdict::proved);
  CHECK(verdict(x, "lipschitz(softmax(x), x, 1/2)") == Verdict::proved);
  CHECK(verdict(x + "given A in R[n, n]\n", "smooth(norm(A*x)^2/2, x, norm(A)^2)") == Verdict::proved);
  CHECK(verdict(x, "increasing(sum(exp(x)), x)") == Verdict::proved);
  // True up to n = 6.
  CHECK(verdict(x, "convex((6 - n) * norm(x), x)") != Verdict::proved);
  CHECK(verdict(x, "convex(6 * sum(x.^2) - n * sum(x.^2), x)") != Verdict::proved);
  CHECK(verdict(x, "strongly_convex(norm(x)^2, x, n * (1/3))") != Verdict::proved);
  CHECK(verdict(x, "strongly_convex(mean(x.^2), x, 1/3)") != Verdict::proved);
  CHECK(verdict(x, "lipschitz(sum(x), x, sqrt(6))") != Verdict::proved);
  CHECK(verdict(x + "given y in [0, 1][n]\n", "convex((6 - sum(i in 1..n: y[i])) * norm(x), x)") != Verdict::proved);
}

TEST_CASE("a set that is not convex is no place for convexity, and says why") {
  for (const char* lines : {"given x in R\nassume x^2 >= 1\nshow convex(x^2, x)\n",
                            "given x in R[2]\nassume norm(x) == 1\nshow convex(sum(x), x)\n",
                            "given x in R\nassume x != 0\nshow concave(-x^2, x)\n"}) {
    const Claim claim = claim_of(lines);
    const Problem problem = elaborate(claim, {});
    const auto f = decide(problem, problem.shows[0]);
    REQUIRE(f);
    CHECK_MESSAGE(f->verdict == Verdict::ill_posed, std::string(lines));
    CHECK(f->message.find("midpoint") != std::string::npos);
  }
}

TEST_CASE("the message names what breaks the rules") {
  const Claim claim = claim_of("given x, y in R\nshow convex(exp(x * y) + x^2, (x, y))\n");
  const Problem problem = elaborate(claim, {});
  const auto f = decide(problem, problem.shows[0]);
  REQUIRE(f);
  CHECK(f->message.find("x * y") != std::string::npos);
}

TEST_CASE("a certificate of something else is not confirmed") {
  const Claim truth = claim_of("given x in R\nshow convex(x^2 + exp(x), x)\n");
  const Claim lie = claim_of("given x in R\nshow convex(-x^2 - exp(x), x)\n");
  const Problem problem = elaborate(truth, {});
  const auto f = decide(problem, problem.shows[0]);
  REQUIRE(f);
  REQUIRE(f->verdict == Verdict::proved);
  const Problem other = elaborate(lie, {});
  CHECK(replay(other, other.shows[0], f->certificates[0]).outcome != Outcome::confirmed);
}
