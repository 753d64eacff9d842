#include <doctest/doctest.h>

#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/record/build.hpp>
#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/check/quadrature/quadrature.hpp>

#include "../claim/claim_of.hpp"

using namespace nabla;

namespace {

Verdict verdict_of(const std::string& lines) {
  const ClaimReport report = check(claim_of(lines), CheckOptions{.points = 16});
  INFO(report.decisive.message);
  return report.verdict;
}

void proves(const std::string& lines) {
  INFO(lines);
  CHECK(verdict_of(lines) == Verdict::proved);
}
void refutes(const std::string& lines) {
  INFO(lines);
  CHECK(verdict_of(lines) == Verdict::refuted);
}
/// Whatever else, not these.
void never(const std::string& lines, std::initializer_list<Verdict> wrong) {
  INFO(lines);
  const Verdict v = verdict_of(lines);
  for (const Verdict w : wrong) CHECK(v != w);
}

/// The integral over the unit interval.
Ball enclosed(Expr (*density)(const Expr&), const quadrature::Effort& effort) {
  Problem problem;
  problem.workspace = std::make_shared<Workspace>();
  const WorkspaceScope scope(problem.workspace);
  const Expr s = variable("s"), value = variable("value");
  Set set;
  set.entries.lo = Expr(0);
  set.entries.hi = Expr(1);
  problem.givens.push_back({"s", s, set, {}});
  problem.integrals.push_back({value, density(s), s});
  const Budget budget;
  quadrature::Quadrature q(problem, problem.integrals, budget);
  return q.enclose(0, {{Ball::indeterminate()}}, effort);
}

}  // namespace

TEST_CASE("enclosures of integrals hold them and are narrow") {
  using quadrature::radius;
  const auto holds = [](const Ball& b, const char* digits, double wide) {
    CHECK(b.overlaps(Ball::from_text(digits)));
    CHECK(radius(b) < wide);
  };
  holds(enclosed([](const Expr& s) { return exp(-s * s * s); }, quadrature::plain),
        "0.80751118213967145285833318338091", 1e-16);
  holds(enclosed([](const Expr& s) { return exp(-s * s * s); }, quadrature::careful),
        "0.807511182139671452858333183380908475502046853511493663680296", 1e-30);
  // An end at which the derivative is infinite, a kink, a hole.
  holds(enclosed([](const Expr& s) { return sqrt(s) * exp(s); }, quadrature::plain),
        "1.2556300825518636265562388844957", 1e-12);
  holds(enclosed([](const Expr& s) { return abs(sin(s) - ratio<Expr>(1, 2)); }, quadrature::plain),
        "0.21534727729903644920361696460948", 1e-12);
  holds(enclosed([](const Expr& s) { return sin(s) / s; }, quadrature::plain), "0.94608307036718301494135331382318",
        1e-12);
  // A pole is not passed over.
  CHECK_FALSE(enclosed([](const Expr& s) { return exp(1 / s); }, quadrature::plain).is_finite());
  CHECK_FALSE(enclosed([](const Expr& s) { return exp(s) / (s - ratio<Expr>(1, 3)); }, quadrature::plain).is_finite());
  CHECK_FALSE(enclosed([](const Expr& s) { return cos(s) / s; }, quadrature::quick).is_finite());
}

TEST_CASE("integrals without a primitive function are compared with numbers") {
  proves("show integral(t in 0..1: exp(-t^3)) <= 0.8075112\n");
  refutes("show integral(t in 0..1: exp(-t^3)) <= 0.8075111\n");
  proves("show integral(t in 0..1: exp(-t^3)) != 0.8075111821396714\n");
  refutes("show integral(t in 0..1: exp(-t^3)) == 0.8075111821396714\n");
  refutes("show integral(t in 1..0: exp(-t^3)) >= 0\n");
  proves("show integral(t in 0..1: sin(t)/t) < 0.9460831\n");
  refutes("show integral(t in 0..1: sin(t)/t) < 0.946083\n");
  never("show integral(t in 0..1: cos(t)/t) >= 0\n", {Verdict::proved, Verdict::refuted});
  never("show integral(t in 0..1: exp(1/t)) >= 1\n", {Verdict::proved, Verdict::refuted});
  never("show integral(t in 0..1: exp(1/t)) <= 1\n", {Verdict::proved, Verdict::refuted});
  never("show integral(t in 0..2: exp(t)/(t - 1)) >= 0\n", {Verdict::proved, Verdict::refuted});
}

TEST_CASE("integrals with parameters") {
  const std::string x = "given x in [0, 1]\n";
  proves(x + "show integral(t in 0..1: exp(-x*t^2)) >= 1 - x/3\n");
  refutes(x + "show integral(t in 0..1: exp(-x*t^2)) >= 1 - x/4\n");
  refutes("given x in [-1, 1]\nshow integral(t in 0..1: exp(-x*t^2)) <= 1\n");
  proves(x + "show integral(t in 0..x: sin(t^2)) <= x^3/3\n");
  refutes(x + "show integral(t in 0..x: sin(t^2)) <= x^3/3 - x^7/43\n");
  proves(x + "show integral(t in 0..x: sin(t^2)) >= x^3/3 - x^7/42\n");
  never(x + "show integral(t in 0..x: sin(t^2)) < x^3/3\n", {Verdict::proved});
  proves("given x in (0, 1]\nshow integral(t in 0..x: sin(t^2)) < x^3/3\n");
  never("given x in (0, 1]\nshow integral(t in x..1: exp(1/t)) <= 100\n", {Verdict::proved});
}

TEST_CASE("predicates of integrals without a primitive function are left open") {
  // They move with x, which no other decider sees.
  const std::string x = "given x in [0, 1]\n";
  never(x + "show linear(integral(t in 0..1: exp(x*t^2)), x)\n", {Verdict::proved});
  never(x + "show decreasing(integral(t in 0..1: exp(x*t^2)), x)\n", {Verdict::proved});
  never(x + "show concave(integral(t in 0..1: exp(x*t^2)), x)\n", {Verdict::proved});
  never(x + "show limit(h -> 0: integral(t in 0..1: exp(x*t^2*h))) == 2\n", {Verdict::proved});
  never(x + "show grad(integral(t in 0..1: exp(x*t^2)), x) == 0\n", {Verdict::proved, Verdict::supported});
  never(x + "show log(integral(t in 0..1: exp(x*t^2))) >= 0\n", {Verdict::ill_posed, Verdict::refuted});
  never(x + "assume integral(t in 0..1: exp(x*t^2)) >= 5\nshow x == 2\n", {Verdict::refuted});
}
