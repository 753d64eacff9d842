#pragma once

#include <nabla/engine/numbers/ball.hpp>
#include <nabla/engine/train/step_audit.hpp>

/// The part of an audit that looks at the segment between the parameters before and after a step.
namespace nabla {

struct SegmentPoint {
  Ball objective;
  std::vector<Ball> gradient;  ///< by all parameters
};

/// A batch's objective and gradient in balls at x0 + t s, where x0 are the first `parameters` inputs.
/// \param moves  s, entry by entry; empty: none
SegmentPoint segment_point(const Function& batch, std::span<const std::span<const double>> inputs,
                           std::size_t parameters, std::span<const Ball> moves, const Ball& t);

struct Segment {
  Function batch;  ///< batch_function
  Network network;
  std::vector<std::vector<double>> inputs;  ///< of it, before the step
  std::size_t parameters;                   ///< the first of them
  std::vector<double> end;                  ///< entries of all parameters after the step
};

/// Writes the step's norm, slope and objective at its end into `audit` too.
SegmentCurvature segment_curvature(const Segment& segment, const SegmentPoint& start, const StepAuditOptions& options,
                                   StepAudit& audit);

}  // namespace nabla
