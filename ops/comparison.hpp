#pragma once

#include <nabla/ops/arithmetic.hpp>

/// Conditions and the choices they make. A condition is a number: 1 where it holds, 0 where it does not, and for an
/// enclosure that cannot tell the hull of both; so a choice records, replays and encloses like any other operator.
namespace nabla {

namespace detail {

/// A condition is locally constant, so its derivative is 0; where the sides meet none exists.
template <class Self>
struct Condition : Primitive<2> {
  template <Ordered V>
  static std::array<V, 2> partials(const V&, const V&, const V&) {
    return {V(0), V(0)};
  }
};

}  // namespace detail

struct Less : detail::Condition<Less> {
  static constexpr std::string_view name = "lt";
  static constexpr Facts facts{.summary = "1 where x < y, else 0",
                               .range = closed_interval(0, 1),
                               .regularity = Regularity::discontinuous,
                               .kinks = "x = y; both partials are 0 there",
                               .notation = {.symbol = "<", .precedence = 3}};
  template <Ordered V>
  static V value(const V& x, const V& y) {
    return as_number(Number<V>::less(x, y), x, y);
  }
  template <Ordered V>
  static V kink(const V& x, const V& y);
};

struct LessEqual : detail::Condition<LessEqual> {
  static constexpr std::string_view name = "le";
  static constexpr Facts facts{.summary = "1 where x <= y, else 0",
                               .range = closed_interval(0, 1),
                               .regularity = Regularity::discontinuous,
                               .kinks = "x = y; both partials are 0 there",
                               .notation = {.symbol = "<=", .precedence = 3, .latex = "{0} \\le {1}"}};
  template <Ordered V>
  static V value(const V& x, const V& y) {
    return as_number(Number<V>::less(x, y) || Number<V>::equal(x, y) || !Number<V>::less(y, x), x, y);
  }
  template <Ordered V>
  static V kink(const V& x, const V& y);
};

struct Equal : detail::Condition<Equal> {
  static constexpr std::string_view name = "eq";
  static constexpr Facts facts{.summary = "1 where x = y, else 0",
                               .range = closed_interval(0, 1),
                               .regularity = Regularity::discontinuous,
                               .kinks = "x = y; both partials are 0 there",
                               .notation = {.symbol = "==", .precedence = 3, .latex = "{0} = {1}"},
                               .commutative = true};
  template <Ordered V>
  static V value(const V& x, const V& y) {
    return as_number(Number<V>::equal(x, y), x, y);
  }
  template <Ordered V>
  static V kink(const V& x, const V& y);
};

NABLA_BINARY(lt, Less)
NABLA_BINARY(le, LessEqual)
NABLA_BINARY(eq, Equal)

template <class A, class B>
requires detail::Applicable<A, B>
auto gt(const A& a, const B& b, std::source_location where = std::source_location::current()) {
  return nabla::lt(b, a, where);
}
template <class A, class B>
requires detail::Applicable<A, B>
auto ge(const A& a, const B& b, std::source_location where = std::source_location::current()) {
  return nabla::le(b, a, where);
}
template <class A, class B>
requires detail::Applicable<A, B>
auto ne(const A& a, const B& b, std::source_location where = std::source_location::current()) {
  using V = detail::leading_t<A, B>;
  return V(1) - nabla::eq(a, b, where);
}

template <Ordered V>
V Less::kink(const V& x, const V& y) {
  return nabla::eq(x, y);
}
template <Ordered V>
V LessEqual::kink(const V& x, const V& y) {
  return nabla::eq(x, y);
}
template <Ordered V>
V Equal::kink(const V& x, const V& y) {
  return nabla::eq(x, y);
}

/// A choice. The branch that is not taken contributes exactly zero to every derivative, even where it has no value.
struct Where : Primitive<3> {
  static constexpr std::string_view name = "where";
  static constexpr Facts facts{
      .summary = "a where the condition c is nonzero, else b",
      .regularity = Regularity::discontinuous,
      .notation = {.latex = "\\begin{{cases}} {1} & {0} \\\\ {2} & \\text{{otherwise}}\\end{{cases}}",
                   .cpp = "({0} != 0 ? {1} : {2})"}};
  template <Ordered V>
  static V value(const V& c, const V& a, const V& b) {
    if constexpr (Number<V>::encloses) {
      const Truth is_zero = Number<V>::equal(c, V(0));
      if (is_zero == Truth::unknown) return where_defined(Number<V>::hull(a, b), c, c);
      return is_zero == Truth::no ? a : b;
    } else {
      return Number<V>::is_zero(c) ? b : a;
    }
  }
  template <Ordered V>
  static std::array<V, 3> partials(const V&, const V& c, const V&, const V&);
  /// A choice, not a product: 0 times an infinite t would not be 0.
  template <Ordered V>
  static std::array<V, 3> products(const V& t, const V&, const V& c, const V&, const V&);
};

/// The product of an adjoint with a local derivative. An adjoint that is exactly zero says that the branch was not
/// taken, so the product is zero even where the local derivative is infinite or undefined (jax#1052).
struct Masked : Primitive<2> {
  static constexpr std::string_view name = "masked";
  static constexpr Facts facts{.summary = "x * y, and 0 where x is exactly 0, whatever y is",
                               .notation = {.latex = "{0} {1}", .cpp = "({0} == 0 ? 0 : {0} * {1})"}};
  template <Field V>
  static V value(const V& x, const V& y) {
    return Number<V>::is_zero(x) ? V(0) : x * y;
  }
  template <Field V>
  static std::array<V, 2> partials(const V&, const V& x, const V& y);
  /// A zero adjoint stays zero however large t is; the branch that it belongs to ends in a choice, which stops what
  /// goes to the adjoint itself.
  template <Field V>
  static std::array<V, 2> products(const V& t, const V&, const V& x, const V& y);
};

NABLA_TERNARY(where, Where)
NABLA_BINARY(masked, Masked)

template <Ordered V>
std::array<V, 3> Where::partials(const V&, const V& c, const V&, const V&) {
  return {V(0), nabla::where(c, V(1), V(0)), nabla::where(c, V(0), V(1))};
}
template <Ordered V>
std::array<V, 3> Where::products(const V& t, const V&, const V& c, const V&, const V&) {
  return {V(0), nabla::where(c, t, V(0)), nabla::where(c, V(0), t)};
}
template <Field V>
std::array<V, 2> Masked::partials(const V&, const V& x, const V& y) {
  return {y, x};
}
template <Field V>
std::array<V, 2> Masked::products(const V& t, const V&, const V& x, const V& y) {
  return {nabla::masked(t, y), nabla::masked(x, t)};
}

struct Abs : Primitive<1> {
  static constexpr std::string_view name = "abs";
  static constexpr Facts facts{.summary = "the absolute value",
                               .source = "DLMF 1.9.7",
                               .range = nonnegative,
                               .parity = Parity::even,
                               .curvature = Curvature::convex,
                               .regularity = Regularity::continuous,
                               .kinks = "x = 0; the partial is 0 there",
                               .notation = {.latex = "\\left|{0}\\right|"}};
  template <Ordered V>
  static V value(const V& x) {
    return Number<V>::abs(x);
  }
  template <Ordered V>
  static V algebraic(const V& x) {
    return nabla::where(nabla::lt(x, V(0)), -x, x);
  }
  template <Ordered V>
  static std::array<V, 1> partials(const V&, const V& x);
  template <Ordered V>
  static V kink(const V& x) {
    return nabla::eq(x, V(0));
  }
};

struct Sign : Primitive<1> {
  static constexpr std::string_view name = "sign";
  static constexpr Facts facts{
      .summary = "-1, 0 or 1 with the sign of x",
      .source = "DLMF Common Notations, sign",
      .range = closed_interval(-1, 1),
      .parity = Parity::odd,
      .monotone = Monotone::increasing,
      .regularity = Regularity::discontinuous,
      .kinks = "x = 0; the partial is 0 there",
      .notation = {.latex = "\\operatorname{{sign}}\\left({0}\\right)", .cpp = "(0 < {0}) - ({0} < 0)"}};
  template <Ordered V>
  static V value(const V& x) {
    return Number<V>::sign(x);
  }
  template <Ordered V>
  static V algebraic(const V& x) {
    return nabla::lt(V(0), x) - nabla::lt(x, V(0));
  }
  template <Ordered V>
  static std::array<V, 1> partials(const V&, const V&) {
    return {V(0)};
  }
  template <Ordered V>
  static V kink(const V& x) {
    return nabla::eq(x, V(0));
  }
};

struct Floor : Primitive<1> {
  static constexpr std::string_view name = "floor";
  static constexpr Facts facts{.summary = "the largest integer not above x",
                               .source = "DLMF Common Notations, floor",
                               .monotone = Monotone::increasing,
                               .regularity = Regularity::discontinuous,
                               .kinks = "integers; the partial is 0 there",
                               .notation = {.latex = "\\left\\lfloor {0} \\right\\rfloor"}};
  template <Ordered V>
  static V value(const V& x) {
    return Number<V>::floor(x);
  }
  template <Ordered V>
  static std::array<V, 1> partials(const V&, const V&) {
    return {V(0)};
  }
  template <Ordered V>
  static V kink(const V& x);
};

NABLA_UNARY(abs, Abs)
NABLA_UNARY(sign, Sign)
NABLA_UNARY(floor, Floor)

template <Ordered V>
std::array<V, 1> Abs::partials(const V&, const V& x) {
  return {nabla::sign(x)};
}
template <Ordered V>
V Floor::kink(const V& x) {
  return nabla::eq(x, nabla::floor(x));
}

struct Min : Primitive<2> {
  static constexpr std::string_view name = "min";
  static constexpr Facts facts{.summary = "the smaller of x and y",
                               .regularity = Regularity::continuous,
                               .kinks = "x = y; each partial is 1/2 there",
                               .notation = {.latex = "\\min\\left({0}, {1}\\right)", .cpp = "std::min({0}, {1})"},
                               .commutative = true};
  template <Ordered V>
  static V value(const V& x, const V& y) {
    return Number<V>::min(x, y);
  }
  template <Ordered V>
  static V algebraic(const V& x, const V& y) {
    return nabla::where(nabla::lt(y, x), y, x);
  }
  template <Ordered V>
  static std::array<V, 2> partials(const V&, const V& x, const V& y) {
    const V tie = ratio<V>(1, 2) * nabla::eq(x, y);
    return {nabla::lt(x, y) + tie, nabla::lt(y, x) + tie};
  }
  template <Ordered V>
  static V kink(const V& x, const V& y) {
    return nabla::eq(x, y);
  }
};

struct Max : Primitive<2> {
  static constexpr std::string_view name = "max";
  static constexpr Facts facts{.summary = "the larger of x and y",
                               .regularity = Regularity::continuous,
                               .kinks = "x = y; each partial is 1/2 there",
                               .notation = {.latex = "\\max\\left({0}, {1}\\right)", .cpp = "std::max({0}, {1})"},
                               .commutative = true};
  template <Ordered V>
  static V value(const V& x, const V& y) {
    return Number<V>::max(x, y);
  }
  template <Ordered V>
  static V algebraic(const V& x, const V& y) {
    return nabla::where(nabla::lt(x, y), y, x);
  }
  template <Ordered V>
  static std::array<V, 2> partials(const V&, const V& x, const V& y) {
    const V tie = ratio<V>(1, 2) * nabla::eq(x, y);
    return {nabla::lt(y, x) + tie, nabla::lt(x, y) + tie};
  }
  template <Ordered V>
  static V kink(const V& x, const V& y) {
    return nabla::eq(x, y);
  }
};

NABLA_BINARY(min, Min)
NABLA_BINARY(max, Max)

struct Clamp : Composite<3> {
  static constexpr std::string_view name = "clamp";
  static constexpr Facts facts{.summary = "x brought into [lo, hi]: min(max(x, lo), hi)",
                               .regularity = Regularity::continuous,
                               .kinks = "x = lo and x = hi; the partials of min and max at a tie"};
  template <Ordered V>
  static V value(const V& x, const V& lo, const V& hi) {
    return nabla::min(nabla::max(x, lo), hi);
  }
  template <Ordered V>
  static std::array<V, 3> partials(const V&, const V& x, const V& lo, const V& hi) {
    const V inner = nabla::max(x, lo);
    const auto [outer, to_hi] = Min::partials(inner, inner, hi);
    const auto [to_x, to_lo] = Max::partials(inner, x, lo);
    return {masked(outer, to_x), masked(outer, to_lo), to_hi};
  }
  template <Ordered V>
  static V kink(const V& x, const V& lo, const V& hi) {
    return nabla::max(nabla::eq(x, lo), nabla::eq(x, hi));
  }
};
NABLA_TERNARY(clamp, Clamp)

using ComparisonOperators = Operators<Less, LessEqual, Equal, Where, Masked, Abs, Sign, Floor, Min, Max, Clamp>;

}  // namespace nabla
