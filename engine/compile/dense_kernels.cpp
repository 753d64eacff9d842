#include <cstring>
#include <nabla/engine/compile/dense_kernels.hpp>

// Compiled twice, as the loops of vector_kernels.cpp are, and with the same options.

namespace nabla {

namespace {

#define NABLA_ALWAYS inline __attribute__((always_inline))

/// 32 bytes of numbers.
template <class V>
struct Lanes;
template <>
struct Lanes<double> {
  typedef double type __attribute__((vector_size(32)));
};
template <>
struct Lanes<float> {
  typedef float type __attribute__((vector_size(32)));
};

template <class V>
struct Loops {
  using Pack = typename Lanes<V>::type;
  static constexpr std::size_t width = sizeof(Pack) / sizeof(V);

  static NABLA_ALWAYS void load(Pack& to, const V* from) { std::memcpy(&to, from, sizeof(Pack)); }
  static NABLA_ALWAYS void store(V* to, const Pack& from) { std::memcpy(to, &from, sizeof(Pack)); }
  static NABLA_ALWAYS V total(const Pack& a, const Pack& b) {
    const Pack s = a + b;
    V t[width];
    store(t, s);
    for (std::size_t half = width / 2; half > 0; half /= 2)
      for (std::size_t k = 0; k < half; ++k) t[k] += t[k + half];
    return t[0];
  }

  /// `Rows` inner products with x, in two packs each.
  template <std::size_t Rows>
  static NABLA_ALWAYS void products(V* y, const V* a, const V* x, std::size_t columns) {
    Pack even[Rows] = {}, odd[Rows] = {};
    std::size_t j = 0;
    for (; j + 2 * width <= columns; j += 2 * width) {
      Pack x0, x1;
      load(x0, x + j);
      load(x1, x + j + width);
      for (std::size_t r = 0; r < Rows; ++r) {
        Pack a0, a1;
        load(a0, a + r * columns + j);
        load(a1, a + r * columns + j + width);
        even[r] += a0 * x0;
        odd[r] += a1 * x1;
      }
    }
    for (std::size_t r = 0; r < Rows; ++r) {
      V t = total(even[r], odd[r]);
      for (std::size_t k = j; k < columns; ++k) t += a[r * columns + k] * x[k];
      y[r] = t;
    }
  }
  static NABLA_ALWAYS void matrix_times_vector(V* y, const V* a, const V* x, std::size_t rows, std::size_t columns) {
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4) products<4>(y + i, a + i * columns, x, columns);
    for (; i < rows; ++i) products<1>(y + i, a + i * columns, x, columns);
  }

  static NABLA_ALWAYS void vector_times_matrix(V* __restrict y, const V* __restrict x, const V* __restrict a,
                                               std::size_t rows, std::size_t columns) {
    for (std::size_t j = 0; j < columns; ++j) y[j] = 0;
    std::size_t i = 0;
    for (; i + 4 <= rows; i += 4) {
      const V x0 = x[i], x1 = x[i + 1], x2 = x[i + 2], x3 = x[i + 3];
      const V* const r = a + i * columns;
      for (std::size_t j = 0; j < columns; ++j)
        y[j] = (((y[j] + x0 * r[j]) + x1 * r[columns + j]) + x2 * r[2 * columns + j]) + x3 * r[3 * columns + j];
    }
    for (; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) y[j] += x[i] * a[i * columns + j];
  }

  static NABLA_ALWAYS void outer(V* __restrict y, const V* __restrict a, const V* __restrict b, std::size_t rows,
                                 std::size_t columns) {
    for (std::size_t i = 0; i < rows; ++i) {
      const V t = a[i];
      V* const row = y + i * columns;
      for (std::size_t j = 0; j < columns; ++j) row[j] = t * b[j];
    }
  }

  static NABLA_ALWAYS V sum(const V* x, std::size_t n) {
    Pack s[4] = {};
    std::size_t i = 0;
    for (; i + 4 * width <= n; i += 4 * width)
      for (std::size_t k = 0; k < 4; ++k) {
        Pack p;
        load(p, x + i + k * width);
        s[k] += p;
      }
    V t = total(s[0] + s[1], s[2] + s[3]);
    for (; i < n; ++i) t += x[i];
    return t;
  }

  static NABLA_ALWAYS void sum_of_rows(V* __restrict y, const V* __restrict a, std::size_t rows, std::size_t columns) {
    for (std::size_t j = 0; j < columns; ++j) y[j] = 0;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) y[j] += a[i * columns + j];
  }

