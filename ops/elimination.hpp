#pragma once

#include <concepts>
#include <nabla/ops/comparison.hpp>
#include <nabla/ops/multilinear.hpp>
#include <string>
#include <vector>

/// Algorithms on square matrices of n * n entries, row by row, that serve every kind of number: partial pivoting where
/// numbers round, exact where they are exact, and never wrong where they enclose: a pivot that might be zero is not
/// divided by, and what then remains is a form without division. Source: Golub & Van Loan, Matrix Computations, 3.4;
/// Bird, A simple division-free algorithm for computing determinants, 2011.
namespace nabla::detail {

/// A ring element, and the number by which it is known whether it can be divided by.
template <class R>
struct Decisive {
  using Kind = R;
  static const R& of(const R& x) { return x; }
};
template <class V>
struct Decisive<Multilinear<V>> {
  using Kind = V;
  static const V& of(const Multilinear<V>& x) { return x.constant(); }
};
template <class R>
using kind_of = typename Decisive<R>::Kind;

/// Rows of A in `order`, reduced: U on and above the diagonal, the multipliers of L below it.
template <class R>
struct Elimination {
  std::int64_t n = 0;
  std::vector<R> entries;
  std::vector<std::int64_t> order;
  bool odd = false;
  /// Every pivot is certainly nonzero. If not, elimination stopped at the column that had none.
  bool complete = true;
  /// The column at which it stopped is exactly zero.
  bool zero_column = false;
};

template <class R>
Elimination<R> eliminate(std::vector<R> a, std::int64_t n) {
  using V = kind_of<R>;
  const auto decisive = [](const R& x) -> const V& { return Decisive<R>::of(x); };
  Elimination<R> e{.n = n, .entries = std::move(a), .order = {}, .odd = false, .complete = true, .zero_column = false};
  const auto at = [&e, n](std::int64_t i, std::int64_t j) -> R& {
    return e.entries[static_cast<std::size_t>(i * n + j)];
  };
  for (std::int64_t i = 0; i < n; ++i) e.order.push_back(i);
  for (std::int64_t k = 0; k < n; ++k) {
    std::int64_t pivot = -1;
    bool zero = true;
    for (std::int64_t i = k; i < n; ++i) {
      const V& candidate = decisive(at(i, k));
      zero = zero && Number<V>::is_zero(candidate);
      if (!certainly_nonzero(candidate)) continue;
      if (pivot < 0) {
        pivot = i;
        continue;
      }
      if constexpr (Ordered<V> && !Number<V>::exact) {
        if (certainly_less(nabla::abs(decisive(at(pivot, k))), nabla::abs(candidate))) pivot = i;
      }
    }
    if (pivot < 0) {
      e.complete = false;
      e.zero_column = zero && std::is_same_v<R, V>;
      return e;
    }
    if (pivot != k) {
      for (std::int64_t j = 0; j < n; ++j) std::swap(at(pivot, j), at(k, j));
      std::swap(e.order[static_cast<std::size_t>(pivot)], e.order[static_cast<std::size_t>(k)]);
      e.odd = !e.odd;
    }
    for (std::int64_t i = k + 1; i < n; ++i) {
      at(i, k) = at(i, k) / at(k, k);
      for (std::int64_t j = k + 1; j < n; ++j) at(i, j) = at(i, j) - at(i, k) * at(k, j);
    }
  }
  return e;
}

/// The solution of A X = B for B of n rows, n * columns entries. \pre e.complete
template <class R>
std::vector<R> substitute(const Elimination<R>& e, const std::vector<R>& b, std::int64_t columns) {
  const auto at = [&e](std::int64_t i, std::int64_t j) -> const R& {
    return e.entries[static_cast<std::size_t>(i * e.n + j)];
  };
  std::vector<R> x(b.size(), R(0));
  const auto entry = [&x, columns](std::int64_t i, std::int64_t c) -> R& {
    return x[static_cast<std::size_t>(i * columns + c)];
  };
  for (std::int64_t c = 0; c < columns; ++c) {
    for (std::int64_t i = 0; i < e.n; ++i) {
      entry(i, c) = b[static_cast<std::size_t>(e.order[static_cast<std::size_t>(i)] * columns + c)];
      for (std::int64_t j = 0; j < i; ++j) entry(i, c) = entry(i, c) - at(i, j) * entry(j, c);
    }
    for (std::int64_t i = e.n; i-- > 0;) {
      for (std::int64_t j = i + 1; j < e.n; ++j) entry(i, c) = entry(i, c) - at(i, j) * entry(j, c);
      entry(i, c) = entry(i, c) / at(i, i);
    }
  }
  return x;
}

/// Bird's iteration: n - 1 products with A of the upper part of the matrix before. Cost n^4 products.
template <class R>
R determinant_without_division(const std::vector<R>& a, std::int64_t n) {
  const auto at = [n](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * n + j); };
  if (n == 0) return R(1);
  if (n == 3) {  // three entries fewer than the iteration multiplies, which enclosures notice
    return a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) + a[2] * (a[3] * a[7] - a[4] * a[6]);
  }
  std::vector<R> x = a;
  for (std::int64_t step = 1; step < n; ++step) {
    std::vector<R> below(static_cast<std::size_t>(n), R(0));  // minus the sum of the diagonal entries further down
    for (std::int64_t i = n - 1; i-- > 0;)
      below[static_cast<std::size_t>(i)] = below[static_cast<std::size_t>(i + 1)] - x[at(i + 1, i + 1)];
    std::vector<R> next(x.size(), R(0));
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < n; ++j) {
        R total = below[static_cast<std::size_t>(i)] * a[at(i, j)];
        for (std::int64_t k = i + 1; k < n; ++k) total = total + x[at(i, k)] * a[at(k, j)];
        next[at(i, j)] = total;
      }
    x = std::move(next);
  }
  return n % 2 == 0 ? -x[0] : x[0];
}

