#pragma once

#include <nabla/ops/registry.hpp>
#include <span>

/// A step length for which a function falls enough and its slope is flat enough, in any kind of number V.
namespace nabla {

namespace detail {

template <class V>
V dot_product(std::span<const V> a, std::span<const V> b) {
  V total(0);
  for (std::size_t i = 0; i < a.size(); ++i) total = total + a[i] * b[i];
  return total;
}

}  // namespace detail

/// A function of a step length alpha: its value and slope there.
template <class V>
struct LinePoint {
  V alpha, value, slope;
};

/// The strong Wolfe conditions (Nocedal and Wright, Numerical optimization, 2006, (3.7)) with c1 = 1/10000, c2 = 9/10:
///   phi(alpha) <= phi(0) + c1 alpha phi'(0),  |phi'(alpha)| <= c2 |phi'(0)|.
template <class V>
struct StrongWolfe {
  LinePoint<V> start;

  bool falls_enough(const LinePoint<V>& p) const {
    const V most = start.value + ratio<V>(1, 10'000) * p.alpha * start.slope;
    return Number<V>::less(most, p.value) == Truth::no;  // not for what is no finite number
  }
  bool is_flat_enough(const LinePoint<V>& p) const {
    return Number<V>::less(ratio<V>(-9, 10) * start.slope, Number<V>::abs(p.slope)) == Truth::no;
  }
};

/// A point that satisfies them, by algorithms 3.5 and 3.6: the length is doubled until a point is bracketed, then the
/// bracket is cut where the cubic through both ends is least (3.59), at least a tenth of it from either end. After
/// `most_points` the last that falls enough at all; length 0 where there is none.
/// \param start  at length 0, where the slope is negative
/// \param go  computes the LinePoint at a length; the last one asked for is the one returned, unless that is `start`
template <class V, class Go>
LinePoint<V> strong_wolfe_point(const LinePoint<V>& start, const V& first, Go&& go) {
  constexpr int most_points = 40;
  const StrongWolfe<V> wolfe{start};
  const auto is_less = [](const V& a, const V& b) { return Number<V>::less(a, b) == Truth::yes; };
  int points = 0;
  // The bracket: `low` falls enough, and has the least value of such; the slope there points to `high`.
  LinePoint<V> low = start, high = start;
  bool is_bracketed = false;
  for (V alpha = first; points < most_points && !is_bracketed; ++points) {
    const LinePoint<V> p = go(alpha);
    if (!wolfe.falls_enough(p) || (points > 0 && !is_less(p.value, low.value))) {
      high = p;
      is_bracketed = true;
    } else if (wolfe.is_flat_enough(p)) {
      return p;
    } else if (!is_less(p.slope, V(0))) {
      high = low;
      low = p;
      is_bracketed = true;
    } else {
      low = p;
      alpha = V(2) * alpha;
    }
  }
  bool is_at_low = false;
  for (; points < most_points && is_bracketed; ++points) {
    const V width = high.alpha - low.alpha;
    if (Number<V>::is_zero(width)) break;
    // (3.59), as a share of the way from low to high; one half where the cubic has no minimum.
    const V d1 = low.slope + high.slope - V(3) * (low.value - high.value) / (low.alpha - high.alpha);
    const V under = d1 * d1 - low.slope * high.slope;
    V share = ratio<V>(1, 2);
    if (is_less(V(0), under)) {
      const V root = is_less(V(0), width) ? nabla::sqrt(under) : V(-nabla::sqrt(under));
      const V cubic = V(1) - (high.slope + root - d1) / (high.slope - low.slope + V(2) * root);
      if (Number<V>::less(cubic, ratio<V>(1, 10)) == Truth::no && Number<V>::less(ratio<V>(9, 10), cubic) == Truth::no)
        share = cubic;
      else if (is_less(cubic, ratio<V>(1, 10)))
        share = ratio<V>(1, 10);
      else if (is_less(ratio<V>(9, 10), cubic))
        share = ratio<V>(9, 10);
    }
    const LinePoint<V> p = go(V(low.alpha + share * width));
    is_at_low = false;
    if (!wolfe.falls_enough(p) || !is_less(p.value, low.value)) {
      high = p;
    } else {
      if (wolfe.is_flat_enough(p)) return p;
      if (!is_less(p.slope * width, V(0))) high = low;
      low = p;
      is_at_low = true;
    }
  }
  if (Number<V>::is_zero(low.alpha)) return start;
  return is_at_low ? low : go(low.alpha);
}

}  // namespace nabla
