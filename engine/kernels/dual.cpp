#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/dual.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

template const Kernel<Dual<double>>& kernel<Dual<double>>(Opcode);
template class Run<Dual<double>>;

}  // namespace nabla
