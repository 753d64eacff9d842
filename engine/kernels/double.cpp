#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

template const Kernel<double>& kernel<double>(Opcode);
template class Run<double>;

}  // namespace nabla
