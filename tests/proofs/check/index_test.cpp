#include <doctest/doctest.h>

#include <nabla/proofs/check/index_proof.hpp>
#include <string>
#include <vector>

#include "../claim/claim_of.hpp"

using namespace nabla;

namespace {

/// Whether every link of every `show` is proved for every dimension.
bool is_proved(const std::string& lines, std::string* why = nullptr) {
  const Claim claim = claim_of(lines);
  const Budget budget;
  EveryDimension every(claim, budget);
  std::size_t show = 0;
  for (const Claim::Line& line : claim.lines) {
    const auto* statement = std::get_if<ShowLine>(&line);
    if (statement == nullptr) continue;
    const bool is_chain = claim.syntax.kind(statement->statement) == SyntaxKind::relation;
    const std::size_t links = is_chain ? claim.syntax.links(statement->statement).size() : 1;
    for (std::size_t link = 0; link < links; ++link) {
      const Finding f = every.prove(show, link);
      if (f.verdict == Verdict::proved) continue;
      if (why != nullptr) *why = f.message;
      return false;
    }
    ++show;
  }
  return true;
}

struct Row {
  const char* setting;  // the lines before `show`
  const char* truth;
  std::vector<const char*> perturbed;  // none of which may be proved
};

const std::vector<Row> rows = {
    {"for all n >= 1\ngiven z in R[n]\ngiven c in R\n",
     "softmax(z + c * ones(n)) == softmax(z)",
     {"softmax(c * z) == softmax(z)", "softmax(z + z) == softmax(z)", "log_softmax(z + c) == log_softmax(z) + c"}},
    {"for all m >= 1\ngiven z in R[m]\n",
     "jacobian(softmax(z), z) == diag(softmax(z)) - outer(softmax(z), softmax(z))",
     {"jacobian(softmax(z), z) == diag(softmax(z)) + outer(softmax(z), softmax(z))",
      "jacobian(softmax(z), z) == outer(softmax(z), softmax(z)) - diag(softmax(z))",
      "jacobian(softmax(z), z) == diag(softmax(z))", "jacobian(softmax(z), z) == diag(z) - outer(z, softmax(z))",
      "jacobian(softmax(z), z) == diag(softmax(z)) - outer(softmax(z), softmax(z)) / m"}},
    {"for all m >= 1\nfor all i in 1..m\nfor all j in 1..m\ngiven z in R[m]\nlet p = softmax(z)\n",
     "jacobian(p, z)[i, j] == where(i == j, p[i] * (1 - p[i]), -p[i] * p[j])",
     {"jacobian(p, z)[i, j] == where(i == j, p[i] * (1 - p[i]), p[i] * p[j])",
      "jacobian(p, z)[i, j] == p[i] * (1 - p[i])", "jacobian(p, z)[i, j] == p[j] * (delta(i, j) - p[j])",
      "jacobian(p, z)[i, j] == p[i] * (1 - p[j])"}},
    {"for all m >= 1\ngiven z in R[m]\ngiven t in simplex[m]\n",
     "grad(cross_entropy(softmax(z), t), z) == softmax(z) - t",
     {"grad(cross_entropy(softmax(z), t), z) == t - softmax(z)", "grad(cross_entropy(softmax(z), t), z) == softmax(z)",
      "grad(cross_entropy(softmax(z), t), t) == softmax(z) - t"}},
    // Without the hypothesis that labels sum to 1 the formula has their sum in it.
    {"for all m >= 1\ngiven z in R[m]\ngiven t in [0, 1][m]\n",
     "grad(cross_entropy(softmax(z), t), z) == sum(t) * softmax(z) - t",
     {"grad(cross_entropy(softmax(z), t), z) == softmax(z) - t"}},
    {"for all m >= 1\ngiven z in R[m]\ngiven t in {0, 1}[m]\nassume norm(t) == 1\n",
     "grad(-sum(k in 1..m: t[k] * log(softmax(z)[k])), z) == softmax(z) - t",
     {"grad(-sum(k in 1..m: t[k] * log(softmax(z)[k])), z) == softmax(z) + t",
      "grad(-sum(k in 2..m: t[k] * log(softmax(z)[k])), z) == softmax(z) - t"}},
    {"for all m >= 1\ngiven z in R[m]\ngiven t in [0, 1][m]\nassume norm(t) == 1\n",
     "sum(t .* t) == 1",
     {"sum(t) == 1"}},
    {"for all m >= 1\ngiven t in onehot[m]\n",
     "outer(t, t) == diag(t)",
     {"outer(t, t) == eye(m)", "grad(sum(t .^ 2), t) == ones(m)", "sum(t) == m"}},
    // Derivatives are in ambient coordinates, whatever the set says of squares.
    {"for all m >= 1\ngiven t in {0, 1}[m]\n", "grad(sum(t .^ 2), t) == 2 * t", {"grad(sum(t .^ 2), t) == 1 + 0 * t"}},
    {"for all m >= 1\nfor all n >= 1\ngiven y in R[n]\ngiven W in R[m, n]\ngiven b in R[m]\n",
     "jacobian(y * W' + b, y) == W",
     {"jacobian(W * y + b, y) == 2 * W", "jacobian(y * W' + b, b) == diag(b)", "jacobian(y * W' + b, y) == W'",
      "jacobian(y * W', y) == jacobian(y * W' + b, b)"}},
    {"for all m >= 1\nfor all n >= 1\ngiven y in R[n]\ngiven W in R[m, n]\ngiven b in R[m]\n",
     "dense(y, W, b) == W * y + b",
     {"dense(y, W, b) == W * y - b", "dense(y, W, b) == W * y", "sum(dense(y, W, b)) == sum(W) * sum(y) + sum(b)"}},
    {"for all m >= 1\nfor all n >= 1\nfor all s in 1..m\ngiven y, w in R[n]\ngiven W in R[m, n]\n"
     "let layer(v) = y * (W + outer(onehot(s, m), v - W[s, :]))'\n",
     "jacobian(layer(w), w) == outer(onehot(s, m), y)",
     {"jacobian(layer(w), w) == outer(onehot(1, m), y)", "jacobian(layer(w), w) == outer(onehot(s, m), w)",
      "layer(w)[s] == dot(y, W[s, :])"}},
    {"for all m >= 1\nfor all n >= 1\nfor all s in 1..m\nfor all i in 1..m\ngiven y, w in R[n]\ngiven W in R[m, n]\n"
     "let layer(v) = y * (W + outer(onehot(s, m), v - W[s, :]))'\n",
     "layer(w)[i] == where(i == s, dot(y, w), dot(y, W[i, :]))",
     {"layer(w)[i] == where(i == s, dot(y, W[i, :]), dot(y, w))", "layer(w)[i] == dot(y, W[i, :])",
      "layer(w)[i] == where(i == s, dot(y, w), dot(y, W[s, :]))"}},
    {"for all m >= 1\nfor all n >= 1\nfor all p >= 1\ngiven A in R[m, n]\ngiven B in R[n, p]\n",
     "(A * B)' == B' * A'",
     {"sum(A * B) == sum(A) * sum(B)", "norm(A * B) == norm(A) * norm(B)"}},
    {"for all n >= 1\ngiven A, B in R[n, n]\n",
     "trace(A * B) == trace(B * A)",
     {"trace(A * B) == trace(A) * trace(B)", "A * B == B * A", "trace(A * B) == trace(A * B')"}},
    {"for all m >= 1\nfor all n >= 1\ngiven A in R[m, n]\n",
     "trace(A' * A) == sum(A .* A) == norm(A)^2",
     {"trace(A' * A) == norm(A)", "trace(A' * A) == sum(A)^2"}},
    {"for all n >= 1\ngiven x in R[n]\ngiven A in R[n, n]\n",
     "grad(dot(x, A * x), x) == (A + A') * x",
     {"grad(dot(x, A * x), x) == 2 * A * x", "grad(dot(x, A * x), x) == (A - A') * x", "grad(dot(x, A * x), A) == A"}},
    {"for all n >= 1\ngiven x in R[n]\ngiven A in sym[n]\n",
     "grad(dot(x, A * x), x) == 2 * A * x",
     {"grad(dot(x, A * x), x) == A * x", "hessian(dot(x, A * x), x) == A"}},
    {"for all n >= 1\ngiven x in R[n]\ngiven A in R[n, n]\n",
     "hessian(dot(x, A * x), x) == A + A'",
     {"hessian(dot(x, A * x), x) == 2 * A"}},
    {"for all n >= 1\ngiven a, t in R[n]\n",
     "grad(squared_error(a, t), a) == a - t",
     {"grad(squared_error(a, t), a) == t - a", "grad(squared_error(a, t), a) == 2 * (a - t)",
      "grad(squared_error(a, t), t) == a - t"}},
    {"for all n >= 1\ngiven z in R[n]\n",
     "jacobian(sigmoid(z), z) == diag(sigmoid(z) .* (1 - sigmoid(z)))",
     {"jacobian(sigmoid(z), z) == diag(sigmoid(z) .* (1 + sigmoid(z)))", "jacobian(sigmoid(z), z) == diag(sigmoid(z))",
      "sigmoid(-z) == -sigmoid(z)"}},
    {"for all n >= 1\ngiven z in R[n]\n", "sigmoid(-z) == 1 - sigmoid(z)", {"sigmoid(-z) == 1 + sigmoid(z)"}},
    {"for all n >= 1\ngiven z in R[n]\n",
     "jacobian(tanh(z), z) == diag(1 - tanh(z) .^ 2)",
     {"jacobian(tanh(z), z) == diag(1 + tanh(z) .^ 2)", "jacobian(tanh(z), z) == 1 - outer(tanh(z), tanh(z))"}},
    {"for all n >= 1\ngiven z in R[n]\n",
     "grad(logsumexp(z), z) == softmax(z)",
     {"grad(logsumexp(z), z) == log_softmax(z)", "grad(logsumexp(2 * z), z) == softmax(2 * z)"}},
    {"for all n >= 1\ngiven z in R[n]\n",
     "log_softmax(z) == log(softmax(z))",
     {"log_softmax(z) == z - log(sum(z))", "log_softmax(z) == z - logsumexp(-z)"}},
    {"for all n >= 1\ngiven z in R[n]\n", "sum(softmax(z)) == 1", {"sum(softmax(z)) == n", "mean(softmax(z)) == 1"}},
    {"for all n >= 1\ngiven z in R[n]\n", "mean(softmax(z)) == 1 / n", {"mean(softmax(z)) == 1 / (n + 1)"}},
    {"for all n >= 1\ngiven x in R[n]\n",
     "sum(x - mean(x)) == 0",
     {"sum(x - mean(x)) == sum(x)", "mean((x - mean(x)) .^ 2) == mean(x .^ 2)"}},
    {"for all n >= 1\ngiven x in R[n]\n",
     "mean((x - mean(x)) .^ 2) == mean(x .^ 2) - mean(x)^2",
     {"mean((x - mean(x)) .^ 2) == mean(x .^ 2) + mean(x)^2"}},
    {"for all n >= 1\ngiven x in R[n]\n",
     "jacobian(x - mean(x), x) == eye(n) - outer(ones(n), ones(n)) / n",
     {"jacobian(x - mean(x), x) == eye(n) - outer(ones(n), ones(n))"}},
    {"for all n >= 1\ngiven x in R[n]\ngiven e in (0, oo)\n"
     "let c = x - mean(x)\nlet s = sqrt(mean(c .^ 2) + e)\n",
     "jacobian(c / s, x) == (eye(n) - outer(ones(n), ones(n)) / n - outer(c, c) / (n * s^2)) / s",
     {"jacobian(c / s, x) == (eye(n) - outer(ones(n), ones(n)) / n) / s",
      "jacobian(c / s, x) == (eye(n) - outer(ones(n), ones(n)) / n - outer(c, c) / s^2) / s"}},
    {"for all m >= 1\ngiven z in R[m]\ngiven f: R[m] -> R is differentiable\nconvention relu'(0) = 0\n",
     "grad(f(relu(z)), z) == grad(f)(relu(z)) .* sign(relu(z))",
     {"grad(f(relu(z)), z) == grad(f)(z) .* sign(relu(z))", "grad(f(relu(z)), z) == grad(f)(relu(z))",
      "grad(f(relu(z)), z) == grad(f)(relu(z)) .* sign(z)"}},
    {"for all m >= 1\nfor all n >= 1\ngiven y in R[n]\ngiven W in R[m, n]\ngiven b in R[m]\n"
     "given f: R[m] -> R is differentiable\n",
     "grad(f(y * W' + b), W) == outer(grad(f)(y * W' + b), y)",
     {"grad(f(y * W' + b), W) == outer(grad(f)(y * W'), y)", "grad(f(y * W' + b), y) == grad(f)(y * W' + b)",
      "grad(f(y * W' + b), b) == b"}},
    {"for all n >= 1\nfor all k0 >= 1\nfor all k1 >= 1\ngiven X in R[n, k0]\ngiven Y in R[n, k1]\n"
     "given A in R[k1, k0]\ngiven a in R[k1]\nlet E = dense(X, A, a) - Y\n",
     "grad(sum(E .* E) / (2 * n), A) == E' * X / n",
     {"grad(sum(E .* E) / (2 * n), A) == E' * X", "grad(sum(E .* E) / (2 * n), A) == -E' * X / n",
      "grad(sum(E .* E) / (2 * n), a) == ones(n) * E"}},
    // Conventions: the value at the kink is what is stated.
    {"for all m >= 1\ngiven z in R[m]\nconvention relu'(0) = 0\n",
     "jacobian(relu(z), z) == diag(sign(relu(z)))",
     {"jacobian(relu(z), z) == diag(sign(z))", "jacobian(relu(z), z) == eye(m)",
      "jacobian(abs(z), z) == diag(sign(z))"}},
    {"for all m >= 1\nfor all i in 1..m\ngiven z in R[m]\nconvention relu'(0) = 1\n",
     "jacobian(relu(z), z)[i, i] == indicator(z[i] >= 0)",
     {"jacobian(relu(z), z)[i, i] == indicator(z[i] > 0)"}},
    // Inequalities.
    {"for all m >= 1\ngiven z in R[m]\n", "softmax(z) > 0", {"softmax(z) > 1 / m", "softmax(z) < 1"}},
    {"for all m >= 2\ngiven z in R[m]\n", "softmax(z) < 1", {"softmax(z) < 1 / 2"}},
    {"for all m >= 1\nfor all i in 1..m\ngiven x in [0, oo)[m]\n",
     "x[i] <= sum(x)",
     {"x[i] < sum(x)", "2 * x[i] <= sum(x)", "sum(x) <= m * x[i]"}},
    {"for all m >= 1\nfor all i in 1..m\ngiven x in R[m]\n", "x[i]^2 <= sum(x .^ 2)", {"x[i] <= sum(x)"}},
    {"for all m >= 1\ngiven x in R[m]\n", "0 <= norm(x)", {"0 < norm(x)", "norm(x) <= 1", "norm(x) == sum(x)"}},
    {"for all m >= 1\ngiven p in simplex[m]\n", "0 < p <= 1", {"p < 1"}},
    // Shapes and membership.
    {"for all m >= 1\nfor all n >= 1\ngiven A in R[m, n]\n",
     "shape(A') == [n, m]",
     {"shape(A) == [n, m]", "shape(A' * A) == [m, n]"}},
    {"for all m >= 1\ngiven z in R[m]\n",
     "in(softmax(z), (0, 1][m])",
     {"in(softmax(z), (0, 1)[m])", "in(softmax(z), (0, 1][m + 1])", "in(z, (0, oo)[m])"}},
    {"for all m >= 1\ngiven z in R[m]\n", "in(softmax(z), simplex[m])", {"in(2 * softmax(z), simplex[m])"}},
    {"for all m >= 1\ngiven A in R[m, m]\n", "in(A + A', sym[m])", {"in(A - A', sym[m])", "in(A, sym[m])"}},
    // Definedness is part of the proof.
    {"for all m >= 1\ngiven x in (0, oo)[m]\n",
     "sum(log(x)) - sum(log(x)) == 0",
     {"sum(log(x - 1)) - sum(log(x - 1)) == 0", "sum(1 ./ (x - 1)) - sum(1 ./ (x - 1)) == 0"}},
    {"for all m >= 1\ngiven x in R[m]\n", "defined(log(1 + x .^ 2))", {"defined(log(x))", "defined(x / norm(x))"}},
    {"for all m >= 0\ngiven x in R[m]\n",
     "sum(0 * x + 1) == m",
     {"mean(0 * x + 1) == 1", "logsumexp(0 * x) == log(m)"}},
    {"for all m >= 1\ngiven x in R[m]\n",
     "continuous(abs(x), x)",
     {"continuous(sign(x), x)", "differentiable(abs(x), x)", "differentiable(norm(x), x)"}},
    {"for all m >= 1\ngiven x in R[m]\nassume abs(x) > 0\n",
     "differentiable(relu(x), x)",
     {"differentiable(relu(x - 1), x)", "grad(sum(relu(x)), x) == ones(m)"}},
    // Ranges.
    {"for all n >= 2\ngiven x in R[n]\n",
     "sum(k in 1..n - 1: x[k]) + x[n] == sum(x) - 0 * x[1]",
     {"sum(k in 1..n - 1: x[k + 1]) == sum(x)", "sum(k in 2..n: x[k]) == sum(x)"}},
    {"for all n >= 1\ngiven x in R[n + 1]\n",
     "sum(k in 1..n: x[k + 1] * (x[k] + 1)) == sum(k in 1..n: x[k + 1] * x[k]) + sum(k in 1..n: x[k + 1])",
     {"sum(k in 1..n: x[k + 1] * x[k]) == sum(k in 1..n: x[k]^2)"}},
};

}  // namespace

