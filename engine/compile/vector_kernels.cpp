#include <algorithm>
#include <array>
#include <nabla/engine/compile/vector_kernels.hpp>
#include <nabla/engine/compile/wide_double.hpp>
#include <utility>

// Loops over the rules of the records, compiled for any machine, for one with AVX2 and FMA, and by GCC for one with
// AVX-512. `flatten` puts the rules into the loops, so that no code for the larger machine is left where another
// translation unit could pick it up. (Multiplications and additions are not contracted: see CMakeLists.txt.)

namespace nabla {

namespace {

// Entry i of what a loop writes depends on no other entry of it.
#if defined(__clang__)
#define NABLA_INDEPENDENT  // it tests for overlaps as the loop runs; its pragma warns where it does not vectorise
#else
#define NABLA_INDEPENDENT _Pragma("GCC ivdep")
#endif

/// R is the kind that the rule is evaluated in: V itself, or one with the same values that becomes vector instructions.
template <class Op, class V, class R, std::size_t... K>
inline __attribute__((always_inline)) void value_loop(V* __restrict y, const V* const* x,
                                                      [[maybe_unused]] Attributes attributes, std::size_t n,
                                                      std::index_sequence<K...>) {
  const V* const operands[] = {x[K]...};
  const auto number = [](const R& r) -> V {
    if constexpr (std::is_same_v<R, V>) {
      return r;
    } else {
      return r.number;
    }
  };
  if constexpr (Op::indexed) {
    const std::int64_t a = attributes[0];
    if (std::is_same_v<Op, PowI> && a == 2) {
      for (std::size_t i = 0; i < n; ++i) y[i] = operands[0][i] * operands[0][i];
      return;
    }
    for (std::size_t i = 0; i < n; ++i) y[i] = number(Op::template value<R>(a, R(operands[K][i])...));
  } else {
    for (std::size_t i = 0; i < n; ++i) y[i] = number(Op::template value<R>(R(operands[K][i])...));
  }
}

template <class Op, class V, class R, std::size_t Slot, bool IsFirst, std::size_t... K>
inline __attribute__((always_inline)) void adjoint_loop(V* to, const V* before, const V* __restrict t,
                                                        const V* __restrict y, const V* const* x,
                                                        [[maybe_unused]] Attributes attributes, std::size_t n,
                                                        std::index_sequence<K...>) {
  const V* const operands[] = {x[K]...};
  if constexpr (std::is_same_v<Op, PowI>) {
    if (attributes[0] == 2) {
      NABLA_INDEPENDENT
      for (std::size_t i = 0; i < n; ++i) {
        const V added = t[i] == V(0) ? V(0) : t[i] * (2 * operands[0][i]);
        to[i] = IsFirst ? added : before[i] + added;
      }
      return;
    }
  }
  NABLA_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) {
    R product;
    if constexpr (requires { Op::template products<R>(R(t[i]), R(y[i]), R(operands[K][i])...); }) {
      product = Op::template products<R>(R(t[i]), R(y[i]), R(operands[K][i])...)[Slot];
    } else if constexpr (Op::indexed) {
      product = R(t[i]) * Op::template partials<R>(attributes[0], R(y[i]), R(operands[K][i])...)[Slot];
    } else {
      product = R(t[i]) * Op::template partials<R>(R(y[i]), R(operands[K][i])...)[Slot];
    }
    V added;
    if constexpr (std::is_same_v<R, V>) {
      added = product;
    } else {
      added = product.number;
    }
    // The partials of a sum are 1: nothing there is infinite.
    if constexpr (!std::is_same_v<Op, Add> && !std::is_same_v<Op, Sub>) added = t[i] == V(0) ? V(0) : added;
    to[i] = IsFirst ? added : before[i] + added;
  }
}

#if defined(__x86_64__)
#define NABLA_AVX2 __attribute__((target("avx2,fma"), flatten))
#else
#define NABLA_AVX2
#endif
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define NABLA_HAS_AVX512 1
#define NABLA_AVX512 \
  __attribute__((target("avx2,fma,avx512f,avx512dq,avx512vl,avx512bw,prefer-vector-width=512"), flatten))
#else
#define NABLA_HAS_AVX512 0
#define NABLA_AVX512 NABLA_AVX2
#endif

/// The kind in which rules become vector instructions.
template <class V>
using Wide = std::conditional_t<std::is_same_v<V, double>, WideDouble, V>;

template <class Op, class V, std::size_t... K>
struct Loops {
  static void value(V* y, const V* const* x, Attributes a, std::size_t n) {
    value_loop<Op, V, V>(y, x, a, n, std::index_sequence<K...>{});
  }
  template <std::size_t Slot>
  static void adjoint(V* to, const V* t, const V* y, const V* const* x, Attributes a, std::size_t n, const V* before) {
    if (before == nullptr) {
      adjoint_loop<Op, V, V, Slot, true>(to, before, t, y, x, a, n, std::index_sequence<K...>{});
    } else {
      adjoint_loop<Op, V, V, Slot, false>(to, before, t, y, x, a, n, std::index_sequence<K...>{});
    }
  }
  NABLA_AVX2 static void wide_value(V* y, const V* const* x, Attributes a, std::size_t n) {
    value_loop<Op, V, Wide<V>>(y, x, a, n, std::index_sequence<K...>{});
  }
  template <std::size_t Slot>
  NABLA_AVX2 static void wide_adjoint(V* to, const V* t, const V* y, const V* const* x, Attributes a, std::size_t n,
                                      const V* before) {
    if (before == nullptr) {
      adjoint_loop<Op, V, Wide<V>, Slot, true>(to, before, t, y, x, a, n, std::index_sequence<K...>{});
    } else {
      adjoint_loop<Op, V, Wide<V>, Slot, false>(to, before, t, y, x, a, n, std::index_sequence<K...>{});
    }
  }
#if NABLA_HAS_AVX512
  NABLA_AVX512 static void widest_value(V* y, const V* const* x, Attributes a, std::size_t n) {
    value_loop<Op, V, Wide<V>>(y, x, a, n, std::index_sequence<K...>{});
  }
  template <std::size_t Slot>
  NABLA_AVX512 static void widest_adjoint(V* to, const V* t, const V* y, const V* const* x, Attributes a, std::size_t n,
                                          const V* before) {
    if (before == nullptr) {
      adjoint_loop<Op, V, Wide<V>, Slot, true>(to, before, t, y, x, a, n, std::index_sequence<K...>{});
    } else {
      adjoint_loop<Op, V, Wide<V>, Slot, false>(to, before, t, y, x, a, n, std::index_sequence<K...>{});
    }
  }
#endif
};

/// sin and cos, whose reduction in vectors is only for angles that are not huge: those few are done again.
template <bool IsSine>
struct Angles {
  NABLA_AVX2 static void value(double* y, const double* const* x, Attributes, std::size_t n) { values(y, x, n); }
  NABLA_AVX2 static void adjoint(double* to, const double* t, const double*, const double* const* x, Attributes,
                                 std::size_t n, const double* before) {
    adjoints(to, before, t, x, n);
  }
  NABLA_AVX512 static void widest_value(double* y, const double* const* x, Attributes, std::size_t n) {
    values(y, x, n);
  }
  NABLA_AVX512 static void widest_adjoint(double* to, const double* t, const double*, const double* const* x,
                                          Attributes, std::size_t n, const double* before) {
    adjoints(to, before, t, x, n);
  }

