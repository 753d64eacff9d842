// Compiled with AVX2 and FMA (CMakeLists.txt) where there is such a thing. It includes nothing whose functions the
// linker could give to others.
#ifdef __AVX2__
#define Eigen EigenForAvx2
#include <nabla/engine/kernels/block_product_definition.hpp>

namespace nabla::detail {

namespace {
struct Avx2;
}

void multiply_with_avx2(const BlockProduct<double>& p) { multiply_with_eigen<Avx2>(p); }
void multiply_with_avx2(const BlockProduct<float>& p) { multiply_with_eigen<Avx2>(p); }

}  // namespace nabla::detail
#endif
