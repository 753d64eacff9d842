#include <doctest/doctest.h>

#include <nabla/proofs/claim/elaborate.hpp>
#include <nabla/proofs/recheck/wellposed/definedness.hpp>
#include <string>

#include "../claim/claim_of.hpp"

using namespace nabla;

namespace {

bool is_shown(const std::string& lines) {
  const Claim claim = claim_of(lines);
  const Problem problem = elaborate(claim, {});
  return recheck_definedness(problem, problem.shows.at(0)).answer == Replay::Answer::yes;
}

}  // namespace

TEST_CASE("the re-checker sees signs of sums of squares, and conditions away from their jumps") {
  CHECK(is_shown("given x, y in R[2]\nshow norm(x - y)^2 >= 0\n"));
  CHECK(is_shown("given a, b in R\nshow log(1 + (a - b)^2) >= 0\n"));
  CHECK_FALSE(is_shown("given a, b in R\nshow log((a - b)^2) >= 0\n"));
  CHECK_FALSE(is_shown("given a, b in R\nshow sqrt((a - b)^3) >= 0\n"));
  CHECK_FALSE(is_shown("given a, b in R\nshow sqrt(1 - (a - b)^2) >= 0\n"));
  CHECK(is_shown("given x in (0, 1)\nshow differentiable(where(x > 0, 1, 0), x)\n"));
  CHECK(is_shown("given x in (0, 1)\nshow continuous(where(x > 0, x, -1), x)\n"));
  CHECK_FALSE(is_shown("given x in [0, 1)\nshow differentiable(where(x > 0, 1, 0), x)\n"));
  CHECK_FALSE(is_shown("given x in [0, 1)\nshow continuous(where(x > 0, 1, 0), x)\n"));
  CHECK_FALSE(is_shown("given x in (-1, 1)\nshow continuous(where(x > 0, 1, 0), x)\n"));
}

TEST_CASE("squares of Lipschitz functions have derivatives at their zeros, those of roots need not") {
  CHECK(is_shown("given x in R\nshow differentiable(relu(x)^2 + x, x)\n"));
  CHECK(is_shown("given x in R\nshow differentiable(abs(x)^3, x)\n"));
  CHECK_FALSE(is_shown("given x in R\nshow differentiable(relu(x)^2 + relu(x), x)\n"));
  CHECK_FALSE(is_shown("given x in R\nshow differentiable(abs(x), x)\n"));
  CHECK_FALSE(is_shown("given x in R\nshow differentiable(cbrt(x)^2, x)\n"));
  CHECK_FALSE(is_shown("given x in R\nshow differentiable(max(x, 1)^2, x)\n"));
}
