#pragma once

#include <nabla/ops/number.hpp>

/// Comparisons that steer an algorithm (which pivot, which shift), as opposed to comparisons that are results.
namespace nabla::detail {

/// A kind whose values can be looked at while computing: every one but symbols. Dual and Taylor numbers compare by the
/// value that they extend.
template <class V>
concept Inspectable = (Ordered<V> &&
                       requires(const V& x) {
                         Number<V>::less(x, x);
                         Number<V>::equal(x, x);
                       }) ||
                      (Field<V> && !Lifted<V>);

template <Inspectable V>
requires Ordered<V>
bool certainly_less(const V& a, const V& b) { return Number<V>::less(a, b) == Truth::yes; }

/// Whether x can be divided by.
template <Inspectable V>
bool certainly_nonzero(const V& x) {
  if constexpr (Ordered<V>) {
    return Number<V>::equal(x, V(0)) == Truth::no;
  } else {
    return !Number<V>::is_zero(x);
  }
}

}  // namespace nabla::detail
