#include <nabla/engine/numbers/real.hpp>
#include <nabla/engine/train/training_definition.hpp>

namespace nabla {

template class Training<Real>;
template class Prediction<Real>;

}  // namespace nabla
