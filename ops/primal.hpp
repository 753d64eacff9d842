#pragma once

#include <nabla/ops/number.hpp>

/// Comparisons that steer an algorithm (which pivot, which shift), as opposed to comparisons that are results.
namespace nabla::detail {

/// A kind whose values can be looked at while computing: every one but symbols. A lifted kind (dual, Taylor) takes part
/// by giving the number that it extends as Number<V>::primal(x).
template <class V>
concept Inspectable = Field<V> && (!Lifted<V> || requires(const V& x) { Number<V>::primal(x); });

/// What comparisons of x are comparisons of.
template <Inspectable V>
decltype(auto) primal(const V& x) {
  if constexpr (Lifted<V>) {
    return primal(Number<V>::primal(x));
  } else {
    return (x);
  }
}

template <Inspectable V>
bool certainly_less(const V& a, const V& b) {
  using P = std::remove_cvref_t<decltype(primal(a))>;
  return Number<P>::less(primal(a), primal(b)) == Truth::yes;
}

/// Whether x can be divided by.
template <Inspectable V>
bool certainly_nonzero(const V& x) {
  using P = std::remove_cvref_t<decltype(primal(x))>;
  if constexpr (Ordered<P>) {
    return Number<P>::equal(primal(x), P(0)) == Truth::no;
  } else {
    return !Number<P>::is_zero(primal(x));
  }
}

}  // namespace nabla::detail
