#pragma once

#include <nabla/ops/number.hpp>
#include <nabla/proofs/claim/problem.hpp>

namespace nabla {

/// The relation between two numbers of a kind; of enclosures, unknown where they overlap. The
/// re-checker, which shares nothing with the deciders, has its own.
template <class V>
Truth compared(Comparison how, const V& a, const V& b) {
  using N = Number<V>;
  switch (how) {
    case Comparison::equal:
      return N::equal(a, b);
    case Comparison::not_equal:
      return !N::equal(a, b);
    case Comparison::less:
      return N::less(a, b);
    case Comparison::less_equal:
      return !N::less(b, a);
    case Comparison::greater:
      return N::less(b, a);
    case Comparison::greater_equal:
      return !N::less(a, b);
  }
  return Truth::unknown;
}

/// The comparison that holds exactly where `how` does not (of two scalars), and the one with the sides exchanged.
Comparison opposite(Comparison how);
Comparison mirrored(Comparison how);

}  // namespace nabla
