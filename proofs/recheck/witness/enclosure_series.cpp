#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/numbers/taylor.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <nabla/proofs/recheck/witness/enclosure.hpp>

/// Expansions with the re-checker's intervals as coefficients.
namespace nabla {

extern template const Kernel<rederive::Enclosure>& kernel<rederive::Enclosure>(Opcode);
extern template class Run<rederive::Enclosure>;
template const Kernel<Taylor<rederive::Enclosure>>& kernel<Taylor<rederive::Enclosure>>(Opcode);
template class Run<Taylor<rederive::Enclosure>>;

}  // namespace nabla
