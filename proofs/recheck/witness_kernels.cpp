#include <nabla/engine/kernels/table.hpp>
#include <nabla/engine/run/run_definition.hpp>
#include <nabla/proofs/recheck/witness_enclosure.hpp>

namespace nabla {

static_assert(Special<Enclosure>, "asked for its kind before that was stated");

template const Kernel<Enclosure>& kernel<Enclosure>(Opcode);
template class Run<Enclosure>;

}  // namespace nabla
