#pragma once

#include <nabla/engine/train/training.hpp>
#include <string>
#include <vector>

namespace nabla {

/// What the units behind an activation do over a set of samples, by the activation's derivative (its slope) there.
struct UnitAudit {
  /// A slope below this, in magnitude, counts as flat: nearly nothing is learned through it.
  static constexpr double flat = 0.01;

  std::string layer, function;
  std::size_t units = 0;
  std::vector<std::size_t> dead;       ///< the slope is 0 at every sample (a ReLU that is never on); from 0
  std::vector<std::size_t> saturated;  ///< flat at every sample, but not dead
  double flat_share = 0;               ///< of all pairs of a unit and a sample
};

/// For every activation that the network asked its layers for (Layers::activation), in prediction.
/// \pre at least one sample
std::vector<UnitAudit> audit_units(const Network& network, std::span<const double> parameters,
                                   std::span<const double> statistics, const Samples& samples);

}  // namespace nabla
