#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

template const Kernel<Rational>& kernel<Rational>(Opcode);
template class Run<Rational>;

}  // namespace nabla
