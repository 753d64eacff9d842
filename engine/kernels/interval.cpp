#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/interval.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

template const Kernel<Interval>& kernel<Interval>(Opcode);
template class Run<Interval>;

}  // namespace nabla
