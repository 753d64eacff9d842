#pragma once

#include <nabla/ops/inspect.hpp>
#include <nabla/ops/powers.hpp>
#include <nabla/ops/reductions.hpp>

/// Lengths of vectors. Attributes as of sum.
namespace nabla {

struct Norm : Structured<1> {
  static constexpr std::string_view name = "norm";
  static constexpr Facts facts{.summary =
                                   "the Euclidean norm of the entries along axes; of all by default, which for a "
                                   "matrix is the Frobenius norm",
                               .source = "DLMF 1.2.45; Golub & Van Loan, Matrix Computations, 2.3.1",
                               .range = nonnegative,
                               .parity = Parity::even,
                               .curvature = Curvature::convex,
                               .regularity = Regularity::continuous,
                               .kinks = "where all entries are 0; the adjoint is 0 there",
                               .notation = {.latex = "\\left\\|{0}\\right\\|"}};
  static Shape shape(Attributes attributes, std::span<const Shape> x) {
    return detail::reduction(name, attributes, x[0]).result;
  }
  template <Elementary V>
  static void evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y);
  template <Tensor T>
  requires Elementary<T>
  static std::vector<T> pullback(Attributes attributes, const T& adjoint, const T& y, std::span<const T> x);
  template <Tensor T>
  requires Elementary<T>
  static T kink(Attributes attributes, std::span<const T> x);
};

/// The Euclidean norm of the entries along `axes` (none: all), which are dropped or kept with extent 1.
/// \throws ShapeError
template <Tensor T>
T norm(const T& x, const Axes& axes = {}, bool keepdims = false,
       std::source_location where = std::source_location::current()) {
  return detail::reduce<Norm>(x, axes, keepdims, where);
}

namespace detail {

template <class V>
bool finite(const V& x) {
  return Number<V>::is_zero(x - x);
}

/// Norms whose squares overflow, or lose digits near the smallest number: of entries divided by the largest.
template <class V>
void scaled_norms(const Reduction& r, View<const V> x, const std::vector<bool>& wanted, View<V> y) {
  if (std::ranges::find(wanted, true) == wanted.end()) return;
  std::vector<V> largest(wanted.size(), V(0)), squares(wanted.size(), V(0));
  for_each_reduced(r, x, [&](std::int64_t at, std::int64_t i) {
    V& m = largest[static_cast<std::size_t>(at)];
    m = nabla::max(m, nabla::abs(V(x[i])));
  });
  for_each_reduced(r, x, [&](std::int64_t at, std::int64_t i) {
    const V& m = largest[static_cast<std::size_t>(at)];
    V& s = squares[static_cast<std::size_t>(at)];
    s = s + nabla::powi(V(x[i] / m), 2);
  });
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    if (!wanted[k]) continue;
    const bool scales = !Number<V>::is_zero(largest[k]) && finite(largest[k]);
    y[static_cast<std::int64_t>(k)] = scales ? V(largest[k] * nabla::sqrt(squares[k])) : largest[k];
  }
}

}  // namespace detail

template <Elementary V>
void Norm::evaluate(Attributes attributes, std::span<const View<const V>> x, View<V> y) {
  const detail::Reduction r = detail::reduction(name, attributes, *x[0].shape);
  for (std::int64_t i = 0; i < y.size(); ++i) y[i] = V(0);
  detail::for_each_reduced(r, x[0],
                           [&](std::int64_t at, std::int64_t i) { y[at] = y[at] + nabla::powi(V(x[0][i]), 2); });
  std::vector<bool> poor(static_cast<std::size_t>(y.size()), false);
  if constexpr (!Number<V>::encloses && !Lifted<V>) {
    const V small = Number<V>::of(Constant::dyadic(0x1p-100));
    for (std::int64_t i = 0; i < y.size(); ++i)
      poor[static_cast<std::size_t>(i)] = detail::certainly_less(y[i], small) || !detail::finite(y[i]);
  }
  for (std::int64_t i = 0; i < y.size(); ++i)
    if (!poor[static_cast<std::size_t>(i)]) y[i] = nabla::sqrt(y[i]);
  if constexpr (!Number<V>::encloses && !Lifted<V>) detail::scaled_norms<V>(r, x[0], poor, y);
}

template <Tensor T>
requires Elementary<T> std::vector<T> Norm::pullback(Attributes attributes, const T& adjoint, const T& y,
                                                     std::span<const T> x) {
  const Shape from = nabla::shape(x[0]);
  const detail::Reduction r = detail::reduction(name, attributes, from);
  const T nonzero = where(eq(y, T(0)), T(1), y);  // at the kink every entry of x is 0, and so is x / 1
  return {detail::stretched(adjoint, r, from) * (x[0] / detail::stretched(nonzero, r, from))};
}
template <Tensor T>
requires Elementary<T> T Norm::kink(Attributes attributes, std::span<const T> x) {
  return eq(detail::apply_structured<Norm, T>({}, attributes, x), T(0));
}

using NormOperators = Operators<Norm>;

}  // namespace nabla
