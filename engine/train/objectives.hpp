#pragma once

#include <nabla/engine/record/expr.hpp>
#include <string_view>

/// What a training makes small, as ordinary graphs. Predictions and targets are of one sample [n] or a batch [rows, n].
namespace nabla {

enum class Loss : std::uint8_t {
  /// Cross entropy of the softmax of the network's last layer: Definition 5.2, where the last layer of the network is a
  /// softmax and xi the cross entropy, as one operator without overflow.
  softmax_cross_entropy,
  /// Half the sum of squares of the differences.
  squared,
  /// r^2 / 2 where |r| <= 1, else |r| - 1/2, added up: Huber, "Robust estimation of a location parameter", Ann. Math.
  /// Statist. 35, 1964, with k = 1.
  huber
};

/// How the losses of samples make one number.
enum class Reduction : std::uint8_t {
  sum,  ///< Definition 5.2, (14)
  mean  ///< that divided by the number of samples
};

/// The objective of predictions (before the softmax) against targets. \throws ShapeError for different shapes
Expr objective(Loss loss, Reduction reduction, const Expr& prediction, const Expr& target);

/// Huber's loss with another turning point, added up over the entries.
Expr huber(const Expr& prediction, const Expr& target, const Expr& turning_point);

/// "cross-entropy", "squared", "huber"; "sum", "mean".
std::string_view name_of(Loss loss);
std::string_view name_of(Reduction reduction);
/// \throws std::invalid_argument that lists the names
Loss loss_named(std::string_view name);
Reduction reduction_named(std::string_view name);

}  // namespace nabla
