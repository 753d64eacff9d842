#pragma once

#include <algorithm>
#include <nabla/engine/train/line_search.hpp>
#include <nabla/engine/train/step_size.hpp>
#include <string_view>

namespace nabla {

/// Limited-memory BFGS: x <- x - alpha H g, where H is the inverse of the Hessian as the last pairs of steps s and
/// changes y of the gradient know it, and alpha satisfies the strong Wolfe conditions; the gradient taken over all
/// samples. The first length tried is the rate; before there is a pair, the rate over max(1, |g|).
///
/// A pair is kept only where s'y > 0. Where no lower point is found, x stays.
struct Lbfgs {
  static constexpr std::string_view name = "lbfgs";
  static constexpr std::string_view source =
      "Nocedal, Wright, Numerical optimization, 2006, algorithms 7.4 and 7.5 with (7.20); line search 3.5 and 3.6";
  static constexpr std::size_t pairs = 10;
  static constexpr std::size_t vectors = 2 * pairs;  // of step k: s at 2 (k mod pairs), y behind it; 0: no pair
  static constexpr bool takes_all_samples = true;
  template <class Visit>
  void hyperparameters(Visit&&) {}

  /// \param f, g  the objective and its gradient at x
  /// \param evaluate  computes the objective at x, which it returns, and its gradient into the memory of g
  template <class V, class Evaluate>
  void step(std::span<V> x, std::span<const V> g, const V& f, const StepSize<V>& size, std::int64_t k,
            OptimiserMemory<V>& memory, Evaluate&& evaluate) const {
    const std::vector<V> from(x.begin(), x.end()), slope(g.begin(), g.end());
    std::vector<V> d = direction(slope, k, memory);
    V down = detail::dot_product<V>(slope, d);
    if (Number<V>::less(down, V(0)) != Truth::yes) {
      for (std::size_t i = 0; i < d.size(); ++i) d[i] = -slope[i];
      down = detail::dot_product<V>(slope, d);
    }
    V first = size.rate;
    if (!has_pair(k, memory)) {
      const V length = nabla::sqrt(V(-down));
      if (Number<V>::less(V(1), length) == Truth::yes) first = first / length;
    }
    const auto go = [&](const V& alpha) {
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = from[i] + alpha * d[i];
      const V value = evaluate();
      return LinePoint<V>{alpha, value, detail::dot_product<V>(g, d)};
    };
    const LinePoint<V> found = strong_wolfe_point(LinePoint<V>{V(0), f, down}, first, go);
    std::vector<V>&s = memory[2 * slot(k)], &y = memory[2 * slot(k) + 1];
    if (Number<V>::is_zero(found.alpha)) {
      std::copy(from.begin(), from.end(), x.begin());
      std::fill(s.begin(), s.end(), V(0));
      std::fill(y.begin(), y.end(), V(0));
      return;
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      s[i] = x[i] - from[i];
      y[i] = g[i] - slope[i];
    }
    if (Number<V>::less(V(0), detail::dot_product<V>(s, y)) == Truth::yes) return;
    std::fill(s.begin(), s.end(), V(0));
    std::fill(y.begin(), y.end(), V(0));
  }

 private:
  static std::size_t slot(std::int64_t k) { return static_cast<std::size_t>(k) % pairs; }

  /// Calls visit(s, y, s'y) for the pairs from before step k, the newest first.
  template <class V, class Visit>
  static void for_each_pair(std::int64_t k, const OptimiserMemory<V>& memory, Visit&& visit) {
    for (std::int64_t j = k - 1; j >= 0 && j >= k - static_cast<std::int64_t>(pairs); --j) {
      const std::vector<V>&s = memory[2 * slot(j)], &y = memory[2 * slot(j) + 1];
      const V product = detail::dot_product<V>(s, y);
      if (Number<V>::less(V(0), product) == Truth::yes) visit(s, y, product);
    }
  }
  template <class V>
  static bool has_pair(std::int64_t k, const OptimiserMemory<V>& memory) {
    bool has = false;
    for_each_pair<V>(k, memory, [&](const auto&...) { has = true; });
    return has;
  }

  /// -H g by the two loops of algorithm 7.4.
  template <class V>
  static std::vector<V> direction(const std::vector<V>& g, std::int64_t k, const OptimiserMemory<V>& memory) {
    struct Pair {
      const std::vector<V>&s, &y;
      V product, alpha;
    };
    std::vector<Pair> newest_first;
    std::vector<V> q = g;
    for_each_pair<V>(k, memory, [&](const std::vector<V>& s, const std::vector<V>& y, const V& product) {
      const V alpha = detail::dot_product<V>(s, q) / product;
      for (std::size_t i = 0; i < q.size(); ++i) q[i] = q[i] - alpha * y[i];
      newest_first.push_back({s, y, product, alpha});
    });
    if (!newest_first.empty()) {
      const Pair& newest = newest_first.front();
      const V scale = newest.product / detail::dot_product<V>(newest.y, newest.y);
      for (V& each : q) each = scale * each;
    }
    for (auto pair = newest_first.rbegin(); pair != newest_first.rend(); ++pair) {
      const V off = pair->alpha - detail::dot_product<V>(pair->y, q) / pair->product;
      for (std::size_t i = 0; i < q.size(); ++i) q[i] = q[i] + off * pair->s[i];
    }
    for (V& each : q) each = -each;
    return q;
  }
};

}  // namespace nabla