 private:
  static inline __attribute__((always_inline)) void values(double* __restrict y, const double* const* x,
                                                           std::size_t n) {
    const double* const __restrict angle = x[0];
    for (std::size_t i = 0; i < n; ++i) y[i] = IsSine ? vector_math::sine(angle[i]) : vector_math::cosine(angle[i]);
    if (!are_small(angle, n)) again(y, angle, n);
  }
  static inline __attribute__((always_inline)) void adjoints(double* to, const double* before,
                                                             const double* __restrict t, const double* const* x,
                                                             std::size_t n) {
    const double* const __restrict angle = x[0];
    if (before == nullptr) {
      std::fill_n(to, n, 0.0);
    } else if (before != to) {
      std::copy_n(before, n, to);
    }
    if (!are_small(angle, n)) {
      for (std::size_t i = 0; i < n; ++i)
        if (t[i] != 0) to[i] += t[i] * (IsSine ? std::cos(angle[i]) : -std::sin(angle[i]));
      return;
    }
    NABLA_INDEPENDENT
    for (std::size_t i = 0; i < n; ++i) {
      const double slope = IsSine ? vector_math::cosine(angle[i]) : -vector_math::sine(angle[i]);
      to[i] += t[i] == 0 ? 0 : t[i] * slope;
    }
  }
  static inline __attribute__((always_inline)) bool are_small(const double* angle, std::size_t n) {
    std::uint64_t small = 1;
    for (std::size_t i = 0; i < n; ++i) small &= std::uint64_t{std::abs(angle[i]) <= vector_math::largest_angle};
    return small != 0;
  }
  static __attribute__((noinline)) void again(double* y, const double* angle, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
      if (!(std::abs(angle[i]) <= vector_math::largest_angle)) y[i] = IsSine ? std::sin(angle[i]) : std::cos(angle[i]);
  }
};

bool is_wide() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}
bool is_widest() {
#if NABLA_HAS_AVX512
  return is_wide() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

template <class Op, class V, std::size_t... K>
VectorKernel<V> make(std::index_sequence<K...>) {
  using L = Loops<Op, V, K...>;
  VectorKernel<V> made;
  const bool wide = is_wide(), widest = is_widest();
  made.value = wide ? &L::wide_value : &L::value;
  ((made.adjoint[K] = wide ? &L::template wide_adjoint<K> : &L::template adjoint<K>), ...);
#if NABLA_HAS_AVX512
  if (widest) {
    made.value = &L::widest_value;
    ((made.adjoint[K] = &L::template widest_adjoint<K>), ...);
  }
#endif
  if constexpr (std::is_same_v<V, double> && (std::is_same_v<Op, Sin> || std::is_same_v<Op, Cos>)) {
    using Own = Angles<std::is_same_v<Op, Sin>>;
    if (wide) {
      made.value = widest ? &Own::widest_value : &Own::value;
      made.adjoint[0] = widest ? &Own::widest_adjoint : &Own::adjoint;
    }
  }
  return made;
}

}  // namespace

template <class V>
const VectorKernel<V>& vector_kernel(Opcode code) {
  static const std::array<VectorKernel<V>, builtin_count> rows = [] {
    std::array<VectorKernel<V>, builtin_count> made;
    for_each_operator([&made]<class Op>() {
      if constexpr (ElementwiseOperator<Op>)
        made[opcode<Op>] = make<Op, V>(std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
    });
    return made;
  }();
  return rows[code];
}

template const VectorKernel<double>& vector_kernel<double>(Opcode);
template const VectorKernel<float>& vector_kernel<float>(Opcode);

}  // namespace nabla
