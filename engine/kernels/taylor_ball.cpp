#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

// A user's own operator computes its values there.
extern template const Kernel<Ball>& kernel<Ball>(Opcode);
extern template class Run<Ball>;
template const Kernel<Taylor<Ball>>& kernel<Taylor<Ball>>(Opcode);
template class Run<Taylor<Ball>>;

}  // namespace nabla
