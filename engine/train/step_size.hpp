#pragma once

#include <nabla/engine/train/schedule.hpp>
#include <span>
#include <vector>

namespace nabla {

template <class V>
struct StepSize {
  V rate;        ///< of this step
  V multiplier;  ///< of the schedule: rate = first rate * multiplier
};

/// What an optimiser remembers: vectors of as many entries as there are parameters, 0 at first.
template <class V>
using OptimiserMemory = std::vector<std::vector<V>>;

}  // namespace nabla
