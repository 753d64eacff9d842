#pragma once

#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/registry.hpp>

namespace nabla {

/// Forward mode over any kind of number: a value and its tangent along one direction. Operators act by the same rules
/// that the reverse sweep uses.
template <class V>
struct Dual {
  V value{};
  V tangent{};

  Dual() = default;
  template <std::integral I>
  Dual(I n) : value(V(static_cast<int>(n))), tangent(V(0)) {}
  Dual(const V& v) : value(v), tangent(V(0)) {}
  Dual(const V& v, const V& t) : value(v), tangent(t) {}
};

template <class V>
struct Number<Dual<V>> {
  using D = Dual<V>;
  static constexpr std::string_view kind = Number<V>::kind;
  static constexpr Level level = Number<V>::level;
  static constexpr bool lifts = true;
  static constexpr bool own_infix = false;
  static constexpr bool encloses = Number<V>::encloses;
  static constexpr bool exact = Number<V>::exact;
  static D of(const Constant& value) { return D(Number<V>::of(value)); }
  static bool is_zero(const D& x) { return Number<V>::is_zero(x.value) && Number<V>::is_zero(x.tangent); }
  static Truth less(const D& a, const D& b) requires Ordered<V> { return Number<V>::less(a.value, b.value); }
  static Truth equal(const D& a, const D& b) requires Ordered<V> { return Number<V>::equal(a.value, b.value); }
  static D hull(const D& a, const D& b) requires(encloses) {
    return {Number<V>::hull(a.value, b.value), Number<V>::hull(a.tangent, b.tangent)};
  }

  /// For an operator that is given as a value and a rule (a user's own): the kinds that they are computed in, and the
  /// dual number that follows. partial(k, seed, y, x) is the rule's product of seed with the partial for operand k.
  using Value = V;
  using Slope = V;
  static const V& value_of(const D& x) { return x.value; }
  template <class Partial>
  static D carry(const V& y, std::span<const D> x, Partial partial) {
    std::vector<V> at;
    for (const D& each : x) at.push_back(each.value);
    V tangent(0);
    for (std::size_t k = 0; k < x.size(); ++k)
      if (!Number<V>::is_zero(x[k].tangent)) tangent = tangent + partial(k, x[k].tangent, y, at);
    return {y, tangent};
  }

  template <class Op, class... A>
  static D apply(std::source_location, const A&... a) {
    const D operands[] = {D(a)...};
    return lift<Op>({}, operands, std::make_index_sequence<sizeof...(A)>{});
  }
  template <class Op>
  static D apply_indexed(std::source_location, std::int64_t n, const D& x) {
    return lift<Op>({&n, 1}, {&x, 1}, std::index_sequence<0>{});
  }

 private:
  /// y' = sum over operands of partial * tangent. A tangent that is exactly zero contributes exactly zero, so an
  /// infinite partial of a branch that does not move does no harm.
  template <class Op, std::size_t... K>
  static D lift(Attributes attributes, std::span<const D> x, std::index_sequence<K...>) {
    const V y = [&] {
      if constexpr (Op::indexed) {
        if constexpr (Lifted<V>)
          return Number<V>::template apply_indexed<Op>({}, attributes[0], x[K].value...);
        else
          return Op::template value<V>(attributes[0], x[K].value...);
      } else {
        return detail::call<Op>({}, x[K].value...);
      }
    }();
    V tangent(0);
    (add<Op, K>(tangent, attributes, y, x, std::index_sequence<K...>{}), ...);
    return {y, tangent};
  }
  template <class Op, std::size_t Slot, std::size_t... K>
  static void add(V& sum, Attributes attributes, const V& y, std::span<const D> x, std::index_sequence<K...>) {
    const V& t = x[Slot].tangent;
    if constexpr (requires { Number<V>::is_zero(t); }) {
      if (Number<V>::is_zero(t)) return;
    }
    if constexpr (requires { Op::template products<V>(t, y, x[K].value...); }) {
      sum = sum + Op::template products<V>(t, y, x[K].value...)[Slot];
    } else if constexpr (Op::indexed) {
      sum = sum + t * Op::template partials<V>(attributes[0], y, x[K].value...)[Slot];
    } else {
      sum = sum + t * Op::template partials<V>(y, x[K].value...)[Slot];
    }
  }
};

}  // namespace nabla
