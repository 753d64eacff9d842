#pragma once

#include <vector>

#include "index_rows.hpp"

namespace nabla {

/// Inequalities for every dimension that are sums of terms, and what is wrong with one thing changed.
inline const std::vector<IndexRow> index_terms_rows = {
    // Gibbs, entropy, chi squared.
    {"for all n >= 1\ngiven p, q in simplex[n]\n",
     "sum(p .* log(p ./ q)) >= 0",
     {"sum(p .* log(p ./ q)) > 0", "sum(p .* log(q ./ p)) >= 0", "sum(q .* log(p ./ q)) >= 0",
      "sum(p .* log(p ./ q)) >= 1 / n"}},
    {"for all n >= 1\ngiven p in simplex[n]\ngiven q in (0, 1)[n]\n",
     "sum(p .* log(p ./ q)) >= 1 - sum(q)",
     {"sum(p .* log(p ./ q)) >= 0", "sum(p .* log(p ./ q)) >= sum(q) - 1"}},
    {"for all n >= 1\ngiven p in simplex[n]\n",
     "-sum(p .* log(p)) <= log(n)",
     {"-sum(p .* log(p)) < log(n)", "-sum(p .* log(p)) <= log(n) - 1", "sum(p .* log(p)) <= -log(n)",
      "-sum(p .* log(p)) <= 1", "-sum(p .* log(p)) >= log(n)"}},
    {"for all n >= 1\ngiven p, q in simplex[n]\n",
     "sum(p .^ 2 ./ q) >= 1",
     {"sum(p .^ 2 ./ q) > 1", "sum(p .^ 2 ./ q) <= 1", "sum(p .^ 2 .* q) >= 1"}},
    {"for all n >= 1\ngiven p, q in simplex[n]\n", "dot(p, q) <= 1", {"dot(p, q) < 1", "dot(p, q) >= 1 / n"}},
    {"for all n >= 1\ngiven p in simplex[n]\ngiven x in R[n]\n",
     "dot(p, x .^ 2) - dot(p, x)^2 >= 0",
     {"dot(p, x .^ 2) - dot(p, x)^2 > 0", "dot(p, x .^ 2) - sum(x)^2 >= 0", "dot(p, x)^2 - dot(p, x .^ 2) >= 0"}},
    {"for all n >= 1\ngiven p in simplex[n]\n",
     "sum(p .^ 2) >= 1 / n",
     {"sum(p .^ 2) > 1 / n", "sum(p .^ 2) <= 1 / n"}},
    // Jensen and means.
    {"for all n >= 1\ngiven x in (0, oo)[n]\n",
     "mean(log(x)) <= log(mean(x))",
     {"mean(log(x)) < log(mean(x))", "mean(log(x)) >= log(mean(x))", "sum(log(x)) <= log(sum(x))"}},
    {"for all n >= 1\ngiven x in (0, oo)[n]\n",
     "sum(x .* log(x)) >= sum(x) * log(mean(x))",
     {"sum(x .* log(x)) >= sum(x) * log(sum(x))", "sum(x .* log(x)) > sum(x) * log(mean(x))"}},
    {"for all n >= 1\ngiven x in R[n]\n",
     "exp(mean(x)) <= mean(exp(x))",
     {"exp(mean(x)) < mean(exp(x))", "exp(sum(x)) <= sum(exp(x))", "exp(mean(x)) >= mean(exp(x))"}},
    {"for all n >= 1\ngiven x in (0, oo)[n]\n",
     "mean(x) * mean(1 ./ x) >= 1",
     {"mean(x) * mean(1 ./ x) > 1", "sum(x) * mean(1 ./ x) >= n^2"}},
    {"for all n >= 1\ngiven x in [0, oo)[n]\n",
     "mean(x)^3 <= mean(x .^ 3)",
     {"mean(x)^3 < mean(x .^ 3)", "sum(x)^3 <= sum(x .^ 3)", "mean(x)^2 <= mean(x .^ 3)"}},
    {"for all n >= 1\ngiven x in R[n]\n",
     "sum(x)^2 <= n * sum(x .^ 2)",
     {"sum(x)^2 <= sum(x .^ 2)", "sum(x)^3 <= n^2 * sum(x .^ 3)"}},
    {"for all n >= 1\ngiven x, y in R[n]\n",
     "dot(x, y)^2 <= dot(x, x) * dot(y, y)",
     {"dot(x, y)^2 < dot(x, x) * dot(y, y)", "dot(x, y)^2 <= dot(x, x)", "dot(x, y)^2 >= dot(x, x) * dot(y, y)"}},
    // Log-sum-exp.
    {"for all n >= 1\ngiven x in R[n]\n",
     "logsumexp(x) >= mean(x) + log(n)",
     {"logsumexp(x) > mean(x) + log(n)", "logsumexp(x) >= mean(x) + n", "logsumexp(x) <= mean(x) + log(n)",
      "logsumexp(x) >= sum(x) + log(n)"}},
    {"for all n >= 1\ngiven x, y in R[n]\n",
     "logsumexp((x + y) / 2) <= (logsumexp(x) + logsumexp(y)) / 2",
     {"logsumexp((x + y) / 2) < (logsumexp(x) + logsumexp(y)) / 2", "logsumexp(x + y) <= logsumexp(x)"}},
    {"for all n >= 1\ngiven x, y in R[n]\n",
     "logsumexp(x) >= logsumexp(y) + dot(softmax(y), x - y)",
     {"logsumexp(x) >= logsumexp(y) + dot(softmax(x), x - y)", "logsumexp(x) >= logsumexp(y) + dot(softmax(y), y - x)",
      "logsumexp(x) <= logsumexp(y) + dot(softmax(y), x - y)"}},
    {"for all n >= 1\ngiven x in R[n]\n",
     "max(x) <= logsumexp(x) <= max(x) + log(n)",
     {"max(x) < logsumexp(x)", "logsumexp(x) <= max(x)", "logsumexp(x) < max(x) + log(n)",
      "logsumexp(x) <= min(x) + log(n)"}},
    // The largest entry.
    {"for all n >= 1\ngiven x in R[n]\n",
     "min(x) <= mean(x) <= max(x)",
     {"min(x) < mean(x)", "mean(x) >= max(x)", "sum(x) <= max(x)", "max(x) == x[1]", "max(x) - min(x) > 0"}},
    {"for all n >= 1\ngiven x in R[n]\n", "dot(softmax(x), x) <= max(x)", {"dot(softmax(x), x) >= max(x)"}},
    // Nothing is differentiated that hangs on which entry is the largest.
    {"for all n >= 1\ngiven x in R[n]\n",
     "max(x) - max(x) == 0",
     {"grad(max(x), x) == onehot(1, n)", "(max(x) at x = -x) == -max(x)", "linear(max(x), x)",
      "increasing(-max(x), x)"}},
    {"for all n >= 1\ngiven x, y in R[n]\n",
     "max(x) - max(y) <= max(x - y)",
     {"max(x) - max(y) <= min(x - y)", "max(x + y) >= max(x) + max(y)", "max(x) - max(y) < max(x - y)"}},
    {"for all n >= 1\ngiven z in R[n]\ngiven t in simplex[n]\n",
     "cross_entropy(softmax(z), t) >= -sum(t .* log(t))",
     {"cross_entropy(softmax(z), t) > -sum(t .* log(t))", "cross_entropy(softmax(z), t) >= log(n)"}},
    {"for all n >= 1\ngiven x, y in R[n]\n",
     "norm(x - y) >= norm(x) - norm(y)",
     {"norm(x - y) >= norm(x) + norm(y)", "norm(x - y) > norm(x) - norm(y)", "norm(x - y) <= norm(x) - norm(y)"}},
    // Absolute values.
    {"for all n >= 1\ngiven x in R[n]\n",
     "abs(sum(x)) <= sum(abs(x))",
     {"abs(sum(x)) < sum(abs(x))", "abs(sum(x)) >= sum(abs(x))"}},
    {"for all n >= 1\ngiven x, y in R[n]\n",
     "abs(dot(x, y)) <= norm(x) * norm(y)",
     {"abs(dot(x, y)) < norm(x) * norm(y)", "abs(dot(x, y)) <= norm(x)^2", "abs(dot(x, y)) >= norm(x) * norm(y)"}},
};

}  // namespace nabla
