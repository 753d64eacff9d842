#pragma once

#include <array>
#include <cstdint>
#include <nabla/ops/facts.hpp>
#include <nabla/ops/number.hpp>
#include <nabla/ops/shape.hpp>
#include <source_location>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

/// What an operator is.
///
/// An operator is one record: a struct that states its name, its facts and its rule, once, as templates over the kind
/// of number. With V = double the rule computes, with V = Expr it appends nodes; there is no second copy.
///
///   struct Tanh : Primitive<1> {
///     static constexpr std::string_view name = "tanh";
///     static constexpr Facts facts{...};
///     template <Elementary V> static V value(const V& x) { return Number<V>::tanh(x); }
///     template <Elementary V> static std::array<V, 1> partials(const V& y, const V& x) { return {V(1) - y * y}; }
///   };
///   NABLA_UNARY(tanh, Tanh)
///
/// Elementwise records (Primitive, Composite) give `value` and `partials` (one per operand, in order). Optional:
///   static V kink(x...)      1 where a derivative fails to exist, 0 elsewhere (a V-valued condition, so it records
///   too) static std::array<V, N> products(t, y, x...)   t times each partial, where a plain product will not do static
///   V defined(x...)   the condition of the domain, when the facts' sets cannot say it static constexpr bool indexed =
///   true: value(n, x) and partials(n, y, x) take one integer attribute first
///   static V algebraic(x...)   what the value equals on the whole domain in terms of exp, log, roots, sin, cos, erf
///   and choices, where `value` is a primitive's or is written for accuracy: proofs of identities read it
/// Structured records give
///   static Shape shape(Attributes, std::span<const Shape>)                                throws ShapeError
///   template <Level V> static void evaluate(Attributes, std::span<const View<const V>> x, View<V> y)
///   template <Level V> static void definition(Attributes, x, y)     as evaluate, written as mathematics states it: for
///                                                                   symbols, where evaluate looks at its values
///   template <class T> static std::vector<T> pullback(Attributes, const T& adjoint, const T& y, std::span<const T> x)
/// where T is a tensor that operators apply to (Expr or Array<V>) and an empty T is a contribution of zero.
namespace nabla {

/// The number that a level of the facts is.
template <Elementary V>
V level_of(const Tail& tail) {
  const V rational = ratio<V>(tail.num, tail.den);
  return tail.of_pi ? V(rational * pi<V>()) : rational;
}

enum class Family : std::uint8_t { leaf, elementwise, structured };

inline constexpr int variadic = -1;

template <int N>
struct Elementwise {
  static constexpr Family family = Family::elementwise;
  static constexpr int arity = N;
  static constexpr bool indexed = false;
};

/// An elementwise operator that each kind of number computes itself.
template <int N>
struct Primitive : Elementwise<N> {
  static constexpr bool composite = false;
};

/// An elementwise operator whose `value` is written with other operators: recording its value expands it.
template <int N>
struct Composite : Elementwise<N> {
  static constexpr bool composite = true;
};

/// An operator on whole tensors.
template <int N>
struct Structured {
  static constexpr Family family = Family::structured;
  static constexpr int arity = N;
  static constexpr bool indexed = false;
  static constexpr bool composite = false;
};

template <class Op>
concept ElementwiseOperator = Op::family == Family::elementwise;
template <class Op>
concept StructuredOperator = Op::family == Family::structured;

namespace detail {

template <class A>
concept Number_ = Kind<std::remove_cvref_t<A>>;

/// The kind among the arguments that operators are applied in: a lifted one that the others convert to, else the first
/// kind that is not built from an int.
template <class A, class... B>
struct Leading {
  using type = std::remove_cvref_t<A>;
};
template <class A, class B, class... C>
struct Leading<A, B, C...> {
  using First = std::remove_cvref_t<A>;
  using Rest = typename Leading<B, C...>::type;
  static constexpr bool first_leads = [] {
    if constexpr (!Number_<First>) {
      return false;
    } else if constexpr (!Number_<Rest>) {
      return true;
    } else if constexpr (Lifted<First> != Lifted<Rest>) {
      return Lifted<First>;
    } else {
      return std::is_constructible_v<First, Rest>;
    }
  }();
  using type = std::conditional_t<first_leads, First, Rest>;
};
template <class... A>
using leading_t = typename Leading<A...>::type;

template <class... A>
concept Applicable = Kind<leading_t<A...>>;

template <class Op, class... A>
auto call(std::source_location where, const A&... a) {
  using V = leading_t<A...>;
  if constexpr (Lifted<V>) {
    return Number<V>::template apply<Op>(where, a...);
  } else {
    return Op::template value<V>(static_cast<V>(a)...);
  }
}

}  // namespace detail

// The function that users and rules call. One line in the record's file; the place is that of the caller.
#define NABLA_UNARY(function, Record)                                                       \
  template <class A>                                                                        \
  requires ::nabla::detail::Applicable<A>                                                   \
  auto function(const A& a, std::source_location where = std::source_location::current()) { \
    return ::nabla::detail::call<Record>(where, a);                                         \
  }
#define NABLA_BINARY(function, Record)                                                                  \
  template <class A, class B>                                                                           \
  requires ::nabla::detail::Applicable<A, B>                                                            \
  auto function(const A& a, const B& b, std::source_location where = std::source_location::current()) { \
    return ::nabla::detail::call<Record>(where, a, b);                                                  \
  }
#define NABLA_TERNARY(function, Record)                                                                             \
  template <class A, class B, class C>                                                                              \
  requires ::nabla::detail::Applicable<A, B, C>                                                                     \
  auto function(const A& a, const B& b, const C& c, std::source_location where = std::source_location::current()) { \
    return ::nabla::detail::call<Record>(where, a, b, c);                                                           \
  }

/// The operators of a family, listed at the end of the family's own file.
template <class... Ops>
struct Operators {};

template <class... Lists>
struct ConcatOperators;
template <class... A>
struct ConcatOperators<Operators<A...>> {
  using type = Operators<A...>;
};
template <class... A, class... B, class... Rest>
struct ConcatOperators<Operators<A...>, Operators<B...>, Rest...> {
  using type = typename ConcatOperators<Operators<A..., B...>, Rest...>::type;
};

}  // namespace nabla
