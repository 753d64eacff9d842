#pragma once

#include <array>
#include <cmath>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/ops/registry.hpp>
#include <optional>
#include <tuple>
#include <vector>

/// Elementwise operators of the registry evaluated at arrays of operands, and the sets that their facts state.
namespace nabla::sampling {

template <class Op>
inline constexpr auto arity = static_cast<std::size_t>(Op::arity);

template <class Op, class V>
using Operands = std::array<V, arity<Op>>;

template <class Op, class V>
V value(std::int64_t n, const Operands<Op, V>& x) {
  return std::apply(
      [&](const auto&... each) {
        if constexpr (Op::indexed) {
          return Op::template value<V>(n, each...);
        } else {
          return Op::template value<V>(each...);
        }
      },
      x);
}

template <class Op, class V>
std::array<V, arity<Op>> partials(std::int64_t n, const Operands<Op, V>& x) {
  const V y = value<Op, V>(n, x);
  return std::apply(
      [&](const auto&... each) {
        if constexpr (Op::indexed) {
          return Op::template partials<V>(n, y, each...);
        } else {
          return Op::template partials<V>(y, each...);
        }
      },
      x);
}

template <class Op>
inline constexpr bool has_kink = requires {
  &Op::template kink<double>;
};
template <class Op>
inline constexpr bool has_defined = requires {
  &Op::template defined<double>;
};

inline bool contains(const Reals& set, double x) {
  if (x < set.lo || x > set.hi) return false;
  if (x == set.lo && !set.lo_closed) return false;
  if (x == set.hi && !set.hi_closed) return false;
  switch (set.hole) {
    case Hole::none:
      return true;
    case Hole::zero:
      return x != 0;
    case Hole::nonpositive_integers:
      return x > 0 || x != std::floor(x);
    case Hole::odd_multiples_of_half_pi:
      return true;  // none is a double
  }
  return false;
}

/// Whether the record's `defined`, or else the sets of its facts, contain the operands.
template <class Op>
bool in_domain(std::int64_t n, const Operands<Op, double>& x) {
  if constexpr (has_defined<Op>) {
    return std::apply(
        [&](const auto&... each) {
          if constexpr (Op::indexed) {
            return Op::template defined<double>(n, each...) != 0;
          } else {
            return Op::template defined<double>(each...) != 0;
          }
        },
        x);
  } else {
    return contains(Op::facts.domain, x[0]) && (x.size() < 2 || contains(Op::facts.domain2, x[x.size() < 2 ? 0 : 1]));
  }
}

/// Every choice of operands from a list, the same entry never twice (so that no two are equal).
template <class Op, class Visit>
void for_each_choice(const std::vector<double>& entries, bool distinct, Visit&& visit) {
  constexpr std::size_t N = arity<Op>;
  std::array<std::size_t, N> at{};
  for (;;) {
    bool skip = false;
    for (std::size_t i = 0; i < N; ++i)
      for (std::size_t j = 0; j < i; ++j) skip = skip || (distinct && at[i] == at[j]);
    if (!skip) {
      Operands<Op, double> x{};
      for (std::size_t i = 0; i < N; ++i) x[i] = entries[at[i]];
      visit(x);
    }
    std::size_t k = 0;
    while (k < N && ++at[k] == entries.size()) at[k++] = 0;
    if (k == N) return;
  }
}

/// The attributes to try: one for an operator without, else a few of either sign that the record accepts.
template <class Op>
std::vector<std::int64_t> attributes() {
  if constexpr (!Op::indexed) return {0};
  std::vector<std::int64_t> accepted;
  for (std::int64_t n = -3; n <= 5; ++n) {
    try {
      Operands<Op, double> one;
      one.fill(1);
      static_cast<void>(value<Op, double>(n, one));
      accepted.push_back(n);
    } catch (const std::invalid_argument&) {
    }
  }
  return accepted;
}

}  // namespace nabla::sampling