/// Small matrices of enclosures are better served without division, and also when their determinant may be zero.
template <class R>
bool small_enclosures(std::int64_t n) {
  return Number<kind_of<R>>::encloses && n <= 3;
}

template <class R>
R product_of_pivots(const Elimination<R>& e) {
  R product(1);
  for (std::int64_t i = 0; i < e.n; ++i) product = product * e.entries[static_cast<std::size_t>(i * (e.n + 1))];
  return e.odd ? -product : product;
}

/// Whether to divide by the pivots. Each derivative that a multilinear number carries divides by them once more, so
/// that near a singular matrix little would be left of numbers that round.
template <class R>
bool divides_well(const Elimination<R>& e) {
  using V = kind_of<R>;
  if (!e.complete) return false;
  if constexpr (!std::is_same_v<R, V> && Ordered<V> && !Number<V>::exact) {
    V largest(0);
    const auto pivot = [&e](std::int64_t i) {
      return V(nabla::abs(Decisive<R>::of(e.entries[static_cast<std::size_t>(i * (e.n + 1))])));
    };
    for (std::int64_t i = 0; i < e.n; ++i) largest = nabla::max(largest, pivot(i));
    for (std::int64_t i = 0; i < e.n; ++i)
      if (!certainly_less(V(largest * ratio<V>(1, 256)), pivot(i))) return false;
  }
  return true;
}

template <class R>
R determinant(const std::vector<R>& a, std::int64_t n) {
  if (small_enclosures<R>(n)) return determinant_without_division(a, n);
  const Elimination<R> e = eliminate(a, n);
  if (divides_well(e)) return product_of_pivots(e);
  if (e.zero_column && !Number<kind_of<R>>::encloses) {
    R zero(0);  // or NaN, where an entry is
    for (const R& entry : a) zero = zero + R(0) * entry;
    return zero;
  }
  return determinant_without_division(a, n);
}

template <class R>
std::vector<R> identity(std::int64_t n) {
  std::vector<R> one(static_cast<std::size_t>(n * n), R(0));
  for (std::int64_t i = 0; i < n; ++i) one[static_cast<std::size_t>(i * (n + 1))] = R(1);
  return one;
}

/// The cofactors: entry (i, j) is (-1)^(i + j) times the determinant without row i and column j. Defined for every
/// matrix, singular ones too.
template <class R>
std::vector<R> cofactors(const std::vector<R>& a, std::int64_t n) {
  std::vector<R> result(a.size(), R(0));
  const auto at = [n](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * n + j); };
  if (!small_enclosures<R>(n)) {
    const Elimination<R> e = eliminate(a, n);
    if (divides_well(e)) {
      const R det = product_of_pivots(e);
      const std::vector<R> inverse = substitute(e, identity<R>(n), n);
      for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j < n; ++j) result[at(i, j)] = det * inverse[at(j, i)];
      return result;
    }
  }
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      std::vector<R> minor;
      for (std::int64_t row = 0; row < n; ++row)
        for (std::int64_t column = 0; column < n; ++column)
          if (row != i && column != j) minor.push_back(a[at(row, column)]);
      const R value = determinant(minor, n - 1);
      result[at(i, j)] = (i + j) % 2 == 0 ? value : -value;
    }
  return result;
}

