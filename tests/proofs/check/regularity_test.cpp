#include <doctest/doctest.h>

#include <nabla/engine/numbers/precision.hpp>
#include <nabla/proofs/check/wellposed/regularity.hpp>
#include <nabla/proofs/check/wellposed/regularity_germ.hpp>
#include <nabla/proofs/check/wellposed/regularity_point.hpp>
#include <nabla/proofs/claim/dimensions.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/curvature/curvature.hpp>

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

using G = Number<Germ>;

/// t, or -t, as it goes to 0 from above.
Germ t(int slope = 1) { return Germ::line(PointValue(0), PointValue(slope)); }
Rational coefficient(const Germ& g, int exponent) {
  const PointValue c = g.coefficient(exponent);
  REQUIRE(c.exact() != nullptr);
  return *c.exact();
}

Finding decide(const std::string& lines) {
  const Problem problem = elaborate(claim_of(lines), {});
  const auto finding = decide_regularity(problem, problem.shows[0], {}, {});
  REQUIRE(finding.has_value());
  return *finding;
}

}  // namespace

TEST_CASE("germs: one-sided expansions through kinks, roots and cancellations") {
  const Precision scope(40);
  CHECK(coefficient(G::abs(t(-1)), Germ::unit) == 1);
  CHECK(coefficient(G::max(t(1), Germ(0)), Germ::unit) == 1);
  CHECK(G::max(t(-1), Germ(0)).is_zero());
  const Germ root = G::sqrt(t());
  CHECK(root.has_term_between(0, Germ::unit));
  CHECK(coefficient(root * root, Germ::unit) == 1);
  CHECK(G::sqrt(t(-1)).status() == Germ::Status::undefined);
  CHECK(G::log(t(-1)).status() == Germ::Status::undefined);
  CHECK(G::log(t()).status() == Germ::Status::unknown);
  const Germ half_power = G::pow(G::abs(t(-1)), Germ(PointValue(Rational(3, 2))));
  CHECK(coefficient(half_power, Germ::unit) == 0);
  CHECK(coefficient(half_power, 3 * Germ::unit / 2) == 1);
  // (exp(t) - 1) / t = 1 + t / 2 + ...
  const Germ quotient = (G::exp(t()) - Germ(1)) / t();
  CHECK(coefficient(quotient, 0) == 1);
  CHECK(coefficient(quotient, Germ::unit) == Rational(1, 2));
  CHECK(G::sqrt(G::powi(t(), 4)).positive() == Truth::yes);
  CHECK(coefficient(G::floor(Germ(2) + t()), 0) == 2);
  CHECK(coefficient(G::floor(Germ(2) + t(-1)), 0) == 1);
  CHECK((Germ(1) / t()).is_unbounded());
  CHECK((t() / (t() - t())).status() == Germ::Status::undefined);
  // acos(1 - t) grows like sqrt(2 t).
  CHECK(G::acos(Germ(1) - t()).has_term_between(0, Germ::unit));
  CHECK(G::acos(Germ(1) + t()).status() == Germ::Status::undefined);
}

TEST_CASE("germs do not claim to know what they were not told") {
  const Precision scope(40);
  const Germ irrational(Number<PointValue>::of(Constant::pi()));
  CHECK((irrational - irrational).zero() == Truth::unknown);
  CHECK((Germ(1) / (irrational - irrational)).status() == Germ::Status::unknown);
  CHECK(G::tan(irrational / Germ(2)).status() == Germ::Status::unknown);
  CHECK(G::exp(Germ(1) / t()).status() == Germ::Status::unknown);
}

TEST_CASE("what a derivative is taken along is read from its text") {
  using wellposed::Along;
  using wellposed::asked_along;
  CHECK(asked_along("grad(f(x, y), x)") == Along::all_entries);
  CHECK(asked_along("grad(x[1]^2, x[1])") == Along::some_entries);
  CHECK(asked_along("grad(f)") == Along::all_entries);
  CHECK(asked_along("diff(abs(x), x, h)") == Along::direction);
  CHECK(asked_along("diff(abs(x), x, 1)") == Along::nonzero_direction);
  CHECK(asked_along("diff(abs(x), x, 0)") == Along::direction);
}

TEST_CASE("defined is proved by ranges and refuted by a point") {
  CHECK(decide("given x in R\nshow defined(log(1 + exp(x)))\n").verdict == Verdict::proved);
  const Finding f = decide("given x in R\nshow defined(1/(2*x - 5))\n");
  CHECK(f.verdict == Verdict::refuted);
  CHECK(f.witness.at("x") == std::vector<std::string>{"5/2"});
  CHECK(decide("given x in R\nassume x > 0\nshow defined(log(x))\n").verdict == Verdict::proved);
  CHECK(decide("given x in R\nshow x > 0 implies defined(log(x))\n").verdict == Verdict::proved);
}

TEST_CASE("differentiable is proved where no operator meets its kink") {
  CHECK(decide("given x in R\nshow differentiable(softplus(x), x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in (0, oo)\nshow differentiable(abs(x), x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in R\nshow differentiable(abs(x)^3, x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in R\nshow differentiable(max(0, x)^2, x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in R[2]\nshow differentiable(norm(x)^2, x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in [0, 1]\nshow differentiable(x^(3/2), x)\n").verdict == Verdict::proved);
}

