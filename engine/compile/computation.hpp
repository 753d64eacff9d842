#pragma once

#include <nabla/engine/run/function.hpp>

namespace nabla {

/// A graph with chosen inputs and outputs, to be run forward and nothing else: derivatives are outputs like others,
/// made by the graph's own differentiation, so that what computes a value computes a gradient too, and shares what they
/// share.
struct Computation {
  std::shared_ptr<const Graph> graph;
  std::vector<Ref> inputs;  ///< empty where no output depends on one
  std::vector<Shape> input_shapes;
  std::vector<Ref> outputs;
  std::vector<Guard> guards;  ///< comparisons that must come out as they were recorded

  const Shape& output_shape(std::size_t k) const { return graph->shape(outputs[k]); }
};

/// The outputs of a function.
Computation values_of(const Function& function);

/// The first output, a scalar, then its derivative by each of the inputs `by`, in the shape of that input.
/// \throws ShapeError, std::out_of_range for an input that is not there
Computation value_and_gradient_of(const Function& function, std::span<const std::size_t> by);
/// By every input.
Computation value_and_gradient_of(const Function& function);

/// A function of scalars with elementwise operators at many points at once: inputs and outputs are vectors, entry p
/// belongs to point p. values_of and value_and_gradient_of, for each point.
/// \throws UnsupportedError where the function is not made of scalars and elementwise operators, or where a recorded
///         comparison steered it
Computation values_at_points(const Function& function, std::size_t points);
Computation value_and_gradient_at_points(const Function& function, std::size_t points);

}  // namespace nabla