/// What a kind of number has in place of a result that does not exist, or may not.
/// \throws UndefinedError where the kind is exact
template <Inspectable V>
V no_value(std::string_view operation, std::string_view why) {
  if constexpr (Number<V>::exact) {
    throw UndefinedError(std::string(operation) + ": " + std::string(why));
  } else if constexpr (Number<V>::encloses) {
    return V(1) / Number<V>::hull(V(-1), V(1));  // any number at all, and perhaps none
  } else {
    return V(0) / V(0);
  }
}

/// An approximate inverse of a matrix of doubles, by partial pivoting; empty where there is none to speak of. Carries
/// no bound.
std::vector<double> approximate_inverse(std::vector<double> a, std::int64_t n);

/// A kind that encloses, of whose numbers a double nearby is known: to choose by, no bound hangs on it.
template <class V>
concept Guided = Number<V>::encloses && requires(const V& x) {
  { Number<V>::guide(x) } -> std::same_as<double>;
};

/// The solution of A X = B by that of R A X = R B, where R is near the inverse of A, so that R A is near the identity
/// and its pivots certain where those of A are not. R is any matrix: when R A is regular so are both. Empty where a
/// pivot is uncertain still. Source: Neumaier, Interval Methods for Systems of Equations, 4.1.
template <Guided V>
std::vector<V> preconditioned_solution(const std::vector<V>& a, std::int64_t n, const std::vector<V>& b,
                                       std::int64_t columns) {
  std::vector<double> near;
  for (const V& x : a) near.push_back(Number<V>::guide(x));
  const std::vector<double> inverse = approximate_inverse(std::move(near), n);
  if (inverse.empty()) return {};
  const auto times_inverse = [&](const std::vector<V>& x, std::int64_t width) {
    std::vector<V> product(x.size(), V(0));
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t k = 0; k < n; ++k) {
        const V factor = Number<V>::of(Constant::dyadic(inverse[static_cast<std::size_t>(i * n + k)]));
        for (std::int64_t j = 0; j < width; ++j) {
          V& entry = product[static_cast<std::size_t>(i * width + j)];
          entry = entry + factor * x[static_cast<std::size_t>(k * width + j)];
        }
      }
    return product;
  };
  const Elimination<V> e = eliminate(times_inverse(a, n), n);
  return e.complete ? substitute(e, times_inverse(b, columns), columns) : std::vector<V>{};
}

/// The solution of A X = B. \throws UndefinedError where A is singular and the kind exact
template <Inspectable V>
std::vector<V> solution(std::string_view operation, const std::vector<V>& a, std::int64_t n, const std::vector<V>& b,
                        std::int64_t columns) {
  if (small_enclosures<V>(n) && n > 0) {
    const std::vector<V> adjugate = cofactors(a, n);
    V det(0);
    for (std::int64_t j = 0; j < n; ++j)
      det = det + a[static_cast<std::size_t>(j)] * adjugate[static_cast<std::size_t>(j)];
    if constexpr (Guided<V>) {
      if (!certainly_nonzero(det))
        if (std::vector<V> x = preconditioned_solution(a, n, b, columns); !x.empty()) return x;
    }
    std::vector<V> x(b.size(), V(0));
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t c = 0; c < columns; ++c) {
        V total(0);
        for (std::int64_t k = 0; k < n; ++k)
          total = total + adjugate[static_cast<std::size_t>(k * n + i)] * b[static_cast<std::size_t>(k * columns + c)];
        x[static_cast<std::size_t>(i * columns + c)] = total / det;
      }
    return x;
  }
  const Elimination<V> e = eliminate(a, n);
  if (e.complete) return substitute(e, b, columns);
  if constexpr (Guided<V>) {
    if (std::vector<V> x = preconditioned_solution(a, n, b, columns); !x.empty()) return x;
  }
  return std::vector<V>(b.size(), no_value<V>(operation, "the matrix is singular"));
}

}  // namespace nabla::detail
