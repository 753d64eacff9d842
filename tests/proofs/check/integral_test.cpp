#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <nabla/proofs/claim/document.hpp>

#include "../claim/claim_of.hpp"

using namespace nabla;

namespace {

Verdict verdict(const std::string& lines) {
  const ClaimReport report = check(claim_of(lines), CheckOptions{.points = 16});
  INFO(report.decisive.message);
  return report.verdict;
}
/// Proved, or as far as another decider goes agreed with.
void holds(const std::string& lines) {
  INFO(lines);
  const Verdict v = verdict(lines);
  CHECK((v == Verdict::proved || v == Verdict::supported));
}
void fails(const std::string& lines) {
  INFO(lines);
  CHECK(verdict(lines) == Verdict::refuted);
}
void ill_posed(const std::string& lines) {
  INFO(lines);
  CHECK(verdict(lines) == Verdict::ill_posed);
}
/// Never a wrong answer.
void open(const std::string& lines) {
  INFO(lines);
  CHECK(verdict(lines) == Verdict::undecided);
}

const std::string f = "given x, y in R[2]\ngiven L in (0, oo)\ngiven f: R[2] -> R is smooth(L)\n";

}  // namespace

TEST_CASE("integrals of elementary functions") {
  holds("show integral(t in 0..1: t^2) == 1/3\n");
  holds("given x in R\nshow integral(t in 0..x: cos(t)) == sin(x)\n");
  holds("given x in (0, oo)\nshow integral(t in 0..1: exp(t * x)) == (exp(x) - 1) / x\n");
  holds("given a, b in (0, oo)\nshow integral(t in a..b: 1 / t) == log(b) - log(a)\n");
  holds("given a, b in R\nshow integral(t in 0..1: (a + t * b)^2) == a^2 + a * b + b^2 / 3\n");
  holds("show integral(t in 0..1: t * exp(t)) == 1\n");
  holds("show integral(t in -1..1: abs(t)) == 1\n");
  holds("show integral(t in 0..4: sqrt(t)) == 16/3\n");
  holds("show integral(t in 0..1: t * exp(t^2)) == (exp(1) - 1) / 2\n");
  holds("given x in R\nshow grad(integral(t in 0..x: exp(t)), x) == exp(x)\n");
  holds(
      "given a, b in R\n"
      "show integral(t in 0..1: a * t + b * t^3) == a * integral(t in 0..1: t) + b * integral(t in 0..1: t^3)\n");
  holds("given x, y in R[2]\nshow integral(t in 0..1: norm(x + t * y)^2) == norm(x)^2 + dot(x, y) + norm(y)^2 / 3\n");
  fails("show integral(t in 0..1: t^2) == 1/2\n");
  fails("given x in R\nshow integral(t in 0..x: cos(t)) == -sin(x)\n");
  fails("given a, b in (0, oo)\nshow integral(t in a..b: 1 / t) == log(a) - log(b)\n");
  fails("show integral(t in 0..1: t * exp(t)) == exp(1)\n");
  fails("show integral(t in 1..0: t) == 1/2\n");
  ill_posed("show integral(t in -1..1: 1 / t) == 0\n");
  ill_posed("show integral(t in 0..1: 1 / t) == 1\n");
  holds("show integral(t in 0..1: exp(sin(t))) >= 1\n");
}

TEST_CASE("the fundamental theorem for function variables") {
  holds(f + "show integral(t in 0..1: dot(grad(f)(x + t * (y - x)), y - x)) == f(y) - f(x)\n");
  holds(f + "show integral(t in 0..1: dot(grad(f)((1 - t) * x + t * y), y - x)) == f(y) - f(x)\n");
  holds(f +
        "show f(y) == f(x) + dot(grad(f)(x), y - x) + "
        "integral(t in 0..1: dot(grad(f)(x + t * (y - x)) - grad(f)(x), y - x))\n");
  holds(f +
        "show integral(t in 0..1: norm(grad(f)(x + t * (y - x)) - grad(f)(x)) * norm(y - x)) <= "
        "L * norm(y - x)^2 * integral(t in 0..1: t)\n");
  fails(f + "show integral(t in 0..1: dot(grad(f)(x + t * (y - x)), y - x)) == f(x) - f(y)\n");
  fails(f + "show integral(t in 0..1: dot(grad(f)(x + t * (y - x)), x)) == f(y) - f(x)\n");
  open(
      "given x, y in R\ngiven f: R -> R is differentiable\n"
      "show integral(t in x..y: grad(f)(t)) == f(y) - f(x)\n");
}

