#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/hardware.hpp>
#include <nabla/engine/numbers/rational.hpp>
#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/engine/run/run_definition.hpp>

namespace nabla {

// A user's own operator computes its values there.
extern template const Kernel<double>& kernel<double>(Opcode);
extern template const Kernel<Real>& kernel<Real>(Opcode);
extern template const Kernel<Rational>& kernel<Rational>(Opcode);
extern template class Run<double>;
extern template class Run<Real>;
extern template class Run<Rational>;
template const Kernel<Taylor<double>>& kernel<Taylor<double>>(Opcode);
template const Kernel<Taylor<Real>>& kernel<Taylor<Real>>(Opcode);
template const Kernel<Taylor<Rational>>& kernel<Taylor<Rational>>(Opcode);
template class Run<Taylor<double>>;
template class Run<Taylor<Real>>;
template class Run<Taylor<Rational>>;

}  // namespace nabla
