// Derivatives at kinks: what the graph of the chain rule says there is not always the derivative.
#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <proofs/claim/claim_of.hpp>

using namespace nabla;

namespace {

Verdict verdict(const std::string& lines) { return check(claim_of(lines), {}).verdict; }

}  // namespace

TEST_CASE("a witness does not rest on the chain rule at a kink") {
  // relu(x) - relu(-x) is x: its derivative at 0 is 1, where the graph of the chain rule has 0.
  CHECK(verdict("given x in R\nshow grad(relu(x) - relu(-x), x) == 1\n") != Verdict::refuted);
  CHECK(verdict("given x in R\nshow grad(max(x, 0) + min(x, 0), x) == 1\n") != Verdict::refuted);
  CHECK(verdict("given x in R\nshow grad(relu(x) - relu(-x), x) == 2\n") == Verdict::refuted);
  // With a convention the chain rule is what is meant.
  CHECK(verdict("given x in R\nconvention relu'(0) = 0\nshow grad(relu(x) - relu(-x), x) == 1\n") == Verdict::refuted);
}

TEST_CASE("an assumption keeps entries away from a kink") {
  CHECK(verdict("given z in R[3]\nassume abs(z) > 0\nshow differentiable(relu(z), z)\n") == Verdict::proved);
  CHECK(verdict("given x, y in R\nassume abs(x * y) > 0\nshow differentiable(abs(x) * relu(y), (x, y))\n") ==
        Verdict::proved);
  CHECK(verdict("given z in R[3]\nassume abs(z) >= 0\nshow differentiable(relu(z), z)\n") == Verdict::refuted);
  CHECK(verdict("given x, y in R\nassume abs(x + y) > 0\nshow differentiable(abs(x), x)\n") == Verdict::refuted);
}

TEST_CASE("a kink behind a layer is found where the outer map is not flat") {
  CHECK(verdict("given x in R\ngiven A in R\ngiven B in R[2]\ngiven a in R\ngiven b in R[2]\n"
                "show differentiable(softmax(relu(x * A + a) * B + b), a)\n") == Verdict::refuted);
  // Softmax of one entry is constant.
  CHECK(verdict("given x in R[1]\nshow differentiable(softmax(relu(x)), x)\n") != Verdict::refuted);
}

TEST_CASE("kinks that cancel are not differentiated") {
  CHECK(verdict("given x in R\nshow grad(relu(x) - relu(-x), x) == 1\n") == Verdict::proved);
  CHECK(verdict("given u in R\nshow grad(max(u, 0) + min(u, 0), u) == 1\n") == Verdict::proved);
  CHECK(verdict("given z in R[2]\nshow jacobian(relu(z) - relu(-z), z) == eye(2)\n") == Verdict::proved);
  CHECK(verdict("given x in R\nlet f(u) = max(u, -u) - abs(u) + u^2\nshow grad(grad(f))(x) == 2\n") == Verdict::proved);
  CHECK(verdict("given x, h in R\nshow diff(abs(x)^2, x, h) == 2 * x * h\n") == Verdict::proved);
  // What was differentiated must still be defined.
  CHECK(verdict("given x in R\nshow grad(relu(log(x)) - relu(-log(x)), x) == 1 / x\n") == Verdict::ill_posed);
  // Equal on the set only: beyond its end the kink is there.
  CHECK(verdict("given x in [0, oo)\nshow grad(abs(x), x) == 1\n") == Verdict::ill_posed);
  CHECK(verdict("given x in R\nassume x >= 0\nshow grad(abs(x), x) == 1\n") == Verdict::ill_posed);
  // Equal wherever both are defined, which is not everywhere.
  CHECK(verdict("given x in [-1, 1]\nshow grad(abs(x)^(3/2), x) == 3/2 * sign(x) * sqrt(abs(x))\n") !=
        Verdict::ill_posed);
  CHECK(verdict("given x in [-1, 1]\nshow lipschitz(grad(abs(x)^(3/2), x), x, 100)\n") == Verdict::refuted);
  // Perturbed.
  CHECK(verdict("given x in R\nshow grad(relu(x) + relu(-x), x) == 1\n") == Verdict::ill_posed);
  CHECK(verdict("given x in R\nshow grad(relu(x) - relu(-x), x) == sign(x)^2\n") == Verdict::refuted);
}
