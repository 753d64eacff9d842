#pragma once

#include <nabla/engine/kernels/array.hpp>
#include <nabla/ops/registry.hpp>

/// What an operator's record says of its operands in one kind of number: its value, whether they lie in its domain,
/// whether a derivative fails to exist there. The rows are the registry; nothing is listed by hand.
namespace nabla::wellposed {

template <class V>
struct Row {
  using Operands = std::span<const View<const V>>;
  /// Null where the kind cannot.
  void (*value)(Attributes, Operands, View<V>) = nullptr;
  /// Whether every entry of the operands lies in the stated domain. Null: the record states none beside what the value
  /// itself says.
  Truth (*defined)(Attributes, Operands, const Shape&) = nullptr;
  /// Whether some entry meets a point without a derivative. Null: the record knows of none (but see Facts::kinks).
  Truth (*kink)(Attributes, Operands, const Shape&) = nullptr;
  /// Whether the operator is locally constant wherever it has no kink: all its partials are exactly zero.
  bool (*locally_constant)(Attributes) = nullptr;
};

/// The truth of a condition that is a number.
template <class V>
Truth truth_of(const V& condition) {
  return !Number<V>::equal(condition, V(0));
}

/// Whether x lies in a set of reals; irrational holes are left to the value.
template <class V>
Truth inside(const Reals& set, const V& x) {
  using N = Number<V>;
  Truth all = Truth::yes;
  // The ends are small integers, exact in double.
  if (set.lo > -unbounded) {
    const V lo(static_cast<int>(set.lo));
    all = all && (set.lo_closed ? !N::less(x, lo) : N::less(lo, x));
  }
  if (set.hi < unbounded) {
    const V hi(static_cast<int>(set.hi));
    all = all && (set.hi_closed ? !N::less(hi, x) : N::less(x, hi));
  }
  if (set.hole == Hole::zero) all = all && !N::equal(x, V(0));
  if (set.hole == Hole::nonpositive_integers) all = all && (N::less(V(0), x) || !N::equal(x, N::floor(x)));
  return all;
}

namespace detail_rows {

constexpr bool is_everything(const Reals& set) {
  return set.lo == -unbounded && set.hi == unbounded &&
         (set.hole == Hole::none || set.hole == Hole::odd_multiples_of_half_pi);
}

/// Calls test(entry...) for every entry of a broadcast operation and joins the answers.
template <class Op, class V, class Test>
Truth for_every_entry(std::span<const View<const V>> x, const Shape& shape, Test test) {
  constexpr auto arity = static_cast<std::size_t>(Op::arity);
  nabla::detail::BroadcastCursor<arity> cursor(shape, x);
  Truth all = Truth::yes;
  for (std::int64_t i = 0; i < shape.size(); ++i, cursor.next()) {
    const V* entry[arity];
    for (std::size_t k = 0; k < arity; ++k) entry[k] = x[k].data + cursor.at(k);
    all = all && test(entry);
    if (all == Truth::no) break;
  }
  return all;
}

template <class Op, class V, std::size_t... K>
V condition(bool kink, Attributes attributes, const V* const* x, std::index_sequence<K...>) {
  if constexpr (requires { &Op::template kink<V>; }) {
    if (kink) {
      if constexpr (Op::indexed)
        return Op::template kink<V>(attributes[0], *x[K]...);
      else
        return Op::template kink<V>(*x[K]...);
    }
  }
  if constexpr (requires { &Op::template defined<V>; }) {
    if constexpr (Op::indexed)
      return Op::template defined<V>(attributes[0], *x[K]...);
    else
      return Op::template defined<V>(*x[K]...);
  }
  return V(1);
}

template <class Op, class V>
void elementwise_row(Row<V>& row) {
  constexpr auto arity = static_cast<std::size_t>(Op::arity);
  using Slots = std::make_index_sequence<arity>;
  row.value = [](Attributes a, typename Row<V>::Operands x, View<V> y) {
    nabla::detail::elementwise_value<Op, V>(a, x, y);
  };
  if constexpr (requires { &Op::template defined<V>; }) {
    row.defined = [](Attributes a, typename Row<V>::Operands x, const Shape& shape) {
      return for_every_entry<Op, V>(
          x, shape, [&](const V* const* e) { return truth_of(condition<Op, V>(false, a, e, Slots{})); });
    };
  } else if constexpr (!is_everything(Op::facts.domain) || !is_everything(Op::facts.domain2)) {
    row.defined = [](Attributes, typename Row<V>::Operands x, const Shape& shape) {
      return for_every_entry<Op, V>(x, shape, [](const V* const* e) {
        Truth all = inside(Op::facts.domain, *e[0]);
        if constexpr (arity > 1) all = all && inside(Op::facts.domain2, *e[1]);
        return all;
      });
    };
  }
  if constexpr (requires { &Op::template kink<V>; }) {
    row.kink = [](Attributes a, typename Row<V>::Operands x, const Shape& shape) {
      return !for_every_entry<Op, V>(
          x, shape, [&](const V* const* e) { return !truth_of(condition<Op, V>(true, a, e, Slots{})); });
    };
  }
  row.locally_constant = [](Attributes a) {
    const V any = Number<V>::hull(V(-1), V(1)) / Number<V>::hull(V(-1), V(1));
    const V* entry[arity];
    for (const V*& e : entry) e = &any;
    const auto partials = nabla::detail::scalar_partials<Op, V>(a, any, entry);
    for (const V& p : partials)
      if (!Number<V>::is_zero(p)) return false;
    return true;
  };
}

template <class V>
Truth all_true(const Array<V>& conditions) {
  Truth all = Truth::yes;
  for (const V& c : conditions.values()) all = all && truth_of(c);
  return all;
}
template <class V>
std::vector<Array<V>> arrays(std::span<const View<const V>> x) {
  std::vector<Array<V>> result;
  for (const View<const V>& view : x) result.emplace_back(view);
  return result;
}

template <class Op, class V>
void structured_row(Row<V>& row) {
  using T = Array<V>;
  if constexpr (requires(Attributes a, typename Row<V>::Operands x, View<V> y) { Op::template evaluate<V>(a, x, y); })
    row.value = [](Attributes a, typename Row<V>::Operands x, View<V> y) { Op::template evaluate<V>(a, x, y); };
  if constexpr (requires(Attributes a, std::span<const T> x) { Op::template defined<T>(a, x); }) {
    row.defined = [](Attributes a, typename Row<V>::Operands x, const Shape&) {
      const std::vector<T> operands = arrays<V>(x);
      return all_true(Op::template defined<T>(a, std::span<const T>(operands)));
    };
  }
  if constexpr (requires(Attributes a, std::span<const T> x) { Op::template kink<T>(a, x); }) {
    row.kink = [](Attributes a, typename Row<V>::Operands x, const Shape&) {
      const std::vector<T> operands = arrays<V>(x);
      const T met = Op::template kink<T>(a, std::span<const T>(operands));
      Truth none = Truth::yes;
      for (const V& c : met.values()) none = none && !truth_of(c);
      return !none;
    };
  }
}

template <class V>
std::array<Row<V>, builtin_count> make_rows() {
  std::array<Row<V>, builtin_count> made;
  for_each_operator([&made]<class Op>() {
    if constexpr (ElementwiseOperator<Op>) elementwise_row<Op, V>(made[opcode<Op>]);
    if constexpr (StructuredOperator<Op>) structured_row<Op, V>(made[opcode<Op>]);
  });
  return made;
}

}  // namespace detail_rows

/// The row of a built-in operator. Instantiated where the kind is defined.
template <class V>
const Row<V>& row(Opcode code);

}  // namespace nabla::wellposed
