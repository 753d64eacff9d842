#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

extern template const Kernel<double>& kernel<double>(Opcode);  // a user's own operator computes its values there
extern template class Run<double>;
template const Kernel<long double>& kernel<long double>(Opcode);
template class Run<long double>;

}  // namespace nabla
