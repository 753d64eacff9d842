// Derivatives at kinks: what the graph of the chain rule says there is not always the derivative.
#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <proofs/claim/claim_of.hpp>

using namespace nabla;

namespace {

ClaimReport report(const std::string& lines) { return check(claim_of(lines), {}); }
Verdict verdict(const std::string& lines) { return report(lines).verdict; }

}  // namespace

TEST_CASE("a witness does not rest on the chain rule at a kink") {
  // relu(x) - relu(-x) is x: its derivative at 0 is 1, where the graph of the chain rule has 0.
  CHECK(verdict("given x in R\nshow grad(relu(x) - relu(-x), x) == 1\n") != Verdict::refuted);
  CHECK(verdict("given x in R\nshow grad(max(x, 0) + min(x, 0), x) == 1\n") != Verdict::refuted);
  // False everywhere, so a point away from the kink says so.
  const ClaimReport everywhere = report("given x in R\nshow grad(relu(x) - relu(-x), x) == 2\n");
  CHECK(everywhere.verdict == Verdict::refuted);
  CHECK(everywhere.decisive.witness.at("x")[0] != "0");
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
