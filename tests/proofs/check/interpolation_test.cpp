#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/check/interpolation/grading.hpp>
#include <nabla/proofs/check/interpolation/interpolation.hpp>
#include <nabla/proofs/claim/document.hpp>
#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/interpolation/interpolation.hpp>
#include <nlohmann/json.hpp>

#include "../claim/claim_of.hpp"

using namespace nabla;

namespace {

const std::string points = "given x, y in R[2]\n";
const std::string curved = points + "given L in (0, oo)\n";
const std::string strong = points + "given m in (0, oo)\n";
const std::string both = points + "given L, m in (0, oo)\n";
const std::string line = "given t in [0, 1]\n";

const std::string any = "given f: R[2] -> R is differentiable\n";
const std::string convex = "given f: R[2] -> R is convex\n";
const std::string convex_d = "given f: R[2] -> R is differentiable, convex\n";
const std::string smooth = "given f: R[2] -> R is smooth(L)\n";
const std::string convex_smooth = "given f: R[2] -> R is convex, smooth(L)\n";
const std::string strongly = "given f: R[2] -> R is differentiable, strongly_convex(m)\n";
const std::string strongly_smooth = "given f: R[2] -> R is strongly_convex(m), smooth(L)\n";

Verdict verdict(const std::string& lines) {
  const ClaimReport report = check(claim_of(lines), CheckOptions{.points = 16});
  INFO(lines << "  " << report.decisive.message);
  return report.verdict;
}

/// Proved by the decider for what it is, and the certificate adds up again.
void proves(const std::string& lines) {
  INFO(lines);
  const Problem p = elaborate(claim_of(lines), {}, FunctionTreatment::abstract);
  for (const Statement& show : p.shows) {
    const auto finding = decide_interpolation(p, show, {}, {});
    REQUIRE(finding.has_value());
    INFO(finding->message);
    REQUIRE(finding->verdict == Verdict::proved);
    REQUIRE(finding->certificates.size() == 1);
    const Replay again = recheck_interpolation(p, show, finding->certificates[0].data);
    INFO(again.message << "\n" << finding->certificates[0].data);
    CHECK(again.answer == Replay::Answer::yes);
  }
}
void refutes(const std::string& lines) {
  INFO(lines);
  CHECK(verdict(lines) == Verdict::refuted);
}

}  // namespace

TEST_CASE("interpolation: the propositions on convex and smooth functions") {
  proves(points + convex_d + "show f(x) + dot(grad(f)(x), y - x) <= f(y)\n");
  proves(points + line + convex + "show f(t * x + (1 - t) * y) <= t * f(x) + (1 - t) * f(y)\n");
  proves(points + line + any +
         "let z = t * x + (1 - t) * y\nassume f(z) + dot(grad(f)(z), x - z) <= f(x)\n"
         "assume f(z) + dot(grad(f)(z), y - z) <= f(y)\nshow f(z) <= t * f(x) + (1 - t) * f(y)\n");
  proves(points + "given t in (0, 1)\n" + convex + "show (f(x + t * (y - x)) - f(x)) / t <= f(y) - f(x)\n");
  proves(curved + smooth + "show f(y) <= f(x) + dot(grad(f)(x), y - x) + L / 2 * norm(y - x)^2\n");
  proves(curved + convex_smooth + "show norm(grad(f)(y) - grad(f)(x))^2 / L <= dot(grad(f)(y) - grad(f)(x), y - x)\n");
  proves(curved + convex_smooth +
         "let z = x - 1 / L * (grad(f)(x) - grad(f)(y))\n"
         "show f(y) - f(x) <= dot(grad(f)(y), y - z) + dot(grad(f)(x), z - x) + L / 2 * norm(z - x)^2\n"
         "show f(y) - f(x) <= dot(grad(f)(y), y - x) - 1 / (2 * L) * norm(grad(f)(x) - grad(f)(y))^2\n");
}

