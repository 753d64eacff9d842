#include <nabla/engine/kernels/block_product_definition.hpp>

namespace nabla {

namespace detail {

#ifdef __x86_64__
void multiply_with_avx2(const BlockProduct<double>& p);
void multiply_with_avx2(const BlockProduct<float>& p);
void multiply_with_avx512(const BlockProduct<double>& p);
void multiply_with_avx512(const BlockProduct<float>& p);
#endif

}  // namespace detail

namespace {

struct AnyMachine;

template <class V>
using Multiply = void (*)(const BlockProduct<V>&);

template <class V>
Multiply<V> best() {
#ifdef __x86_64__
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw"))
    return &detail::multiply_with_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &detail::multiply_with_avx2;
#endif
  return &detail::multiply_with_eigen<AnyMachine, V>;
}

}  // namespace

template <class V>
void multiply_by_blocks(const BlockProduct<V>& product) {
  static const Multiply<V> multiply = best<V>();
  multiply(product);
}

template void multiply_by_blocks<double>(const BlockProduct<double>&);
template void multiply_by_blocks<float>(const BlockProduct<float>&);

}  // namespace nabla