  /// Sums of four rows, four columns at a time: the products are transposed, so that each sum is added in order.
  static NABLA_ALWAYS void add_four(Pack& sum, const Pack* p) {
    const Pack even01 = __builtin_shufflevector(p[0], p[1], 0, 4, 2, 6),
               odd01 = __builtin_shufflevector(p[0], p[1], 1, 5, 3, 7);
    const Pack even23 = __builtin_shufflevector(p[2], p[3], 0, 4, 2, 6),
               odd23 = __builtin_shufflevector(p[2], p[3], 1, 5, 3, 7);
    sum += __builtin_shufflevector(even01, even23, 0, 1, 4, 5);
    sum += __builtin_shufflevector(odd01, odd23, 0, 1, 4, 5);
    sum += __builtin_shufflevector(even01, even23, 2, 3, 6, 7);
    sum += __builtin_shufflevector(odd01, odd23, 2, 3, 6, 7);
  }
  template <bool IsShared>
  static NABLA_ALWAYS void add_products(V* y, const V* const* a, const V* const* b, std::size_t n) {
    std::size_t j = 0;
    if constexpr (width == 4) {
      Pack low, high;
      load(low, y);
      load(high, y + 4);
      for (; j + 4 <= n; j += 4) {
        Pack p[8];
        for (std::size_t r = 0; r < 8; ++r) {
          Pack x, z;
          load(x, a[r] + j);
          load(z, b[IsShared ? 0 : r] + j);
          p[r] = x * z;
        }
        add_four(low, p);
        add_four(high, p + 4);
      }
      store(y, low);
      store(y + 4, high);
    }
    for (; j < n; ++j)
      for (std::size_t r = 0; r < 8; ++r) y[r] += a[r][j] * b[IsShared ? 0 : r][j];
  }

  static NABLA_ALWAYS void add_scaled(V* __restrict to, V t, const V* __restrict x, std::size_t n) {
    for (std::size_t j = 0; j < n; ++j) to[j] += t * x[j];
  }
};

#if defined(__x86_64__)
#define NABLA_WIDE __attribute__((target("avx2")))
#else
#define NABLA_WIDE
#endif

template <class V>
struct ForAny {
  static void matrix_times_vector(V* y, const V* a, const V* x, std::size_t m, std::size_t n) {
    Loops<V>::matrix_times_vector(y, a, x, m, n);
  }
  static void vector_times_matrix(V* y, const V* x, const V* a, std::size_t m, std::size_t n) {
    Loops<V>::vector_times_matrix(y, x, a, m, n);
  }
  static void outer(V* y, const V* a, const V* b, std::size_t m, std::size_t n) { Loops<V>::outer(y, a, b, m, n); }
  static V sum(const V* x, std::size_t n) { return Loops<V>::sum(x, n); }
  static void sum_of_rows(V* y, const V* a, std::size_t m, std::size_t n) { Loops<V>::sum_of_rows(y, a, m, n); }
  static void add_eight_products(V* y, const V* const* a, const V* const* b, std::size_t n) {
    Loops<V>::template add_products<false>(y, a, b, n);
  }
  static void add_eight_products_with(V* y, const V* const* a, const V* b, std::size_t n) {
    Loops<V>::template add_products<true>(y, a, &b, n);
  }
  static void add_scaled(V* to, V t, const V* x, std::size_t n) { Loops<V>::add_scaled(to, t, x, n); }
};
template <class V>
struct ForWide {
  NABLA_WIDE static void matrix_times_vector(V* y, const V* a, const V* x, std::size_t m, std::size_t n) {
    Loops<V>::matrix_times_vector(y, a, x, m, n);
  }
  NABLA_WIDE static void vector_times_matrix(V* y, const V* x, const V* a, std::size_t m, std::size_t n) {
    Loops<V>::vector_times_matrix(y, x, a, m, n);
  }
  NABLA_WIDE static void outer(V* y, const V* a, const V* b, std::size_t m, std::size_t n) {
    Loops<V>::outer(y, a, b, m, n);
  }
  NABLA_WIDE static V sum(const V* x, std::size_t n) { return Loops<V>::sum(x, n); }
  NABLA_WIDE static void sum_of_rows(V* y, const V* a, std::size_t m, std::size_t n) {
    Loops<V>::sum_of_rows(y, a, m, n);
  }
  NABLA_WIDE static void add_eight_products(V* y, const V* const* a, const V* const* b, std::size_t n) {
    Loops<V>::template add_products<false>(y, a, b, n);
  }
  NABLA_WIDE static void add_eight_products_with(V* y, const V* const* a, const V* b, std::size_t n) {
    Loops<V>::template add_products<true>(y, a, &b, n);
  }
  NABLA_WIDE static void add_scaled(V* to, V t, const V* x, std::size_t n) { Loops<V>::add_scaled(to, t, x, n); }
};

template <template <class> class Set, class V>
DenseKernels<V> kernels_of() {
  return {.matrix_times_vector = &Set<V>::matrix_times_vector,
          .vector_times_matrix = &Set<V>::vector_times_matrix,
          .outer = &Set<V>::outer,
          .sum = &Set<V>::sum,
          .sum_of_rows = &Set<V>::sum_of_rows,
          .add_eight_products = &Set<V>::add_eight_products,
          .add_eight_products_with = &Set<V>::add_eight_products_with,
          .add_scaled = &Set<V>::add_scaled};
}

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

}  // namespace

template <class V>
const DenseKernels<V>& dense_kernels() {
  static const DenseKernels<V> kernels = has_avx2() ? kernels_of<ForWide, V>() : kernels_of<ForAny, V>();
  return kernels;
}

template const DenseKernels<double>& dense_kernels<double>();
template const DenseKernels<float>& dense_kernels<float>();

}  // namespace nabla