TEST_CASE("index notation proves what holds in every dimension") {
  for (const Row& row : rows) {
    CAPTURE(row.truth);
    std::string why;
    CHECK_MESSAGE(is_proved(row.setting + ("show " + std::string(row.truth)) + "\n", &why), why);
  }
}

TEST_CASE("and proves none of what is perturbed") {
  for (const Row& row : rows)
    for (const char* statement : row.perturbed) {
      CAPTURE(row.setting);
      CAPTURE(statement);
      CHECK_FALSE(is_proved(row.setting + ("show " + std::string(statement)) + "\n"));
    }
}

TEST_CASE("an index that may leave its range is not looked at") {
  CHECK_FALSE(is_proved("for all m >= 1\nfor all n >= 1\nfor all j in 1..n\ngiven x in R[m]\nshow x[j] == x[j]\n"));
  CHECK_FALSE(is_proved("for all m >= 1\ngiven x in R[m]\nshow x[2] == x[2]\n"));
  CHECK(is_proved("for all m >= 2\ngiven x in R[m]\nshow x[2] == x[m - (m - 2)]\n"));
}

TEST_CASE("nesting as deep as the parser allows ends with a reason") {
  std::string deep = "x";
  for (int k = 0; k < 900; ++k) deep = "exp(" + deep + ")";
  std::string why;
  CHECK_FALSE(is_proved("for all m >= 1\ngiven x in R\nshow " + deep + " == m\n", &why));
  CHECK(why.find("deep") != std::string::npos);
}
