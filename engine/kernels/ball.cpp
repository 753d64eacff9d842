#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

template const Kernel<Ball>& kernel<Ball>(Opcode);
template class Run<Ball>;

}  // namespace nabla
