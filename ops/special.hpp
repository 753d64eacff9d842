#pragma once

#include <cmath>
#include <nabla/ops/arithmetic.hpp>
#include <nabla/ops/exponential.hpp>
#include <nabla/ops/powers.hpp>
#include <stdexcept>
#include <string>

namespace nabla {

struct Erf : Primitive<1> {
  static constexpr std::string_view name = "erf";
  static constexpr Facts facts{.summary = "the error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x",
                               .source = "DLMF 7.2(i), 7.10",
                               .range = open_interval(-1, 1),
                               .below = Tail::level(-1),
                               .above = Tail::level(1),
                               .parity = Parity::odd,
                               .monotone = Monotone::increasing,
                               .notation = {.latex = "\\operatorname{{erf}}\\left({0}\\right)"}};
  template <Special V>
  static V value(const V& x) {
    return Number<V>::erf(x);
  }
  template <Special V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(2) / nabla::sqrt(pi<V>()) * nabla::exp(-powi(x, 2))};
  }
};

struct Erfc : Primitive<1> {
  static constexpr std::string_view name = "erfc";
  static constexpr Facts facts{.summary = "1 - erf(x), accurate where that is small",
                               .source = "DLMF 7.2(i), 7.10",
                               .range = open_interval(0, 2),
                               .below = Tail::level(2),
                               .above = Tail::vanishing(),
                               .monotone = Monotone::decreasing,
                               .notation = {.latex = "\\operatorname{{erfc}}\\left({0}\\right)"}};
  template <Special V>
  static V value(const V& x) {
    return Number<V>::erfc(x);
  }
  template <Special V>
  static V algebraic(const V& x);
  template <Special V>
  static std::array<V, 1> partials(const V&, const V& x) {
    return {V(-2) / nabla::sqrt(pi<V>()) * nabla::exp(-powi(x, 2))};
  }
};

NABLA_UNARY(erf, Erf)
NABLA_UNARY(erfc, Erfc)

struct Gamma : Primitive<1> {
  static constexpr std::string_view name = "gamma";
  static constexpr Facts facts{.summary = "the gamma function; gamma(n) = (n - 1)! for n = 1, 2, ...",
                               .source = "DLMF 5.2(i)",
                               .domain = {.hole = Hole::nonpositive_integers},
                               .range = nonzero,
                               .notation = {.latex = "\\Gamma\\left({0}\\right)", .cpp = "std::tgamma({0})"}};
  template <Special V>
  static V value(const V& x) {
    return Number<V>::gamma(x);
  }
  template <Special V>
  static std::array<V, 1> partials(const V& y, const V& x);
};

struct LGamma : Primitive<1> {
  static constexpr std::string_view name = "lgamma";
  static constexpr Facts facts{.summary = "log(|gamma(x)|), without overflow",
                               .source = "DLMF 5.2(i)",
                               .domain = {.hole = Hole::nonpositive_integers},
                               .notation = {.latex = "\\log\\left|\\Gamma\\left({0}\\right)\\right|"}};
  template <Special V>
  static V value(const V& x) {
    return Number<V>::lgamma(x);
  }
  template <Special V>
  static std::array<V, 1> partials(const V&, const V& x);
};

struct Digamma : Primitive<1> {
  static constexpr std::string_view name = "digamma";
  static constexpr Facts facts{.summary = "psi(x), the derivative of lgamma",
                               .source = "DLMF 5.2(i), 5.15",
                               .domain = {.hole = Hole::nonpositive_integers},
                               .notation = {.latex = "\\psi\\left({0}\\right)", .cpp = "boost::math::digamma({0})"}};
  template <Special V>
  static V value(const V& x) {
    return Number<V>::digamma(x);
  }
  template <Special V>
  static std::array<V, 1> partials(const V&, const V& x);
};

struct PolyGamma : Primitive<1> {
  static constexpr std::string_view name = "polygamma";
  static constexpr bool indexed = true;
  static constexpr Facts facts{
      .summary = "the derivative of order n (the attribute) of digamma",
      .source = "DLMF 5.15",
      .domain = {.hole = Hole::nonpositive_integers},
      .notation = {.latex = "\\psi^{{({1})}}\\left({0}\\right)", .cpp = "boost::math::polygamma({1}, {0})"}};
  /// Orders run from 0 to this, which every kind of number computes.
  static constexpr std::int64_t highest_order = 10'000;

  /// \throws std::invalid_argument unless 0 <= n <= highest_order.
  static std::int64_t checked_order(std::int64_t n) {
    if (n < 0 || n > highest_order)
      throw std::invalid_argument("polygamma(n, x) needs an order n from 0 to " + std::to_string(highest_order) +
                                  ", not " + std::to_string(n));
    return n;
  }
  template <Special V>
  static V value(std::int64_t n, const V& x) {
    return n == 0 ? Number<V>::digamma(x) : Number<V>::polygamma(checked_order(n), x);
  }
  template <Special V>
  static std::array<V, 1> partials(std::int64_t n, const V&, const V& x);
};

NABLA_UNARY(gamma, Gamma)
NABLA_UNARY(lgamma, LGamma)
NABLA_UNARY(digamma, Digamma)

/// The C library of Linux has a global gamma(double) that computes log|gamma(x)|. With `using namespace nabla` it would
/// win over a template without a word; beside this overload the call is ambiguous instead, and has to say nabla::gamma.
inline double gamma(double x) { return std::tgamma(x); }

/// The derivative of order n of digamma at x; digamma itself for n = 0.
/// \throws std::invalid_argument unless 0 <= n <= PolyGamma::highest_order.
template <class A>
requires Kind<A> A polygamma(std::int64_t n, const A& x, std::source_location where = std::source_location::current()) {
  PolyGamma::checked_order(n);
  if (n == 0) return digamma(x, where);
  if constexpr (Lifted<A>) {
    return Number<A>::template apply_indexed<PolyGamma>(where, n, x);
  } else {
    return PolyGamma::value<A>(n, x);
  }
}

template <Special V>
std::array<V, 1> Gamma::partials(const V& y, const V& x) {
  return {y * nabla::digamma(x)};
}
template <Special V>
std::array<V, 1> LGamma::partials(const V&, const V& x) {
  return {nabla::digamma(x)};
}
template <Special V>
std::array<V, 1> Digamma::partials(const V&, const V& x) {
  return {nabla::polygamma(1, x)};
}
template <Special V>
std::array<V, 1> PolyGamma::partials(std::int64_t n, const V&, const V& x) {
  return {nabla::polygamma(checked_order(n) + 1, x)};
}

template <Special V>
V Erfc::algebraic(const V& x) {
  return V(1) - nabla::erf(x);
}

using SpecialOperators = Operators<Erf, Erfc, Gamma, LGamma, Digamma, PolyGamma>;

}  // namespace nabla
