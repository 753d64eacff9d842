#pragma once

#include <nabla/ops/operator.hpp>

namespace nabla {

struct Add : Primitive<2> {
  static constexpr std::string_view name = "add";
  static constexpr Facts facts{.summary = "x + y", .notation = {.symbol = "+", .precedence = 5}, .commutative = true};
  template <Field V>
  static V value(const V& x, const V& y) {
    return x + y;
  }
  template <Field V>
  static std::array<V, 2> partials(const V&, const V&, const V&) {
    return {V(1), V(1)};
  }
  template <Field V>
  static std::array<V, 2> products(const V& t, const V&, const V&, const V&) {
    return {t, t};
  }
};

struct Sub : Primitive<2> {
  static constexpr std::string_view name = "sub";
  static constexpr Facts facts{.summary = "x - y", .notation = {.symbol = "-", .precedence = 5}};
  template <Field V>
  static V value(const V& x, const V& y) {
    return x - y;
  }
  template <Field V>
  static std::array<V, 2> partials(const V&, const V&, const V&) {
    return {V(1), V(-1)};
  }
  template <Field V>
  static std::array<V, 2> products(const V& t, const V&, const V&, const V&) {
    return {t, -t};
  }
};

struct Mul : Primitive<2> {
  static constexpr std::string_view name = "mul";
  static constexpr Facts facts{.summary = "x * y, entry by entry",
                               .notation = {.symbol = "*", .precedence = 6, .latex = "{0} {1}"},
                               .commutative = true};
  template <Field V>
  static V value(const V& x, const V& y) {
    return x * y;
  }
  template <Field V>
  static std::array<V, 2> partials(const V&, const V& x, const V& y) {
    return {y, x};
  }
};

struct Div : Primitive<2> {
  static constexpr std::string_view name = "div";
  static constexpr Facts facts{.summary = "x / y",
                               .domain2 = nonzero,
                               .notation = {.symbol = "/", .precedence = 6, .latex = "\\frac{{{0}}}{{{1}}}"}};
  template <Field V>
  static V value(const V& x, const V& y) {
    return x / y;
  }
  template <Field V>
  static std::array<V, 2> partials(const V& q, const V&, const V& y) {
    return {V(1) / y, -(q / y)};
  }
};

struct Neg : Primitive<1> {
  static constexpr std::string_view name = "neg";
  static constexpr Facts facts{.summary = "-x",
                               .parity = Parity::odd,
                               .monotone = Monotone::decreasing,
                               .curvature = Curvature::affine,
                               .notation = {.symbol = "-", .precedence = 7}};
  template <Field V>
  static V value(const V& x) {
    return -x;
  }
  template <Field V>
  static std::array<V, 1> partials(const V&, const V&) {
    return {V(-1)};
  }
  template <Field V>
  static std::array<V, 1> products(const V& t, const V&, const V&) {
    return {-t};
  }
};

struct Fma : Composite<3> {
  static constexpr std::string_view name = "fma";
  static constexpr Facts facts{.summary = "x * y + z; the hardware kinds round once",
                               .source = "IEEE 754-2019, 5.4.1",
                               .notation = {.cpp = "std::fma({0}, {1}, {2})"}};
  template <Field V>
  static V value(const V& x, const V& y, const V& z) {
    if constexpr (requires { Number<V>::fma(x, y, z); }) {
      return Number<V>::fma(x, y, z);
    } else {
      return x * y + z;
    }
  }
  template <Field V>
  static std::array<V, 3> partials(const V&, const V& x, const V& y, const V&) {
    return {y, x, V(1)};
  }
};

struct Reciprocal : Composite<1> {
  static constexpr std::string_view name = "reciprocal";
  static constexpr Facts facts{.summary = "1 / x",
                               .domain = nonzero,
                               .range = nonzero,
                               .parity = Parity::odd,
                               .notation = {.latex = "\\frac{{1}}{{{0}}}", .cpp = "1 / ({0})"}};
  template <Field V>
  static V value(const V& x) {
    return V(1) / x;
  }
  template <Field V>
  static std::array<V, 1> partials(const V& y, const V&) {
    return {-(y * y)};
  }
};

struct PowI : Primitive<1> {
  static constexpr std::string_view name = "powi";
  static constexpr bool indexed = true;
  static constexpr Facts facts{
      .summary = "x^n for an integer n (the attribute); x^0 = 1 for every x",
      .source = "DLMF 4.2.27",
      .notation = {.symbol = "^", .precedence = 8, .latex = "{0}^{{{1}}}", .cpp = "std::pow({0}, {1})"}};
  template <Field V>
  static V value(std::int64_t n, const V& x) {
    return Number<V>::powi(x, n);
  }
  template <Field V>
  static std::array<V, 1> partials(std::int64_t n, const V&, const V& x);
  /// A negative power of zero is undefined.
  template <Ordered V>
  static V defined(std::int64_t n, const V& x);
};

struct Square : Composite<1> {
  static constexpr std::string_view name = "square";
  static constexpr Facts facts{.summary = "x^2",
                               .range = nonnegative,
                               .parity = Parity::even,
                               .curvature = Curvature::convex,
                               .notation = {.latex = "{0}^{{2}}"}};
  template <Field V>
  static V value(const V& x);
  template <Field V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(2) * x};
  }
};

