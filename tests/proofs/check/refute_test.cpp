#include <doctest/doctest.h>

#include <nabla/proofs/check/check.hpp>
#include <string>
#include <vector>
#include "proofs/row_stride.hpp"

#include "proofs/claim/claim_of.hpp"

using namespace nabla;

namespace {

ClaimReport checked(const std::string& lines) { return check(claim_of(lines + "\n"), {}); }

std::size_t longest_entry(const Witness& witness) {
  std::size_t longest = 0;
  for (const auto& [name, entries] : witness)
    for (const std::string& entry : entries) longest = std::max(longest, entry.size());
  return longest;
}

/// Refuted, with no value of more than `most` characters in the witness.
void expect_refuted(const std::string& lines, std::size_t most = 12) {
  const ClaimReport report = checked(lines);
  CHECK_MESSAGE(report.verdict == Verdict::refuted, lines << "\n-> " << to_string(report.verdict) << ": "
                                                          << report.decisive.method << " " << report.decisive.message);
  CHECK_MESSAGE(longest_entry(report.decisive.witness) <= most, lines);
}

void expect_not_refuted(const std::string& lines) {
  const ClaimReport report = checked(lines);
  CHECK_MESSAGE(report.verdict != Verdict::refuted, lines);
  CHECK_MESSAGE(report.verdict != Verdict::ill_posed, lines << "\n" << report.decisive.message);
}

}  // namespace

TEST_CASE("predicates about pairs of points: false ones are refuted by a short pair, true neighbours are not") {
  struct Row {
    const char* given;
    const char* lie;
    const char* truth;
  };
  const Row rows[] = {
      {"given x in [-1, 1]", "lipschitz(grad(abs(x)^(3/2), x), x, 100)", "lipschitz(grad(abs(x)^2, x), x, 2)"},
      {"given x in (0, 1]", "lipschitz(sqrt(x), x, 50)", "lipschitz(x^2, x, 2)"},
      {"given v in [0.9, 1.1][2]", "convex((v[1] * v[2] - 1)^2 / 2, v)", "convex((v[1] + v[2] - 1)^2 / 2, v)"},
      {"given x in R", "convex(x^3, x)", "convex(x^4, x)"},
      {"given x in R", "concave(x^2, x)", "concave(-x^2, x)"},
      {"given x in R", "convex(-abs(x), x)", "convex(abs(x), x)"},
      {"given x in R", "convex(sin(x), x)", "convex(sin(x) + x^2, x)"},
      {"given x in R", "strongly_convex(x^4, x, 1/10)", "strongly_convex(x^2, x, 2)"},
      {"given x in R", "strongly_convex(cosh(x), x, 1.0001)", "strongly_convex(cosh(x), x, 1)"},
      {"given x in R", "smooth(x^4, x, 1000)", "smooth(x^2, x, 2)"},
      {"given x in R", "smooth(abs(x), x, 1000)", "smooth(sqrt(1 + x^2), x, 1)"},
      {"given x in R", "smooth(softplus(x), x, 24/100)", "smooth(softplus(x), x, 1/4)"},
      {"given x in R", "lipschitz(x^2, x, 1000)", "lipschitz(sin(x), x, 1)"},
      {"given x in R", "lipschitz(sigmoid(x), x, 1/5)", "lipschitz(sigmoid(x), x, 1/4)"},
      {"given x in R", "cocoercive(x^2, x, 1)", "cocoercive(x^2, x, 2)"},
      {"given x in R", "cocoercive(sin(x), x, 10)", "cocoercive(x^2 / 2, x, 1)"},
      {"given x in R", "increasing(x^2, x)", "increasing(x^3, x)"},
      {"given x in R", "decreasing(exp(x), x)", "decreasing(exp(-x), x)"},
      {"given x in R", "increasing(floor(-x), x)", "increasing(floor(x), x)"},
      {"given x in R[2]", "increasing(x[1] - x[2], x)", "increasing(x[1] + x[2], x)"},
      {"given x in R[3]", "linear(x + ones(3), x)", "linear(2 * x, x)"},
      {"given x in R", "linear(3*x + 1, x)", "linear(3*x, x)"},
      {"given x in R[2]", "convex(x[1] * x[2], x)", "convex(norm(x), x)"},
      {"given x in R[2]", "smooth(norm(x)^2, x, 1)", "smooth(norm(x)^2, x, 2)"},
      {"given x in R[2]", "smooth(norm(x), x, 10)", "smooth(sqrt(1 + norm(x)^2), x, 1)"},
      {"given x in R[3]", "smooth(logsumexp(x), x, 1/4)", "smooth(logsumexp(x), x, 1/2)"},
      {"given x in R[3]", "lipschitz(softmax(x), x, 2/5)", "lipschitz(softmax(x), x, 1/2)"},
      {"given x, y in R", "convex(x^2 * y^2, (x, y))", "convex(x^2 + y^2, (x, y))"},
      {"given X in sym[2]", "convex(det(X), X)", "convex(trace(X), X)"},
      {"given X in spd[2]", "convex(log(det(X)), X)", "convex(-log(det(X)), X)"},
      {"given x in R\ngiven a in R\nassume a > -1/1000", "convex(a * x^2, x)", "convex((a + 1) * x^2, x)"},
      {"given x in R\ngiven a in R", "a >= -1 implies convex(a * x^2, x)", "a >= 1 implies convex(a * x^2, x)"},
  };
  std::size_t number = 0;
  for (const Row& row : rows) {
    if (number++ % row_stride != 0) continue;
    expect_refuted(std::string(row.given) + "\nshow " + row.lie);
    expect_not_refuted(std::string(row.given) + "\nshow " + row.truth);
  }
  expect_refuted("given p in simplex[3]\nshow convex(-sum(p .* log(p)), p)");
  expect_not_refuted("given p in simplex[3]\nshow convex(sum(p .* log(p)), p)");
}

TEST_CASE("a dent of a ten-thousandth of the interval breaks convexity") {
  expect_refuted("given x in [0, 1]\nshow convex(x^2 + exp(-((x - 0.61803) * 20000)^2) / 1000, x)", 16);
  expect_not_refuted("given x in [0, 1]\nshow convex(x^2 + exp(-((x - 0.61803) * 20000)^2) / 1000000000000, x)");
}

TEST_CASE("the convention at a kink is no evidence about a derivative that exists") {
  expect_not_refuted("given x in R\nshow smooth(relu(x) - relu(-x), x, 1)");
  expect_not_refuted("given x in R\nshow grad(relu(x) - relu(-x), x) == 1");
}