TEST_CASE("limits") {
  holds("show limit(h -> 0: (exp(h) - 1) / h) == 1\n");
  holds("show limit(h -> 0: sin(h) / h) == 1\n");
  holds("show limit(h -> 0: (1 - cos(h)) / h^2) == 1/2\n");
  holds("given x in R\nshow limit(h -> 0: ((x + h)^2 - x^2) / h) == 2 * x\n");
  holds("given x in R\nshow limit(h -> 0: (sin(x + h) - sin(x)) / h) == cos(x)\n");
  holds("given a in R\nshow limit(x -> oo: (2 * x + a) / (x + 3)) == 2\n");
  holds("given a in R\nshow limit(x -> a: x^2 + 1) == a^2 + 1\n");
  holds(f + "show limit(t -> 0: (f(x + t * y) - f(x)) / t) == dot(grad(f)(x), y)\n");
  holds(f + "show limit(t -> 0: (f(x + t * y) - f(x) - dot(grad(f)(x), t * y)) / t) == 0\n");
  holds(f + "show limit(t -> 0: f(x + t * y)) == f(x)\n");
  fails("show limit(h -> 0: (1 - cos(h)) / h^2) == 1\n");
  fails("show limit(h -> 0: sin(2 * h) / h) == 1\n");
  fails("given x in R\nshow limit(h -> 0: ((x + h)^2 - x^2) / h) == x\n");
  fails(f + "show limit(t -> 0: (f(x + t * y) - f(x)) / t) == dot(grad(f)(y), x)\n");
  ill_posed("show limit(h -> 0: abs(h) / h) == 1\n");
  ill_posed("show limit(h -> 0: 1 / h) == 0\n");
  ill_posed("given x in R\nshow limit(h -> 0: (abs(x + h) - abs(x)) / h) == sign(x)\n");
  fails("given x, y in R\ngiven f: R -> R is continuous\nshow limit(h -> 0: (f(x + h) - f(x)) / h) == y\n");
  open(f + "show limit(t -> 0: sign(f(x + t * y))) == sign(f(x))\n");
  open("show limit(h -> 0: h * log(abs(h))) == 0\n");
  open("given x in R\nshow limit(h -> 0: x / (x + h)) == 1\n");
}

TEST_CASE("limits of products with a factor that vanishes") {
  const std::string maps =
      "given a, h in R[2]\ngiven f: R[2] -> R[2] is differentiable\ngiven g: R[2] -> R[2] is differentiable\n";
  const auto quotient = [](const std::string& slope) {
    return "show limit(t -> 0: (g(f(a + t * h)) - g(f(a)) - " + slope +
           " * (jacobian(f)(a) * (t * h))) / t) == zeros(2)\n";
  };
  holds(maps + quotient("jacobian(g)(f(a))"));
  fails(maps + quotient("jacobian(g)(a)"));
  holds("show limit(t -> 0: (t * (t * sin(1 / t))) / t) == 0\n");
}

TEST_CASE("linear function variables are matrices") {
  const std::string map = "given x, y in R[2]\ngiven f: R[2] -> R[3] is linear\n";
  CHECK(verdict(map + "show f(x + y) == f(x) + f(y)\n") == Verdict::proved);
  CHECK(verdict(map + "given a, b in R\nshow f(a * x + b * y) == a * f(x) + b * f(y)\n") == Verdict::proved);
  CHECK(verdict(map + "show f(x) == sum(k in 1..2: x[k] * f(onehot(k, 2)))\n") == Verdict::proved);
  CHECK(verdict(map + "show jacobian(f)(x) * y == f(y)\n") == Verdict::proved);
  fails(map + "show f(x) == f(y)\n");
  fails(map + "show f(2 * x) == f(x)\n");
  fails("given x in R\ngiven f: R -> R is linear\nshow f(x + 1) == f(x) + 1\n");
}

TEST_CASE("a function into a smaller set may be a constant of it") {
  const std::string f = "given x, y in R\ngiven f: R -> [0, 1] is differentiable\n";
  fails(f + "show f(x) <= 1/2\n");
  fails(f + "show f(x) + f(y) <= 1\n");
  fails(f + "show f(x) == f(y)\n");
  holds(f + "show f(x) <= 1\n");
}
