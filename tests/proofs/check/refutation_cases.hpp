#pragma once

#include <vector>

namespace nabla {

/// A false statement, and a true one like it, over the same givens.
struct RefutationCase {
  const char* given;
  const char* lie;
  const char* truth;
};

/// Relations: contacts, isolated failures, spikes, far away, equations as hypotheses.
inline const std::vector<RefutationCase>& relation_cases() {
  static const std::vector<RefutationCase> cases = {
      {"given x in R", "x^2 > 0", "x^2 >= 0"},
      {"given x in R", "exp(x) > 1 + x", "exp(x) >= 1 + x"},
      {"given x in R", "(x - 1/3)^2 > 0", "(x - 1/3)^2 >= 0"},
      {"given x in R", "(x^2 - 2)^2 > 0", "(x^2 - 2)^2 >= 0"},
      {"given x in R", "x^2 - 2*sqrt(2)*x + 2 > 0", "x^2 - 2*sqrt(2)*x + 2 >= 0"},
      {"given x in R", "sin(x) < 1", "sin(x) <= 1"},
      {"given x in R", "cos(x) != 0", "exp(x) != 0"},
      {"given x in R", "x^2 != 2", "x^2 != -2"},
      {"given x in R\nassume x^2 == 2", "x == sqrt(2)", "x^3 == 2*x"},
      {"given x in R\nassume x^3 == 2", "x < 5/4", "x < 13/10"},
      {"given x in {sqrt(2), 1}", "x <= 7/5", "x <= 3/2"},
      {"given x in [0, sqrt(2)]", "x < sqrt(2)", "x <= sqrt(2)"},
      {"given x in R", "where(x^2 == 2, 1, 0) <= 0", "where(x^2 == 2, 1, 0) <= 1"},
      {"given x in R", "x^2 == 2 implies x > 0", "x^2 == 2 implies x < 3/2"},
      {"given x, y in R\nassume x^2 + y^2 == 1", "x + y <= 7/5", "x * y <= 1/2"},
      {"given x in R[3]\nassume norm(x) == 1", "sum(x) <= 17/10", "sum(x) <= 18/10"},
      {"given x in R[2]\nassume norm(x) == 1", "x[1] * x[2] < 1/2", "x[1] * x[2] <= 1/2"},
      {"given x, y in R\nassume x * y == 1\nassume x > 0", "x + y > 2", "x + y >= 2"},
      {"given x in R[3]\nassume sum(x) == 1", "norm(x)^2 > 1/3", "norm(x)^2 >= 1/3"},
      {"given x, y, z in R\nassume x + y + z == 6\nassume x - y == 1\nassume y - z == 1", "x < 3", "x <= 3"},
      {"given x in [0, 1]", "max(0, x - 0.99999) == 0", "max(0, x - 1) == 0"},
      {"given x in R", "exp(-((x - 12345.6789))^2) <= x^2 / 1000000000", "exp(-((x - 12345.6789))^2) <= x^2 + 1"},
      {"given x in R", "x + exp(-1000) == x", "x + exp(-1000) > x"},
      {"given x in [20, 21]", "x + 1/1000000000000000000 <= x", "x - 1/1000000000000000000 <= x"},
      {"given x in R\nassume x != 0", "1/x + x >= 2", "1/x^2 + x^2 >= 2"},
      {"given x in R\nassume x != 3", "(x^2 - 9)/(x - 3) >= -1000", "(x^2 - 9)/(x - 3) == x + 3"},
      {"given x in [-1/100, 1]", "log1p(x) >= x - x^2/2 + x^3/3 - x^4/4", "log1p(x) <= x"},
      {"given x in R", "in(sin(x), (-1, 1))", "in(sin(x), [-1, 1])"},
      {"given x in [0, 1]", "in(x^2, [0, 1))", "in(x^2, [0, 1])"},
      {"given p in simplex[3]", "in(2 * p, simplex[3])", "in(p, simplex[3])"},
      {"given x in [0, 1]", "x^2 <= x < sqrt(x)", "x^2 <= x <= sqrt(x)"},
      {"given x in (0, oo)", "sqrt(x) != x", "sqrt(x) != -x"},
      {"given x in R", "not x^2 == 4", "not x^2 == -4"},
      {"given A, B in R[2, 2]", "A * B == B * A", "det(A * B) == det(B * A)"},
      {"given A, B in R[2, 2]", "det(A + B) == det(A) + det(B)", "trace(A + B) == trace(A) + trace(B)"},
      {"given A in sym[2]", "trace(A)^2 > 4 * det(A)", "trace(A)^2 >= 4 * det(A)"},
      {"given x in R", "sin(2*x) == 2*sin(x)", "sin(2*x) == 2*sin(x)*cos(x)"},
      {"given x in R", "abs(x)^3 == x^3", "abs(x)^2 == x^2"},
      {"given x in R", "floor(x) + floor(x + 1/3) == floor(2*x)", "floor(x) + floor(x + 1/2) == floor(2*x)"},
      {"given x in R[3]", "max(x) < sum(abs(x))", "max(x) <= sum(abs(x))"},
      {"given t in onehot[3]\ngiven z in R[3]", "dot(t, z) <= sum(z)", "dot(t, z) <= max(z)"},
      {"given x in R", "x^4 + x^3 + x + 1 >= 1/1000", "x^4 + x^3 + x + 1 >= 0"},
      {"given x in R", "exp(x) >= 1 + x + x^2/2", "cosh(x) >= 1 + x^2/2"},
      {"given x in R", "log(1 + exp(x)) > log(2) + x/2", "log(1 + exp(x)) >= log(2) + x/2"},
      {"given x in (0, oo)", "x - log(x) > 1", "x - log(x) >= 1"},
      {"given x in (0, oo)", "x^x >= 7/10", "x^x >= 69/100"},
      {"given x in R", "x >= -1000000000", "x >= x - 1"},
      {"given x in (0, oo)", "1/x <= 1000000000000000", "1/x > 0"},
      {"given x in R", "exp(-((x - 0.7315) * 1000000)^2) <= 1/2", "exp(-((x - 0.7315) * 1000000)^2) <= 1"},
      {"given x in [0, oo)", "sin(x / 1000000000000) >= 0", "sin(x / 1000000000000) >= -1"},
      {"given A in spd[2]", "det(A) > 1/1000", "det(A) > 0"},
      {"given A in sym[2]", "trace(A) < 1000000", "trace(A) == A[1, 1] + A[2, 2]"},
      {"given p in simplex[3]", "p[1] < 999999/1000000", "p[1] < 1"},
      {"given x in R\nassume x != 0", "1/x >= -1000000000000", "1/x != 0"},
      {"given x, y in R", "x * y <= 1000000000000000000", "2 * x * y <= x^2 + y^2"},
      {"given x in R", "x + exp(-x^2) / 1000000000000000000000000000000 == x", "x + 0 * exp(-x^2) == x"},
  };
  return cases;
}

}  // namespace nabla
