// Compiled with AVX-512 (CMakeLists.txt) where there is such a thing. It includes nothing whose functions the linker
// could give to others.
#ifdef __AVX512F__
#define Eigen EigenForAvx512
#include <nabla/engine/kernels/block_product_definition.hpp>

namespace nabla::detail {

namespace {
struct Avx512;
}

void multiply_with_avx512(const BlockProduct<double>& p) { multiply_with_eigen<Avx512>(p); }
void multiply_with_avx512(const BlockProduct<float>& p) { multiply_with_eigen<Avx512>(p); }

}  // namespace nabla::detail
#endif
