// True claims over the families of operators.
#include "bases.hpp"

#include <array>

namespace perturb {

std::span<const Base> bases() {
  static constexpr auto all = std::to_array<Base>({
      // polynomials and fractions
      {"arithmetic", "given x, y in R\nshow ({a} * x + y)^2 == {a}^2 * x^2 + 2 * {a} * x * y + y^2\n"},
      {"arithmetic", "given x in R\nassume x > {a}\nshow 1 / (x - {a}) - 1 / (x + {a}) == 2 * {a} / (x^2 - {a}^2)\n"},
      {"arithmetic", "given x in R\nshow grad(x^{p} + {b} * x, x) == {p} * x^({p} - 1) + {b}\n"},
      {"arithmetic", "given x in (0, oo)\nshow grad({a} / x, x) == -{a} / x^2\n"},
      {"arithmetic", "given x, y in R\nshow x^2 + {a}^2 * y^2 >= 2 * {a} * x * y\n"},
      // exponentials and logarithms
      {"exponential", "given x in R\nshow grad(exp({a} * x), x) == {a} * exp({a} * x)\n"},
      {"exponential", "given x in (0, oo)\nshow grad(x * log(x), x) == log(x) + 1\n"},
      {"exponential", "given x, y in (0, oo)\nshow log({a} * x / y) == log({a}) + log(x) - log(y)\n"},
      {"exponential", "given x in R\nshow exp(x + {a}) == exp({a}) * exp(x)\n"},
      {"exponential", "given x in R\nassume x > -1\nshow grad(log1p(x), x) == 1 / (1 + x)\n"},
      // powers and roots
      {"powers", "given x in (0, oo)\nshow grad(sqrt({a} * x), x) == {a} / (2 * sqrt({a} * x))\n"},
      {"powers", "given x in (0, oo)\nshow grad(x^{a}, x) == {a} * x^({a} - 1)\n"},
      {"powers", "given x in R\nshow grad(sqrt(x^2 + {a}), x) == x / sqrt(x^2 + {a})\n"},
      // circular functions
      {"trigonometric", "given x in R\nshow sin(x + {a}) == sin(x) * cos({a}) + cos(x) * sin({a})\n"},
      {"trigonometric", "given x in R\nshow grad(sin({a} * x), x) == {a} * cos({a} * x)\n"},
      {"trigonometric", "given x in R\nshow grad(atan({a} * x), x) == {a} / (1 + {a}^2 * x^2)\n"},
      {"trigonometric", "given x in R\nshow cos(x)^2 - sin(x)^2 == cos(2 * x)\n"},
      // hyperbolic functions
      {"hyperbolic", "given x in R\nshow grad(tanh({a} * x), x) == {a} * (1 - tanh({a} * x)^2)\n"},
      {"hyperbolic", "given x in R\nshow cosh(x)^2 - sinh(x)^2 == 1\n"},
      {"hyperbolic", "given x in R\nshow grad(cosh(x), x) + sinh(x) == exp(x) - exp(-x)\n"},
      // activations
      {"activations", "given x in R\nlet p = sigmoid(x)\nshow grad(p, x) == p * (1 - p)\n"},
      {"activations", "given x in R\nshow grad(softplus({a} * x), x) == {a} * sigmoid({a} * x)\n"},
      {"activations", "given x in R\nshow softplus(x) - softplus(-x) == x\n"},
      {"activations",
       "given x in R\nlet s(u) = u * sigmoid(u)\nshow grad(s)(x) == sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x))\n"},
      {"activations", "given x in R\nshow relu(x) - relu(-x) == x\n"},
      {"activations", "given x in R\nshow relu(x) + relu(-x) == abs(x)\n"},
      // softmax and its kin
      {"softmax",
       "for m in {2, 3}\ngiven z in R[m]\nshow jacobian(softmax(z), z) == diag(softmax(z)) - outer(softmax(z), "
       "softmax(z))\n"},
      {"softmax", "for m in {1, 2, 3}\ngiven z in R[m]\nshow grad(logsumexp(z), z) == softmax(z)\n"},
      {"softmax", "for m in {2, 3}\ngiven z in R[m]\nshow log_softmax(z) == z - logsumexp(z)\n"},
      {"softmax",
       "for m in {1, 2}\nfor i in 1..m\nfor j in 1..m\ngiven z in R[m]\nlet p = softmax(z)\nshow jacobian(p, z)[i, j] "
       "== p[i] * (delta(i, j) - p[j])\n"},
      // products of vectors and matrices
      {"linear", "given A in R[2, 3]\ngiven x in R[3]\ngiven y in R[2]\nshow dot(y, A * x) == dot(A' * y, x)\n"},
      {"linear", "given A in R[2, 2]\ngiven B in R[2, 3]\nshow (A * B)' == B' * A'\n"},
      {"linear", "given A in R[2, 2]\ngiven x in R[2]\nshow grad(dot(x, A * x), x) == A * x + A' * x\n"},
      {"linear", "given A in R[2, 3]\ngiven x in R[3]\nshow jacobian({a} * A * x, x) == {a} * A\n"},
      {"linear",
       "for m in {2, 3}\nfor i in 1..m\nfor j in 1..m\ngiven x, y in R[m]\nshow outer(x, y)[i, j] == x[i] * y[j]\n"},
      {"linear", "given x in R[3]\nshow sum(i in 1..3: {a} * x[i]) == {a} * sum(x)\n"},
      // determinants, traces, inverses
      {"factorisation", "given A in R[2, 2]\nshow det(A) == A[1, 1] * A[2, 2] - A[1, 2] * A[2, 1]\n"},
      {"factorisation", "given A in R[2, 3]\ngiven B in R[3, 2]\nshow trace(A * B) == trace(B * A)\n"},
      {"factorisation", "given A in R[2, 2]\nassume det(A) > 0\nshow inv(A)[1, 2] == -A[1, 2] / det(A)\n"},
      {"factorisation", "given x in R[2]\nshow trace(outer(x, x)) == dot(x, x)\n"},
      // sums, means, norms
      {"reductions", "for n in {1, 2, 3}\ngiven x in R[n]\nshow grad(sum(x .^ {p}), x) == {p} * x .^ ({p} - 1)\n"},
      {"reductions", "for n in {1, 2, 3}\ngiven x in R[n]\nshow grad(mean(x), x) == ones(n) / n\n"},
      {"reductions", "for n in {1, 2, 3}\ngiven x in R[n]\nassume x[1] > {a}\nshow grad(norm(x), x) == x / norm(x)\n"},
      {"reductions", "for n in {1, 2, 3}\ngiven x in R[n]\nshow norm({a} * x)^2 == {a}^2 * dot(x, x)\n"},
      // losses
      {"losses", "for n in {1, 2, 3}\ngiven a, t in R[n]\nshow grad(squared_error(a, t), a) == a - t\n"},
      {"losses",
       "for n in {2, 3}\ngiven y in (0, oo)[n]\ngiven t in R[n]\nshow grad(cross_entropy(y, t), y) == -t ./ y\n"},
      {"losses",
       "for n in {2, 3}\ngiven z in R[n]\ngiven t in onehot[n]\nshow grad(cross_entropy(softmax(z), t), z) == "
       "softmax(z) - t\n"},
      {"losses",
       "given y in R[2, 3]\ngiven W in R[2, 3]\ngiven b in R[2]\nshow dense(y, W, b)[1, 2] == dot(y[1, :], W[2, :]) + "
       "b[2]\n"},
      // special functions
      {"special", "given x in R\nshow grad(erf({a} * x), x) == 2 * {a} / sqrt(pi) * exp(-{a}^2 * x^2)\n"},
      {"special", "given x in R\nshow erf(-x) == -erf(x)\n"},
      // inequalities
      {"inequalities", "given x in R\nassume x > -1\nshow log1p(x) <= x\n"},
      {"inequalities", "given x in R\nshow exp(x) >= 1 + x\n"},
      {"inequalities", "given x in [0, {a}]\nshow x * ({a} - x) >= 0\n"},
      {"inequalities", "given x in (0, {a})\nshow sqrt(x * ({a} - x)) <= {a} / 2\n"},
      // claims that rest on a hypothesis
      {"piecewise", "given x in R\nassume x > 0\nshow abs({a} * x) == {a} * x\n"},
      {"piecewise", "given x in R\nassume x >= {a}\nshow relu(x - {a}) == x - {a}\n"},
      {"piecewise", "given x in R\nassume x < {a}\nshow max(x, {a}) == {a}\n"},
      {"piecewise", "given x in R\nassume x > {a}\nshow grad(relu({b} * x), x) == {b}\n"},
      {"piecewise", "given x, y in R\nassume x <= y\nshow {a} * x <= {a} * y\n"},
      {"inequalities", "given x in R\nassume x > {a}\nshow x^2 > {a}^2\n"},
      {"inequalities", "given x, y in R\nassume x > {a}\nassume y > {b}\nshow x * y > {a} * {b}\n"},
      // predicates
      {"predicates", "given x in R\nshow convex({a} * x^2 + {b} * x, x)\n"},
      {"predicates", "given x in (0, oo)\nshow concave({a} * log(x), x)\n"},
      {"predicates", "given x in [0, {a}]\nshow increasing({b} * x^2 + x, x)\n"},
      {"predicates", "given x in [-{a}, {a}]\nshow lipschitz(x^2, x, 2 * {a})\n"},
      {"predicates", "given x in R\nshow convex(softplus(x) + {a} * x, x)\n"},
      {"predicates", "given x in R\nshow strongly_convex({a} * x^2 + {b} * x, x, 2 * {a})\n"},
      {"predicates", "given x in R\nshow decreasing(exp(-{a} * x), x)\n"},
      {"predicates", "given x in R\nshow increasing(x + {a} * tanh(x), x)\n"},
      {"predicates", "given x in R\nshow smooth({a} * x^2 + {b} * x, x, 2 * {a})\n"},
      {"predicates", "given x in R\nshow smooth({a} * softplus(x), x, {a} / 4)\n"},
      {"predicates", "given x in R\nshow lipschitz({a} * sin(x), x, {a})\n"},
      {"predicates", "given x in [0, {a}]\nshow convex(x^3, x)\n"},
      // where values and derivatives exist
      {"existence", "given x in ({a}, oo)\nshow differentiable(abs(x - {a}), x)\n"},
      {"existence", "given x in R\nshow differentiable(relu(x)^2 + {a} * x, x)\n"},
      {"existence", "given x in (0, oo)\nshow differentiable(sqrt({a} * x), x)\n"},
      {"existence", "given x in R\nshow differentiable(relu(x - {a}) - relu({a} - x), x)\n"},
      {"existence", "given x in R\nassume x > {a}\nshow defined(1 / (x - {a}))\n"},
      {"existence", "given x in (0, oo)\nshow defined(log({a} * x))\n"},
      {"existence", "given x in R\nshow defined(sqrt(x^2 + {a}))\n"},
      {"existence", "given x in R\nshow defined(1 / (x^2 + {a}))\n"},
      // every dimension
      {"dimensions",
       "for all n >= 2\ngiven A in R[n, n]\ngiven x in R[n]\nshow grad(dot(x, A * x), x) == (A + A') * x\n"},
      {"dimensions",
       "for all n >= 1\nfor all m >= 1\ngiven A in R[n, m]\ngiven B in R[m, n]\nshow trace(A * B) == trace(B * A)\n"},
      {"dimensions", "for all m >= 1\ngiven z in R[m]\nshow sum(softmax(z)) == 1\n"},
      {"dimensions",
       "for all m >= 2\ngiven z in R[m]\ngiven t in onehot[m]\nshow grad(cross_entropy(softmax(z), t), z) == "
       "softmax(z) "
       "- t\n"},
      {"dimensions", "for all n >= 1\ngiven x in R[n]\nshow norm({a} * x)^2 == {a}^2 * dot(x, x)\n"},
      {"dimensions", "for all n >= 2\ngiven x, y in R[n]\nshow outer(x, y)' == outer(y, x)\n"},
      {"dimensions", "for all n >= 1\ngiven x, y in R[n]\nshow dot(x, y) <= norm(x) * norm(y)\n"},
      {"dimensions", "for all n >= 1\ngiven a, t in R[n]\nshow grad(squared_error(a, t), a) == a - t\n"},
      {"dimensions",
       "for all m >= 2\nfor all i in 1..m\nfor all j in 1..m\ngiven z in R[m]\nlet p = softmax(z)\nshow jacobian(p, "
       "z)[i, j] "
       "== p[i] * (delta(i, j) - p[j])\n"},
  });
  return all;
}

}  // namespace perturb
