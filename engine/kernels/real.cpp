#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

template const Kernel<Real>& kernel<Real>(Opcode);
template class Run<Real>;

}  // namespace nabla