TEST_CASE("differentiable is refuted by one-sided derivatives that differ or grow beyond all bounds") {
  for (const char* e : {"abs(x)", "relu(x)", "max(x, -x)", "sqrt(x^2)", "where(x > 0, x, 0)", "abs(x) + x^2", "cbrt(x)",
                        "sqrt(abs(x))", "sign(x)", "norm([x, 2*x])"}) {
    CAPTURE(e);
    const Finding f = decide(std::string("given x in R\nshow differentiable(") + e + ", x)\n");
    CHECK(f.verdict == Verdict::refuted);
    CHECK(f.witness.at("x") == std::vector<std::string>{"0"});
  }
  CHECK(decide("given x in [0, 1]\nshow differentiable(sqrt(x), x)\n").verdict == Verdict::refuted);
  CHECK(decide("given x in [-1, 1]\nshow differentiable(acos(x), x)\n").verdict == Verdict::refuted);
}

TEST_CASE("differentiable is never refuted where kinks cancel") {
  for (const char* e : {"relu(x) - relu(-x)", "x * abs(x)", "abs(x)^(3/2)", "sqrt(x^4)", "where(x > 0, x^2, 0)",
                        "max(x, 0)^2 - min(x, 0)^2", "abs(x) * abs(x)", "abs(x) - sqrt(x^2)", "x^2 * sign(x)"}) {
    CAPTURE(e);
    CHECK(decide(std::string("given x in R\nshow differentiable(") + e + ", x)\n").verdict != Verdict::refuted);
  }
}

TEST_CASE("continuous is decided at jumps, not at kinks") {
  CHECK(decide("given x in R\nshow continuous(abs(x) + relu(x), x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in [0, 1]\nshow continuous(sqrt(x), x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in R\nshow continuous(sign(x), x)\n").verdict == Verdict::refuted);
  CHECK(decide("given x in R\nshow continuous(floor(x), x)\n").verdict == Verdict::refuted);
  CHECK(decide("given x in (0, 1)\nshow continuous(floor(x), x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in R\nshow continuous(where(x > 0, x, 0), x)\n").verdict != Verdict::refuted);
  CHECK(decide("given x in R\nshow continuous(where(x > 0, 1, 0), x)\n").verdict == Verdict::refuted);
}

TEST_CASE("a negated predicate turns the verdict over only where it does not depend on the point") {
  CHECK(decide("given x in R\nshow not differentiable(abs(x), x)\n").verdict == Verdict::proved);
  CHECK(decide("given x in R\nshow not differentiable(x^2, x)\n").verdict == Verdict::refuted);
  CHECK(decide("given x in R\ngiven a in R\nshow not differentiable(a * abs(x), x)\n").verdict == Verdict::undecided);
  CHECK(decide("given x in R\nshow not defined(log(x))\n").verdict == Verdict::undecided);
}

TEST_CASE("the predicates ignore conventions") {
  CHECK(decide("given x in R\nconvention relu'(0) = 0\nshow differentiable(relu(x), x)\n").verdict == Verdict::refuted);
}

TEST_CASE("other statements are not for this decider") {
  const Problem problem = elaborate(claim_of("given x in R\nshow x == x\n"), {});
  CHECK_FALSE(decide_regularity(problem, problem.shows[0], {}, {}).has_value());
}

TEST_CASE("pieces of one variable that meet, and their slopes") {
  const auto check = [](const std::string& e, bool continuous, bool differentiable) {
    for (const bool slopes : {false, true}) {
      const std::string lines =
          "given x in R\nshow " + std::string(slopes ? "differentiable(" : "continuous(") + e + ", x)\n";
      INFO(lines);
      const Finding f = decide(lines);
      if (!(slopes ? differentiable : continuous)) {
        CHECK(f.verdict != Verdict::proved);
        continue;
      }
      REQUIRE(f.verdict == Verdict::proved);
      REQUIRE(f.certificates.size() == 1);
      if (f.certificates[0].kind != "pieces") continue;
      const Problem problem = elaborate(claim_of(lines), {});
      const auto again =
          replay_regular_pieces(problem, problem.shows[0], nlohmann::ordered_json::parse(f.certificates[0].data));
      CHECK_MESSAGE(again.outcome == Outcome::confirmed, again.message);
    }
  };
  check("x * abs(x)", true, true);
  check("where(abs(x) <= 1, x^2 / 2, abs(x) - 1/2)", true, true);
  check("where(abs(x) <= 1, x^2 / 2, abs(x) - 1/4)", false, false);
  check("where(x < 0, -x, x^2)", true, false);
  check("where(x < 0, -x^2, x^2)", true, true);
  check("where(x < 0, exp(x), 1 + x)", true, true);
  check("where(x < 0, exp(x), 1 + 2 * x)", true, false);
  check("where(x < 1, floor(x), 0)", false, false);
  check("where(floor(x) + 1/2 < 0, 5, x^2)", false, false);
  check("sign(x) * x", true, false);
  check("sign(x) * (x + 1)", false, false);
}