TEST_CASE("interpolation: steps, rates, minimizers, monotonicity") {
  proves(curved + smooth + "show f(x - grad(f)(x) / L) <= f(x) - norm(grad(f)(x))^2 / (2 * L)\n");
  proves(curved + "given a in (0, oo)\n" + smooth +
         "assume a <= 1 / L\nshow f(x - a * grad(f)(x)) <= f(x) - a / 2 * norm(grad(f)(x))^2\n");
  proves(strong + strongly + "show norm(grad(f)(x))^2 >= 2 * m * (f(x) - f(y))\n");
  proves(points + convex_d + "show dot(grad(f)(x) - grad(f)(y), x - y) >= 0\n");
  proves(strong + strongly + "show dot(grad(f)(x) - grad(f)(y), x - y) >= m * norm(x - y)^2\n");
  proves(both + strongly_smooth +
         "assume grad(f)(y) == zeros(2)\n"
         "show norm(x - grad(f)(x) / L - y)^2 <= (1 - m / L) * norm(x - y)^2\n");
  proves(points + "given z in R[2]\ngiven a, b, c in [0, 1]\n" + convex +
         "assume a + b + c == 1\nshow f(a * x + b * y + c * z) <= a * f(x) + b * f(y) + c * f(z)\n");
  proves(points + convex_d + "assume grad(f)(y) == zeros(2)\nshow f(x) >= f(y)\n");
  proves(curved + convex_smooth +
         "let p = x - grad(f)(x) / L\nshow f(p) - f(y) <= L / 2 * (norm(x - y)^2 - norm(p - y)^2)\n");
  proves(both + strongly_smooth +
         "show (L + m) * dot(grad(f)(x) - grad(f)(y), x - y) >= "
         "norm(grad(f)(x) - grad(f)(y))^2 + m * L * norm(x - y)^2\n");
  proves(
      "given x, y in R\ngiven L in (0, oo)\ngiven f: R -> R is convex, smooth(L)\n"
      "show (grad(f)(x) - grad(f)(y)) * (x - y) >= (grad(f)(x) - grad(f)(y))^2 / L\n");
  proves(curved + smooth + "show norm(grad(f)(x) - grad(f)(y)) <= L * norm(x - y)\n");
}

TEST_CASE("interpolation: a damaged certificate does not add up") {
  const Problem p =
      elaborate(claim_of(curved + smooth + "show f(y) <= f(x) + dot(grad(f)(x), y - x) + L / 2 * norm(y - x)^2\n"), {},
                FunctionTreatment::abstract);
  const auto finding = decide_interpolation(p, p.shows[0], {}, {});
  REQUIRE(finding.has_value());
  REQUIRE(finding->verdict == Verdict::proved);
  auto data = nlohmann::json::parse(finding->certificates[0].data);
  data["combinations"][0]["terms"][0]["c"] = "2";
  CHECK(recheck_interpolation(p, p.shows[0], data.dump()).answer == Replay::Answer::no);
  data["combinations"][0]["terms"][0]["c"] = "-1";
  CHECK(recheck_interpolation(p, p.shows[0], data.dump()).answer == Replay::Answer::no);
  const Problem other =
      elaborate(claim_of(curved + smooth + "show f(y) <= f(x) + dot(grad(f)(x), y - x) + L / 4 * norm(y - x)^2\n"), {},
                FunctionTreatment::abstract);
  CHECK(recheck_interpolation(other, other.shows[0], finding->certificates[0].data).answer == Replay::Answer::no);
}

