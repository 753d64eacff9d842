#pragma once

#include <limits>
#include <nabla/engine/train/training.hpp>
#include <string>
#include <vector>

/// What a step of a training in double did, checked by the same graph in other kinds of number: balls (enclosures) at
/// 50 digits, 50 digits, and intervals over the whole segment from the parameters before to those after. Everything is
/// about the objective f of the step's own batch, with its masks of dropout.
namespace nabla {

/// How many digits of some derivatives are right: -log10 |computed - exact| / |exact|, where the exact one is known by
/// a ball, so that this is a lower bound. 17 stands for all: the two are equal.
struct RightDigits {
  static constexpr double all = 17;

  std::string parameter;  ///< "hidden1.weight"
  Shape shape;
  double least = all, median = all;  ///< over its entries that are not open
  std::size_t least_at = 0;          ///< the entry, row by row
  std::size_t open = 0;              ///< entries whose ball holds 0 and more (a bias before a normalisation, say)
};

/// f on the segment x0 + t s, 0 <= t <= 1.
struct SegmentCurvature {
  double at_start = 0;  ///< s'Hs / s's with the Hessian at x0, in double
  /// The gradient's Lipschitz constant on the segment is at least this: by differences of gradients in balls.
  double smooth_least = 0;
  /// And at most this, by |H s| / |s| in intervals; infinite where none was found.
  double smooth_most = std::numeric_limits<double>::infinity();
  std::string why_no_most{};  ///< where none was found
  /// Units of activations with a kink, "hidden1[3]", that are on one side of it at x0 and on another at x0 + s for some
  /// sample: the gradient has a jump between.
  std::vector<std::string> switched{};
  /// Enclosure of 2 (f(x0 + s) - f(x0) - <g, s>) / s's: the least L with which (18) holds for this step.
  double needed_least = 0, needed_most = 0;

  /// Inequality (18), f(x0 + s) <= f(x0) + <g, s> + L/2 s's.
  enum class Descent : std::uint8_t {
    obeyed_by_least,  ///< with L = smooth_least already, so with every constant that the gradient has
    obeyed_by_most,   ///< with L = smooth_most, as it must
    not_by_least,     ///< not with smooth_least, and no upper bound is known
    open              ///< enclosures cannot tell
  };
  Descent descent() const;
};

struct StepAudit {
  std::int64_t step = 0;  ///< from 0
  std::size_t rows = 0;   ///< of the batch
  double objective_before = 0, objective_after = 0;
  std::vector<RightDigits> parameters;  ///< of the gradient in double, for each parameter
  RightDigits gradient;                 ///< of all its entries
  double norm_digits = 0;               ///< -log10 |g - exact| / |exact| in the Euclidean norm
  double digits_at_50 = 0;              ///< least right digits of the gradient computed at 50 digits
  double step_norm = 0, slope = 0;      ///< |s|, <g, s> (nearest doubles)
  SegmentCurvature curvature;
};

struct StepAuditOptions {
  std::size_t pieces = 48;  ///< of the segment that intervals are run on, at most
  double work = 2e7;        ///< and of parameters times samples, over all those runs
};

/// Audits the next step, and takes it: the same step, to the same bits, as training.step().
/// \throws TrainingError
StepAudit audit_step(Training<double>& training, const StepAuditOptions& options = {});

}  // namespace nabla
