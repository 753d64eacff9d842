#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

template const Kernel<float>& kernel<float>(Opcode);
template const Kernel<double>& kernel<double>(Opcode);
template const Kernel<long double>& kernel<long double>(Opcode);
template class Run<float>;
template class Run<double>;
template class Run<long double>;

}  // namespace nabla