namespace detail {

/// The infix operators serve every lifted kind that does not bring its own.
template <class V>
concept BorrowsInfix = Lifted<V> && !Number<V>::own_infix;
template <class... A>
concept InfixOperands = (Lifted<A> || ...) && BorrowsInfix<leading_t<A...>>;

}  // namespace detail

template <class A, class B>
requires detail::InfixOperands<A, B>
auto operator+(const A& a, const B& b) { return detail::call<Add>({}, a, b); }
template <class A, class B>
requires detail::InfixOperands<A, B>
auto operator-(const A& a, const B& b) { return detail::call<Sub>({}, a, b); }
template <class A, class B>
requires detail::InfixOperands<A, B>
auto operator*(const A& a, const B& b) { return detail::call<Mul>({}, a, b); }
template <class A, class B>
requires detail::InfixOperands<A, B>
auto operator/(const A& a, const B& b) { return detail::call<Div>({}, a, b); }
template <class A>
requires detail::InfixOperands<A>
auto operator-(const A& a) { return detail::call<Neg>({}, a); }

template <class A, class B>
requires detail::BorrowsInfix<A> A& operator+=(A& a, const B& b) { return a = a + b; }
template <class A, class B>
requires detail::BorrowsInfix<A> A& operator-=(A& a, const B& b) { return a = a - b; }
template <class A, class B>
requires detail::BorrowsInfix<A> A& operator*=(A& a, const B& b) { return a = a * b; }
template <class A, class B>
requires detail::BorrowsInfix<A> A& operator/=(A& a, const B& b) { return a = a / b; }

NABLA_TERNARY(fma, Fma)
NABLA_UNARY(reciprocal, Reciprocal)
NABLA_UNARY(square, Square)

/// x^n for an integer n, by repeated multiplication where the kind has nothing better; x^0 = 1.
template <class A>
requires Kind<A>
auto powi(const A& x, std::int64_t n, std::source_location where = std::source_location::current()) {
  if constexpr (Lifted<A>) {
    return Number<A>::template apply_indexed<PowI>(where, n, x);
  } else {
    return PowI::value<A>(n, x);
  }
}

template <Field V>
std::array<V, 1> PowI::partials(std::int64_t n, const V&, const V& x) {
  if (n == 0) return {V(0)};
  return {ratio<V>(n, 1) * powi(x, n - 1)};
}
template <Field V>
V Square::value(const V& x) {
  return powi(x, 2);
}

using ArithmeticOperators = Operators<Add, Sub, Mul, Div, Neg, Fma, Reciprocal, PowI, Square>;

}  // namespace nabla