TEST_CASE("interpolation: perturbed claims are refuted by an explicit function") {
  refutes(curved + smooth + "show f(y) <= f(x) + dot(grad(f)(x), y - x) + L / 4 * norm(y - x)^2\n");
  refutes(points + convex_d + "show f(x) + dot(grad(f)(y), y - x) <= f(y)\n");
  refutes(curved + smooth + "show f(x) + dot(grad(f)(x), y - x) <= f(y)\n");
  refutes(curved + convex_smooth +
          "show 2 * norm(grad(f)(y) - grad(f)(x))^2 / L <= dot(grad(f)(y) - grad(f)(x), y - x)\n");
  refutes(curved + smooth + "show norm(grad(f)(y) - grad(f)(x))^2 / L <= dot(grad(f)(y) - grad(f)(x), y - x)\n");
  refutes(curved + smooth + "show f(x - 2 * grad(f)(x) / L) <= f(x) - norm(grad(f)(x))^2 / (2 * L)\n");
  refutes(curved + smooth + "show f(x - grad(f)(x) / L) <= f(x) - norm(grad(f)(x))^2 / L\n");
  refutes(strong + strongly + "show norm(grad(f)(x))^2 >= 4 * m * (f(x) - f(y))\n");
  refutes(points + convex_d + "show dot(grad(f)(x) - grad(f)(y), x - y) <= 0\n");
  refutes(strong + strongly + "show dot(grad(f)(x) - grad(f)(y), x - y) >= 2 * m * norm(x - y)^2\n");
  refutes(points + "given z in R[2]\ngiven a, b, c in [0, 1]\n" + convex +
          "show f(a * x + b * y + c * z) <= a * f(x) + b * f(y) + c * f(z)\n");
  refutes(points + line + convex + "show f(t * x + (1 - t) * y) >= t * f(x) + (1 - t) * f(y)\n");
  refutes(points + convex_d + "show f(x) >= f(y)\n");
  refutes(points + any + "assume grad(f)(y) == zeros(2)\nshow f(x) >= f(y)\n");
  refutes(curved + smooth + "show norm(grad(f)(x) - grad(f)(y)) <= L / 2 * norm(x - y)\n");
  refutes(points + convex + "show f(x + y) == f(x) + f(y)\n");
  refutes(points + convex + "show f(x) + f(-x) - 2 * f(zeros(2)) <= norm(x)^2\n");
}

TEST_CASE("interpolation: predicates about function variables are written out") {
  proves(points + convex + "show convex(2 * f(x) + norm(x)^2, x)\n");
  proves(points + "given a in R\n" + convex + "show convex(f(a * x + y), x)\n");
  proves(curved + convex_smooth + "show cocoercive(f(x), x, L)\nshow smooth(f(x), x, L)\n");
  proves(curved + smooth + "show lipschitz(grad(f)(x), x, L)\n");
  refutes(points + convex + "show concave(f(x), x)\n");
  refutes("given x in R[1]\ngiven L in (0, oo)\ngiven f: R[1] -> R is smooth(L)\nshow convex(f(x), x)\n");
}

TEST_CASE("regularity of function variables follows from their class") {
  const std::string f = "given z in R[2]\ngiven f: R[2] -> R is differentiable\n";
  CHECK(verdict(f + "assume abs(z) > 0\nshow differentiable(f(relu(z)), z)\n") == Verdict::proved);
  CHECK(verdict(f + "show differentiable(f(relu(z)), z)\n") == Verdict::refuted);
  CHECK(verdict("given z in R\ngiven f: R -> R is continuous\nshow continuous(f(relu(z)), z)\n") == Verdict::proved);
  CHECK(verdict("given z in R\ngiven f, g: R -> R is continuous\nshow continuous(f(g(z)), z)\n") == Verdict::proved);
  CHECK(verdict("given z in R\ngiven f: R -> R is continuous\nshow differentiable(f(z), z)\n") == Verdict::refuted);
  CHECK(verdict("given z in R\ngiven f: R -> R is any\nshow continuous(f(z), z)\n") == Verdict::refuted);
}

TEST_CASE("a function of a function is not constant") {
  const std::string fg = "given x in R\ngiven f: R -> R is linear\ngiven g: R -> R is convex\n";
  CHECK(verdict(fg + "show increasing(f(g(x)), x)\n") != Verdict::proved);
  CHECK(verdict(fg + "show convex(f(g(x)), x)\n") == Verdict::refuted);
  CHECK(verdict(fg + "show lipschitz(f(g(x)), x, 1)\n") == Verdict::refuted);
  CHECK(verdict("given x in R\ngiven f: R -> R is any\ngiven g: R -> R is continuous\n"
                "show continuous(f(g(x)), x)\n") != Verdict::proved);
}

TEST_CASE("gradings: a smooth function may be scaled, and so may its argument") {
  using namespace interpolation;
  // f, g, x, L: f, g x and L x^2 weigh the same
  const auto s = [](Symbol k) { return Polynomial::symbol(k); };
  const Polynomial p = s(0) + s(1) * s(2) + s(3) * s(2) * s(2);
  const Grading grading(4, {&p});
  CHECK(grading.weight(s(0)) == grading.weight(s(1) * s(2)));
  CHECK(grading.weight(s(1)) == grading.weight(s(3) * s(2)));
  CHECK(grading.weight(s(1)) != grading.weight(s(2)));
  CHECK_FALSE(grading.weight(s(0) + s(2)).has_value());
}
